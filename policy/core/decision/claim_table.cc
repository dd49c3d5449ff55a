// SPDX-License-Identifier: MPL-2.0

#include <core/decision/claim_table.h>

#include <algorithm>
#include <functional>
#include <iterator>

namespace clone_guard {

namespace {

using Result = ClaimOutcome::Result;

ClaimOutcome
outcomeOf(Result result) {
    ClaimOutcome outcome;
    outcome.result = result;
    return (outcome);
}

}  // namespace

ClaimNetwork
claimNetwork(const std::string& key) noexcept {
    // The lowest bit keeps the hash apart from UNKNOWN.
    return (ClaimNetwork(std::hash<std::string>()(key) | 1U));
}

ClaimTable::ClaimTable(std::chrono::milliseconds window, size_t max_claims) :
    window_(window), patience_(std::max<std::chrono::milliseconds>(MAX_WINDOWS * window, MIN_PATIENCE)),
    max_claims_(max_claims) {}

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

ClaimTable::Range
ClaimTable::claimsOn(Shard& shard, ByteView identifier, ClaimNetwork network) {
    return (shard.entries.get<ByKey>().equal_range(Key{identifier, network}, KeyLess()));
}

ClaimTable::Range
ClaimTable::claimsOn(Shard& shard, ByteView identifier) {
    return (shard.entries.get<ByKey>().equal_range(identifier, KeyLess()));
}

void
ClaimTable::erase(Shard& shard, Position entry) {
    shard.entries.get<ByKey>().erase(entry);
    size_.fetch_sub(1, std::memory_order_relaxed);
}

void
ClaimTable::setNetwork(Shard& shard, Position entry, ClaimNetwork network) {
    if (entry->network != network) {
        shard.entries.get<ByKey>().modify(entry,
                                          [network](Entry& changed) { changed.network = network; });
    }
}

void
ClaimTable::moveToEnd(Shard& shard, Position entry) {
    auto& by_expiry = shard.entries.get<ByExpiry>();
    by_expiry.relocate(by_expiry.end(), shard.entries.project<ByExpiry>(entry));
}

bool
ClaimTable::isRecent(const std::optional<Instant>& contested, Instant now) const {
    return (contested && now - *contested < patience_);
}

/// Erases expired claims. A contested claim is kept for some time, so that its machine cannot ask for it anew.
void
ClaimTable::sweep(Shard& shard, Instant now) {
    const auto& by_expiry = shard.entries.get<ByExpiry>();
    while (!by_expiry.empty() && by_expiry.front().queued <= now) {
        const auto entry = shard.entries.project<ByKey>(by_expiry.begin());
        if (isRecent(entry->contested, now)) {
            entry->queued = now + window_;
            moveToEnd(shard, entry);
        } else {
            erase(shard, entry);
        }
    }
}

void
ClaimTable::sweepAll(Instant now) {
    for (auto& shard : shards_) {
        const std::lock_guard<std::mutex> lock(shard.mutex);
        sweep(shard, now);
    }
}

template <typename Attempt>
ClaimOutcome
ClaimTable::attemptTwice(Instant now, Attempt attempt) {
    auto outcome = attempt();
    if (outcome.result == Result::FULL) {
        // Shards that were not used since still have expired claims.
        sweepAll(now);
        outcome = attempt();
    }
    return (outcome);
}

ClaimOutcome
ClaimTable::takeIfAlone(ByteView identifier, const HardwareAddress& address, const Place& place,
                        Instant now, ClaimReason reason) {
    const Wanted wanted{identifier, {address, place}, now, {ClaimNetwork::UNKNOWN, reason, false}};
    return (attemptTwice(now, [&] { return (attemptAlone(wanted)); }));
}

ClaimOutcome
ClaimTable::take(ByteView identifier, const HardwareAddress& address, const Place& place, Instant now,
                 const ClaimTerms& terms) {
    const Wanted wanted{identifier, {address, place}, now, terms};
    return (attemptTwice(now, [&] { return (attempt(wanted)); }));
}

/// Adds a claim of the sender. An expired claim counts only while it is kept because others ask.
void
ClaimTable::addOwn(Own& own, Position entry, const Wanted& wanted) const {
    const bool contested = isRecent(entry->contested, wanted.now);
    if (entry->expires > wanted.now || contested) {
        own.since = own.claims.empty() ? entry->since : std::min(own.since, entry->since);
        own.contested = own.contested || contested;
    }
    own.claims.push_back(entry);
}

/// Whether the sender has to leave the claim to others. A claim that is given is valid for the whole window, because the
/// lease that it stands for may come late. So the last one is given before the last window begins.
bool
ClaimTable::isExhausted(const Own& own, const Wanted& wanted) const {
    return (!wanted.terms.leased && own.contested &&
            wanted.now + window_ > own.since + MAX_WINDOWS * window_);
}

ClaimOutcome
ClaimTable::attemptAlone(const Wanted& wanted) {
    auto& shard = shardOf(wanted.identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, wanted.now);
    Own own;
    own.since = wanted.now;
    const auto claims = claimsOn(shard, wanted.identifier);
    for (auto at = claims.first; at != claims.second; ++at) {
        if (at->claim.address == wanted.claim.address) {
            addOwn(own, at, wanted);
        } else if (at->expires > wanted.now) {
            return (outcomeOf(Result::CONTESTED));
        }
    }
    // Whether the sender has asked for too long depends on its lease in this network.
    return (own.contested ? outcomeOf(Result::CONTESTED) : insertOrRenew(shard, own, wanted));
}

/// Moves the claims of unknown networks that come from the sender's place to its network.
///
/// @return true if no other claim of an unknown network is left; otherwise the outcome has those.
bool
ClaimTable::resolveRivals(Shard& shard, const Wanted& wanted, ClaimOutcome& outcome) {
    const auto unknown = claimsOn(shard, wanted.identifier, ClaimNetwork::UNKNOWN);
    for (auto at = unknown.first; at != unknown.second;) {
        const auto entry = at++;
        if (entry->claim.place == wanted.claim.place) {
            setNetwork(shard, entry, wanted.terms.network);
        } else if (entry->expires > wanted.now) {
            outcome.unresolved.push_back(entry->claim);
        }
    }
    return (outcome.unresolved.empty());
}

ClaimOutcome
ClaimTable::attempt(const Wanted& wanted) {
    auto& shard = shardOf(wanted.identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, wanted.now);

    auto outcome = outcomeOf(Result::UNRESOLVED);
    if (!resolveRivals(shard, wanted, outcome)) {
        return (outcome);
    }
    Own own;
    own.since = wanted.now;
    std::vector<Position> rivals;
    const auto claims = claimsOn(shard, wanted.identifier, wanted.terms.network);
    for (auto at = claims.first; at != claims.second; ++at) {
        if (at->claim.address == wanted.claim.address) {
            addOwn(own, at, wanted);
        } else {
            rivals.push_back(at);
        }
    }
    const bool exhausted = isExhausted(own, wanted);
    const auto valid = [&wanted](Position rival) { return (rival->expires > wanted.now); };
    const auto holder = std::find_if(rivals.begin(), rivals.end(), valid);
    if (!wanted.terms.leased && holder != rivals.end()) {
        outcome.result = Result::CONTESTED;
        outcome.rival = (*holder)->claim.address;
        for (const auto rival : rivals) {
            // A machine that has to wait for others does not make them wait.
            if (!exhausted && (valid(rival) || rival->contested)) {
                rival->contested = wanted.now;
            }
        }
        return (outcome);
    }
    if (exhausted) {
        return (outcomeOf(Result::EXHAUSTED));
    }
    if (wanted.terms.leased) {
        std::for_each(rivals.begin(), rivals.end(), [&](Position rival) { erase(shard, rival); });
    }
    return (insertOrRenew(shard, own, wanted));
}

/// Renews the claim for the place if there is one, and inserts it otherwise. A machine that asks from more and more places
/// loses the claim that it renewed the longest ago.
ClaimOutcome
ClaimTable::insertOrRenew(Shard& shard, const Own& own, const Wanted& wanted) {
    if (wanted.terms.leased) {
        for (const auto entry : own.claims) {
            entry->since = wanted.now;
            entry->contested.reset();
        }
    }
    const auto same = std::find_if(own.claims.begin(), own.claims.end(),
                                   [&wanted](Position entry) { return (entry->claim == wanted.claim); });
    if (same != own.claims.end()) {
        renew(shard, *same, own, wanted);
        return {};
    }
    if (own.claims.size() >= MAX_PLACES) {
        const auto oldest =
            *std::min_element(own.claims.begin(), own.claims.end(), [](Position left, Position right) {
                return (left->expires < right->expires);
            });
        renew(shard, oldest, own, wanted);
        setNetwork(shard, oldest, wanted.terms.network);
        return {};
    }
    if (size_.fetch_add(1, std::memory_order_relaxed) >= max_claims_) {
        size_.fetch_sub(1, std::memory_order_relaxed);
        return (outcomeOf(Result::FULL));
    }
    Entry entry;
    entry.identifier.assign(wanted.identifier.begin(), wanted.identifier.end());
    entry.network = wanted.terms.network;
    entry.claim = wanted.claim;
    const auto inserted = shard.entries.get<ByKey>().insert(std::move(entry)).first;
    renew(shard, inserted, own, wanted);
    return {};
}

void
ClaimTable::renew(Shard& shard, Position entry, const Own& own, const Wanted& wanted) const {
    const auto reason = wanted.terms.reason;
    if (entry->expires <= wanted.now) {
        entry->returning.reset();
        entry->return_failed = false;
        entry->move_reported = false;
    }
    entry->claim.place = wanted.claim.place;
    entry->expires = wanted.now + window_;
    entry->queued = entry->expires;
    entry->since = wanted.terms.leased ? wanted.now : own.since;
    if (!isRecent(entry->contested, wanted.now)) {
        entry->contested.reset();
    }
    entry->newcomer = reason == ClaimReason::NEWCOMER || reason == ClaimReason::PRESUMED;
    if (!entry->returning && (reason == ClaimReason::RETURNING || reason == ClaimReason::PRESUMED)) {
        entry->returning = wanted.now;
    }
    moveToEnd(shard, entry);
}

void
ClaimTable::resolve(ByteView identifier, const Claim& claim, ClaimNetwork network) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    const auto unknown = claimsOn(shard, identifier, ClaimNetwork::UNKNOWN);
    const auto found = std::find_if(unknown.first, unknown.second,
                                    [&claim](const Entry& entry) { return (entry.claim == claim); });
    if (found != unknown.second) {
        setNetwork(shard, found, network);
    }
}

std::vector<Claim>
ClaimTable::unresolved(ByteView identifier, const HardwareAddress& address) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    std::vector<Claim> claims;
    const auto unknown = claimsOn(shard, identifier, ClaimNetwork::UNKNOWN);
    for (auto at = unknown.first; at != unknown.second; ++at) {
        if (at->claim.address == address) {
            claims.push_back(at->claim);
        }
    }
    return (claims);
}

void
ClaimTable::end(ByteView identifier, const HardwareAddress& address, ClaimNetwork network) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    const auto claims = claimsOn(shard, identifier, network);
    for (auto at = claims.first; at != claims.second;) {
        const auto entry = at++;
        if (entry->claim.address == address) {
            erase(shard, entry);
        }
    }
}

bool
ClaimTable::renewIfUncontested(ByteView identifier, const HardwareAddress& address, const Place& place,
                               Instant now) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, now);
    const auto claims = claimsOn(shard, identifier);
    auto own = claims.second;
    for (auto at = claims.first; at != claims.second; ++at) {
        if (at->claim.address != address) {
            return (false);
        }
        if (at->newcomer && at->expires > now && !at->contested && at->claim.place == place) {
            own = at;
        }
    }
    if (own == claims.second) {
        return (false);
    }
    own->expires = now + window_;
    own->queued = own->expires;
    moveToEnd(shard, own);
    return (true);
}

template <typename Test>
bool
ClaimTable::anyClaim(ByteView identifier, const HardwareAddress& address, Instant now, Test test) {
    auto& shard = shardOf(identifier);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    const auto claims = claimsOn(shard, identifier);
    return (std::any_of(claims.first, claims.second, [&](const Entry& entry) {
        return (entry.claim.address == address && entry.expires > now && test(entry));
    }));
}

bool
ClaimTable::hasClaim(ByteView identifier, const HardwareAddress& address, Instant now) {
    return (anyClaim(identifier, address, now, [](const Entry&) { return (true); }));
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
