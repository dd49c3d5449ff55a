// SPDX-License-Identifier: MPL-2.0

#include <tool/listen/address_uses.h>

#include <algorithm>

namespace clone_guard {

AddressUses::Use*
AddressUses::find(const Segment& segment, const SeenAddress& address) {
    const auto found = uses_.find({address, {segment.vlan, segment.link}});
    return (found == uses_.end() ? nullptr : &found->second);
}

AddressUses::Use*
AddressUses::findOrAdd(const Segment& segment, const SeenAddress& address) {
    auto* const found = find(segment, address);
    if (found || uses_.size() >= limit_) {
        return (found);
    }
    return (&uses_[{address, {segment.vlan, segment.link}}]);
}

AddressUses::Change
AddressUses::recordLease(const Segment& segment, const SeenAddress& address,
                         const HardwareAddress& machine, UtcTime time, std::chrono::seconds lifetime,
                         HardwareAddress& other) {
    auto* const use = findOrAdd(segment, address);
    if (!use) {
        return (Change::FULL);
    }
    auto& machines = use->machines;
    const bool is_known = std::find(machines.begin(), machines.end(), machine) != machines.end();
    const bool is_live = use->expires > time;
    auto change = Change::NONE;
    if (use->holder != machine && is_live) {
        other = use->holder;
        ++use->changes;
        use->returned = use->returned || is_known;
        use->unreturned_until = std::max(use->unreturned_until, use->expires);
        change = is_known ? Change::NONE : Change::SHARED;
    }
    if (!is_live && !use->returned) {
        machines.clear();
    }
    if ((!is_known || machines.empty()) && machines.size() < MAX_MACHINES) {
        machines.push_back(machine);
    }
    use->holder = machine;
    use->expires = time + lifetime;
    return (change);
}

void
AddressUses::recordRelease(const Segment& segment, const SeenAddress& address,
                           const HardwareAddress& machine) {
    auto* const use = find(segment, address);
    if (use && use->holder == machine) {
        use->expires = UtcTime();
    }
}

AddressUses::Change
AddressUses::recordDecline(const Segment& segment, const SeenAddress& address,
                           const HardwareAddress& machine, UtcTime time) {
    auto* const use = findOrAdd(segment, address);
    if (!use) {
        return (Change::FULL);
    }
    if (use->holder == machine) {
        use->expires = UtcTime();
    }
    ++use->declines;
    use->decliner = machine;
    use->declined = time;
    return (use->declines == 1 ? Change::DECLINED : Change::NONE);
}

std::vector<ObservedAddress>
AddressUses::shared(UtcTime end) const {
    std::vector<ObservedAddress> all;
    for (const auto& [key, use] : uses_) {
        if (use.changes == 0 || use.machines.size() < 2 ||
            (!use.returned && use.unreturned_until <= end)) {
            continue;
        }
        if (!all.empty() && all.back().address == key.first && all.back().vlan == key.second.first) {
            all.back().changes = std::max(all.back().changes, use.changes);
            for (const auto& machine : use.machines) {
                auto& machines = all.back().machines;
                if (std::find(machines.begin(), machines.end(), machine) == machines.end()) {
                    machines.push_back(machine);
                }
            }
            continue;
        }
        all.push_back({key.first, key.second.first, use.machines, use.changes});
    }
    return (all);
}

std::vector<ObservedDecline>
AddressUses::declined() const {
    std::vector<ObservedDecline> all;
    for (const auto& [key, use] : uses_) {
        if (use.declines == 0) {
            continue;
        }
        // The links of one VLAN follow each other: a bridge and its port show one message twice.
        if (!all.empty() && all.back().address == key.first && all.back().vlan == key.second.first) {
            all.back().count = std::max(all.back().count, use.declines);
            continue;
        }
        all.push_back({key.first, key.second.first, use.declines, use.decliner, use.declined});
    }
    return (all);
}

}  // namespace clone_guard
