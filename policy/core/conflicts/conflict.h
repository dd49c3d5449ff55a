// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_CONFLICT_H
#define CLONE_GUARD_CORE_CONFLICTS_CONFLICT_H

#include <core/conflicts/activity.h>
#include <core/conflicts/report_limiter.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/instant.h>

#include <map>
#include <string>

namespace clone_guard {

std::string toText(Level level);

/// @brief A claimant of a conflict.
struct Claimant {
    MachineActivity activity;
    ClaimantReports reports;
};

/// @brief An open conflict: one identifier in one network, its holder and its claimants.
struct Conflict {
    Bytes identifier;
    std::string network;  ///< Network::key
    HardwareAddress holder;
    Level level = Level::SUSPECTED;
    Instant last;  ///< time of the last message of any machine in it
    MachineActivity holder_activity;
    std::map<HardwareAddress, Claimant> claimants;
    ActivityProof proof;
    Instant checked;  ///< time of the last check whether the conflict is over

    /// @return the claimant with a hardware address, or null if it is unknown.
    [[nodiscard]] Claimant* claimant(const HardwareAddress& address);
    [[nodiscard]] const Claimant* claimant(const HardwareAddress& address) const;

    /// @return the activity of the holder or a claimant, or null if the machine is neither.
    [[nodiscard]] MachineActivity* activityOf(const HardwareAddress& address);
};

/// @brief A copy of an open conflict, for lists.
struct ConflictView {
    Bytes identifier;
    std::string network;  ///< Network::key
    Level level = Level::SUSPECTED;
    HardwareAddress holder;
    std::map<HardwareAddress, Instant> claimants;  ///< each with the time of its last message
};

ConflictView toView(const Conflict& conflict);

}  // namespace clone_guard

#endif
