// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_PAST_CONFLICTS_H
#define CLONE_GUARD_CORE_CONFLICTS_PAST_CONFLICTS_H

#include <core/identity/bytes.h>

#include <atomic>
#include <deque>
#include <map>

namespace clone_guard {

/// @brief The identifiers of conflicts that are over or were erased. Bounded; if it is full, it erases the oldest.
///
/// Only empty() is safe to call without the caller's lock.
class PastConflicts {
public:
    explicit PastConflicts(size_t max_conflicts) : max_conflicts_(max_conflicts) {}

    /// @param cured whether an operator closed the conflict, or all its machines but one were sealed.
    void insert(const Bytes& identifier, bool cured = false);

    [[nodiscard]] bool contains(ByteView identifier) const {
        return (identifiers_.find(identifier) != identifiers_.end());
    }

    /// @return true if any of the conflicts about an identifier was cured.
    [[nodiscard]] bool wasCured(ByteView identifier) const {
        const auto known = identifiers_.find(identifier);
        return (known != identifiers_.end() && known->second);
    }

    [[nodiscard]] bool empty() const noexcept {
        return (empty_.load(std::memory_order_relaxed));
    }

private:
    const size_t max_conflicts_;
    std::map<Bytes, bool, ByteLess> identifiers_;  ///< whether each was cured
    std::deque<Bytes> order_;                      ///< the oldest first
    std::atomic<bool> empty_{true};
};

}  // namespace clone_guard

#endif
