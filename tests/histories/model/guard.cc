// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/guard.h>

#include <tests/histories/model/lease_lookup.h>

#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>

#include <algorithm>

namespace clone_guard {
namespace model {

namespace {

Stage
stageOf(const Inbound& query) {
    if (query.message == Message::DISCOVER) {
        return (Stage::DISCOVERING);
    }
    if (!query.client.isUnspecified()) {
        return (Stage::RENEWING);
    }
    return (query.has_server_identifier ? Stage::SELECTING : Stage::REBOOTING);
}

std::optional<StrangerKind>
strangerKind(const Inbound& query, const HardwareAddress& address) {
    if (!address.usable()) {
        return (StrangerKind::NO_HARDWARE_ADDRESS);
    }
    if (query.message == Message::INFORM) {
        return (StrangerKind::INFORM);
    }
    return (query.bootp ? std::make_optional(StrangerKind::BOOTP) : std::nullopt);
}

}  // namespace

Guard::Guard(const Settings& settings, const Leases& leases, Fault fault) :
    settings_(settings), leases_(leases), fault_(fault),
    // Without room for claims every machine wins.
    claims_(settings.claim_window, fault == Fault::NO_CLAIM ? 0 : settings.max_claims),
    conflicts_(settings.max_conflicts, settings.audit_repeat), judge_(claims_, conflicts_),
    check_(conflicts_, settings.claim_window), reports_(conflicts_, judge_, leases) {}

Treatment
Guard::receive(const Inbound& query, uint64_t now) {
    Treatment treatment;
    treatment.identifier = query.identifier;
    const auto kind = classify(query.identifier, settings_.client_id_types, MAX_DERIVED);
    if (query.identifier.empty() || kind == IdentifierKind::UNGUARDED ||
        kind == IdentifierKind::MALFORMED) {
        return (treatment);
    }
    treatment.own = query.identifier;
    treatment.address = HardwareAddress(HardwareAddress::ETHERNET, query.hw_address);
    const GuardedQuery guarded{treatment.own, treatment.address, instant(now), stageOf(query),
                               kind == IdentifierKind::FORGED};
    if (query.message == Message::RELEASE || query.message == Message::DECLINE) {
        handleReleaseDecline(query, guarded, treatment, now);
    } else if (const auto kind = strangerKind(query, treatment.address)) {
        handleStranger(query, guarded, *kind, now, treatment);
    } else {
        handleDiscoverRequest(query, guarded, now, treatment);
    }
    return (treatment);
}

void
Guard::handleDiscoverRequest(const Inbound& query, const GuardedQuery& guarded, uint64_t now,
                             Treatment& treatment) {
    ModelLeaseLookup lookup(query, guarded, leases_, settings_, now, fault_ == Fault::RELEASED);
    const bool disputed = judge_.isDisputed(guarded);
    if (!disputed && lookup.renewsLastingLease()) {
        return;
    }
    const auto judgement = judge_.judge(guarded, lookup, disputed);
    if (!judgement.conflicting) {
        return;
    }
    treatment.judgement = judgement;
    if (judgement.role == Role::HOLDER) {
        reports_.passes(treatment, guarded, judgement);
    } else {
        const auto policy = judgement.network.policy();
        const bool extends = policy == Policy::REFUSE && query.message == Message::REQUEST &&
                             extendsOwnLease(query, guarded, lookup, judgement);
        treatment.verdict = decide(policy, query.message, extends);
        treatment.nak = needsNak(treatment.verdict, guarded.stage, false) &&
                        asksForAnothersLease(query, judgement.network, now);
        reports_.claimantHeard(treatment, guarded, judgement);
        carryOut(query, treatment);
    }
    const auto result = check_.check(judgement.network, guarded.identifier, guarded.address,
                                     machineLeases(leases_, now), {guarded.now, int64_t(now)});
    if (result.end) {
        reports_.ended(*result.end, treatment, guarded.now);
    }
}

bool
Guard::asksForAnothersLease(const Inbound& query, const Network& network, uint64_t now) const {
    const auto* lease = leases_.at(query.requested);
    return (lease && network.contains(lease->subnet) &&
            (toLease(*lease, now).live || lease->state == StoredLease::RECLAIMED) &&
            !lease->hw_address.empty() && lease->hw_address != query.hw_address);
}

void
Guard::handleStranger(const Inbound& query, const GuardedQuery& guarded, StrangerKind kind, uint64_t now,
                      Treatment& treatment) {
    const bool faulty = (fault_ == Fault::NAMELESS && kind == StrangerKind::NO_HARDWARE_ADDRESS) ||
                        (fault_ == Fault::BOOTP && kind == StrangerKind::BOOTP);
    ModelLeaseLookup lookup(query, guarded, leases_, settings_, now);
    auto judgement = faulty ? std::nullopt : judgeStranger(guarded, kind, lookup);
    if (!judgement) {
        return;
    }
    treatment.judgement = std::move(*judgement);
    treatment.verdict = decideStranger(treatment.judgement.network.policy(), kind);
    carryOut(query, treatment);
}

bool
Guard::extendsOwnLease(const Inbound& query, const GuardedQuery& guarded, LeaseLookup& lookup,
                       const Judgement& judgement) const {
    const auto requested = query.requested.isUnspecified() ? query.client : query.requested;
    const auto meant = [requested](IpAddress ip) {
        return (requested.isUnspecified() || requested == ip);
    };
    const auto leases = leases_.ofHardware(guarded.address.bytes());
    const auto own = leasesAsClaimant(judgement, lookup, guarded.address);
    return (
        std::any_of(own.begin(), own.end(),
                    [meant](const Lease& record) { return (!record.released && meant(record.ip)); }) ||
        std::any_of(leases.begin(), leases.end(), [&](const StoredLease* lease) {
            return (lease->client_id.empty() && judgement.network.contains(lease->subnet) &&
                    meant(lease->ip));
        }));
}

void
Guard::handleReleaseDecline(const Inbound& query, const GuardedQuery& guarded, Treatment& treatment,
                            uint64_t now) {
    const auto* lease = leases_.at(query.message == Message::RELEASE ? query.client : query.requested);
    if (!lease || fault_ == Fault::NAMED_LEASE) {
        return;
    }
    const HardwareAddress lease_address(HardwareAddress::ETHERNET, lease->hw_address);
    const auto named =
        judgeNamedLease(guarded.identifier, guarded.address, lease->client_id, lease_address);
    if (lease_address == guarded.address) {
        conflicts_.markReleased(networkAround(lease->subnet, settings_.scope).key, guarded.identifier,
                                guarded.address, guarded.now);
    }
    const bool own = named == NamedLease::CLAIMANTS || ByteView(lease->client_id) == guarded.identifier;
    if (own && lease_address == guarded.address && !guarded.forged && judge_.hasClaim(guarded)) {
        ModelLeaseLookup lookup(query, guarded, leases_, settings_, now);
        judge_.endClaim(guarded, lookup, networkAround(lease->subnet, settings_.scope));
    }
    const bool blocked = named == NamedLease::HOLDERS ||
                         (guarded.forged && ByteView(lease->client_id) == guarded.identifier);
    if (!blocked && named == NamedLease::NO_CONCERN) {
        return;
    }
    treatment.judgement.network = networkAround(lease->subnet, settings_.scope);
    treatment.judgement.holder = toLease(*lease, now);
    const auto policy = treatment.judgement.network.policy();
    const bool usable = treatment.address.usable();
    treatment.verdict = usable ? decide(policy, query.message, false)
                               : decideStranger(policy, StrangerKind::NO_HARDWARE_ADDRESS);
    if (treatment.verdict == Verdict::PASS) {
        return;
    }
    if (blocked && usable) {
        reports_.namedLeaseBlocked(treatment, query.message, guarded.now);
    }
    carryOut(query, treatment);
}

void
Guard::carryOut(const Inbound& query, Treatment& treatment) const {
    treatment.dropped = treatment.verdict == Verdict::DROP;
    if (!treatment.derived()) {
        return;
    }
    treatment.identifier =
        fault_ == Fault::REMOVED ? Bytes() : derive(treatment.address, query.identifier);
}

bool
Guard::select(const Inbound& query, const Treatment& treatment, IpAddress ip, uint64_t now) {
    if (!treatment.derived()) {
        return (true);
    }
    if (treatment.verdict == Verdict::REFUSE || treatment.nak) {
        return (false);
    }
    if (treatment.judgement.on_record && std::count(treatment.judgement.on_record->begin(),
                                                    treatment.judgement.on_record->end(), ip) == 0) {
        return (true);
    }
    const auto* lease = leases_.at(ip);
    if (!lease || lease->client_id != treatment.own || fault_ == Fault::SELECT) {
        return (true);
    }
    const GuardedQuery guarded{treatment.own, treatment.address, instant(now), Stage::SELECTING, false};
    ModelLeaseLookup lookup(query, guarded, leases_, settings_, now);
    return (judge_.tryClaim(guarded, lookup, treatment.judgement.network));
}

void
Guard::send(const Treatment& treatment, Outbound& reply, uint64_t now) {
    if (!treatment.derived()) {
        return;
    }
    if (fault_ != Fault::ECHO && !reply.identifier.empty()) {
        reply.identifier = treatment.own;
    }
    if (reply.type == Outbound::Type::ACK && treatment.verdict == Verdict::DERIVE) {
        conflicts_.recordAddress(treatment.judgement.network.key, treatment.own, treatment.address,
                                 reply.ip, instant(now));
    }
}

}  // namespace model
}  // namespace clone_guard
