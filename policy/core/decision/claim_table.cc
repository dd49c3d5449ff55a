// SPDX-License-Identifier: MPL-2.0

#include <core/decision/claim_table.h>

#include <algorithm>
#include <utility>

namespace clone_guard {

namespace {

bool
contains(const std::vector<Claim>& claims, const Claim& claim) {
    return (std::find(claims.begin(), claims.end(), claim) != claims.end());
}

}  // namespace

ClaimTable::ClaimTable(std::chrono::milliseconds window, size_t max_claims) :
    window_(window), max_claims_(max_claims) {}

ClaimTable::Shard&
ClaimTable::shardOf(ByteView identifier) noexcept {
    // FNV-1a. An attacker whose identifiers are all in one shard gains nothing: the bound is for the whole table, and
    // the tree of a shard stays balanced.
    uint32_t hash = 2166136261U;
    for (auto byte : identifier) {
        hash = (hash ^ byte) * 16777619U;
    }
    return (shards_[(hash ^ (hash >> 16U)) % SHARDS]);
}

void
ClaimTable::erase(Shard& shard, Position entry) {
    shard.entries.get<ByIdentifier>().erase(entry);
    size_.fetch_sub(1, std::memory_order_relaxed);
}

void
ClaimTable::renew(Shard& shard, Position entry, const Wanted& wanted) {
    entry->claim.place = wanted.claim.place;
    entry->expires = wanted.expires;
    entry->newcomer = wanted.newcomer;
    if (!entry->returning) {
        entry->returning = wanted.returning;
    }
    moveToEnd(shard, entry);
}

void
ClaimTable::moveToEnd(Shard& shard, Position entry) {
    auto& by_expiry = shard.entries.get<ByExpiry>();
    by_expiry.relocate(by_expiry.end(), shard.entries.project<ByExpiry>(entry));
}

void
ClaimTable::sweep(Shard& shard, Instant now) {
    const auto& by_expiry = shard.entries.get<ByExpiry>();
    while (!by_expiry.empty() && by_expiry.front().expires <= now) {
        erase(shard, shard.entries.project<ByIdentifier>(by_expiry.begin()));
    }
}

void
ClaimTable::sweepAll(Instant now) {
    for (auto& shard : shards_) {
        const std::lock_guard<std::mutex> lock(shard.mutex);
        sweep(shard, now);
    }
}

ClaimOutcome
ClaimTable::take(ByteView identifier, const HardwareAddress& address, const Place& place, Instant now,
                 const std::vector<Claim>& elsewhere, const std::vector<Claim>& overruled,
                 ClaimReason reason) {
    const bool returning = reason == ClaimReason::RETURNING || reason == ClaimReason::PRESUMED;
    const Wanted wanted{{address, place},
                        now + window_,
                        reason == ClaimReason::NEWCOMER || reason == ClaimReason::PRESUMED,
                        returning ? std::make_optional(now) : std::optional<Instant>()};
    auto outcome = attempt(identifier, wanted, now, elsewhere, overruled);
    if (outcome.result == ClaimOutcome::Result::FULL) {
        // Shards that were not used since still have expired claims.
        sweepAll(now);
        outcome = attempt(identifier, wanted, now, elsewhere, overruled);
    }
    return (outcome);
}

ClaimOutcome
ClaimTable::attempt(ByteView identifier, const Wanted& wanted, Instant now,
                    const std::vector<Claim>& elsewhere, const std::vector<Claim>& overruled) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, now);

    ClaimOutcome outcome;
    std::vector<Position> giving_way;
    auto& by_identifier = shard.entries.get<ByIdentifier>();
    auto first = by_identifier.lower_bound(identifier);
    for (auto at = first; at != by_identifier.end() && IdentifierOf()(*at) == identifier; ++at) {
        const auto& claim = at->claim;
        if (claim.address == wanted.claim.address || contains(elsewhere, claim)) {
            continue;
        }
        if (contains(overruled, claim)) {
            giving_way.push_back(at);
        } else {
            outcome.rivals.push_back(claim);
        }
    }
    if (!outcome.rivals.empty()) {
        outcome.result = ClaimOutcome::Result::CONTESTED;
        return (outcome);
    }
    if (!giving_way.empty()) {
        for (const auto entry : giving_way) {
            erase(shard, entry);
        }
        first = by_identifier.lower_bound(identifier);
    }
    return (insertOrRenew(shard, first, identifier, wanted));
}

/// Renews the claim for the place if there is one, and inserts it otherwise. A machine that asks from more and more places
/// loses the claim that it renewed the longest ago.
ClaimOutcome
ClaimTable::insertOrRenew(Shard& shard, Position first, ByteView identifier, const Wanted& wanted) {
    auto& by_identifier = shard.entries.get<ByIdentifier>();
    const auto none = by_identifier.end();
    size_t places = 0;
    auto oldest = none;
    for (auto at = first; at != none && IdentifierOf()(*at) == identifier; ++at) {
        if (at->claim == wanted.claim) {
            renew(shard, at, wanted);
            return {};
        }
        if (at->claim.address == wanted.claim.address) {
            ++places;
            if (oldest == none || at->expires < oldest->expires) {
                oldest = at;
            }
        }
    }
    if (places >= MAX_PLACES) {
        renew(shard, oldest, wanted);
        return {};
    }
    if (size_.fetch_add(1, std::memory_order_relaxed) >= max_claims_) {
        size_.fetch_sub(1, std::memory_order_relaxed);
        ClaimOutcome full;
        full.result = ClaimOutcome::Result::FULL;
        return (full);
    }
    by_identifier.insert(first, Entry{{identifier.begin(), identifier.end()},
                                      wanted.claim,
                                      wanted.expires,
                                      wanted.newcomer,
                                      wanted.returning,
                                      false,
                                      false});
    return {};
}

bool
ClaimTable::renewIfUncontested(ByteView identifier, const HardwareAddress& address, const Place& place,
                               Instant now) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, now);
    auto& by_identifier = shard.entries.get<ByIdentifier>();
    const auto none = by_identifier.end();
    auto own = none;
    for (auto at = by_identifier.lower_bound(identifier);
         at != none && IdentifierOf()(*at) == identifier; ++at) {
        if (at->claim.address != address) {
            return (false);
        }
        if (at->newcomer && at->claim.place == place) {
            own = at;
        }
    }
    if (own == none) {
        return (false);
    }
    own->expires = now + window_;
    moveToEnd(shard, own);
    return (true);
}

template <typename Test>
bool
ClaimTable::anyClaim(ByteView identifier, const HardwareAddress& address, Instant now, Test test) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    const auto claims = shard.entries.get<ByIdentifier>().equal_range(identifier);
    return (std::any_of(claims.first, claims.second, [&](const Entry& entry) {
        return (entry.claim.address == address && entry.expires > now && test(entry));
    }));
}

bool
ClaimTable::isReturning(ByteView identifier, const HardwareAddress& address, Instant now) {
    return (anyClaim(identifier, address, now,
                     [](const Entry& entry) { return (entry.returning && !entry.return_failed); }));
}

bool
ClaimTable::expireReturn(ByteView identifier, const HardwareAddress& address, Instant now) {
    return (anyClaim(identifier, address, now, [now](const Entry& entry) {
        if (entry.returning && now - *entry.returning >= RETURN_TIMEOUT) {
            entry.return_failed = true;
            entry.newcomer = false;
        }
        return (entry.return_failed);
    }));
}

bool
ClaimTable::shouldReportMove(ByteView identifier, const HardwareAddress& address, Instant now) {
    return (anyClaim(identifier, address, now,
                     [](const Entry& entry) { return (!std::exchange(entry.move_reported, true)); }));
}

}  // namespace clone_guard
