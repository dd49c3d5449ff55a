// SPDX-License-Identifier: MPL-2.0

/// @file
/// The results of a LeaseHistory that need a second pass over all identifiers.

#include <tool/scan/lease_history.h>

#include <tool/scan/lease_text.h>

#include <core/identity/client_identifier.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace clone_guard {

namespace {

/// Calls back with begin and end of each run of at least two numbers with the same hash in their upper half.
template <typename Callback>
void
forEachRun(const std::vector<uint64_t>& numbers, const Callback& callback) {
    for (auto begin = numbers.begin(); begin != numbers.end();) {
        const auto end = std::find_if(
            begin, numbers.end(), [begin](uint64_t number) { return (number >> 32U != *begin >> 32U); });
        if (end - begin > 1) {
            callback(begin, end);
        }
        begin = end;
    }
}

ByteView
duidOf(ByteView identifier) {
    const auto parts = parseRfc4361(identifier);
    return (parts ? parts->duid : ByteView());
}

void
sortByFirst(std::vector<SeenMachine>& machines) {
    std::sort(machines.begin(), machines.end(), [](const SeenMachine& left, const SeenMachine& right) {
        return (std::tie(left.first, left.address) < std::tie(right.first, right.address));
    });
}

}  // namespace

std::vector<DeclinedAddress>
LeaseHistory::declined() const {
    auto all = declined_.current();
    if (all.empty()) {
        return (all);
    }
    // Another client may decline an address that a clone uses.
    std::set<IpAddress> of_clones;
    for (const auto& use : shared_uses_) {
        for (const auto& [address, machine] : use.machines) {
            of_clones.insert(machine.addresses.begin(), machine.addresses.end());
        }
    }
    for (auto& declined : all) {
        if (of_clones.count(declined.address) > 0) {
            declined.cause = DeclineCause::CLONES;
        }
    }
    return (all);
}

/// Returns the hash of each identifier or DUID, with the number of its user in the lower half, in order.
std::vector<uint64_t>
LeaseHistory::byHash(bool duids) const {
    std::vector<uint64_t> numbers;
    numbers.reserve(store_.users().size());
    uint64_t number = 0;
    for (const auto& user : store_.users()) {
        const auto identifier = LeaseStore::identifier(user);
        const auto bytes = duids ? duidOf(identifier) : identifier;
        if (!bytes.empty()) {
            numbers.push_back(uint64_t{LeaseStore::hash(bytes)} << 32U | number);
        }
        ++number;
    }
    std::sort(numbers.begin(), numbers.end());
    return (numbers);
}

void
LeaseHistory::appendMachines(const SoleUser& user, std::vector<SeenMachine>& machines) const {
    const auto begin = machines.size();
    if (user.shared_use == 0) {
        machines.push_back({HardwareAddress(HardwareAddress::ETHERNET, LeaseStore::hwAddress(user)),
                            unescapeField(store_.hostname(user)),
                            {user.address},
                            user.subnet,
                            prefixes_[user.server],
                            utcFromSeconds(user.first),
                            utcFromSeconds(user.last),
                            user.leases,
                            false,
                            user.lifetime == 0,
                            std::chrono::seconds(user.lifetime),
                            user.server,
                            MachineState::EXPIRED});
        return;
    }
    for (const auto& [address, machine] : shared_uses_[user.shared_use - 1].machines) {
        machines.push_back({HardwareAddress(HardwareAddress::ETHERNET, address),
                            unescapeField(machine.hostname),
                            {machine.addresses.begin(), machine.addresses.end()},
                            user.subnet,
                            prefixes_[machine.server],
                            machine.first,
                            machine.last,
                            machine.leases,
                            machine.set_aside,
                            machine.released,
                            machine.lifetime,
                            machine.server,
                            MachineState::EXPIRED});
    }
    std::vector<SeenMachine> own(machines.begin() + static_cast<std::ptrdiff_t>(begin), machines.end());
    sortByFirst(own);
    std::move(own.begin(), own.end(), machines.begin() + static_cast<std::ptrdiff_t>(begin));
}

/// Adds the identifiers that different hardware addresses used in different subnets, unless they are listed already.
void
LeaseHistory::addSeparateSubnets(std::vector<SharedIdentifier>& all) const {
    const std::set<Bytes> reported = [&all] {
        std::set<Bytes> identifiers;
        for (const auto& one : all) {
            identifiers.insert(one.identifier);
        }
        return (identifiers);
    }();
    forEachRun(byHash(false), [&](auto begin, auto end) {
        std::map<Bytes, SharedIdentifier, ByteLess> found;
        for (auto at = begin; at != end; ++at) {
            const auto& user = store_.users()[*at & UINT32_MAX];
            const auto identifier = LeaseStore::identifier(user).copy();
            if (reported.count(identifier) == 0) {
                appendMachines(user, found[identifier].machines);
            }
        }
        for (auto& [identifier, shared] : found) {
            sortByFirst(shared.machines);
            const auto& first = shared.machines.front().address;
            if (std::any_of(
                    shared.machines.begin(), shared.machines.end(),
                    [&first](const SeenMachine& machine) { return (machine.address != first); })) {
                shared.identifier = identifier;
                all.push_back(std::move(shared));
            }
        }
    });
}

std::vector<SharedDuid>
LeaseHistory::sharedDuids() const {
    std::vector<SharedDuid> all;
    forEachRun(byHash(true), [&](auto begin, auto end) {
        std::map<Bytes, std::map<HardwareAddress, std::pair<Bytes, SeenMachine>>, ByteLess> found;
        std::map<Bytes, std::set<Bytes>, ByteLess> identifiers;
        for (auto at = begin; at != end; ++at) {
            const auto& user = store_.users()[*at & UINT32_MAX];
            const auto identifier = LeaseStore::identifier(user);
            if (user.shared_use != 0) {
                continue;  // listed with its identifier
            }
            const auto duid = duidOf(identifier).copy();
            std::vector<SeenMachine> machines;
            appendMachines(user, machines);
            for (auto& machine : machines) {
                const auto address = machine.address;
                found[duid].emplace(address, std::make_pair(identifier.copy(), std::move(machine)));
            }
            identifiers[duid].insert(identifier.copy());
        }
        for (auto& [duid, machines] : found) {
            if (machines.size() > 1 && identifiers[duid].size() > 1) {
                SharedDuid shared{duid, {}};
                for (auto& [address, machine] : machines) {
                    shared.machines.push_back(std::move(machine));
                }
                all.push_back(std::move(shared));
            }
        }
    });
    std::sort(all.begin(), all.end(), [](const SharedDuid& left, const SharedDuid& right) {
        return (std::make_pair(right.machines.size(), ByteView(left.duid)) <
                std::make_pair(left.machines.size(), ByteView(right.duid)));
    });
    return (all);
}

}  // namespace clone_guard
