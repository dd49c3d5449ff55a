// SPDX-License-Identifier: MPL-2.0

/// @file
/// What a LeaseHistory has to say at the end: the part that goes over all identifiers once more.

#include <tool/scan/lease_history.h>

#include <core/identity/client_identifier.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace clone_guard {

namespace {

/// Calls back with the beginning and the end of each run of two and more numbers that begin with the same hash.
template <typename Callback>
void
eachRun(const std::vector<uint64_t>& numbers, const Callback& callback) {
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
byFirst(std::vector<SeenMachine>& machines) {
    std::sort(machines.begin(), machines.end(), [](const SeenMachine& left, const SeenMachine& right) {
        return (std::tie(left.first, left.address) < std::tie(right.first, right.address));
    });
}

}  // namespace

/// Hash of identifier or DUID and number of the user, in order: users with the same stand together.
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
LeaseHistory::machinesOf(const FirstUser& user, std::vector<SeenMachine>& machines) const {
    const auto begin = machines.size();
    if (user.crowd == 0) {
        machines.push_back({HardwareAddress(HardwareAddress::ETHERNET, LeaseStore::hwAddress(user)),
                            unescapeField(store_.hostname(user)),
                            {user.address},
                            user.subnet,
                            user.first,
                            user.last,
                            user.rows,
                            false});
        return;
    }
    for (const auto& [address, machine] : crowds_[user.crowd - 1].machines) {
        machines.push_back({HardwareAddress(HardwareAddress::ETHERNET, address),
                            unescapeField(machine.hostname), machine.addresses, user.subnet,
                            machine.first, machine.last, machine.rows, machine.set_aside});
    }
    std::vector<SeenMachine> own(machines.begin() + static_cast<std::ptrdiff_t>(begin), machines.end());
    byFirst(own);
    std::move(own.begin(), own.end(), machines.begin() + static_cast<std::ptrdiff_t>(begin));
}

/// Adds the identifiers that different hardware addresses had in different subnets, and that are not clones already.
void
LeaseHistory::addApart(std::vector<SharedIdentifier>& all) const {
    const std::set<Bytes> reported = [&all] {
        std::set<Bytes> identifiers;
        for (const auto& one : all) {
            identifiers.insert(one.identifier);
        }
        return (identifiers);
    }();
    eachRun(byHash(false), [&](auto begin, auto end) {
        std::map<Bytes, SharedIdentifier, ByteLess> found;
        for (auto at = begin; at != end; ++at) {
            const auto& user = store_.users()[*at & UINT32_MAX];
            const auto identifier = LeaseStore::identifier(user).copy();
            if (reported.count(identifier) == 0) {
                machinesOf(user, found[identifier].machines);
            }
        }
        for (auto& [identifier, one] : found) {
            byFirst(one.machines);
            const auto& first = one.machines.front().address;
            if (std::any_of(
                    one.machines.begin(), one.machines.end(),
                    [&first](const SeenMachine& machine) { return (machine.address != first); })) {
                one.identifier = identifier;
                all.push_back(std::move(one));
            }
        }
    });
}

std::vector<SharedDuid>
LeaseHistory::sharedDuids() const {
    std::vector<SharedDuid> all;
    eachRun(byHash(true), [&](auto begin, auto end) {
        std::map<Bytes, std::map<HardwareAddress, std::pair<Bytes, SeenMachine>>, ByteLess> found;
        std::map<Bytes, std::set<Bytes>, ByteLess> identifiers;
        for (auto at = begin; at != end; ++at) {
            const auto& user = store_.users()[*at & UINT32_MAX];
            const auto identifier = LeaseStore::identifier(user);
            if (user.crowd != 0) {
                continue;  // reported with its identifier
            }
            const auto duid = duidOf(identifier).copy();
            std::vector<SeenMachine> machines;
            machinesOf(user, machines);
            for (auto& machine : machines) {
                const auto address = machine.address;
                found[duid].emplace(address, std::make_pair(identifier.copy(), std::move(machine)));
            }
            identifiers[duid].insert(identifier.copy());
        }
        for (auto& [duid, machines] : found) {
            if (machines.size() > 1 && identifiers[duid].size() > 1) {
                SharedDuid one{duid, {}};
                for (auto& [address, machine] : machines) {
                    one.machines.push_back(std::move(machine));
                }
                all.push_back(std::move(one));
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
