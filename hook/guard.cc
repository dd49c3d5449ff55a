// SPDX-License-Identifier: MPL-2.0

#include <hook/guard.h>

#include <core/identity/derived_identifier.h>
#include <core/identity/escape.h>
#include <hook/config/class_names.h>
#include <hook/kea_address.h>
#include <hook/leases/kea_lease_lookup.h>
#include <hook/leases/networks.h>
#include <hook/packet/effects.h>
#include <hook/packet/query.h>
#include <hook/report/report_text.h>

#include <algorithm>
#include <ctime>

namespace clone_guard {

namespace {

using isc::asiolink::IOAddress;
using isc::dhcp::Pkt4;
using isc::dhcp::Pkt4Ptr;
using isc::hooks::CalloutHandle;

Instant
now() {
    return (std::chrono::steady_clock::now());
}

Moment
moment(Instant steady) {
    return {steady, static_cast<int64_t>(std::time(nullptr))};
}

std::shared_ptr<QueryContext>
makeContext(const Pkt4& packet, const GuardedQuery& query, Message message, Judgement judgement) {
    auto context = std::make_shared<QueryContext>();
    context->option = query::identifierOption(packet);
    context->message = message;
    context->query = query;
    context->judgement = std::move(judgement);
    return (context);
}

}  // namespace

Guard::Guard(Settings settings, networks::SubnetSelectionHints hints,
             std::shared_ptr<const Explainer> explainer) :
    settings_(std::move(settings)),
    exempt_classes_(classSpellings(settings_.exempt.client_classes)), by_class_(hints.by_class),
    reservations_(hints.reservations), by_relay_list_(hints.by_relay_list),
    claims_(settings_.claim_window, settings_.max_claims),
    conflicts_(settings_.max_conflicts, settings_.audit_repeat), judge_(claims_, conflicts_),
    check_(conflicts_, settings_.claim_window), deleted_(settings_.max_conflicts),
    explainer_(explainer ? std::move(explainer)
                         : std::make_shared<const Explainer>(settings_.templates, settings_.nic_names)),
    reporter_(conflicts_, *explainer_), malformed_(settings_.audit_repeat),
    strangers_(settings_.audit_repeat), scan_(settings_) {}

bool
Guard::isExempt(const Pkt4& packet, const GuardedQuery& query) const {
    // Only the guard makes derived identifiers. A client that sends one is not exempt.
    if (query.forged || settings_.exempt.empty()) {
        return (false);
    }
    if (settings_.exempt.covers(query.identifier, query.address)) {
        return (true);
    }
    return (std::any_of(exempt_classes_.begin(), exempt_classes_.end(),
                        [&packet](const auto& name) { return (packet.getClasses().contains(name)); }));
}

void
Guard::receive(CalloutHandle& handle, const Pkt4Ptr& packet) {
    const auto identifier = query::clientIdentifier(*packet);
    if (!identifier) {
        return;
    }
    const auto kind =
        classify(*identifier, settings_.client_id_types, isc::dhcp::ClientId::MAX_CLIENT_ID_LEN);
    if (kind == IdentifierKind::UNGUARDED) {
        return;
    }
    const auto message = query::message(*packet);
    if (!message) {
        return;
    }
    const GuardedQuery query{*identifier, query::hardwareAddress(*packet), now(),
                             query::stage(*packet, *message), kind == IdentifierKind::FORGED};
    if (kind == IdentifierKind::MALFORMED) {
        handleMalformed(packet, query, *message);
        return;
    }
    try {
        if (*message == Message::RELEASE || *message == Message::DECLINE) {
            handleReleaseDecline(handle, packet, query, *message);
        } else {
            KeaLeaseLookup lookup(packet, *message, query, settings_, hints());
            handleLeaseQuery(handle, packet, query, *message, lookup);
        }
        reporter_.reportSuccess(Failure::LEASE_DATABASE, query.now);
        reporter_.reportSuccess(Failure::UNFORESEEN, query.now);
    } catch (const LeaseDatabaseDown& error) {
        reportLeaseDatabaseDown(error.what());
        handleWithoutLeaseDatabase(handle, packet, query, *message);
    }
}

/// Drops the query under the policies that promise something. The server asks the lease database next and may get an
/// answer: with several threads it has several connections, of which some may be lost. Then it would take a claimant for
/// the holder. Without an answer it would send a NAK to a client that renews; a dropped query leaves that client its
/// address.
void
Guard::handleWithoutLeaseDatabase(CalloutHandle& handle, const Pkt4Ptr& packet,
                                  const GuardedQuery& query, Message message) {
    // An INFORM takes no lease, and the server answers it without the lease database.
    if (message == Message::INFORM || isExempt(*packet, query)) {
        return;
    }
    const auto policy = policyFor(packet, query, message);
    if (policy == Policy::MAC_FALLBACK || policy == Policy::REFUSE) {
        effects::drop(handle);
    }
}

/// Leaves the query to the server. The network is looked up only for a report, so that a sender of many such queries does
/// not cause a subnet selection each time.
void
Guard::handleMalformed(const Pkt4Ptr& packet, const GuardedQuery& query, Message message) {
    if (!isExempt(*packet, query) && malformed_.count(query) &&
        policyFor(packet, query, message) != Policy::OFF) {
        MalformedReporter::log(*packet, query);
    }
}

Policy
Guard::policyFor(const Pkt4Ptr& packet, const GuardedQuery& query, Message message) const {
    KeaLeaseLookup lookup(packet, message, query, settings_, hints());
    return (lookup.networkOf(lookup.place()).policy());
}

void
Guard::reportLeaseDatabaseDown(const char* what) {
    reporter_.reportFailure(
        Failure::LEASE_DATABASE,
        [what] { return (escape(std::string("the lease database does not answer: ") + what)); }, now());
}

void
Guard::handleLeaseQuery(CalloutHandle& handle, const Pkt4Ptr& packet, const GuardedQuery& query,
                        Message message, KeaLeaseLookup& lookup) {
    const bool disputed = judge_.isDisputed(query);
    // The most frequent query comes first, to make it cheap.
    if ((!disputed && query.address.usable() && lookup.renewsLastingLease()) ||
        isExempt(*packet, query)) {
        return;
    }
    if (const auto kind = query::strangerKind(*packet, message, query.address)) {
        handleStranger(handle, packet, query, message, *kind, lookup);
    } else {
        handleDiscoverRequest(handle, packet, query, message, lookup, disputed);
    }
}

void
Guard::handleDiscoverRequest(CalloutHandle& handle, const Pkt4Ptr& packet, const GuardedQuery& query,
                             Message message, KeaLeaseLookup& lookup, bool disputed) {
    auto judgement = judge_.judge(query, lookup, disputed);
    if (judgement.claims_full) {
        reporter_.reportFailure(
            Failure::CLAIMS_FULL,
            [&] {
                return (fullTableText("the table of claims is full, see max-claims", *packet, query));
            },
            query.now);
    } else {
        reporter_.reportSuccess(Failure::CLAIMS_FULL, query.now);
    }
    if (!judgement.conflicting) {
        return;
    }
    const auto context = makeContext(*packet, query, message, std::move(judgement));
    if (context->judgement.role == Role::HOLDER) {
        handleHolder(*packet, *context);
    } else {
        handleClaimant(handle, packet, context, lookup);
    }
    checkConflict(*packet, *context);
}

void
Guard::handleHolder(const Pkt4& packet, const QueryContext& context) {
    // An identifier moves with the REQUEST. An offer does not move it.
    if (context.judgement.moved && context.query.stage != Stage::DISCOVERING &&
        judge_.shouldReportMove(context.query)) {
        reporter_.reportMove(packet, context);
    }
    reporter_.reportHolder(packet, context);
}

void
Guard::handleClaimant(CalloutHandle& handle, const Pkt4Ptr& packet,
                      const std::shared_ptr<QueryContext>& context, KeaLeaseLookup& lookup) {
    const auto policy = context->network().policy();
    const bool firmware = query::fromPxe(*packet);
    const bool nak_harms = policy == Policy::REFUSE && context->message == Message::REQUEST &&
                           (firmware || lookup.extendsOwnLease(context->judgement));
    context->verdict = decide(policy, context->message, nak_harms);
    context->nak = needsNak(context->verdict, context->query.stage, firmware) &&
                   !isRecorded(*packet, *context) && lookup.asksForAnothersLease(context->network());
    context->own_ip = unrecordedAddress(*packet, *context, lookup);
    reporter_.reportClaimant(*packet, *context);
    if (context->verdict == Verdict::DERIVE && !context->own_ip.isUnspecified()) {
        reporter_.reportAddress(*packet, *context, context->own_ip, context->query.now);
    }
    carryOut(handle, *packet, context);
}

/// Handles a query that the guard leaves alone unless it presents another machine's identifier.
void
Guard::handleStranger(CalloutHandle& handle, const Pkt4Ptr& packet, const GuardedQuery& query,
                      Message message, StrangerKind kind, KeaLeaseLookup& lookup) {
    auto judgement = judgeStranger(query, kind, lookup);
    if (!judgement) {
        return;
    }
    const auto context = makeContext(*packet, query, message, std::move(*judgement));
    context->stranger = true;
    context->verdict = decideStranger(context->network().policy(), kind);
    if (context->verdict != Verdict::PASS) {
        strangers_.report(*packet, *context, kind);
        carryOut(handle, *packet, context);
    }
}

void
Guard::carryOut(CalloutHandle& handle, Pkt4& packet, const QueryContextPtr& context) {
    switch (context->verdict) {
    case Verdict::DERIVE:
        packet.addClass(context->network().settings.client_class);
        [[fallthrough]];
    case Verdict::REFUSE:
        has_derived_ = true;
        effects::derive(packet, context);
        break;
    case Verdict::DROP:
        effects::drop(handle);
        break;
    case Verdict::PASS:
    case Verdict::REPORT:
        break;
    }
}

void
Guard::checkConflict(const Pkt4& packet, const QueryContext& context) {
    const auto& query = context.query;
    try {
        const auto result = check_.check(context.network(), query.identifier, query.address,
                                         leasesOfMachine, moment(query.now));
        reportSealed(result, query.identifier, context.network(), context.holder());
        if (result.end) {
            deleted_.insert(query.identifier, context.network().key, std::time(nullptr));
            reporter_.reportEnd(*result.end, packet, context);
        }
    } catch (const LeaseDatabaseDown& error) {
        // The query has been handled already, so it is not dropped.
        reportLeaseDatabaseDown(error.what());
    }
}

void
Guard::checkConflict(ByteView identifier, const Network& network) {
    Lease holder;
    holder.address = conflicts_.holder(network.key, identifier).value_or(HardwareAddress());
    const auto result = check_.check(network, identifier, leasesOfMachine, moment(now()));
    reportSealed(result, identifier, network, holder);
    if (result.end) {
        deleted_.insert(identifier, network.key, std::time(nullptr));
        reporter_.reportEnd(*result.end, identifier, network, holder);
    }
}

void
Guard::reportSealed(const ConflictCheck::Result& result, ByteView identifier, const Network& network,
                    const Lease& holder) {
    for (const auto& sealed : result.sealed) {
        reporter_.reportSealed(sealed, identifier, network, holder);
    }
}

/// Whether a claimant asks for the address that it is known to have got.
bool
Guard::isRecorded(const Pkt4& packet, const QueryContext& context) const {
    return (conflicts_.hasAddress(context.network().key, context.query.identifier, context.query.address,
                                  query::requestedAddress(packet)));
}

/// The address of its own lease that a claimant asks for, unless it is recorded already. The server extends such a lease
/// without calling lease4_select. The look-up is made once, because the address is recorded then.
IpAddress
Guard::unrecordedAddress(const Pkt4& packet, const QueryContext& context, KeaLeaseLookup& lookup) const {
    const auto& sender = context.query;
    const auto ip = query::requestedAddress(packet);
    const bool keeps = sender.stage == Stage::REBOOTING || sender.stage == Stage::RENEWING;
    if (!keeps || ip.isUnspecified() || context.network().policy() == Policy::MONITOR ||
        isRecorded(packet, context)) {
        return {};
    }
    return (lookup.holdsAsClaimant(ip) ? ip : IpAddress());
}

void
Guard::handleReleaseDecline(CalloutHandle& handle, const Pkt4Ptr& packet, const GuardedQuery& query,
                            Message message) {
    if (isExempt(*packet, query)) {
        return;
    }
    // The server looks the lease up by the address in the message: ciaddr of a RELEASE, option 50 of a DECLINE.
    const auto ip =
        message == Message::RELEASE ? fromKea(packet->getCiaddr()) : query::declinedAddress(*packet);
    const auto lease = ask([ip] { return (leaseDatabase().getLease4(toKea(ip))); });
    if (!lease) {
        return;
    }
    const auto holder = hardwareAddressOf(*lease);
    const auto named = judgeNamedLease(query.identifier, query.address, identifierOf(*lease), holder);
    if (holder == query.address && conflicts_.hasConflict(query.identifier)) {
        conflicts_.markReleased(networks::ofSubnet(lease->subnet_id_, settings_.scope).key,
                                query.identifier, query.address, query.now);
    }
    const bool own = named == NamedLease::CLAIMANTS || identifierOf(*lease) == query.identifier;
    if (own && holder == query.address && !query.forged && judge_.hasClaim(query)) {
        // The machine gives its lease up, so the next one that asks with the identifier may pass.
        KeaLeaseLookup lookup(packet, message, query, settings_, hints());
        judge_.endClaim(query, lookup, networks::ofSubnet(lease->subnet_id_, settings_.scope));
    }
    const bool blocked =
        named == NamedLease::HOLDERS || (query.forged && identifierOf(*lease) == query.identifier);
    if (!blocked && named == NamedLease::NO_CONCERN) {
        return;
    }
    const auto network = networks::ofSubnet(lease->subnet_id_, settings_.scope);
    if (blocked && !query.forged && reservations_ && query.address.usable() &&
        networks::haveOneReservation(query.address, holder, network)) {
        return;
    }
    Judgement judgement;
    judgement.role = Role::CLAIMANT;
    judgement.network = network;
    judgement.holder = toLease(*lease);
    judgement.holder.hostname = lease->hostname_;
    const auto context = makeContext(*packet, query, message, std::move(judgement));
    // The server compares identifiers here even if match-client-id is false, so Network::policy() does not apply.
    const auto policy = context->network().settings.policy;
    const bool usable = query.address.usable();
    context->verdict = usable ? decide(policy, message, false)
                              : decideStranger(policy, StrangerKind::NO_HARDWARE_ADDRESS);
    if (context->verdict == Verdict::PASS) {
        return;
    }
    if (blocked && usable) {
        reporter_.reportBlocked(*packet, *context, ip);
    } else if (blocked) {
        strangers_.report(*packet, *context, StrangerKind::NO_HARDWARE_ADDRESS);
    }
    carryOut(handle, *packet, context);
}

void
Guard::select(CalloutHandle& handle, const Pkt4Ptr& packet, bool offer) {
    const auto context = effects::contextOf(*packet);
    if (!context) {
        return;
    }
    effects::removeServerIdentifier(*packet, *context);
    if (context->verdict == Verdict::REFUSE || context->nak) {
        handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
        return;
    }
    isc::dhcp::Lease4Ptr lease;
    handle.getArgument("lease4", lease);
    if (!lease) {
        return;
    }
    try {
        if (mayHave(lease->addr_, packet, *context)) {
            reporter_.reportAddress(*packet, *context, fromKea(lease->addr_), now());
        } else if (!offer || !networks::isReserved(lease->subnet_id_, lease->addr_)) {
            // Servers before 3.0.4 crash if a callout refuses to offer a reserved address. The holder does not get an
            // address that is reserved for the claimant, so it needs no protection.
            handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
        }
    } catch (const LeaseDatabaseDown& error) {
        reportLeaseDatabaseDown(error.what());
        if (!offer) {
            handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
        }
    }
}

void
Guard::committed(CalloutHandle& handle, const Pkt4Ptr& packet) {
    if (const auto context = effects::contextOf(*packet)) {
        effects::removeServerIdentifier(*packet, *context);
        effects::withholdRefusedLease(handle, *packet);
    }
}

bool
Guard::mayHave(const IOAddress& address, const Pkt4Ptr& packet, const QueryContext& context) {
    const auto& on_record = context.judgement.on_record;
    if (on_record &&
        std::find(on_record->begin(), on_record->end(), fromKea(address)) == on_record->end()) {
        return (true);
    }
    // The server has already changed the lease for the claimant. The lease database still has the previous client.
    const auto lease = ask([&address] { return (leaseDatabase().getLease4(address)); });
    auto query = context.query;
    if (!lease || identifierOf(*lease) != query.identifier) {
        return (true);
    }
    query.now = now();
    query.stage = Stage::SELECTING;
    query.forged = false;
    KeaLeaseLookup lookup(packet, Message::REQUEST, query, settings_, hints());
    return (judge_.tryClaim(query, lookup, context.network()));
}

void
Guard::deleteConflict(ByteView identifier, const Network& network, const Lease& holder) {
    conflicts_.remove(network.key, identifier);
    reporter_.reportDeletion(identifier, network, holder);
}

void
Guard::failed(const std::string& what) noexcept {
    try {
        reporter_.reportFailure(
            Failure::UNFORESEEN, [&what] { return (escape(what)); }, now());
    } catch (...) {
        // A failure to report a failure cannot be reported.
        return;
    }
}

}  // namespace clone_guard
