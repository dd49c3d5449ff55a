// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_CONFLICT_TABLE_H
#define CLONE_GUARD_CORE_CONFLICTS_CONFLICT_TABLE_H

#include <core/conflicts/conflict.h>
#include <core/conflicts/past_conflicts.h>

#include <array>
#include <atomic>
#include <list>
#include <map>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Keeps the open conflicts: their index and their bounds.
///
/// If the table is full, it erases the suspected conflict that has been idle the longest, provided that it has been
/// idle for MIN_IDLE; otherwise there is no room. A conflict about a live lease also gets the room of one in which no
/// machine has a lease, so that forged conflicts do not keep a real one out. The table never erases a confirmed conflict,
/// unless all of its machines have been silent for the time that a conflict waits for them. Only size(), capacity() and hasNoPast() are safe to call
/// without the caller's lock.
class ConflictTable {
public:
    /// @brief If conflicts were erased sooner, they would take turns, and each return would be reported as the first.
    static constexpr std::chrono::hours MIN_IDLE{1};

    /// @param max_silence time of silence after which a confirmed conflict may be erased.
    ConflictTable(size_t max_conflicts, std::chrono::seconds max_silence);

    /// @return a conflict, or null if it is not open.
    [[nodiscard]] Conflict* find(const std::string& network, ByteView identifier);
    [[nodiscard]] const Conflict* find(const std::string& network, ByteView identifier) const;

    /// @brief Finds or opens a conflict and marks it as used last.
    ///
    /// @param holder of a conflict that is opened; empty if unknown.
    /// @param on_record whether a machine of it has a live lease of the identifier.
    /// @return the conflict, or null if there is no room.
    Conflict* findOrOpen(const std::string& network, ByteView identifier, const HardwareAddress& holder,
                         bool on_record, Instant now);

    /// @brief Marks a conflict as used last.
    void touch(Conflict& conflict, Instant now);

    /// @return the machine, added as a claimant if it was not in the conflict, or null if there is no room.
    Machine* findOrAddMachine(Conflict& conflict, const HardwareAddress& address, Instant now);

    /// @brief Sets the holder, which may have changed since the conflict was opened. The previous holder becomes a
    /// claimant if there is room.
    ///
    /// @param holder ignored if it is empty.
    void setHolder(Conflict& conflict, const HardwareAddress& holder, Instant now);

    /// @brief Records that the holder is unknown. The previous holder becomes a claimant.
    void unsetHolder(Conflict& conflict);

    void confirm(Conflict& conflict);
    void erase(const Conflict& conflict, bool cured = false);

    /// @return true if any network has a conflict about an identifier.
    [[nodiscard]] bool contains(ByteView identifier) const {
        return (by_identifier_.find(identifier) != by_identifier_.end());
    }

    /// @brief Remembers an identifier like that of a conflict that was erased.
    void rememberPast(ByteView identifier, bool cured = false) {
        past_.insert(identifier.copy(), cured);
    }

    /// @return true if a conflict about an identifier was cured.
    [[nodiscard]] bool wasCured(ByteView identifier) const {
        return (past_.wasCured(identifier));
    }

    /// @return true if there was a conflict about an identifier that was erased.
    [[nodiscard]] bool contained(ByteView identifier) const {
        return (past_.contains(identifier));
    }

    /// @return true if no conflict was ever erased.
    [[nodiscard]] bool hasNoPast() const noexcept {
        return (past_.empty());
    }

    /// @return the conflicts about one identifier, one a network.
    [[nodiscard]] std::vector<const Conflict*> of(ByteView identifier) const;

    /// @return the conflict after an identifier and a network, ordered by both, or null at the end.
    [[nodiscard]] const Conflict* next(ByteView identifier, const std::string& network) const;

    [[nodiscard]] size_t size() const noexcept {
        return (size_.load(std::memory_order_relaxed));
    }
    [[nodiscard]] size_t capacity() const noexcept {
        return (max_conflicts_);
    }
    /// @return the number of confirmed conflicts.
    [[nodiscard]] size_t confirmed() const {
        return (by_idleness_[CONFIRMED].size());
    }

private:
    using Conflicts = std::list<Conflict>;
    using Networks = std::map<std::string, Conflicts::iterator>;

    [[nodiscard]] Conflicts::iterator positionOf(const Conflict& conflict) const {
        return (by_identifier_.find(conflict.identifier)->second.at(conflict.network));
    }
    Conflicts& listOf(const Conflict& conflict) {
        return (by_idleness_[conflict.level == Level::CONFIRMED ? CONFIRMED
                             : conflict.on_record               ? ON_RECORD
                                                                : CLAIMED]);
    }
    template <typename Change>
    void changeList(Conflict& conflict, Change change);
    bool makeRoom(const Conflict* keep, bool on_record, Instant now);
    template <typename Change>
    void changeMachines(Conflict& conflict, Change change);

    const size_t max_conflicts_;
    const size_t max_claimants_;
    const std::chrono::seconds max_silence_;
    std::map<Bytes, Networks, ByteLess> by_identifier_;
    /// @brief The lists of conflicts, in the order in which they give room.
    enum List : size_t { CLAIMED, ON_RECORD, CONFIRMED };
    std::array<Conflicts, 3> by_idleness_;  ///< the conflict that has been idle the longest first
    PastConflicts past_;
    size_t claimants_ = 0;
    std::atomic<size_t> size_{0};
};

}  // namespace clone_guard

#endif
