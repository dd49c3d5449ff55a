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

}  // namespace

Guard::Guard(const Settings& settings, const Leases& leases, Fault fault) :
    settings_(settings), leases_(leases), fault_(fault),
    // Where there is no room for claims everybody wins.
    claims_(settings.claim_window, fault == Fault::NO_CLAIM ? 0 : settings.max_claims),
    conflicts_(settings.max_conflicts, settings.audit_repeat), judge_(claims_, conflicts_),
    reports_(conflicts_, judge_, leases) {}

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
    const GuardedQuery question{treatment.own, treatment.address, instant(now), stageOf(query),
                                kind == IdentifierKind::FORGED};
    if (query.message == Message::RELEASE || query.message == Message::DECLINE) {
        handleReleaseDecline(query, question, treatment, now);
    } else {
        handleDiscoverRequest(query, question, now, treatment);
    }
    return (treatment);
}

void
Guard::handleDiscoverRequest(const Inbound& query, const GuardedQuery& question, uint64_t now,
                             Treatment& treatment) {
    ModelLeaseLookup lookup(query, question, leases_, settings_, now);
    if (judge_.renewsUndisputed(question, lookup)) {
        return;
    }
    const auto judgement = judge_.judge(question, lookup);
    if (!judgement.conflicting) {
        return;
    }
    treatment.network = judgement.network;
    treatment.holder = judgement.holder;
    treatment.on_record = judgement.on_record;
    if (judgement.role == Role::HOLDER) {
        reports_.passes(treatment, question, judgement);
    } else {
        const auto policy = judgement.network.policy();
        const bool extends = policy == Policy::REFUSE && query.message == Message::REQUEST &&
                             extendsOwnLease(query, question, lookup, judgement);
        treatment.verdict = decide(policy, query.message, extends);
        reports_.claimantHeard(treatment, question, judgement);
        carryOut(query, treatment);
    }
    judge_.closeIfOver(question, lookup, judgement);
}

bool
Guard::extendsOwnLease(const Inbound& query, const GuardedQuery& question, LeaseLookup& lookup,
                       const Judgement& judgement) const {
    const auto requested = query.requested.isUnspecified() ? query.client : query.requested;
    const auto meant = [requested](IpAddress ip) {
        return (requested.isUnspecified() || requested == ip);
    };
    const auto leases = leases_.ofHardware(question.address.bytes());
    const auto own = leasesAsClaimant(judgement, lookup, question.address);
    return (std::any_of(own.begin(), own.end(),
                        [meant](const Lease& record) { return (meant(record.ip)); }) ||
            std::any_of(leases.begin(), leases.end(), [&](const StoredLease* lease) {
                return (lease->client_id.empty() && judgement.network.contains(lease->subnet) &&
                        meant(lease->ip));
            }));
}

void
Guard::handleReleaseDecline(const Inbound& query, const GuardedQuery& question, Treatment& treatment,
                            uint64_t now) {
    const auto* lease = leases_.at(query.message == Message::RELEASE ? query.client : query.requested);
    if (!lease || fault_ == Fault::NAMED_LEASE) {
        return;
    }
    const HardwareAddress lease_address(HardwareAddress::ETHERNET, lease->hw_address);
    const auto named =
        judgeNamedLease(question.identifier, question.address, lease->client_id, lease_address);
    if (lease_address == question.address) {
        conflicts_.markReleased(networkAround(lease->subnet, settings_.scope).key, question.identifier,
                                question.address);
    }
    const bool blocked = named == NamedLease::HOLDERS ||
                         (question.forged && ByteView(lease->client_id) == question.identifier);
    if (!blocked && named == NamedLease::NO_CONCERN) {
        return;
    }
    treatment.network = networkAround(lease->subnet, settings_.scope);
    treatment.holder = toLease(*lease, now);
    treatment.verdict = decide(treatment.network.policy(), query.message, false);
    if (treatment.verdict == Verdict::PASS) {
        return;
    }
    if (blocked) {
        reports_.namedLeaseBlocked(treatment, query.message, question.now);
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
    if (treatment.verdict == Verdict::REFUSE) {
        return (false);
    }
    if (treatment.on_record &&
        std::count(treatment.on_record->begin(), treatment.on_record->end(), ip) == 0) {
        return (true);
    }
    const auto* lease = leases_.at(ip);
    if (!lease || lease->client_id != treatment.own || fault_ == Fault::SELECT) {
        return (true);
    }
    const GuardedQuery question{treatment.own, treatment.address, instant(now), Stage::SELECTING, false};
    ModelLeaseLookup lookup(query, question, leases_, settings_, now);
    return (judge_.tryClaim(question, lookup, treatment.network));
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
        conflicts_.recordAddress(treatment.network.key, treatment.own, treatment.address, reply.ip,
                                 instant(now));
    }
}

}  // namespace model
}  // namespace clone_guard
