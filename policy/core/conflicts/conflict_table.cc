// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict_table.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// A template has more than one clone, so a small table of conflicts still has room for this many claimants.
constexpr size_t CLAIMANTS_PER_CONFLICT = 4;
constexpr size_t MIN_CLAIMANTS = 4096;

}  // namespace

ConflictTable::ConflictTable(size_t max_conflicts) :
    max_conflicts_(max_conflicts),
    max_claimants_(std::max(max_conflicts * CLAIMANTS_PER_CONFLICT, MIN_CLAIMANTS)),
    past_(max_conflicts) {}

const Conflict*
ConflictTable::find(const std::string& network, ByteView identifier) const {
    const auto networks = by_identifier_.find(identifier);
    if (networks == by_identifier_.end()) {
        return (nullptr);
    }
    const auto conflict = networks->second.find(network);
    return (conflict == networks->second.end() ? nullptr : &*conflict->second);
}

Conflict*
ConflictTable::find(const std::string& network, ByteView identifier) {
    return (const_cast<Conflict*>(static_cast<const ConflictTable*>(this)->find(network, identifier)));
}

Conflict*
ConflictTable::findOrOpen(const std::string& network, ByteView identifier, const HardwareAddress& holder,
                          Instant now) {
    if (auto* known = find(network, identifier)) {
        touch(*known, now);
        return (known);
    }
    while (size() >= max_conflicts_) {
        if (!makeRoom(nullptr, now)) {
            return (nullptr);
        }
    }
    auto& list = by_idleness_[static_cast<size_t>(Level::SUSPECTED)];
    list.emplace_back();
    const auto conflict = std::prev(list.end());
    conflict->identifier = identifier.copy();
    conflict->network = network;
    conflict->holder = holder;
    conflict->last = now;
    conflict->holder_activity.last = now;
    conflict->checked = now;
    by_identifier_[conflict->identifier].emplace(network, conflict);
    size_.fetch_add(1, std::memory_order_relaxed);
    return (&*conflict);
}

void
ConflictTable::touch(Conflict& conflict, Instant now) {
    auto& list = listOf(conflict);
    list.splice(list.end(), list, positionOf(conflict));
    conflict.last = now;
}

/// Erases the suspected conflict that has been idle the longest, unless it is the one to keep.
bool
ConflictTable::makeRoom(const Conflict* keep, Instant now) {
    const auto& suspected = by_idleness_[static_cast<size_t>(Level::SUSPECTED)];
    if (suspected.empty() || &suspected.front() == keep || now - suspected.front().last < MIN_IDLE) {
        return (false);
    }
    erase(suspected.front());
    return (true);
}

Claimant*
ConflictTable::findOrAddClaimant(Conflict& conflict, const HardwareAddress& claimant, Instant now) {
    if (auto* known = conflict.claimant(claimant)) {
        return (known);
    }
    while (claimants_ >= max_claimants_) {
        if (!makeRoom(&conflict, now)) {
            return (nullptr);
        }
    }
    ++claimants_;
    return (&conflict.claimants[claimant]);
}

void
ConflictTable::eraseClaimant(Conflict& conflict, const HardwareAddress& claimant) {
    claimants_ -= conflict.claimants.erase(claimant);
}

void
ConflictTable::setHolder(Conflict& conflict, const HardwareAddress& holder, Instant now) {
    if (holder.bytes().empty() || conflict.holder == holder) {
        return;
    }
    const auto* before = conflict.claimant(holder);
    conflict.holder_activity = before ? before->activity : MachineActivity();
    conflict.holder_activity.last = now;
    eraseClaimant(conflict, holder);
    conflict.holder = holder;
}

void
ConflictTable::confirm(Conflict& conflict) {
    if (conflict.level == Level::CONFIRMED) {
        return;
    }
    const auto position = positionOf(conflict);
    auto& from = listOf(conflict);
    conflict.level = Level::CONFIRMED;
    auto& to = listOf(conflict);
    to.splice(to.end(), from, position);
}

void
ConflictTable::erase(const Conflict& conflict) {
    past_.insert(conflict.identifier);
    const auto networks = by_identifier_.find(conflict.identifier);
    const auto entry = networks->second.find(conflict.network);
    const auto position = entry->second;
    networks->second.erase(entry);
    if (networks->second.empty()) {
        by_identifier_.erase(networks);
    }
    claimants_ -= conflict.claimants.size();
    listOf(conflict).erase(position);
    size_.fetch_sub(1, std::memory_order_relaxed);
}

std::vector<const Conflict*>
ConflictTable::of(ByteView identifier) const {
    std::vector<const Conflict*> conflicts;
    const auto networks = by_identifier_.find(identifier);
    if (networks != by_identifier_.end()) {
        for (const auto& network : networks->second) {
            conflicts.push_back(&*network.second);
        }
    }
    return (conflicts);
}

std::vector<const Conflict*>
ConflictTable::after(ByteView identifier, size_t limit) const {
    std::vector<const Conflict*> conflicts;
    for (auto at = by_identifier_.upper_bound(identifier); at != by_identifier_.end(); ++at) {
        if (conflicts.size() >= limit) {
            break;
        }
        for (const auto& network : at->second) {
            conflicts.push_back(&*network.second);
        }
    }
    return (conflicts);
}

}  // namespace clone_guard
