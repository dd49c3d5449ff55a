// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_CLAIM_STORE_H
#define CLONE_GUARD_CORE_DECISION_CLAIM_STORE_H

#include <core/decision/claim.h>
#include <core/identity/instant.h>

#include <boost/container/deque.hpp>
#include <boost/container/small_vector.hpp>

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Claims in a hash table: found by identifier, by identifier and network, or by identifier and hardware address;
/// and ordered by expiry.
///
/// The table grows with the largest number of claims that it had at once, never shrinks, and never moves a claim. To add a
/// claim and to erase one allocates nothing, unless the table grows or an identifier is longer than INLINE_IDENTIFIER. A
/// look-up reads one chain of 12-byte links before it reads a claim. The caller hashes, and has the lock.
class ClaimStore {
public:
    /// @brief The position of a claim. It stays the same until the claim is erased.
    using Position = uint32_t;
    static constexpr Position NONE = UINT32_MAX;

    /// @brief Identifiers up to this length take no memory of their own. Those of systemd have 19 bytes.
    static constexpr size_t INLINE_IDENTIFIER = 24;

    /// @brief A claim, and what is known about its machine.
    struct Entry {
        Claim claim;
        boost::container::small_vector<uint8_t, INLINE_IDENTIFIER> identifier;
        ClaimNetwork network = ClaimNetwork::UNKNOWN;
        Instant expires;
        Instant queued;  ///< when the owner of the store looks at the claim: at its expiry, or later
        Instant since;   ///< the first message that no lease followed
        std::optional<Instant> contested;  ///< when another machine last asked in this network
        bool newcomer = false;
        std::optional<Instant> returning;  ///< the beginning of a return
        bool return_failed = false;
        bool move_reported = false;
    };

    /// @brief An identifier and its hash.
    struct Subject {
        ByteView identifier;
        uint64_t hash = 0;
    };

    /// @brief Selects all claims on an identifier, those in one network, or those of one hardware address.
    class Key {
    public:
        explicit Key(const Subject& subject) : Key(BY_IDENTIFIER, subject, 0) {}
        Key(const Subject& subject, ClaimNetwork network);
        Key(const Subject& subject, const HardwareAddress& address);

    private:
        friend class ClaimStore;
        enum Index : size_t { BY_IDENTIFIER, BY_NETWORK, BY_ADDRESS };

        Key(Index index, const Subject& subject, uint64_t hash) :
            index_(index), hash_(uint32_t((subject.hash + hash) >> 32U)),
            identifier_(subject.identifier) {}
        [[nodiscard]] bool matches(const Entry& entry) const noexcept;

        Index index_;
        uint32_t hash_;
        ByteView identifier_;
        ClaimNetwork network_ = ClaimNetwork::UNKNOWN;
        const HardwareAddress* address_ = nullptr;
    };

    static Subject subjectOf(ByteView identifier);

    Entry& operator[](Position at) {
        return (slots_[at].entry);
    }

    /// @brief Calls a test for the claims that a key selects, until it returns true.
    ///
    /// @param test gets the position and the entry. It may erase this claim or set its network.
    /// @return the position for which the test returned true, or NONE.
    template <typename Test>
    Position find(const Key& key, Test test);

    /// @brief Adds a claim that expires last.
    Position add(const Subject& subject, ClaimNetwork network, const Claim& claim);

    void erase(Position at);
    void setNetwork(Position at, ClaimNetwork network);

    /// @return the claim that expires first, or NONE.
    [[nodiscard]] Position first() const noexcept {
        return (first_);
    }

    /// @brief Makes a claim the one that expires last.
    void moveToEnd(Position at);

private:
    static constexpr size_t INDEXES = 3;
    static constexpr size_t GROWTH = 16;       ///< claims for which memory is allocated at once
    static constexpr size_t MIN_BUCKETS = 16;  ///< a power of two

    struct Link {
        uint32_t hash = 0;
        Position before = NONE;
        Position after = NONE;
    };

    /// @brief The places of a claim in the chains of its buckets and in the order of expiry.
    struct Links {
        std::array<Link, INDEXES> chains;
        Position before = NONE;
        Position after = NONE;
    };

    /// @brief What a look-up reads lies together.
    struct Slot {
        Links links;
        Entry entry;
    };
    using Slots =
        boost::container::deque<Slot, void,
                                boost::container::deque_options_t<boost::container::block_size<GROWTH>>>;

    Position freeSlot();
    void addBuckets();
    [[nodiscard]] Position& bucket(size_t index, uint32_t hash) {
        return (buckets_[index][hash & (buckets_[index].size() - 1)]);
    }
    void link(size_t index, Position at);
    void unlink(size_t index, Position at);
    void append(Position at);
    void remove(Position at);

    Slots slots_;
    std::array<std::vector<Position>, INDEXES> buckets_;
    Position free_ = NONE;  ///< the first of the free positions, which are linked by @c after
    Position first_ = NONE;
    Position last_ = NONE;
};

template <typename Test>
ClaimStore::Position
ClaimStore::find(const Key& key, Test test) {
    if (slots_.empty()) {
        return (NONE);
    }
    for (Position at = bucket(key.index_, key.hash_); at != NONE;) {
        auto& slot = slots_[at];
        const auto link = slot.links.chains[key.index_];
        if (link.hash == key.hash_ && key.matches(slot.entry) && test(at, slot.entry)) {
            return (at);
        }
        at = link.after;
    }
    return (NONE);
}

}  // namespace clone_guard

#endif
