// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_JUDGEMENT_H
#define CLONE_GUARD_CORE_DECISION_JUDGEMENT_H

#include <core/conflicts/activity.h>
#include <core/decision/lease.h>
#include <core/decision/network.h>
#include <core/identity/ip_address.h>

#include <optional>
#include <vector>

namespace clone_guard {

/// @brief The role of a query's sender with regard to the identifier (R3).
enum class Role { HOLDER, CLAIMANT };

/// @brief What the judge found out about one query.
struct Judgement {
    Role role = Role::HOLDER;
    bool conflicting = false;  ///< another hardware address presented the identifier too
    bool claims_full = false;  ///< the table of claims had no room
    bool moved = false;       ///< the holder took the identifier over from another hardware address (R9)
    bool other_live = false;  ///< another hardware address has a live lease of the identifier
    Activity activity = Activity::BOOT;  ///< what the query shows about its sender (R10)
    Network network;                     ///< set for claimants, and whenever @c conflicting is set
    /// @brief The lease of the holder, or of the holder before the identifier moved; its hardware address is empty if
    /// the holder is unknown.
    Lease holder;
    /// @brief The sender's leases under its derived identifier. They are not looked up if another machine has a live
    /// lease of the identifier: then they decide nothing.
    std::vector<Lease> own;
    /// @brief The addresses of all leases of the identifier, in any network; std::nullopt if they were not read.
    std::optional<std::vector<IpAddress>> on_record;

    /// @brief Checks whether the sender is a claimant only because of its earlier leases, and no other machine is left.
    [[nodiscard]] bool leftOver() const {
        return (role == Role::CLAIMANT && !other_live && !own.empty());
    }
};

}  // namespace clone_guard

#endif
