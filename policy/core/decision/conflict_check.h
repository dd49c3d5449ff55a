// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_CONFLICT_CHECK_H
#define CLONE_GUARD_CORE_DECISION_CONFLICT_CHECK_H

#include <core/conflicts/conflict_registry.h>
#include <core/decision/machine_state.h>

#include <functional>

namespace clone_guard {

/// @brief Finds out which machines of a conflict are sealed or gone, and whether the conflict is over (R10).
///
/// Looks up the leases of silent machines by hardware address: at most ConflictRegistry::MAX_SILENT_MACHINES in one
/// check, and at most one check each claim window. Safe to call from several threads.
class ConflictCheck {
public:
    /// @brief Returns all leases of a hardware address, with their identifiers.
    using LeaseSource = std::function<std::vector<Lease>(const HardwareAddress&)>;

    /// @brief A machine that was found sealed.
    struct Sealed {
        HardwareAddress machine;
        Lease lease;  ///< of its own identifier
    };

    struct Result {
        std::vector<Sealed> sealed;
        std::optional<ConflictEnd> end;  ///< set if the conflict is over; it is closed then
    };

    ConflictCheck(ConflictRegistry& conflicts, std::chrono::milliseconds claim_window) :
        conflicts_(conflicts), claim_window_(claim_window) {}

    /// @brief Checks the conflict about an identifier with a message of one of its machines.
    ///
    /// @throw whatever @c leases throws.
    Result check(const Network& network, ByteView identifier, const HardwareAddress& sender,
                 const LeaseSource& leases, const Moment& now) {
        return (check(network, identifier, sender, claim_window_, leases, now));
    }

    /// @brief Checks the conflict about an identifier for a list, however long ago the last check was.
    Result check(const Network& network, ByteView identifier, const LeaseSource& leases,
                 const Moment& now) {
        return (check(network, identifier, {}, std::chrono::milliseconds(0), leases, now));
    }

    /// @return how long a machine counts as active after its last message, unless it releases its lease.
    [[nodiscard]] std::chrono::milliseconds timeout(const Network& network) const {
        return (activeTimeout(network, claim_window_));
    }

private:
    Result check(const Network& network, ByteView identifier, const HardwareAddress& sender,
                 std::chrono::milliseconds interval, const LeaseSource& leases, const Moment& now);
    bool isSealed(const Network& network, ByteView identifier,
                  const ConflictRegistry::SilentMachine& machine, const MachineLeases& leases,
                  const Moment& now);

    ConflictRegistry& conflicts_;
    const std::chrono::milliseconds claim_window_;
};

}  // namespace clone_guard

#endif
