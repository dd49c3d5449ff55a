// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict.h>

namespace clone_guard {

std::string
toText(Level level) {
    return (level == Level::CONFIRMED ? "confirmed" : "suspected");
}

std::string
toText(EndReason reason) {
    switch (reason) {
    case EndReason::SEALED:
        return (end_reason::SEALED);
    case EndReason::OFF:
        return (end_reason::OFF);
    case EndReason::EXPIRED:
        return (end_reason::EXPIRED);
    case EndReason::OFF_OR_EXPIRED:
        break;
    }
    return (end_reason::OFF_OR_EXPIRED);
}

const Machine*
Conflict::machine(const HardwareAddress& address) const {
    const auto known = machines.find(address);
    return (known == machines.end() ? nullptr : &known->second);
}

Machine*
Conflict::machine(const HardwareAddress& address) {
    const auto known = machines.find(address);
    return (known == machines.end() ? nullptr : &known->second);
}

ConflictView
toView(const Conflict& conflict, const HardwareAddress& after, size_t limit) {
    ConflictView view;
    view.identifier = conflict.identifier;
    view.network = conflict.network;
    view.level = conflict.level;
    view.client = conflict.client;
    view.requested_options = conflict.requested_options;
    view.holder = conflict.holder;
    view.claimant_count = conflict.claimants();
    if (const auto* holder = conflict.machine(conflict.holder)) {
        view.holder_activity = holder->activity;
    }
    const auto& machines = conflict.machines;
    for (auto next = machines.upper_bound(after);
         next != machines.end() && view.claimants.size() < limit; ++next) {
        if (next->first != conflict.holder) {
            view.claimants.emplace(next->first, next->second.activity);
        }
    }
    return (view);
}

}  // namespace clone_guard
