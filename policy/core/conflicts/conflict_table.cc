// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict_table.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// A template has more than one clone, so a small table of conflicts still has room for this many claimants.
constexpr size_t CLAIMANTS_PER_CONFLICT = 4;
constexpr size_t MIN_CLAIMANTS = 4096;

}  // namespace

ConflictTable::ConflictTable(size_t max_conflicts, std::chrono::seconds max_silence) :
    max_conflicts_(max_conflicts),
    max_claimants_(std::max(max_conflicts * CLAIMANTS_PER_CONFLICT, MIN_CLAIMANTS)),
    max_silence_(max_silence), past_(max_conflicts) {}

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
                          bool on_record, Instant now) {
    if (auto* known = find(network, identifier)) {
        touch(*known, now);
        if (on_record && !known->on_record) {
            changeList(*known, [known] { known->on_record = true; });
        }
        return (known);
    }
    while (size() >= max_conflicts_) {
        if (!makeRoom(nullptr, on_record, now)) {
            return (nullptr);
        }
    }
    auto& list = by_idleness_[on_record ? ON_RECORD : CLAIMED];
    list.emplace_back();
    const auto conflict = std::prev(list.end());
    conflict->identifier = identifier.copy();
    conflict->network = network;
    conflict->on_record = on_record;
    conflict->last = now;
    conflict->checked = now;
    if (!holder.bytes().empty()) {
        conflict->holder = holder;
        conflict->machines[holder].activity.last = now;
    }
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

/// Erases the conflict that has been idle the longest, unless it is the one to keep: a suspected one, or a confirmed one
/// that is over.
///
/// @param on_record whether the room is for a conflict about a live lease.
bool
ConflictTable::makeRoom(const Conflict* keep, bool on_record, Instant now) {
    const std::array<std::chrono::seconds, 3> idle{on_record ? std::chrono::seconds(0) : MIN_IDLE,
                                                   MIN_IDLE, max_silence_};
    for (size_t list = 0; list < by_idleness_.size(); ++list) {
        const auto& conflicts = by_idleness_.at(list);
        if (!conflicts.empty() && &conflicts.front() != keep &&
            now - conflicts.front().last >= idle.at(list)) {
            erase(conflicts.front());
            return (true);
        }
    }
    return (false);
}

/// Changes a conflict in a way that may put it into another list.
template <typename Change>
void
ConflictTable::changeList(Conflict& conflict, Change change) {
    const auto position = positionOf(conflict);
    auto& from = listOf(conflict);
    change();
    auto& to = listOf(conflict);
    to.splice(to.end(), from, position);
}

/// Changes the machines of a conflict and counts the claimants again.
template <typename Change>
void
ConflictTable::changeMachines(Conflict& conflict, Change change) {
    claimants_ -= conflict.claimants();
    change();
    claimants_ += conflict.claimants();
}

Machine*
ConflictTable::findOrAddMachine(Conflict& conflict, const HardwareAddress& address, Instant now) {
    if (auto* known = conflict.machine(address)) {
        return (known);
    }
    while (claimants_ >= max_claimants_) {
        if (!makeRoom(&conflict, conflict.on_record, now)) {
            return (nullptr);
        }
    }
    changeMachines(conflict, [&] { conflict.machines[address].activity.last = now; });
    return (conflict.machine(address));
}

void
ConflictTable::setHolder(Conflict& conflict, const HardwareAddress& holder, Instant now) {
    if (holder.bytes().empty() || conflict.holder == holder) {
        return;
    }
    const bool is_full = claimants_ >= max_claimants_;
    changeMachines(conflict, [&] {
        if (is_full) {
            conflict.machines.erase(conflict.holder);
        }
        conflict.holder = holder;
        const auto [entry, is_new] = conflict.machines.try_emplace(holder);
        if (is_new) {
            entry->second.activity.last = now;
        }
    });
}

void
ConflictTable::unsetHolder(Conflict& conflict) {
    changeMachines(conflict, [&conflict] { conflict.holder = HardwareAddress(); });
}

void
ConflictTable::confirm(Conflict& conflict) {
    if (conflict.level != Level::CONFIRMED) {
        changeList(conflict, [&conflict] { conflict.level = Level::CONFIRMED; });
    }
}

void
ConflictTable::erase(const Conflict& conflict, bool cured) {
    past_.insert(conflict.identifier, cured);
    const auto networks = by_identifier_.find(conflict.identifier);
    const auto entry = networks->second.find(conflict.network);
    const auto position = entry->second;
    networks->second.erase(entry);
    if (networks->second.empty()) {
        by_identifier_.erase(networks);
    }
    claimants_ -= conflict.claimants();
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

const Conflict*
ConflictTable::next(ByteView identifier, const std::string& network) const {
    auto at = by_identifier_.lower_bound(identifier);
    if (at != by_identifier_.end() && ByteView(at->first) == identifier) {
        const auto in_network = at->second.upper_bound(network);
        if (in_network != at->second.end()) {
            return (&*in_network->second);
        }
        ++at;
    }
    return (at == by_identifier_.end() ? nullptr : &*at->second.begin()->second);
}

}  // namespace clone_guard
