// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_MACHINE_STATE_H
#define CLONE_GUARD_CORE_DECISION_MACHINE_STATE_H

#include <core/conflicts/activity.h>
#include <core/decision/lease.h>
#include <core/decision/network.h>

#include <optional>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief The state of a machine of a conflict (R10).
enum class MachineState {
    ACTIVE,   ///< it has a live lease, or sent a message within a lease lifetime
    OFF,      ///< it released its lease
    EXPIRED,  ///< its lease ran out
    SEALED,   ///< it uses another identifier
};

/// @return the word for answers of commands: "active".
std::string toText(MachineState state);

/// @brief One moment on both clocks: leases have the time of day, messages that of a steady clock.
struct Moment {
    Instant steady;
    int64_t seconds = 0;  ///< since 1970
};

/// @brief The leases of one machine that its state in a conflict depends on.
struct MachineLeases {
    std::optional<Lease>
        own;  ///< of the identifier or the derived one; a live one first, then the latest
    std::optional<Lease> other;  ///< the latest lease of another identifier in the network
};

/// @brief Selects the leases that matter in a conflict from all leases of a hardware address.
///
/// @param leases with their identifiers.
MachineLeases leasesInConflict(const std::vector<Lease>& leases, const HardwareAddress& machine,
                               ByteView identifier, const Network& network);

/// @return the time for which a machine must be silent before it counts as expired, or as sealed: the lease lifetime,
/// and at least the claim window.
std::chrono::milliseconds activeTimeout(const Network& network, std::chrono::milliseconds claim_window);

/// @brief Determines the state of a machine.
///
/// @param activity its messages, or null if they are unknown. Then the leases alone decide.
/// @param timeout activeTimeout() of the network.
MachineState stateOf(const MachineActivity* activity, const MachineLeases& leases,
                     std::chrono::milliseconds timeout, const Moment& now);

/// @brief Checks whether the machine has another lease, taken after its last message with the identifier.
bool hasNewerLease(const MachineActivity* activity, const MachineLeases& leases, const Moment& now);

/// @brief Checks whether a machine that is off or expired has been so for as long as a conflict waits for it.
bool isGone(const MachineActivity* activity, const MachineLeases& leases,
            std::chrono::milliseconds timeout, std::chrono::seconds patience, const Moment& now);

}  // namespace clone_guard

#endif
