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

/// A machine that may be sealed.
struct Candidate {
    const Bytes* identifier;
    SeenMachine* machine;
    UtcSeconds now;
};
using Candidates = std::map<Place, std::vector<Candidate>>;

/// The first and the last use of an identifier.
using Period = std::pair<UtcSeconds, UtcSeconds>;

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

/// Compares candidates with the use of another identifier. A machine that used this one before too, as the firmware of a
/// machine does, has a known time of its last use only.
void
compare(const Candidates& candidates, const Place& place, ByteView identifier, const Period& use) {
    const auto found = candidates.find(place);
    if (found == candidates.end()) {
        return;
    }
    for (const auto& [shared, machine, now] : found->second) {
        const auto begin = use.first >= machine->last ? use.first : use.second;
        if (use.second > machine->last && begin + machine->lifetime <= now &&
            ByteView(*shared) != identifier) {
            machine->state = MachineState::SEALED;
        }
    }
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

/// Finds clones that have used another identifier for the lifetime of a lease, and not the shared one.
void
LeaseHistory::addSealed(std::vector<SharedIdentifier>& all, UtcSeconds now) const {
    Candidates candidates;
    for (auto& shared : all) {
        for (auto& machine : shared.machines) {
            const auto time = std::max(now, ends_[machine.server]);
            if (shared.sharing == Sharing::CLONES && machine.state != MachineState::ACTIVE &&
                silentSince(machine) <= time) {
                candidates[{machine.subnet, machine.address.bytes().copy()}].push_back(
                    {&shared.identifier, &machine, time});
            }
        }
    }
    if (candidates.empty()) {
        return;
    }
    for (const auto& user : store_.users()) {
        const auto identifier = LeaseStore::identifier(user);
        if (user.shared_use == 0) {
            compare(candidates, {user.subnet, LeaseStore::hwAddress(user).copy()}, identifier,
                    {utcFromSeconds(user.first), utcFromSeconds(user.last)});
            continue;
        }
        for (const auto& [address, machine] : shared_uses_[user.shared_use - 1].machines) {
            compare(candidates, {user.subnet, address}, identifier, {machine.first, machine.last});
        }
    }
    for (auto& shared : all) {
        if (shared.sharing == Sharing::CLONES && isOver(shared)) {
            shared.sharing = Sharing::SEALED;
        }
    }
}

}  // namespace clone_guard
