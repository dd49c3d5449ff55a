// SPDX-License-Identifier: MPL-2.0

#include <core/decision/claim_table.h>

#include <algorithm>
#include <functional>
#include <utility>

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

void
ClaimTable::erase(Shard& shard, Position at) {
    shard.claims.erase(at);
    size_.fetch_sub(1, std::memory_order_relaxed);
}

bool
ClaimTable::isRecent(const std::optional<Instant>& contested, Instant now) const {
    return (contested && now - *contested < patience_);
}

/// Erases expired claims. A contested claim is kept for some time, so that its machine cannot ask for it anew.
///
/// Claims are only ever moved to the end, so none is due before the first one was when this last looked: each query
/// comes here, and the first claim is seldom in the processor's cache.
void
ClaimTable::sweep(Shard& shard, Instant now) {
    if (now < shard.no_sweep_before) {
        return;
    }
    auto& claims = shard.claims;
    shard.no_sweep_before = now + window_;
    for (auto at = claims.first(); at != ClaimStore::NONE; at = claims.first()) {
        if (claims[at].queued > now) {
            shard.no_sweep_before = claims[at].queued;
            return;
        }
        if (isRecent(claims[at].contested, now)) {
            claims[at].queued = now + window_;
            claims.moveToEnd(at);
        } else {
            erase(shard, at);
        }
    }
}

/// While the table is full of claims that are valid, this is called for every new claim. So it does nothing before the
/// first of them expires.
void
ClaimTable::sweepAll(Instant now) {
    if (now < no_sweep_before_.load(std::memory_order_relaxed)) {
        return;
    }
    auto next = now + window_;
    for (auto& shard : shards_) {
        const std::lock_guard<std::mutex> lock(shard.mutex);
        sweep(shard, now);
        next = std::min(next, shard.no_sweep_before);
    }
    no_sweep_before_.store(next, std::memory_order_relaxed);
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
    const Wanted wanted{ClaimStore::subjectOf(identifier),
                        {address, place},
                        now,
                        {ClaimNetwork::UNKNOWN, reason, false}};
    return (attemptTwice(now, [&] { return (attemptAlone(wanted)); }));
}

ClaimOutcome
ClaimTable::take(ByteView identifier, const HardwareAddress& address, const Place& place, Instant now,
                 const ClaimTerms& terms) {
    const Wanted wanted{ClaimStore::subjectOf(identifier), {address, place}, now, terms};
    return (attemptTwice(now, [&] { return (attempt(wanted)); }));
}

/// Adds a claim of the sender. An expired claim counts only while it is kept because others ask.
void
ClaimTable::addOwn(Own& own, Position at, const Entry& entry, const Wanted& wanted) const {
    const bool contested = isRecent(entry.contested, wanted.now);
    if (entry.expires > wanted.now || contested) {
        own.since = own.claims.empty() ? entry.since : std::min(own.since, entry.since);
        own.contested = own.contested || contested;
    }
    own.claims.push_back(at);
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
    auto& shard = shardOf(wanted.subject);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, wanted.now);
    const auto rival =
        shard.claims.find(Key(wanted.subject), [&wanted](Position /*at*/, const Entry& entry) {
            return (entry.expires > wanted.now && entry.claim.address != wanted.claim.address);
        });
    if (rival != ClaimStore::NONE) {
        return (outcomeOf(Result::CONTESTED));
    }
    Own own;
    own.since = wanted.now;
    shard.claims.find(Key(wanted.subject, wanted.claim.address), [&](Position at, const Entry& entry) {
        addOwn(own, at, entry, wanted);
        return (false);
    });
    // Whether the sender has asked for too long depends on its lease in this network.
    return (own.contested ? outcomeOf(Result::CONTESTED) : insertOrRenew(shard, own, wanted));
}

/// Moves the claims of unknown networks that come from the sender's place to its network.
///
/// @return true if no other claim of an unknown network is left; otherwise the outcome has those.
bool
ClaimTable::resolveRivals(Shard& shard, const Wanted& wanted, ClaimOutcome& outcome) {
    shard.claims.find(Key(wanted.subject, ClaimNetwork::UNKNOWN), [&](Position at, const Entry& entry) {
        if (entry.claim.place == wanted.claim.place) {
            shard.claims.setNetwork(at, wanted.terms.network);
        } else if (entry.expires > wanted.now) {
            outcome.unresolved.push_back(entry.claim);
        }
        return (false);
    });
    return (outcome.unresolved.empty());
}

ClaimOutcome
ClaimTable::attempt(const Wanted& wanted) {
    auto& shard = shardOf(wanted.subject);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, wanted.now);

    auto outcome = outcomeOf(Result::UNRESOLVED);
    if (!resolveRivals(shard, wanted, outcome)) {
        return (outcome);
    }
    auto& claims = shard.claims;
    Own own;
    own.since = wanted.now;
    std::vector<Position> rivals;
    claims.find(Key(wanted.subject, wanted.terms.network), [&](Position at, const Entry& entry) {
        if (entry.claim.address == wanted.claim.address) {
            addOwn(own, at, entry, wanted);
        } else {
            rivals.push_back(at);
        }
        return (false);
    });
    const bool exhausted = isExhausted(own, wanted);
    const auto valid = [&](Position rival) { return (claims[rival].expires > wanted.now); };
    const auto holder = std::find_if(rivals.begin(), rivals.end(), valid);
    if (!wanted.terms.leased && holder != rivals.end()) {
        outcome.result = Result::CONTESTED;
        outcome.rival = claims[*holder].claim.address;
        for (const auto rival : rivals) {
            // A machine that has to wait for others does not make them wait.
            if (!exhausted && (valid(rival) || claims[rival].contested)) {
                claims[rival].contested = wanted.now;
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
    auto& claims = shard.claims;
    if (wanted.terms.leased) {
        for (const auto at : own.claims) {
            claims[at].since = wanted.now;
            claims[at].contested.reset();
        }
    }
    const auto same = std::find_if(own.claims.begin(), own.claims.end(),
                                   [&](Position at) { return (claims[at].claim == wanted.claim); });
    if (same != own.claims.end()) {
        renew(shard, *same, own, wanted);
        return {};
    }
    if (own.claims.size() >= MAX_PLACES) {
        const auto oldest = *std::min_element(own.claims.begin(), own.claims.end(),
                                              [&claims](Position left, Position right) {
                                                  return (claims[left].expires < claims[right].expires);
                                              });
        renew(shard, oldest, own, wanted);
        claims.setNetwork(oldest, wanted.terms.network);
        return {};
    }
    if (size_.fetch_add(1, std::memory_order_relaxed) >= max_claims_) {
        size_.fetch_sub(1, std::memory_order_relaxed);
        return (outcomeOf(Result::FULL));
    }
    const auto added = claims.add(wanted.subject, wanted.terms.network, wanted.claim);
    renew(shard, added, own, wanted);
    return {};
}

void
ClaimTable::renew(Shard& shard, Position at, const Own& own, const Wanted& wanted) const {
    auto& entry = shard.claims[at];
    const auto reason = wanted.terms.reason;
    if (entry.expires <= wanted.now) {
        entry.returning.reset();
        entry.return_failed = false;
        entry.move_reported = false;
    }
    entry.claim.place = wanted.claim.place;
    entry.expires = wanted.now + window_;
    entry.queued = entry.expires;
    entry.since = wanted.terms.leased ? wanted.now : own.since;
    if (!isRecent(entry.contested, wanted.now)) {
        entry.contested.reset();
    }
    entry.newcomer = reason == ClaimReason::NEWCOMER || reason == ClaimReason::PRESUMED;
    if (!entry.returning && (reason == ClaimReason::RETURNING || reason == ClaimReason::PRESUMED)) {
        entry.returning = wanted.now;
    }
    shard.claims.moveToEnd(at);
}

void
ClaimTable::resolve(ByteView identifier, const Claim& claim, ClaimNetwork network) {
    const auto subject = ClaimStore::subjectOf(identifier);
    auto& shard = shardOf(subject);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    const auto found = shard.claims.find(
        Key(subject, ClaimNetwork::UNKNOWN),
        [&claim](Position /*at*/, const Entry& entry) { return (entry.claim == claim); });
    if (found != ClaimStore::NONE) {
        shard.claims.setNetwork(found, network);
    }
}

std::vector<Claim>
ClaimTable::unresolved(ByteView identifier, const HardwareAddress& address) {
    const auto subject = ClaimStore::subjectOf(identifier);
    auto& shard = shardOf(subject);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    std::vector<Claim> unresolved;
    shard.claims.find(Key(subject, address), [&unresolved](Position /*at*/, const Entry& entry) {
        if (entry.network == ClaimNetwork::UNKNOWN) {
            unresolved.push_back(entry.claim);
        }
        return (false);
    });
    return (unresolved);
}

void
ClaimTable::end(ByteView identifier, const HardwareAddress& address, ClaimNetwork network) {
    const auto subject = ClaimStore::subjectOf(identifier);
    auto& shard = shardOf(subject);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    shard.claims.find(Key(subject, address), [&](Position at, const Entry& entry) {
        if (entry.network == network) {
            erase(shard, at);
        }
        return (false);
    });
}

bool
ClaimTable::renewIfUncontested(ByteView identifier, const HardwareAddress& address, const Place& place,
                               Instant now) {
    const auto subject = ClaimStore::subjectOf(identifier);
    auto& shard = shardOf(subject);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sweep(shard, now);
    auto& claims = shard.claims;
    auto own = ClaimStore::NONE;
    const auto rival = claims.find(Key(subject), [&](Position at, const Entry& entry) {
        if (entry.claim.address != address) {
            return (true);
        }
        if (entry.newcomer && entry.expires > now && !entry.contested && entry.claim.place == place) {
            own = at;
        }
        return (false);
    });
    if (rival != ClaimStore::NONE || own == ClaimStore::NONE) {
        return (false);
    }
    claims[own].expires = now + window_;
    claims[own].queued = claims[own].expires;
    claims.moveToEnd(own);
    return (true);
}

template <typename Test>
bool
ClaimTable::anyClaim(ByteView identifier, const HardwareAddress& address, Instant now, Test test) {
    const auto subject = ClaimStore::subjectOf(identifier);
    auto& shard = shardOf(subject);
    const std::lock_guard<std::mutex> lock(shard.mutex);
    const auto found = shard.claims.find(Key(subject, address), [&](Position /*at*/, Entry& entry) {
        return (entry.expires > now && test(entry));
    });
    return (found != ClaimStore::NONE);
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
    return (anyClaim(identifier, address, now, [now](Entry& entry) {
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
                     [](Entry& entry) { return (!std::exchange(entry.move_reported, true)); }));
}

}  // namespace clone_guard
