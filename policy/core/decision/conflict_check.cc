// SPDX-License-Identifier: MPL-2.0

#include <core/decision/conflict_check.h>

namespace clone_guard {

ConflictCheck::Result
ConflictCheck::check(const Network& network, ByteView identifier, const HardwareAddress& sender,
                     std::chrono::milliseconds interval, const LeaseSource& leases, const Moment& now) {
    Result result;
    // Half a lifetime is the time of a renewal. A lease of another identifier is thus noticed before its own renewal.
    const auto silent = conflicts_.silentMachines(network.key, identifier, sender, timeout(network) / 2,
                                                  interval, now.steady);
    if (!silent) {
        return (result);
    }
    for (const auto& machine : *silent) {
        const auto found =
            leasesInConflict(leases(machine.address), machine.address, identifier, network);
        if (hasNewerLease(&machine.activity, found, now)) {
            if (isSealed(network, identifier, machine, found, now) &&
                conflicts_.markAbsent(network.key, identifier, machine, Absence::SEALED)) {
                result.sealed.push_back({machine.address, *found.other});
            }
        } else if (isGone(&machine.activity, found, timeout(network), conflicts_.patience(), now)) {
            conflicts_.markAbsent(network.key, identifier, machine, Absence::GONE);
        }
    }
    result.end = conflicts_.closeIfOver(network.key, identifier);
    return (result);
}

/// Whether a machine that has a newer lease of another identifier has used it for a lease lifetime. The firmware of a
/// machine that was off has such a lease until its operating system sends the shared identifier again.
bool
ConflictCheck::isSealed(const Network& network, ByteView identifier,
                        const ConflictRegistry::SilentMachine& machine, const MachineLeases& leases,
                        const Moment& now) {
    auto taken = machine.activity.other_lease;
    if (taken == 0) {
        taken = leases.other->last_seen;
        conflicts_.noteOtherLease(network.key, identifier, machine, taken);
    }
    return (machine.activity.isSilent(timeout(network), now.steady) &&
            std::chrono::seconds(now.seconds - taken) >= timeout(network));
}

}  // namespace clone_guard
