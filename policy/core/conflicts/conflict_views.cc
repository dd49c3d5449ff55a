// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict_table.h>

namespace clone_guard {

ConflictView
ConflictTable::viewOf(const Conflict& conflict) {
    ConflictView view;
    view.identifier = conflict.identifier;
    view.network = conflict.network;
    view.level = conflict.level;
    view.holder = conflict.holder;
    for (const auto& claimant : conflict.claimants) {
        view.claimants.emplace(claimant.first, claimant.second.presence.last);
    }
    return (view);
}

std::vector<ConflictView>
ConflictTable::list(ByteView after, size_t limit) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<ConflictView> views;
    for (auto at = by_identifier_.upper_bound(after); at != by_identifier_.end(); ++at) {
        if (views.size() >= limit) {
            break;
        }
        for (const auto& network : at->second) {
            views.push_back(viewOf(*network.second));
        }
    }
    return (views);
}

std::vector<ConflictView>
ConflictTable::views(ByteView identifier) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<ConflictView> views;
    const auto networks = by_identifier_.find(identifier);
    if (networks != by_identifier_.end()) {
        for (const auto& network : networks->second) {
            views.push_back(viewOf(*network.second));
        }
    }
    return (views);
}

size_t
ConflictTable::confirmed() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return (quietest_[static_cast<size_t>(Level::CONFIRMED)].size());
}

std::optional<ConflictView>
ConflictTable::view(const std::string& network, ByteView identifier) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto* conflict = find(network, identifier);
    return (conflict ? std::optional<ConflictView>(viewOf(*conflict)) : std::nullopt);
}

}  // namespace clone_guard
