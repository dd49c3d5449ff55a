// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_CONFLICTS_CONFLICT_H
#define CLONE_GUARD_CORE_CONFLICTS_CONFLICT_H

#include <core/conflicts/activity.h>
#include <core/conflicts/end_reason.h>
#include <core/conflicts/report_limiter.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/instant.h>

#include <map>
#include <string>

namespace clone_guard {

std::string toText(Level level);

/// @brief A machine of a conflict: its holder or a claimant.
struct Machine {
    MachineActivity activity;
    ClaimantReports reports;  ///< kept if the machine becomes the holder: it may become a claimant again
};

/// @brief An open conflict: one identifier in one network, its holder and its claimants.
struct Conflict {
    Bytes identifier;
    std::string network;     ///< Network::key
    HardwareAddress holder;  ///< empty if unknown
    Level level = Level::SUSPECTED;
    std::string client;                           ///< see ConflictRegistry::Facts
    Bytes requested_options;                      ///< see ConflictRegistry::Facts
    bool on_record = false;                       ///< a machine of it has a live lease of the identifier
    Instant last;                                 ///< time of the last message of any machine in it
    std::map<HardwareAddress, Machine> machines;  ///< the claimants, and the holder if it is known
    ActivityProof proof;
    Instant checked;               ///< time of the last check of its silent machines
    HardwareAddress checked_last;  ///< the machine at which that check ended

    /// @return the machine with a hardware address, or null if it is unknown.
    [[nodiscard]] Machine* machine(const HardwareAddress& address);
    [[nodiscard]] const Machine* machine(const HardwareAddress& address) const;

    /// @return the number of machines other than the holder.
    [[nodiscard]] size_t claimants() const {
        return (machines.size() - machines.count(holder));
    }
};

/// @brief A position in the list of all claimants, ordered by identifier, network and hardware address.
struct ConflictPosition {
    Bytes identifier;
    std::string network;
    HardwareAddress claimant;
};

/// @brief A copy of an open conflict, for lists, with some of its claimants.
struct ConflictView {
    Bytes identifier;
    std::string network;  ///< Network::key
    Level level = Level::SUSPECTED;
    std::string client;       ///< see ConflictRegistry::Facts
    Bytes requested_options;  ///< see ConflictRegistry::Facts
    HardwareAddress holder;
    MachineActivity holder_activity;
    size_t claimant_count = 0;                             ///< of the whole conflict
    std::map<HardwareAddress, MachineActivity> claimants;  ///< of this view
};

/// @brief Copies a conflict with its claimants after a hardware address.
///
/// @param limit maximum number of claimants
ConflictView toView(const Conflict& conflict, const HardwareAddress& after, size_t limit);

/// @brief The end of a conflict.
struct ConflictEnd {
    EndReason reason = EndReason::SEALED;
    HardwareAddress left;  ///< the machine that is left; empty if none is
};

}  // namespace clone_guard

#endif
