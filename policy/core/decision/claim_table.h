// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_DECISION_CLAIM_TABLE_H
#define CLONE_GUARD_DECISION_CLAIM_TABLE_H

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

/// @brief What came of asking for a claim.
struct ClaimOutcome {
    enum class Result {
        TAKEN,      ///< the claim is the caller's, new or renewed
        CONTESTED,  ///< other hardware addresses hold claims; nothing was changed
        FULL,       ///< there was no room for it
    };
    Result result = Result::TAKEN;
    std::vector<Claim> rivals;  ///< whose claims stand in the way, when contested
};

/// @brief What is known of who takes a claim.
enum class ClaimReason {
    ANY,        ///< nothing
    NEWCOMER,   ///< it has no record as a claimant
    PRESUMED,   ///< so it is presumed; if it has one, it returns to its identifier
    RETURNING,  ///< it is a claimant that returns to its identifier (R9)
};

/// @brief Tells apart the clones that come in the same instant (R3).
///
/// Between the decision that an identifier passes and the lease that Kea writes for it there is a gap
/// in which the lease database says nothing. In it the claim speaks: asking and getting are one step
/// under one lock. Claims lie under the identifier alone, and one identifier may have a claim in each
/// of several networks; whether two places are one network is for the caller to find out and to say.
///
/// Bounded; expired claims go when others come; no thread, no timer. Each lock covers a part of the
/// identifiers and is held for one look-up in a balanced tree, which no choice of identifiers slows down.
class ClaimTable {
public:
    /// @param window how long a claim is valid after it was taken or renewed.
    /// @param max_claims how many claims there may be at once.
    ClaimTable(std::chrono::milliseconds window, size_t max_claims);

    /// @brief Takes or renews the claim of an address on an identifier, if nobody stands in the way.
    ///
    /// @param elsewhere rivals that the caller has found to be in other networks.
    /// @param overruled rivals that have to give way, because the lease database says so.
    ClaimOutcome take(ByteView identifier, const HardwareAddress& address, const Place& place,
                      Instant now, const std::vector<Claim>& elsewhere = {},
                      const std::vector<Claim>& overruled = {}, ClaimReason reason = ClaimReason::ANY);

    /// @brief Renews the claim of a newcomer at a place; false where it has none there, or somebody stands in the way.
    bool renewIfUncontested(ByteView identifier, const HardwareAddress& address, const Place& place,
                            Instant now);

    /// @brief Whether an address has a claim by which it returns to the identifier.
    [[nodiscard]] bool returns(ByteView identifier, const HardwareAddress& address, Instant now);

    /// @brief Whether a return has come to nothing: the client still discovers when it has had the claim for
    /// RETURN_TIMEOUT. From then on until the claim has run out it does not return.
    bool expireReturn(ByteView identifier, const HardwareAddress& address, Instant now);

    /// @brief Longer than two relays are apart with one DISCOVER, shorter than a client waits for an offer.
    static constexpr std::chrono::seconds RETURN_TIMEOUT{1};

    /// @return true once for each claim of an address on an identifier; false where there is none.
    bool shouldReportMove(ByteView identifier, const HardwareAddress& address, Instant now);

    [[nodiscard]] std::chrono::milliseconds window() const noexcept {
        return (window_);
    }

    /// @return how many claims there are, expired ones that nobody has swept yet included.
    [[nodiscard]] size_t size() const noexcept {
        return (size_.load(std::memory_order_relaxed));
    }

    [[nodiscard]] size_t capacity() const noexcept {
        return (max_claims_);
    }

private:
    /// @brief Most identifiers are no longer (systemd's have 19 bytes) and take no memory of their own.
    static constexpr size_t INLINE_IDENTIFIER = 24;

    /// @brief A claim in its shard: one node in two orders.
    struct Entry {
        boost::container::small_vector<uint8_t, INLINE_IDENTIFIER> identifier;
        // Neither order depends on the rest.
        mutable Claim claim;
        mutable Instant expires;
        mutable bool newcomer;
        mutable std::optional<Instant> returning;  ///< since when
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

    /// @brief Every renewal is valid for the same time, so the order of renewal is the order of expiry.
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

    /// @brief One machine may ask from this many places at once (its relays, its own address).
    static constexpr size_t MAX_PLACES = 4;
    static constexpr size_t SHARDS = 64;

    [[nodiscard]] Shard& shardOf(ByteView identifier) noexcept;
    void sweep(Shard& shard, Instant now);
    void sweepAll(Instant now);
    /// @brief A claim as it is asked for.
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
    static void expiresLast(Shard& shard, Position entry);
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
