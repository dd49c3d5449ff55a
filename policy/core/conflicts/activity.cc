// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/activity.h>

namespace clone_guard {

namespace {

/// The last renewal of the other machine follows the boot of the machine that renews now. A message of the latter
/// was sent between the boot of the other machine and that renewal.
bool
bothAlive(const MachineActivity& renewing, uint64_t previous, const MachineActivity& other) {
    const auto during = [&other](uint64_t message) {
        return (message > other.boot && message < other.renewal);
    };
    return (other.renewal > renewing.boot && (during(renewing.boot) || during(previous)));
}

}  // namespace

bool
ActivityProof::record(const HardwareAddress& sender, MachineActivity& machine, Activity activity,
                      Instant now, const MachineActivity* other) {
    const auto previous = machine.latest;
    machine.latest = ++messages_;
    machine.last = now;
    machine.released = false;
    machine.absence = Absence::NONE;
    machine.other_lease = 0;
    if (activity == Activity::BOOT || (activity == Activity::RENEWAL && machine.boot == 0)) {
        machine.boot = machine.latest;
        machine.renewal = 0;
    }
    if (activity != Activity::RENEWAL) {
        return (false);
    }
    const bool proven = other && other != &machine && bothAlive(machine, previous, *other);
    machine.renewal = machine.latest;
    if (last_ != sender) {
        before_ = last_;
        last_ = sender;
    }
    return (proven);
}

}  // namespace clone_guard
