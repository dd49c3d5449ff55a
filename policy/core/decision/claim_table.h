// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_CLAIM_TABLE_H
#define CLONE_GUARD_CORE_DECISION_CLAIM_TABLE_H

#include <core/decision/place.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/instant.h>

#include <boost/container/small_vector.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

namespace clone_guard {

/// @brief The right of one hardware address to pass with an identifier, for some seconds.
struct Claim {
    HardwareAddress address;
    Place place;

    friend bool operator==(const Claim& left, const Claim& right) {
        return (left.address == right.address && left.place == right.place);
    }
};

/// @brief The result of a request for a claim.
struct ClaimOutcome {
    enum class Result {
        TAKEN,      ///< the caller has the claim, new or renewed
        CONTESTED,  ///< other hardware addresses have claims; nothing was changed
        FULL,       ///< the table had no room
    };
    Result result = Result::TAKEN;
    std::vector<Claim> rivals;  ///< the claims of other hardware addresses, if contested
};

/// @brief Why a claim is taken: what the caller knows about the machine.
enum class ClaimReason {
    ANY,        ///< the caller knows nothing
    NEWCOMER,   ///< the machine has no lease as a claimant
    PRESUMED,   ///< the machine presumably has none; if it has one, it returns to its identifier
    RETURNING,  ///< the machine is a claimant that returns to its identifier (R9)
};

/// @brief Gives the claim of an identifier to one of the clones that ask in the same instant (R3).
///
/// Between the decision that a query passes and the lease that Kea writes for it, the lease database shows nothing. A
/// claim covers this gap: to ask for it and to get it are one step under one lock. Claims are stored under the identifier
/// alone. One identifier may have a claim in each of several networks; the caller finds out whether two places are in one
/// network.
///
/// The table is bounded. Expired claims are erased when others are taken; there is no thread and no timer. Each lock
/// covers a part of the identifiers and is held for one look-up in a balanced tree, which no choice of identifiers can
/// slow down. Safe to call from several threads.
class ClaimTable {
public:
    /// @param window time for which a claim is valid after it was taken or renewed.
    /// @param max_claims maximum number of claims.
    ClaimTable(std::chrono::milliseconds window, size_t max_claims);

    /// @brief Takes or renews the claim of an address on an identifier, unless it is contested.
    ///
    /// @param elsewhere rivals that are in other networks.
    /// @param overruled rivals that lose their claims, because the lease database decides against them.
    ClaimOutcome take(ByteView identifier, const HardwareAddress& address, const Place& place,
                      Instant now, const std::vector<Claim>& elsewhere = {},
                      const std::vector<Claim>& overruled = {}, ClaimReason reason = ClaimReason::ANY);

    /// @brief Renews the claim of a newcomer at a place.
    /// @return true if it was renewed, or false if the newcomer has no claim there or another machine has one.
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
    /// @brief Identifiers up to this length take no memory of their own. Those of systemd have 19 bytes.
    static constexpr size_t INLINE_IDENTIFIER = 24;

    /// @brief A claim in its shard: one node in two orders.
    struct Entry {
        boost::container::small_vector<uint8_t, INLINE_IDENTIFIER> identifier;
        // The rest takes part in neither order, so it may change.
        mutable Claim claim;
        mutable Instant expires;
        mutable bool newcomer;
        mutable std::optional<Instant> returning;  ///< the beginning of a return
        mutable bool return_failed = false;
        mutable bool move_reported = false;
    };

    struct IdentifierOf {
        using result_type = ByteView;
        ByteView operator()(const Entry& entry) const noexcept {
            return {entry.identifier.data(), entry.identifier.size()};
        }
    };

    struct ByIdentifier {};
    struct ByExpiry {};

    /// @brief All claims are valid for the same time, so the order of renewal is the order of expiry.
    using Entries = boost::multi_index_container<
        Entry, boost::multi_index::indexed_by<
                   boost::multi_index::ordered_non_unique<boost::multi_index::tag<ByIdentifier>,
                                                          IdentifierOf, ByteLess>,
                   boost::multi_index::sequenced<boost::multi_index::tag<ByExpiry>>>>;
    using Position = Entries::index<ByIdentifier>::type::iterator;

    struct Shard {
        std::mutex mutex;
        Entries entries;
    };

    /// @brief The number of places that one machine may ask from at once: its relays, its own address.
    static constexpr size_t MAX_PLACES = 4;
    static constexpr size_t SHARDS = 64;

    [[nodiscard]] Shard& shardOf(ByteView identifier) noexcept;
    void sweep(Shard& shard, Instant now);
    void sweepAll(Instant now);
    /// @brief A claim that is asked for.
    struct Wanted {
        Claim claim;
        Instant expires;
        bool newcomer;
        std::optional<Instant> returning;
    };

    ClaimOutcome attempt(ByteView identifier, const Wanted& wanted, Instant now,
                         const std::vector<Claim>& elsewhere, const std::vector<Claim>& overruled);
    void erase(Shard& shard, Position entry);
    static void renew(Shard& shard, Position entry, const Wanted& wanted);
    static void moveToEnd(Shard& shard, Position entry);
    ClaimOutcome insertOrRenew(Shard& shard, Position first, ByteView identifier, const Wanted& wanted);
    template <typename Test>
    bool anyClaim(ByteView identifier, const HardwareAddress& address, Instant now, Test test);

    std::chrono::milliseconds window_;
    size_t max_claims_;
    std::atomic<size_t> size_{0};
    std::array<Shard, SHARDS> shards_;
};

}  // namespace clone_guard

#endif
