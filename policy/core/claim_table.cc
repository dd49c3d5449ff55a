// SPDX-License-Identifier: MPL-2.0

#include <core/claim_table.h>

#include <algorithm>

namespace clone_guard {

namespace {

bool
contains(const std::vector<Claim>& claims, const Claim& claim) {
    return (std::find(claims.begin(), claims.end(), claim) != claims.end());
}

} // namespace

ClaimTable::ClaimTable(std::chrono::milliseconds window, size_t max_claims)
    : window_(window), max_claims_(max_claims) {
}

ClaimTable::Shard&
ClaimTable::shardOf(ByteView identifier) noexcept {
    // FNV-1a. An attacker who gathers his identifiers in one shard gains nothing: the bound is for
    // the whole table, and a shard's tree stays balanced.
    uint32_t hash = 2166136261U;
    for (auto byte : identifier) {
        hash = (hash ^ byte) * 16777619U;
    }
    return (shards_[(hash ^ (hash >> 16U)) % SHARDS]);
}

void
ClaimTable::erase(Shard& shard, std::list<Entry>::iterator entry) {
    shard.by_identifier.erase(entry->position);
    shard.by_expiry.erase(entry);
    size_.fetch_sub(1, std::memory_order_relaxed);
}

void
ClaimTable::sweep(Shard& shard, Instant now) {
    while (!shard.by_expiry.empty() && shard.by_expiry.front().expires <= now) {
        erase(shard, shard.by_expiry.begin());
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
                 const std::vector<Claim>& elsewhere, const std::vector<Claim>& overruled) {
    const Claim wanted{address, place};
    auto outcome = attempt(identifier, wanted, now, elsewhere, overruled);
    if (outcome.result == ClaimOutcome::Result::FULL) {
        // Claims that ran out are still there in the shards that nobody has come to since.
        sweepAll(now);
        outcome = attempt(identifier, wanted, now, elsewhere, overruled);
    }
    return (outcome);
}

ClaimOutcome
ClaimTable::attempt(ByteView identifier, const Claim& wanted, Instant now,
                    const std::vector<Claim>& elsewhere, const std::vector<Claim>& overruled) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, now);

    ClaimOutcome outcome;
    std::vector<std::list<Entry>::iterator> giving_way;
    const auto [first, last] = shard.by_identifier.equal_range(identifier);
    for (auto at = first; at != last; ++at) {
        const auto& claim = at->second->claim;
        if (claim.address == wanted.address || contains(elsewhere, claim)) {
            continue;
        }
        if (contains(overruled, claim)) {
            giving_way.push_back(at->second);
        } else {
            outcome.rivals.push_back(claim);
        }
    }
    if (!outcome.rivals.empty()) {
        outcome.result = ClaimOutcome::Result::CONTESTED;
        return (outcome);
    }
    for (auto entry : giving_way) {
        erase(shard, entry);
    }
    return (settle(shard, identifier, wanted, now));
}

ClaimOutcome
ClaimTable::settle(Shard& shard, ByteView identifier, const Claim& wanted, Instant now) {
    const auto expires = now + window_;
    size_t places = 0;
    auto oldest = shard.by_expiry.end();
    const auto [first, last] = shard.by_identifier.equal_range(identifier);
    for (auto at = first; at != last; ++at) {
        auto entry = at->second;
        if (entry->claim == wanted) {
            entry->expires = expires;
            shard.by_expiry.splice(shard.by_expiry.end(), shard.by_expiry, entry);
            return {};
        }
        if (entry->claim.address == wanted.address) {
            ++places;
            if (oldest == shard.by_expiry.end() || entry->expires < oldest->expires) {
                oldest = entry;
            }
        }
    }
    if (places >= MAX_PLACES) {
        oldest->claim.place = wanted.place;
        oldest->expires = expires;
        shard.by_expiry.splice(shard.by_expiry.end(), shard.by_expiry, oldest);
        return {};
    }
    if (size_.fetch_add(1, std::memory_order_relaxed) >= max_claims_) {
        size_.fetch_sub(1, std::memory_order_relaxed);
        ClaimOutcome full;
        full.result = ClaimOutcome::Result::FULL;
        return (full);
    }
    shard.by_expiry.push_back(Entry{wanted, expires, {}});
    auto entry = std::prev(shard.by_expiry.end());
    entry->position = shard.by_identifier.emplace(identifier.copy(), entry);
    return {};
}

} // namespace clone_guard
