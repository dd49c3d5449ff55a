// SPDX-License-Identifier: MPL-2.0

/// @file
/// The states of the machines that share an identifier, as the guard in a server determines them (R10).

#include <tool/scan/lease_history.h>

#include <algorithm>
#include <tuple>

namespace clone_guard {

namespace {

/// A hardware address in a subnet.
using Place = std::pair<uint32_t, Bytes>;

struct Candidate {
    const Bytes* identifier;
    SeenMachine* machine;
};

UtcSeconds
silentSince(const SeenMachine& machine) {
    return (machine.last + machine.lifetime);
}

/// Checks whether all machines but one are sealed.
bool
isOver(const SharedIdentifier& shared) {
    const auto sealed =
        std::count_if(shared.machines.begin(), shared.machines.end(), [](const SeenMachine& machine) {
            return (machine.state == MachineState::SEALED);
        });
    return (sealed > 0 && shared.omitted == 0 &&
            static_cast<size_t>(sealed) + 1 >= shared.machines.size());
}

}  // namespace

/// Determines the states that follow from the leases of the shared identifier alone.
void
LeaseHistory::addStates(std::vector<SharedIdentifier>& all, UtcSeconds now) const {
    for (auto& shared : all) {
        for (auto& machine : shared.machines) {
            if (machine.released) {
                machine.state = MachineState::OFF;
            } else {
                machine.state = silentSince(machine) > std::max(now, ends_[machine.server])
                                    ? MachineState::ACTIVE
                                    : MachineState::EXPIRED;
            }
        }
    }
}

/// Finds clones that have a later lease under another identifier, and have been silent under the shared one for the
/// lifetime of a lease.
void
LeaseHistory::addSealed(std::vector<SharedIdentifier>& all, UtcSeconds now) const {
    std::map<Place, std::vector<Candidate>> candidates;
    for (auto& shared : all) {
        for (auto& machine : shared.machines) {
            if (shared.sharing == Sharing::CLONES && machine.state != MachineState::ACTIVE &&
                silentSince(machine) <= std::max(now, ends_[machine.server])) {
                candidates[{machine.subnet, machine.address.bytes().copy()}].push_back(
                    {&shared.identifier, &machine});
            }
        }
    }
    if (candidates.empty()) {
        return;
    }
    const auto compare = [&candidates](const Place& place, ByteView identifier, UtcSeconds last) {
        const auto found = candidates.find(place);
        if (found == candidates.end()) {
            return;
        }
        for (const auto& candidate : found->second) {
            if (last > candidate.machine->last && ByteView(*candidate.identifier) != identifier) {
                candidate.machine->state = MachineState::SEALED;
            }
        }
    };
    for (const auto& user : store_.users()) {
        const auto identifier = LeaseStore::identifier(user);
        if (user.shared_use == 0) {
            compare({user.subnet, LeaseStore::hwAddress(user).copy()}, identifier,
                    utcFromSeconds(user.last));
            continue;
        }
        for (const auto& [address, machine] : shared_uses_[user.shared_use - 1].machines) {
            compare({user.subnet, address}, identifier, machine.last);
        }
    }
    for (auto& shared : all) {
        if (shared.sharing == Sharing::CLONES && isOver(shared)) {
            shared.sharing = Sharing::SEALED;
        }
    }
}

}  // namespace clone_guard
