// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_DELETED_CONFLICTS_H
#define CLONE_GUARD_CORE_CONFLICTS_DELETED_CONFLICTS_H

#include <core/identity/bytes.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace clone_guard {

/// @brief Remembers which conflicts an operator deleted, and when.
///
/// The leases that claimants have under their derived identifiers remain until they expire, because the machines may use
/// the addresses. Until one of the machines sends a message again, these leases are not listed as a conflict. Only lists
/// read this class. Bounded; if it is full, it erases the oldest entry. Safe to call from several threads.
class DeletedConflicts {
public:
    /// @param max_conflicts maximum number of conflicts.
    explicit DeletedConflicts(size_t max_conflicts) : max_conflicts_(max_conflicts) {}

    /// @param identifier the identifier under which conflicts are listed.
    /// @param network Network::key; empty: in all networks.
    /// @param time seconds since 1970.
    void insert(ByteView identifier, const std::string& network, int64_t time);

    /// @brief Checks whether a conflict was deleted after a machine of it was last seen.
    ///
    /// @param last_seen time of the machine's last message, in seconds since 1970.
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
