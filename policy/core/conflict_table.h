// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CONFLICT_TABLE_H
#define CLONE_GUARD_CONFLICT_TABLE_H

#include <core/bytes.h>
#include <core/claim_table.h>
#include <core/hardware_address.h>

#include <array>
#include <atomic>
#include <list>
#include <map>
#include <mutex>

namespace clone_guard {

/// @brief What is told about a claimant; each kind is limited on its own (R11).
enum class Told : size_t { SUSPECTED, RELEASE_BLOCKED, DECLINE_BLOCKED };
constexpr size_t TOLD_KINDS = 3;

/// @brief Whether something that happened is to be told, and what goes with it.
struct Notice {
    bool tell = false;        ///< log it now
    bool first = false;       ///< for the first time
    bool known = true;        ///< false where the table had no room to remember it
    uint64_t suppressed = 0;  ///< how many were held back since the last one that was told
    size_t claimants = 0;     ///< of the conflict, this one included
};

/// @brief The open conflicts: who holds, who claims, and what has been told about it.
///
/// It is memory for reports and for the time when the lease database is away; no verdict of R3
/// depends on it while the lease database answers, except in `monitor`. Bounded; when full, the conflict
/// that has been quiet the longest is forgotten. Safe to use from several threads.
class ConflictTable {
public:
    /// @param max_conflicts how many conflicts are remembered.
    /// @param repeat how long a claimant's next record is held back; 0: for good.
    ConflictTable(size_t max_conflicts, std::chrono::seconds repeat);

    /// @brief Whether any network has a conflict about an identifier. Costs next to nothing while
    /// there are no conflicts at all.
    [[nodiscard]] bool mentions(ByteView identifier) const;

    /// @brief The holder as it was when the conflict was first seen.
    [[nodiscard]] std::optional<HardwareAddress> holder(const std::string& network,
                                                        ByteView identifier) const;

    [[nodiscard]] bool isClaimant(const std::string& network, ByteView identifier,
                                  const HardwareAddress& address) const;

    /// @brief Notes one message of a claimant.
    ///
    /// @param holder empty where it is not known.
    Notice note(Told kind, const std::string& network, ByteView identifier,
                const HardwareAddress& holder, const HardwareAddress& claimant, Instant now);

    /// @brief Notes the address that a claimant got.
    ///
    /// @return whether to tell: for its first, and for another one not before the repeat time.
    bool noteAddress(const std::string& network, ByteView identifier, const HardwareAddress& claimant,
                     uint32_t ip, Instant now);

    [[nodiscard]] size_t size() const noexcept {
        return (size_.load(std::memory_order_relaxed));
    }

    [[nodiscard]] size_t capacity() const noexcept {
        return (max_conflicts_);
    }

private:
    struct Channel {
        bool told = false;
        Instant last;
        uint64_t suppressed = 0;
    };

    struct Claimant {
        std::array<Channel, TOLD_KINDS> channels;
        uint32_t ip = 0;
        Instant ip_told;
    };

    struct Conflict {
        Bytes identifier;
        std::string network;
        HardwareAddress holder;
        std::map<HardwareAddress, Claimant> claimants;
    };

    using Quietest = std::list<Conflict>;
    using Networks = std::map<std::string, Quietest::iterator>;

    [[nodiscard]] const Conflict* find(const std::string& network, ByteView identifier) const;
    Conflict* find(const std::string& network, ByteView identifier);
    Conflict& open(const std::string& network, ByteView identifier, const HardwareAddress& holder);
    bool makeRoom(const Conflict& keep);
    void forget(Quietest::iterator conflict);

    size_t max_conflicts_;
    size_t max_claimants_;
    std::chrono::seconds repeat_;
    mutable std::mutex mutex_;
    std::map<Bytes, Networks, ByteLess> by_identifier_;
    Quietest quietest_;  ///< the longest quiet first
    size_t claimants_ = 0;
    std::atomic<size_t> size_{0};
};

}  // namespace clone_guard

#endif
