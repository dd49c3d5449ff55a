// SPDX-License-Identifier: MPL-2.0

#include <core/decision/machine_state.h>
#include <core/identity/derived_identifier.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// Both clocks count whole seconds, so two times in one second have no order.
constexpr std::chrono::seconds PRECISION{1};

std::chrono::milliseconds
since(Instant time, const Moment& now) {
    return (std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - time));
}

std::chrono::seconds
since(int64_t time, const Moment& now) {
    return (std::chrono::seconds(now.seconds - time));
}

void
keepBest(std::optional<Lease>& best, const Lease& lease) {
    if (!best ||
        std::make_pair(lease.live, lease.last_seen) > std::make_pair(best->live, best->last_seen)) {
        best = lease;
    }
}

bool
isLive(const std::optional<Lease>& lease) {
    return (lease && lease->live);
}

}  // namespace

std::string
toText(MachineState state) {
    switch (state) {
    case MachineState::ACTIVE:
        return ("active");
    case MachineState::OFF:
        return ("off");
    case MachineState::EXPIRED:
        return ("expired");
    case MachineState::SEALED:
        break;
    }
    return ("sealed");
}

MachineLeases
leasesInConflict(const std::vector<Lease>& leases, const HardwareAddress& machine, ByteView identifier,
                 const Network& network) {
    MachineLeases found;
    const auto derived = derive(machine, identifier);
    for (const auto& lease : leases) {
        const bool is_here = network.contains(lease.subnet_id);
        if (lease.address != machine) {
            continue;
        }
        // A claimant may get its lease in another network, if subnets are selected by the class of claimants.
        if (lease.identifier == derived || (is_here && ByteView(lease.identifier) == identifier)) {
            keepBest(found.own, lease);
        } else if (is_here && (!found.other || lease.last_seen > found.other->last_seen)) {
            found.other = lease;
        }
    }
    return (found);
}

std::chrono::milliseconds
activeTimeout(const Network& network, std::chrono::milliseconds claim_window) {
    return (std::max(claim_window, std::chrono::milliseconds(network.lifetime)));
}

bool
hasNewerLease(const MachineActivity* activity, const MachineLeases& leases, const Moment& now) {
    const auto& [own, other] = leases;
    return (other && (own || activity) && !(own && own->last_seen >= other->last_seen) &&
            !(activity && since(other->last_seen, now) + PRECISION >= since(activity->last, now)));
}

MachineState
stateOf(const MachineActivity* activity, const MachineLeases& leases, std::chrono::milliseconds timeout,
        const Moment& now) {
    if (activity && activity->absence == Absence::SEALED) {
        return (MachineState::SEALED);
    }
    if (isLive(leases.own)) {
        return (MachineState::ACTIVE);
    }
    // Without memory there is no message to compare with, so the leases show a sealed machine.
    if (!activity && hasNewerLease(nullptr, leases, now) &&
        since(leases.own->last_seen, now) >= timeout) {
        return (MachineState::SEALED);
    }
    if (activity ? activity->released : leases.own && leases.own->released) {
        return (MachineState::OFF);
    }
    return (activity && !activity->isSilent(timeout, now.steady) ? MachineState::ACTIVE
                                                                 : MachineState::EXPIRED);
}

bool
isGone(const MachineActivity* activity, const MachineLeases& leases, std::chrono::milliseconds timeout,
       std::chrono::seconds patience, const Moment& now) {
    if (isLive(leases.own) || (leases.own && since(leases.own->ended, now) < patience)) {
        return (false);
    }
    return (!activity ||
            activity->isSilent(activity->released ? patience : patience + timeout, now.steady));
}

}  // namespace clone_guard
