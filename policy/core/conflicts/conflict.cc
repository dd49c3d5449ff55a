// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict.h>

namespace clone_guard {

std::string
toText(Level level) {
    return (level == Level::CONFIRMED ? "confirmed" : "suspected");
}

const Claimant*
Conflict::claimant(const HardwareAddress& address) const {
    const auto known = claimants.find(address);
    return (known == claimants.end() ? nullptr : &known->second);
}

Claimant*
Conflict::claimant(const HardwareAddress& address) {
    const auto known = claimants.find(address);
    return (known == claimants.end() ? nullptr : &known->second);
}

MachineActivity*
Conflict::activityOf(const HardwareAddress& address) {
    if (address == holder) {
        return (&holder_activity);
    }
    auto* known = claimant(address);
    return (known ? &known->activity : nullptr);
}

ConflictView
toView(const Conflict& conflict) {
    ConflictView view;
    view.identifier = conflict.identifier;
    view.network = conflict.network;
    view.level = conflict.level;
    view.holder = conflict.holder;
    for (const auto& [address, claimant] : conflict.claimants) {
        view.claimants.emplace(address, claimant.activity.last);
    }
    return (view);
}

}  // namespace clone_guard
