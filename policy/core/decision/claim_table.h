// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_CLAIM_TABLE_H
#define CLONE_GUARD_CORE_DECISION_CLAIM_TABLE_H

#include <core/decision/claim_store.h>

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <vector>

namespace clone_guard {

/// @brief The result of a request for a claim.
struct ClaimOutcome {
    enum class Result {
        TAKEN,       ///< the caller has the claim, new or renewed
        CONTESTED,   ///< another hardware address has the claim
        UNRESOLVED,  ///< claims of other hardware addresses may be in this network; nothing was changed
        EXHAUSTED,   ///< the machine has asked for too long without a lease, and others ask
        FULL,        ///< the table had no room
    };
    Result result = Result::TAKEN;
    HardwareAddress rival;          ///< the machine with the claim, if contested
    std::vector<Claim> unresolved;  ///< the claims whose networks the caller has to resolve
};

/// @brief Why a claim is taken: what the caller knows about the machine.
enum class ClaimReason {
    ANY,        ///< the caller knows nothing
    NEWCOMER,   ///< the machine has no lease as a claimant
    PRESUMED,   ///< the machine presumably has none; if it has one, it returns to its identifier
    RETURNING,  ///< the machine is a claimant that returns to its identifier (R9)
};

/// @brief What the caller knows about a claim that it asks for.
struct ClaimTerms {
    ClaimNetwork network = ClaimNetwork::UNKNOWN;  ///< the network of the place
    ClaimReason reason = ClaimReason::ANY;
    /// @brief Whether the machine has the live lease of the identifier in this network. Then its rivals lose their
    /// claims, because the lease database decides.
    bool leased = false;
};

/// @brief Gives the claim of an identifier to one of the clones that ask in the same instant (R3).
///
/// Between the decision that a query passes and the lease that Kea writes for it, the lease database shows nothing. A
/// claim covers this gap: to ask for it and to get it are one step under one lock.
///
/// One identifier may have a claim in each of several networks. To find the network of each query would cost too much.
/// So a claim is stored with its place, and the caller resolves the place to a network only if another hardware address
/// asks. The table keeps the network, and no place is resolved twice.
///
/// A machine that asks and takes no lease must not keep other machines off the network. If another machine asks, the
/// first one renews its claim only within three windows of its first message. After that it gets the claim again only
/// if no other machine has asked for a while.
///
/// The table is bounded. Expired claims are erased when others are taken; there is no thread and no timer. Each lock
/// covers a part of the identifiers and is held for a few look-ups in a hash table, which no choice of identifiers can
/// slow down. Safe to call from several threads.
class ClaimTable {
public:
    /// @param window time for which a claim is valid after it was taken or renewed.
    /// @param max_claims maximum number of claims.
    ClaimTable(std::chrono::milliseconds window, size_t max_claims);

    /// @brief Takes or renews the claim of an address on an identifier if no other address has a claim on it anywhere.
    /// @return TAKEN, FULL, or CONTESTED if the caller has to find the network and to call take().
    ClaimOutcome takeIfAlone(ByteView identifier, const HardwareAddress& address, const Place& place,
                             Instant now, ClaimReason reason = ClaimReason::ANY);

    /// @brief Takes or renews the claim of an address on an identifier in a network.
    ///
    /// @param terms with a known network.
    ClaimOutcome take(ByteView identifier, const HardwareAddress& address, const Place& place,
                      Instant now, const ClaimTerms& terms);

    /// @brief Stores the network of a claim.
    void resolve(ByteView identifier, const Claim& claim, ClaimNetwork network);

    /// @return true if an address has a claim on an identifier in any network.
    [[nodiscard]] bool hasClaim(ByteView identifier, const HardwareAddress& address, Instant now);

    /// @return the claims of an address on an identifier whose networks are unknown.
    [[nodiscard]] std::vector<Claim> unresolved(ByteView identifier, const HardwareAddress& address);

    /// @brief Ends the claims of an address on an identifier in a network: the machine gave its lease up.
    void end(ByteView identifier, const HardwareAddress& address, ClaimNetwork network);

    /// @brief Renews the claim of a newcomer at a place.
    /// @return true if it was renewed, or false if the newcomer has no claim there or another machine has asked.
    bool renewIfUncontested(ByteView identifier, const HardwareAddress& address, const Place& place,
                            Instant now);

    /// @brief Checks whether an address has a claim by which it returns to the identifier.
    [[nodiscard]] bool isReturning(ByteView identifier, const HardwareAddress& address, Instant now);

    /// @brief Expires the return of a client that still discovers when RETURN_TIMEOUT has passed. From then on the client
    /// does not return until its claim has expired.
    /// @return true if the return has expired.
    bool expireReturn(ByteView identifier, const HardwareAddress& address, Instant now);

    /// @brief Longer than the delay of one DISCOVER between two relays, and shorter than a client waits for an offer.
    static constexpr std::chrono::seconds RETURN_TIMEOUT{1};

    /// @return true once for each claim of an address on an identifier, or false if there is no claim.
    bool shouldReportMove(ByteView identifier, const HardwareAddress& address, Instant now);

    [[nodiscard]] std::chrono::milliseconds window() const noexcept {
        return (window_);
    }

    /// @return the number of claims, including expired ones that have not been erased yet.
    [[nodiscard]] size_t size() const noexcept {
        return (size_.load(std::memory_order_relaxed));
    }

    [[nodiscard]] size_t capacity() const noexcept {
        return (max_claims_);
    }

private:
    using Position = ClaimStore::Position;
    using Entry = ClaimStore::Entry;
    using Key = ClaimStore::Key;
    using Subject = ClaimStore::Subject;

    struct Shard {
        std::mutex mutex;
        ClaimStore claims;
        Instant no_sweep_before = Instant::min();  ///< until then no claim is due
    };

    /// @brief A claim that is asked for.
    struct Wanted {
        Subject subject;
        Claim claim;
        Instant now;
        ClaimTerms terms;
    };

    /// @brief What the table has of the sender of a request.
    struct Own {
        boost::container::small_vector<Position, 4> claims;
        Instant since;           ///< the first message that no lease followed
        bool contested = false;  ///< another machine has asked a short time ago
    };

    /// @brief The number of places that one machine may ask from at once: its relays, its own address.
    static constexpr size_t MAX_PLACES = 4;
    static constexpr size_t SHARDS = 64;
    /// @brief The number of windows within which a machine has to take a lease if others ask.
    static constexpr int MAX_WINDOWS = 3;
    /// @brief Twice the longest pause of a client between two DISCOVERs (RFC 2131 section 4.1).
    static constexpr std::chrono::seconds MIN_PATIENCE{130};

    [[nodiscard]] Shard& shardOf(const Subject& subject) noexcept {
        return (shards_[subject.hash / (UINT64_MAX / SHARDS + 1)]);
    }
    void sweep(Shard& shard, Instant now);
    void sweepAll(Instant now);
    template <typename Attempt>
    ClaimOutcome attemptTwice(Instant now, Attempt attempt);
    ClaimOutcome attemptAlone(const Wanted& wanted);
    ClaimOutcome attempt(const Wanted& wanted);
    static bool resolveRivals(Shard& shard, const Wanted& wanted, ClaimOutcome& outcome);
    ClaimOutcome insertOrRenew(Shard& shard, const Own& own, const Wanted& wanted);
    void addOwn(Own& own, Position at, const Entry& entry, const Wanted& wanted) const;
    [[nodiscard]] bool isExhausted(const Own& own, const Wanted& wanted) const;
    [[nodiscard]] bool isRecent(const std::optional<Instant>& contested, Instant now) const;
    void erase(Shard& shard, Position at);
    void renew(Shard& shard, Position at, const Own& own, const Wanted& wanted) const;
    template <typename Test>
    bool anyClaim(ByteView identifier, const HardwareAddress& address, Instant now, Test test);

    const std::chrono::milliseconds window_;
    const std::chrono::milliseconds patience_;
    const size_t max_claims_;
    std::atomic<size_t> size_{0};
    std::atomic<Instant> no_sweep_before_{
        Instant::min()};  ///< until then a sweep of all shards finds nothing
    std::array<Shard, SHARDS> shards_;
};

}  // namespace clone_guard

#endif
