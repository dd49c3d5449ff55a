// SPDX-License-Identifier: MPL-2.0

#include <hook/guard.h>

#include <core/identity/derived_identifier.h>
#include <hook/leases/kea_lease_lookup.h>
#include <hook/leases/networks.h>
#include <hook/packet/effects.h>
#include <hook/packet/query.h>

#include <dhcp/dhcp4.h>

#include <algorithm>

namespace clone_guard {

namespace {

using isc::asiolink::IOAddress;
using isc::dhcp::Pkt4Ptr;
using isc::hooks::CalloutHandle;

Instant
now() {
    return (std::chrono::steady_clock::now());
}

/// Whether the server would take a REQUEST for a renewal of what the claimant already has: under its
/// derived identifier, or under its hardware address where the lease has no identifier (a PXE stage's).
bool
extendsOwnLease(const Pkt4Ptr& query, const GuardedQuery& question, LeaseLookup& lookup,
                const Judgement& judgement) {
    const auto requested = query::requestedAddress(*query);
    const auto meant = [requested](IpAddress ip) {
        return (requested.isUnspecified() || requested == ip);
    };
    for (const auto& record : leasesAsClaimant(judgement, lookup, question.address)) {
        if (meant(record.ip)) {
            return (true);
        }
    }
    const isc::dhcp::HWAddr address(question.address.bytes().copy(), question.address.type());
    for (const auto& lease : ask([&address] { return (leaseDatabase().getLease4(address)); })) {
        if (!lease->client_id_ && judgement.network.contains(lease->subnet_id_) &&
            meant(fromKea(lease->addr_))) {
            return (true);
        }
    }
    return (false);
}

}  // namespace

Guard::Guard(Settings settings, networks::SubnetSelectionHints hints,
             std::shared_ptr<const Explainer> explainer) :
    settings_(std::move(settings)),
    by_class_(hints.by_class), reservations_(hints.reservations),
    claims_(settings_.claim_window, settings_.max_claims),
    conflicts_(settings_.max_conflicts, settings_.audit_repeat), judge_(claims_, conflicts_),
    deleted_(settings_.max_conflicts),
    explainer_(explainer ? std::move(explainer)
                         : std::make_shared<const Explainer>(settings_.templates, settings_.nic_names)),
    reporter_(conflicts_, *explainer_), scan_(settings_) {}

bool
Guard::leftAlone(const isc::dhcp::Pkt4& query, const GuardedQuery& question) const {
    // Derived identifiers are the guard's own, so nobody honest sends one.
    if (question.forged) {
        return (false);
    }
    if (query::isBootp(query)) {
        return (true);
    }
    if (settings_.exempt.empty()) {
        return (false);
    }
    if (settings_.exempt.covers(question.identifier, question.address)) {
        return (true);
    }
    const auto& names = settings_.exempt.client_classes;
    return (std::any_of(names.begin(), names.end(),
                        [&query](const auto& name) { return (query.getClasses().contains(name)); }));
}

void
Guard::receive(CalloutHandle& handle, const Pkt4Ptr& query) {
    const auto identifier = query::clientIdentifier(*query);
    if (!identifier) {
        return;
    }
    const auto kind =
        classify(*identifier, settings_.client_id_types, isc::dhcp::ClientId::MAX_CLIENT_ID_LEN);
    if (kind == IdentifierKind::UNGUARDED) {
        return;
    }
    const auto message = query::message(*query);
    if (!message) {
        return;
    }
    if (kind == IdentifierKind::MALFORMED) {
        reporter_.malformed(*query, *identifier);
        return;
    }
    const GuardedQuery question{*identifier, query::hardwareAddress(*query), now(),
                                query::stage(*query, *message), kind == IdentifierKind::FORGED};
    if (!question.address.usable() && !question.forged) {
        return;
    }
    try {
        if (*message == Message::RELEASE || *message == Message::DECLINE) {
            handleReleaseDecline(handle, query, question, *message);
        } else {
            handleDiscoverRequest(handle, query, question, *message);
        }
        reporter_.reportSuccess(Failure::LEASE_DATABASE, question.now);
    } catch (const LeaseDatabaseDown& error) {
        leaseDatabaseDown(error.what());
        handleWithoutLeaseDatabase(handle, query, question, *message);
    }
}

/// The lease database did not answer. The server asks it next, and may be answered: with several threads it has
/// several connections, not all of which need be lost. It would take a claimant for the holder. If it is not answered
/// it refuses (NAK) whoever asks for the address that it has: silence leaves that to its machine.
void
Guard::handleWithoutLeaseDatabase(CalloutHandle& handle, const Pkt4Ptr& query,
                                  const GuardedQuery& question, Message message) {
    if (leftAlone(*query, question)) {
        return;
    }
    KeaLeaseLookup lookup(query, message, question, settings_, hints());
    const auto policy = lookup.networkOf(lookup.place()).policy();
    if (policy == Policy::MAC_FALLBACK || policy == Policy::REFUSE) {
        effects::drop(handle);
    }
}

void
Guard::leaseDatabaseDown(const char* what) {
    reporter_.reportFailure(Failure::LEASE_DATABASE,
                            std::string("the lease database does not answer: ") + what, now());
}

void
Guard::handleDiscoverRequest(CalloutHandle& handle, const Pkt4Ptr& query, const GuardedQuery& question,
                             Message message) {
    KeaLeaseLookup lookup(query, message, question, settings_, hints());
    if (judge_.renewsUndisputed(question, lookup) || leftAlone(*query, question)) {
        return;
    }
    const auto judgement = judge_.judge(question, lookup);
    if (judgement.claims_full) {
        reporter_.reportFailure(Failure::CLAIMS_FULL, "the table of claims is full, see max-claims",
                                question.now);
    } else {
        reporter_.reportSuccess(Failure::CLAIMS_FULL, question.now);
    }
    if (!judgement.conflicting) {
        return;
    }
    // The question refers to this option, which may be replaced in the query.
    const auto own_option = query::identifierOption(*query);
    if (judgement.role == Role::HOLDER) {
        passes(*query, question, judgement);
    } else {
        const auto policy = judgement.network.policy();
        const bool harms =
            policy == Policy::REFUSE && message == Message::REQUEST &&
            (query::fromPxe(*query) || extendsOwnLease(query, question, lookup, judgement));
        carryOut(handle, query, question, judgement, decide(policy, message, harms),
                 ownAddress(*query, question, lookup, judgement));
    }
    closeIfOver(*query, question, lookup, judgement);
}

void
Guard::closeIfOver(const isc::dhcp::Pkt4& query, const GuardedQuery& question, LeaseLookup& lookup,
                   const Judgement& judgement) {
    try {
        if (judge_.closeIfOver(question, lookup, judgement)) {
            reporter_.conflictEnded(query, *senderOf(query, question, judgement));
        }
    } catch (const LeaseDatabaseDown& error) {
        // The query has been dealt with.
        leaseDatabaseDown(error.what());
    }
}

std::shared_ptr<QueryContext>
Guard::senderOf(const isc::dhcp::Pkt4& query, const GuardedQuery& question,
                const Judgement& judgement) const {
    auto sender = std::make_shared<QueryContext>();
    sender->identifier = question.identifier.copy();
    sender->address = question.address;
    sender->place = query::place(query, by_class_);
    sender->network = judgement.network;
    sender->holder = judgement.holder;
    return (sender);
}

void
Guard::passes(const isc::dhcp::Pkt4& query, const GuardedQuery& question, const Judgement& judgement) {
    const auto sender = senderOf(query, question, judgement);
    // What was offered only has not moved yet.
    if (judgement.moved && question.stage != Stage::DISCOVERING && judge_.shouldReportMove(question)) {
        reporter_.identityMoved(query, *sender);
    }
    reporter_.holderHeard(query, *sender, question.activity(), question.now);
}

void
Guard::carryOut(CalloutHandle& handle, const Pkt4Ptr& query, const GuardedQuery& question,
                const Judgement& judgement, Verdict verdict, IpAddress own_ip) {
    if (judgement.role == Role::HOLDER) {
        return;
    }
    const auto claimant = senderOf(*query, question, judgement);
    claimant->verdict = verdict;
    claimant->own_ip = own_ip;
    claimant->on_record = judgement.on_record;
    reporter_.claimantHeard(*query, *claimant, question, judgement);
    switch (claimant->verdict) {
    case Verdict::DERIVE:
        if (!own_ip.isUnspecified()) {
            reporter_.addressAssigned(*query, *claimant, own_ip, question.now);
        }
        query->addClass(judgement.network.settings.client_class);
        [[fallthrough]];
    case Verdict::REFUSE:
        setAside(handle, *query, claimant);
        break;
    case Verdict::DROP:
        effects::drop(handle);
        break;
    case Verdict::PASS:
    case Verdict::REPORT:
        break;
    }
}

/// The address of its own that a claimant asks for and has, 0 where it has none or has been noted with it before: it
/// takes a look-up, so it is looked for once. One that is assigned with this query select() hears of.
IpAddress
Guard::ownAddress(const isc::dhcp::Pkt4& query, const GuardedQuery& question, KeaLeaseLookup& lookup,
                  const Judgement& judgement) const {
    const auto ip = query::requestedAddress(query);
    const bool keeps = question.stage == Stage::REBOOTING || question.stage == Stage::RENEWING;
    if (!keeps || ip.isUnspecified() || judgement.network.policy() == Policy::MONITOR ||
        conflicts_.hasAddress(judgement.network.key, question.identifier, question.address, ip)) {
        return {};
    }
    return (lookup.holdsAsClaimant(ip) ? ip : IpAddress());
}

void
Guard::setAside(CalloutHandle& handle, isc::dhcp::Pkt4& query,
                const std::shared_ptr<QueryContext>& claimant) {
    has_set_aside_ = true;
    effects::derive(query, *claimant);
    effects::remember(handle, claimant);
}

void
Guard::handleReleaseDecline(CalloutHandle& handle, const Pkt4Ptr& query, const GuardedQuery& question,
                            Message message) {
    if (leftAlone(*query, question)) {
        return;
    }
    // The server looks the lease up by the address in the message: ciaddr of a RELEASE, option 50 of a DECLINE.
    const auto ip =
        message == Message::RELEASE ? fromKea(query->getCiaddr()) : query::declinedAddress(*query);
    const auto lease = ask([ip] { return (leaseDatabase().getLease4(toKea(ip))); });
    if (!lease) {
        return;
    }
    const auto named = judgeNamedLease(question.identifier, question.address, identifierOf(*lease),
                                       hardwareAddressOf(*lease));
    if (hardwareAddressOf(*lease) == question.address && conflicts_.hasConflict(question.identifier)) {
        conflicts_.markReleased(networks::ofSubnet(lease->subnet_id_, settings_.scope).key,
                                question.identifier, question.address);
    }
    const bool blocked =
        named == NamedLease::HOLDERS || (question.forged && identifierOf(*lease) == question.identifier);
    if (!blocked && named == NamedLease::NO_CONCERN) {
        return;
    }
    Judgement judgement;
    judgement.network = networks::ofSubnet(lease->subnet_id_, settings_.scope);
    judgement.holder = toLease(*lease);
    judgement.holder.hostname = lease->hostname_;
    const auto claimant = senderOf(*query, question, judgement);
    claimant->verdict = decide(claimant->network.policy(), message, false);
    if (claimant->verdict == Verdict::PASS) {
        return;
    }
    if (blocked) {
        reporter_.namedLeaseBlocked(*query, *claimant, message, ip, question.now);
    }
    if (claimant->verdict != Verdict::REPORT) {
        setAside(handle, *query, claimant);
    }
}

void
Guard::select(CalloutHandle& handle, const Pkt4Ptr& query) {
    const auto claimant = effects::recall(handle, *query);
    if (!claimant) {
        return;
    }
    if (claimant->verdict == Verdict::REFUSE) {
        handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
        return;
    }
    isc::dhcp::Lease4Ptr lease;
    handle.getArgument("lease4", lease);
    if (!lease) {
        return;
    }
    try {
        if (mayHave(lease->addr_, query, *claimant)) {
            reporter_.addressAssigned(*query, *claimant, fromKea(lease->addr_), now());
        } else {
            handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
        }
    } catch (const LeaseDatabaseDown& error) {
        leaseDatabaseDown(error.what());
        handle.setStatus(CalloutHandle::NEXT_STEP_SKIP);
    }
}

void
Guard::committed(CalloutHandle& handle, const Pkt4Ptr& query) {
    isc::dhcp::Lease4CollectionPtr leases;
    isc::dhcp::Lease4CollectionPtr deleted;
    handle.getArgument("leases4", leases);
    handle.getArgument("deleted_leases4", deleted);
    // A server that gives no lease to who requests one has deleted none.
    if (query->getType() == isc::dhcp::DHCPREQUEST && leases && leases->empty() && deleted &&
        !deleted->empty() && effects::recall(handle, *query)) {
        deleted->clear();
    }
}

bool
Guard::mayHave(const IOAddress& address, const Pkt4Ptr& query, const QueryContext& claimant) {
    if (claimant.on_record && std::find(claimant.on_record->begin(), claimant.on_record->end(),
                                        fromKea(address)) == claimant.on_record->end()) {
        return (true);
    }
    // The lease at hand has been made out to the claimant already; the lease database has who had it.
    const auto record = ask([&address] { return (leaseDatabase().getLease4(address)); });
    if (!record || identifierOf(*record) != ByteView(claimant.identifier)) {
        return (true);
    }
    const GuardedQuery question{claimant.identifier, claimant.address, now(), Stage::SELECTING, false};
    KeaLeaseLookup lookup(query, Message::REQUEST, question, settings_, hints());
    return (judge_.tryClaim(question, lookup, claimant.network));
}

void
Guard::deleteConflict(ByteView identifier, const Network& network, const Lease& holder) {
    conflicts_.remove(network.key, identifier);
    QueryContext about;
    about.identifier = identifier.copy();
    about.network = network;
    about.holder = holder;
    reporter_.conflictDeleted(about);
}

void
Guard::failed(const std::string& what) noexcept {
    try {
        reporter_.reportFailure(Failure::UNFORESEEN, what, now());
    } catch (...) {
        // There is nobody left to tell.
        return;
    }
}

}  // namespace clone_guard
