// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CONFLICTS_DELETED_CONFLICTS_H
#define CLONE_GUARD_CONFLICTS_DELETED_CONFLICTS_H

#include <core/identity/bytes.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace clone_guard {

/// @brief Conflicts that an operator declared to be over, and when.
///
/// The leases that claimants have under their derived identifiers live on until they run out or are renewed, because
/// the machines may use the addresses. Until one of them is heard again they are no conflict to list. Nothing but
/// lists looks here. Bounded; when full, the oldest is forgotten. Safe to use from several threads.
class DeletedConflicts {
public:
    /// @param max_conflicts how many are remembered.
    explicit DeletedConflicts(size_t max_conflicts) : max_conflicts_(max_conflicts) {}

    /// @param identifier as conflicts are listed by it.
    /// @param network Network::key; empty: in all networks.
    /// @param time seconds since 1970.
    void note(ByteView identifier, const std::string& network, int64_t time);

    /// @brief Whether a conflict was declared to be over after a machine in it was seen.
    ///
    /// @param last_seen seconds since 1970.
    [[nodiscard]] bool covers(ByteView identifier, const std::string& network, int64_t last_seen) const;

    [[nodiscard]] size_t size() const;

private:
    using Key = std::pair<Bytes, std::string>;

    const size_t max_conflicts_;
    mutable std::mutex mutex_;
    std::map<Key, int64_t> times_;
};

}  // namespace clone_guard

#endif
