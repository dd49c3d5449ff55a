// SPDX-License-Identifier: MPL-2.0

#include <core/decision/stranger.h>

#include <core/decision/judge.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// Whether a BOOTP client has a lease as a claimant, and none of the identifier itself. Its lease never expires, so
/// without this check the client would leave it behind and get another address once the holder is gone.
bool
staysClaimant(const GuardedQuery& query, const Judgement& judgement, const std::vector<Lease>& leases,
              LeaseLookup& lookup) {
    const bool holds = std::any_of(leases.begin(), leases.end(), [&](const Lease& lease) {
        return (lease.live && lease.address == query.address &&
                judgement.network.contains(lease.subnet_id));
    });
    return (!holds && !leasesAsClaimant(judgement, lookup, query.address).empty());
}

}  // namespace

std::optional<Judgement>
judgeStranger(const GuardedQuery& query, StrangerKind kind, LeaseLookup& lookup) {
    const auto leases = lookup.leases();
    const auto isAnothers = [&query](const Lease& lease) {
        return (lease.live && lease.address.usable() && lease.address != query.address);
    };
    const bool suspicious = std::any_of(leases.begin(), leases.end(), isAnothers);
    if (!suspicious && !query.forged && kind != StrangerKind::BOOTP) {
        return (std::nullopt);
    }
    Judgement judgement;
    judgement.role = Role::CLAIMANT;
    judgement.conflicting = true;
    judgement.network = lookup.networkOf(lookup.place());
    const auto other = std::find_if(leases.begin(), leases.end(), [&](const Lease& lease) {
        return (isAnothers(lease) && judgement.network.contains(lease.subnet_id));
    });
    judgement.other_live = other != leases.end();
    if (judgement.other_live) {
        judgement.holder = *other;
    } else if (!query.forged &&
               (kind != StrangerKind::BOOTP || !staysClaimant(query, judgement, leases, lookup))) {
        return (std::nullopt);
    }
    return (judgement);
}

Verdict
decideStranger(Policy policy, StrangerKind kind) noexcept {
    if (policy == Policy::OFF) {
        return (Verdict::PASS);
    }
    if (policy == Policy::MONITOR) {
        return (Verdict::REPORT);
    }
    const bool refuse = policy == Policy::REFUSE;
    switch (kind) {
    case StrangerKind::INFORM:
        return (refuse ? Verdict::REFUSE : Verdict::DERIVE);
    case StrangerKind::BOOTP:
        return (refuse ? Verdict::DROP : Verdict::DERIVE);
    case StrangerKind::NO_HARDWARE_ADDRESS:
        break;
    }
    // There is nothing to derive an identifier from.
    return (Verdict::DROP);
}

}  // namespace clone_guard
