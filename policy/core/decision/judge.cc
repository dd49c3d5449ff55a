// SPDX-License-Identifier: MPL-2.0

#include <core/decision/judge.h>
#include <core/identity/derived_identifier.h>

#include <algorithm>

namespace clone_guard {

namespace {

using Result = ClaimOutcome::Result;

/// Another claim can appear between two attempts. This many in a row are not to be expected.
constexpr int MAX_ATTEMPTS = 16;

bool
isLive(const Lease& lease) {
    return (lease.live);
}

std::vector<Lease>
within(const Network& network, const std::vector<Lease>& leases) {
    std::vector<Lease> inside;
    std::copy_if(leases.begin(), leases.end(), std::back_inserter(inside),
                 [&network](const Lease& lease) { return (network.contains(lease.subnet_id)); });
    return (inside);
}

/// The live lease that the server's own look-up finds first. The server searches subnet by subnet, those that match
/// client identifiers and are open to the client, and in each subnet in the order of the lease database.
const Lease*
firstLive(const Network& network, const std::vector<Lease>& leases) {
    for (const auto& subnet : network.subnets) {
        if (!subnet.matches_client_id || !subnet.searched) {
            continue;
        }
        for (const auto& lease : leases) {
            if (lease.live && lease.subnet_id == subnet.id) {
                return (&lease);
            }
        }
    }
    // The lease is in a subnet that the client may not use, or the networks are not distinguished.
    const auto any = std::find_if(leases.begin(), leases.end(), isLive);
    return (any == leases.end() ? nullptr : &*any);
}

const Lease*
firstOf(const HardwareAddress& address, const std::vector<Lease>& leases) {
    const auto own = std::find_if(leases.begin(), leases.end(),
                                  [&address](const Lease& lease) { return (lease.address == address); });
    return (own == leases.end() ? nullptr : &*own);
}

const Lease*
firstOfAnother(const HardwareAddress& address, const std::vector<Lease>& leases) {
    const auto other = std::find_if(leases.begin(), leases.end(), [&address](const Lease& lease) {
        return (lease.address != address);
    });
    return (other == leases.end() ? nullptr : &*other);
}

/// The time at which a hardware address was last seen according to its leases; -1 if it has none.
int64_t
lastSeen(const HardwareAddress& address, const std::vector<Lease>& leases) {
    int64_t last = -1;
    for (const auto& lease : leases) {
        if (lease.address == address) {
            last = std::max(last, lease.last_seen);
        }
    }
    return (last);
}

/// Removes the leases that their clients gave up. They bind only the machines of a confirmed conflict (R10).
void
removeReleased(std::vector<Lease>& leases) {
    leases.erase(std::remove_if(leases.begin(), leases.end(),
                                [](const Lease& lease) { return (lease.released); }),
                 leases.end());
}

std::vector<IpAddress>
addressesOf(const std::vector<Lease>& leases) {
    std::vector<IpAddress> addresses;
    addresses.reserve(leases.size());
    for (const auto& lease : leases) {
        addresses.push_back(lease.ip);
    }
    return (addresses);
}

/// What a REQUEST with ciaddr shows about its sender (R10). In a confirmed conflict nothing is left to prove, so that no
/// further look-up is made.
///
/// @param leases those of the identifier in the network.
Activity
activityOf(LeaseLookup& lookup, const Network& network, const std::vector<Lease>& leases,
           bool confirmed) {
    const auto ip = lookup.place().client;
    const bool renews = std::any_of(leases.begin(), leases.end(),
                                    [ip](const Lease& lease) { return (lease.live && lease.ip == ip); });
    return (renews || (!confirmed && lookup.renewsLiveLease(network)) ? Activity::RENEWAL
                                                                      : Activity::NONE);
}

/// The lease of a hardware address, or one with nothing but the hardware address.
Lease
leaseOf(const HardwareAddress& address, const std::vector<Lease>& leases) {
    if (const auto* own = firstOf(address, leases)) {
        return (*own);
    }
    Lease lease;
    lease.address = address;
    return (lease);
}

}  // namespace

Judgement
Judge::judge(const GuardedQuery& query, LeaseLookup& lookup, bool disputed) {
    auto leases = lookup.leases();
    if (!disputed) {
        removeReleased(leases);
    }
    if (!disputed && !firstOfAnother(query.address, leases)) {
        // The lease may be live in another network, so it does not replace the claim in this one.
        const bool live = std::any_of(leases.begin(), leases.end(), isLive);
        // A client that had no lease as a claimant when it was made an offer has none when it takes the offer.
        if (!live && query.stage == Stage::SELECTING &&
            claims_.renewIfUncontested(query.identifier, query.address, lookup.place(), query.now)) {
            return {};
        }
        const auto reason = live                                ? ClaimReason::ANY
                            : isPresumedNewcomer(query, lookup) ? ClaimReason::PRESUMED
                                                                : ClaimReason::NEWCOMER;
        if (reason != ClaimReason::NEWCOMER || lookup.derivedLeases(query.address).empty()) {
            const auto outcome =
                claims_.takeIfAlone(query.identifier, query.address, lookup.place(), query.now, reason);
            if (outcome.result != Result::CONTESTED) {
                Judgement judgement;
                judgement.claims_full = outcome.result == Result::FULL;
                return (judgement);
            }
        }
    }
    return (judgeInFull(query, lookup, std::move(leases)));
}

/// Whether a DISCOVER passes without a look-up of the sender's leases as a claimant, while no other machine has a lease
/// and no conflict is known. If the sender had such leases, it would return to its identifier with this message (R9).
/// There are four exceptions. A client that asks again cannot get an address that way. A client with a reservation would
/// lose the reserved address, and a client that asks for an address may have it as a claimant. After a conflict the
/// look-up is necessary to report the return.
bool
Judge::isPresumedNewcomer(const GuardedQuery& query, LeaseLookup& lookup) const {
    return (query.stage == Stage::DISCOVERING && !conflicts_.hadConflict(query.identifier) &&
            !claims_.expireReturn(query.identifier, query.address, query.now) &&
            !lookup.asksForAddress() && !lookup.hasReservation());
}

/// The sender passes without a claim if it is the same machine as the holder by the server's configuration. If it has a
/// lease as a claimant and the holder has none, it returns as any claimant does.
Judgement
Judge::judgeInFull(const GuardedQuery& query, LeaseLookup& lookup, std::vector<Lease> leases) {
    auto judgement = judgeRivals(query, lookup, std::move(leases));
    if (judgement.role == Role::CLAIMANT && !query.forged &&
        (judgement.other_live || judgement.own.empty()) && judgement.holder.address.usable() &&
        lookup.reservedTogether(judgement.holder.address, judgement.network)) {
        judgement.role = Role::HOLDER;
        judgement.conflicting = false;
    }
    return (judgement);
}

Judgement
Judge::judgeRivals(const GuardedQuery& query, LeaseLookup& lookup, std::vector<Lease> leases) {
    Judgement judgement;
    judgement.network = lookup.networkOf(lookup.place());
    if (judgement.network.policy() == Policy::OFF) {
        return (judgement);
    }
    judgement.conflicting = true;
    judgement.role = Role::CLAIMANT;
    const bool confirmed = conflicts_.isConfirmed(judgement.network.key, query.identifier);
    if (!confirmed) {
        removeReleased(leases);
    }
    judgement.on_record = addressesOf(leases);
    leases = within(judgement.network, leases);
    if (query.stage == Stage::RENEWING) {
        judgement.activity = activityOf(lookup, judgement.network, leases, confirmed);
    }
    const auto* first = firstLive(judgement.network, leases);
    const auto* other = first ? first : firstOfAnother(query.address, leases);
    if (other) {
        judgement.holder = *other;
    }
    judgement.other_live = std::any_of(leases.begin(), leases.end(), [&query](const Lease& lease) {
        return (lease.live && lease.address != query.address);
    });
    if (judgement.network.policy() == Policy::MONITOR) {
        // The server moves the lease to the machine that asked last, so the lease does not show which was first.
        if (const auto known = conflicts_.holder(judgement.network.key, query.identifier)) {
            judgement.role = *known == query.address ? Role::HOLDER : Role::CLAIMANT;
            judgement.holder = leaseOf(*known, leases);
            return (judgement);
        }
    }
    if (!query.forged && first && first->address == query.address) {
        judgement.role = Role::HOLDER;
        acquireClaim(query, lookup, judgement, true);
        return (judgement);
    }
    if (query.forged) {
        judgement.holder = Lease();
    }
    if (judgement.other_live) {
        return (judgement);
    }
    judgement.own = leasesAsClaimant(judgement, lookup, query.address);
    if (!confirmed) {
        removeReleased(judgement.own);
    }
    if (query.forged) {
        return (judgement);
    }
    if (lastSeen(query.address, leases) >= lastSeen(query.address, judgement.own)) {
        // The sender has returned to the identifier since, and has not been a claimant again.
        judgement.own.clear();
    }
    if (mayMove(query, lookup, judgement, leases, confirmed) &&
        acquireClaim(query, lookup, judgement, false)) {
        judgement.role = Role::HOLDER;
        judgement.moved = !judgement.own.empty() || (other && !firstOf(query.address, leases));
    }
    return (judgement);
}

/// Whether R9 lets the sender have the identifier while no machine has a live lease of it.
bool
Judge::mayMove(const GuardedQuery& query, LeaseLookup& lookup, const Judgement& judgement,
               const std::vector<Lease>& leases, bool confirmed) const {
    const bool frozen = confirmed || judgement.network.settings.takeover == Takeover::NEVER;
    if (frozen && firstOfAnother(query.address, leases) && !firstOf(query.address, leases)) {
        return (false);
    }
    if (judgement.own.empty()) {
        return (true);
    }
    // Without a lease or a reserved address to return to, the sender would only lose its address. It would also lose an
    // address that is reserved for it to its own lease as a claimant.
    return ((!leases.empty() || lookup.reservedForIdentifier(judgement.network)) && mayReturn(query) &&
            !confirmed &&
            std::none_of(judgement.own.begin(), judgement.own.end(), [&lookup](const Lease& lease) {
                return (lease.live && lookup.reservedForSender(lease));
            }));
}

/// A claimant returns with its next DISCOVER, and with the REQUEST that follows it. A claim that the claimant took to
/// get the address of an expired lease is not such a DISCOVER. If the server has no address for the claimant, because
/// its own lease as a claimant occupies it, the claimant keeps the address that it has.
bool
Judge::mayReturn(const GuardedQuery& query) const {
    if (query.stage == Stage::DISCOVERING) {
        return (!claims_.expireReturn(query.identifier, query.address, query.now));
    }
    return (query.stage == Stage::SELECTING &&
            claims_.isReturning(query.identifier, query.address, query.now));
}

/// Asks for the claim until the networks of all rivals are known. If the sender is @c leased, the rivals in this network
/// lose their claims; otherwise the one with the claim is the holder. Returns true if the query has the claim, or would
/// have it if there were room.
bool
Judge::acquireClaim(const GuardedQuery& query, LeaseLookup& lookup, Judgement& judgement, bool leased) {
    const ClaimTerms terms{claimNetwork(judgement.network.key),
                           judgement.own.empty() ? ClaimReason::ANY : ClaimReason::RETURNING, leased};
    for (int attempt = 0; attempt < MAX_ATTEMPTS; ++attempt) {
        const auto outcome =
            claims_.take(query.identifier, query.address, lookup.place(), query.now, terms);
        judgement.claims_full = outcome.result == Result::FULL;
        switch (outcome.result) {
        case Result::TAKEN:
        case Result::FULL:
            return (true);
        case Result::CONTESTED:
            judgement.holder = leaseOf(outcome.rival, {});
            return (false);
        case Result::EXHAUSTED:
            return (false);
        case Result::UNRESOLVED:
            break;
        }
        for (const auto& claim : outcome.unresolved) {
            claims_.resolve(query.identifier, claim, claimNetwork(lookup.networkOf(claim.place).key));
        }
    }
    return (leased);
}

void
Judge::endClaim(const GuardedQuery& query, LeaseLookup& lookup, const Network& network) {
    for (const auto& claim : claims_.unresolved(query.identifier, query.address)) {
        claims_.resolve(query.identifier, claim, claimNetwork(lookup.networkOf(claim.place).key));
    }
    claims_.end(query.identifier, query.address, claimNetwork(network.key));
}

bool
Judge::tryClaim(const GuardedQuery& query, LeaseLookup& lookup, const Network& network) {
    Judgement judgement;
    judgement.network = network;
    return (acquireClaim(query, lookup, judgement, false));
}

bool
Judge::shouldReportMove(const GuardedQuery& query) {
    return (claims_.shouldReportMove(query.identifier, query.address, query.now));
}

std::vector<Lease>
leasesAsClaimant(const Judgement& judgement, LeaseLookup& lookup, const HardwareAddress& claimant) {
    auto leases = lookup.derivedLeases(claimant);
    if (leases.empty()) {
        return (leases);
    }
    const auto home = lookup.claimantNetworkOf(lookup.place(), judgement.network);
    leases.erase(std::remove_if(leases.begin(), leases.end(),
                                [&](const Lease& lease) {
                                    return (!judgement.network.contains(lease.subnet_id) &&
                                            !home.contains(lease.subnet_id));
                                }),
                 leases.end());
    return (leases);
}

NamedLease
judgeNamedLease(ByteView identifier, const HardwareAddress& address, ByteView lease_identifier,
                const HardwareAddress& lease_address) {
    if (lease_identifier == identifier) {
        const bool anothers = lease_address.usable() && lease_address != address;
        return (anothers ? NamedLease::HOLDERS : NamedLease::NO_CONCERN);
    }
    if (looksDerived(lease_identifier) && lease_identifier == ByteView(derive(address, identifier))) {
        return (NamedLease::CLAIMANTS);
    }
    return (NamedLease::NO_CONCERN);
}

}  // namespace clone_guard
