// SPDX-License-Identifier: MPL-2.0

#include <core/decision/judge.h>
#include <core/identity/derived_identifier.h>

#include <algorithm>

namespace clone_guard {

namespace {

using Result = ClaimOutcome::Result;

/// A claim can appear between two attempts; that it happens over and over is not to be expected.
constexpr int MAX_ATTEMPTS = 16;

std::vector<Lease>
within(const Network& network, const std::vector<Lease>& records) {
    std::vector<Lease> inside;
    std::copy_if(records.begin(), records.end(), std::back_inserter(inside),
                 [&network](const Lease& record) { return (network.contains(record.subnet_id)); });
    return (inside);
}

/// The live record that the server's own look-up comes to first: subnet by subnet, those that match
/// client identifiers and are open to the client; in each, in the order of the lease database.
const Lease*
firstLive(const Network& network, const std::vector<Lease>& records) {
    for (const auto& subnet : network.subnets) {
        if (!subnet.matches_client_id || !subnet.searched) {
            continue;
        }
        for (const auto& record : records) {
            if (record.live && record.subnet_id == subnet.id) {
                return (&record);
            }
        }
    }
    // In a subnet that the client may not use, or where networks cannot be told apart.
    const auto any =
        std::find_if(records.begin(), records.end(), [](const Lease& record) { return (record.live); });
    return (any == records.end() ? nullptr : &*any);
}

const Lease*
firstOfAnother(const std::vector<Lease>& records, const HardwareAddress& address) {
    const auto other = std::find_if(records.begin(), records.end(), [&address](const Lease& record) {
        return (record.address != address);
    });
    return (other == records.end() ? nullptr : &*other);
}

bool
hasRecordOf(const HardwareAddress& address, const std::vector<Lease>& records) {
    return (std::any_of(records.begin(), records.end(),
                        [&address](const Lease& record) { return (record.address == address); }));
}

/// When a hardware address was last seen by its records; -1 where it has none.
int64_t
lastSeen(const HardwareAddress& address, const std::vector<Lease>& records) {
    int64_t last = -1;
    for (const auto& record : records) {
        if (record.address == address) {
            last = std::max(last, record.last_seen);
        }
    }
    return (last);
}

std::vector<IpAddress>
addressesOf(const std::vector<Lease>& records) {
    std::vector<IpAddress> addresses;
    addresses.reserve(records.size());
    for (const auto& record : records) {
        addresses.push_back(record.ip);
    }
    return (addresses);
}

/// The record of a hardware address, or what little is known without one.
Lease
recordFor(const HardwareAddress& address, const std::vector<Lease>& records) {
    const auto own = std::find_if(records.begin(), records.end(), [&address](const Lease& record) {
        return (record.address == address);
    });
    Lease record;
    record.address = address;
    return (own == records.end() ? record : *own);
}

}  // namespace

bool
Judge::renewsUndisputed(const GuardedQuery& question, LeaseLookup& lookup) {
    // A claim speaks where the lease database does not yet, or not much longer. Whose lease outlasts it
    // needs none.
    return (!question.forged && !conflicts_.hasConflict(question.identifier) &&
            lookup.renewsLastingLease());
}

Judgement
Judge::judge(const GuardedQuery& question, LeaseLookup& lookup) {
    const bool quiet = !question.forged && !conflicts_.hasConflict(question.identifier);
    auto records = lookup.leases();
    if (quiet && std::all_of(records.begin(), records.end(), [&question](const Lease& record) {
            return (record.address == question.address);
        })) {
        // It may be live in another network, so it does not spare the claim in this one.
        const bool live = std::any_of(records.begin(), records.end(),
                                      [](const Lease& record) { return (record.live); });
        // Who had no record as a claimant when it was made an offer has none when it takes it.
        if (!live && question.stage == Stage::SELECTING &&
            claims_.renewIfUncontested(question.identifier, question.address, lookup.place(),
                                       question.now)) {
            return {};
        }
        const auto taker = live                                 ? ClaimReason::ANY
                           : presumedNewcomer(question, lookup) ? ClaimReason::PRESUMED
                                                                : ClaimReason::NEWCOMER;
        if (taker != ClaimReason::NEWCOMER || lookup.derivedLeases(question.address).empty()) {
            const auto outcome = claims_.take(question.identifier, question.address, lookup.place(),
                                              question.now, {}, {}, taker);
            if (outcome.result != Result::CONTESTED) {
                Judgement judgement;
                judgement.claims_full = outcome.result == Result::FULL;
                return (judgement);
            }
        }
    }
    return (judgeInFull(question, lookup, std::move(records)));
}

/// Whether a DISCOVER passes without a look at its records as a claimant, while nobody else has a record and no
/// conflict is known. Had it any, it would return to its identifier with this very message (R9); unless it can get no
/// address that way, because it asks again, or would lose the one that is reserved for it. Where there was a conflict
/// it is looked up all the same, for the return to be told.
bool
Judge::presumedNewcomer(const GuardedQuery& question, LeaseLookup& lookup) const {
    return (question.stage == Stage::DISCOVERING && !conflicts_.hadConflict(question.identifier) &&
            !claims_.expireReturn(question.identifier, question.address, question.now) &&
            !lookup.hasReservation());
}

Judgement
Judge::judgeInFull(const GuardedQuery& question, LeaseLookup& lookup, std::vector<Lease> records) {
    Judgement judgement;
    judgement.network = lookup.networkOf(lookup.place());
    if (judgement.network.policy() == Policy::OFF) {
        return (judgement);
    }
    judgement.conflicting = true;
    judgement.role = Role::CLAIMANT;
    judgement.on_record = addressesOf(records);
    records = within(judgement.network, records);
    const auto* first = firstLive(judgement.network, records);
    const auto* other = first ? first : firstOfAnother(records, question.address);
    if (other) {
        judgement.holder = *other;
    }
    judgement.other_live = std::any_of(records.begin(), records.end(), [&question](const Lease& record) {
        return (record.live && record.address != question.address);
    });
    if (judgement.network.policy() == Policy::MONITOR) {
        // The server moves the lease to whoever asked last, so it does not tell who was first.
        if (const auto known = conflicts_.holder(judgement.network.key, question.identifier)) {
            judgement.role = *known == question.address ? Role::HOLDER : Role::CLAIMANT;
            judgement.holder = recordFor(*known, records);
            return (judgement);
        }
    }
    if (!question.forged && first && first->address == question.address) {
        judgement.role = Role::HOLDER;
        acquireClaim(question, lookup, judgement, true);
        return (judgement);
    }
    if (question.forged) {
        judgement.holder = Lease();
    }
    if (judgement.other_live) {
        return (judgement);
    }
    judgement.own = leasesAsClaimant(judgement, lookup, question.address);
    if (question.forged) {
        return (judgement);
    }
    if (lastSeen(question.address, records) >= lastSeen(question.address, judgement.own)) {
        // It returned to the identifier since, and has not been a claimant again.
        judgement.own.clear();
    }
    if (!mayMove(question, lookup, judgement, records)) {
        return (judgement);
    }
    if (acquireClaim(question, lookup, judgement, false)) {
        judgement.role = Role::HOLDER;
        judgement.moved = !judgement.own.empty() || (other && !hasRecordOf(question.address, records));
    }
    return (judgement);
}

/// Whether R9 lets the identifier go to the query while nobody has a live record of it.
bool
Judge::mayMove(const GuardedQuery& question, LeaseLookup& lookup, const Judgement& judgement,
               const std::vector<Lease>& records) const {
    const bool confirmed = conflicts_.isConfirmed(judgement.network.key, question.identifier);
    const bool frozen = confirmed || judgement.network.settings.takeover == Takeover::NEVER;
    if (frozen && firstOfAnother(records, question.address) && !hasRecordOf(question.address, records)) {
        return (false);
    }
    if (judgement.own.empty()) {
        return (true);
    }
    // A claimant returns with its next DISCOVER, and with the REQUEST that this leads to. A claim that it
    // took to be given the address of an expired record is no such DISCOVER. Where there is no address for
    // it (its own is taken, by its record as a claimant) it goes on with the one that it has.
    const bool returns = (question.stage == Stage::DISCOVERING &&
                          !claims_.expireReturn(question.identifier, question.address, question.now)) ||
                         (question.stage == Stage::SELECTING &&
                          claims_.returns(question.identifier, question.address, question.now));
    // An address that is reserved for it, it would lose to its own record as a claimant.
    return (returns && !confirmed &&
            std::none_of(judgement.own.begin(), judgement.own.end(), [&lookup](const Lease& record) {
                return (record.live && lookup.reservedForSender(record));
            }));
}

/// Asks for the claim until it is clear which rivals are in this network. With @c overrule they give
/// way; else the first of them is the holder. Returns whether the query has the claim, or would have it
/// if there were room.
bool
Judge::acquireClaim(const GuardedQuery& question, LeaseLookup& lookup, Judgement& judgement,
                    bool overrule) {
    std::vector<Claim> elsewhere;
    std::vector<Claim> overruled;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; ++attempt) {
        const auto outcome =
            claims_.take(question.identifier, question.address, lookup.place(), question.now, elsewhere,
                         overruled, judgement.own.empty() ? ClaimReason::ANY : ClaimReason::RETURNING);
        judgement.claims_full = outcome.result == Result::FULL;
        if (outcome.result != Result::CONTESTED) {
            return (true);
        }
        for (const auto& rival : outcome.rivals) {
            const bool here = rival.place == lookup.place() ||
                              lookup.networkOf(rival.place).key == judgement.network.key;
            if (here && !overrule) {
                judgement.holder = recordFor(rival.address, {});
                return (false);
            }
            (here ? overruled : elsewhere).push_back(rival);
        }
    }
    return (overrule);
}

bool
Judge::tryClaim(const GuardedQuery& question, LeaseLookup& lookup, const Network& network) {
    Judgement judgement;
    judgement.network = network;
    return (acquireClaim(question, lookup, judgement, false));
}

bool
Judge::shouldReportMove(const GuardedQuery& question) {
    return (claims_.shouldReportMove(question.identifier, question.address, question.now));
}

std::chrono::milliseconds
Judge::activeTimeout(const Network& network) const {
    return (std::max(claims_.window(), std::chrono::milliseconds(network.lifetime)));
}

bool
Judge::closeIfOver(const GuardedQuery& question, LeaseLookup& lookup, const Judgement& judgement) {
    if (judgement.other_live) {
        return (false);
    }
    const auto& network = judgement.network;
    const auto silent = conflicts_.idleMembers(network.key, question.identifier, question.address,
                                               activeTimeout(network), claims_.window(), question.now);
    if (!silent) {
        return (false);
    }
    for (const auto& claimant : *silent) {
        const auto records = leasesAsClaimant(judgement, lookup, claimant);
        if (firstLive(network, records)) {
            return (false);
        }
    }
    return (conflicts_.removeClaimants(network.key, question.identifier, *silent, question.address));
}

std::vector<Lease>
leasesAsClaimant(const Judgement& judgement, LeaseLookup& lookup, const HardwareAddress& claimant) {
    auto records = lookup.derivedLeases(claimant);
    if (records.empty()) {
        return (records);
    }
    const auto home = lookup.claimantNetworkOf(lookup.place(), judgement.network);
    records.erase(std::remove_if(records.begin(), records.end(),
                                 [&](const Lease& record) {
                                     return (!judgement.network.contains(record.subnet_id) &&
                                             !home.contains(record.subnet_id));
                                 }),
                  records.end());
    return (records);
}

NamedLease
judgeNamedLease(ByteView identifier, const HardwareAddress& address, ByteView lease_identifier,
                const HardwareAddress& lease_address) {
    if (lease_identifier == identifier) {
        const bool anothers = !lease_address.bytes().empty() && lease_address != address;
        return (anothers ? NamedLease::HOLDERS : NamedLease::NO_CONCERN);
    }
    if (looksDerived(lease_identifier) && lease_identifier == ByteView(derive(address, identifier))) {
        return (NamedLease::CLAIMANTS);
    }
    return (NamedLease::NO_CONCERN);
}

}  // namespace clone_guard
