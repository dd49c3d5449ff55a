// SPDX-License-Identifier: MPL-2.0

#include <core/conflict_table.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// A template has more than one clone, so a small table of conflicts still has room for these.
constexpr size_t CLAIMANTS_PER_CONFLICT = 4;
constexpr size_t MIN_CLAIMANTS = 4096;

}  // namespace

ConflictTable::ConflictTable(size_t max_conflicts, std::chrono::seconds repeat) :
    max_conflicts_(max_conflicts),
    max_claimants_(std::max(max_conflicts * CLAIMANTS_PER_CONFLICT, MIN_CLAIMANTS)), repeat_(repeat) {}

bool
ConflictTable::mentions(ByteView identifier) const {
    if (size() == 0) {
        return (false);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    return (by_identifier_.find(identifier) != by_identifier_.end());
}

const ConflictTable::Conflict*
ConflictTable::find(const std::string& network, ByteView identifier) const {
    const auto networks = by_identifier_.find(identifier);
    if (networks == by_identifier_.end()) {
        return (nullptr);
    }
    const auto conflict = networks->second.find(network);
    return (conflict == networks->second.end() ? nullptr : &*conflict->second);
}

ConflictTable::Conflict*
ConflictTable::find(const std::string& network, ByteView identifier) {
    return (const_cast<Conflict*>(static_cast<const ConflictTable*>(this)->find(network, identifier)));
}

std::optional<HardwareAddress>
ConflictTable::holder(const std::string& network, ByteView identifier) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto* conflict = find(network, identifier);
    if (!conflict || conflict->holder.bytes().empty()) {
        return (std::nullopt);
    }
    return (conflict->holder);
}

bool
ConflictTable::isClaimant(const std::string& network, ByteView identifier,
                          const HardwareAddress& address) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto* conflict = find(network, identifier);
    return (conflict && conflict->claimants.count(address) > 0);
}

void
ConflictTable::forget(Quietest::iterator conflict) {
    const auto networks = by_identifier_.find(conflict->identifier);
    networks->second.erase(conflict->network);
    if (networks->second.empty()) {
        by_identifier_.erase(networks);
    }
    claimants_ -= conflict->claimants.size();
    quietest_.erase(conflict);
    size_.fetch_sub(1, std::memory_order_relaxed);
}

/// Makes room for one more claimant of a conflict by forgetting others.
bool
ConflictTable::makeRoom(const Conflict& keep) {
    while (claimants_ >= max_claimants_) {
        const auto victim = quietest_.begin();
        if (&*victim == &keep) {
            return (false);
        }
        forget(victim);
    }
    return (true);
}

/// Finds or opens a conflict and makes it the one that was active last.
ConflictTable::Conflict&
ConflictTable::open(const std::string& network, ByteView identifier, const HardwareAddress& holder) {
    auto networks = by_identifier_.find(identifier);
    if (networks != by_identifier_.end()) {
        const auto known = networks->second.find(network);
        if (known != networks->second.end()) {
            quietest_.splice(quietest_.end(), quietest_, known->second);
            return (*known->second);
        }
    }
    while (quietest_.size() >= max_conflicts_) {
        forget(quietest_.begin());
    }
    quietest_.push_back(Conflict{identifier.copy(), network, holder, {}});
    const auto conflict = std::prev(quietest_.end());
    by_identifier_[conflict->identifier].emplace(network, conflict);
    size_.fetch_add(1, std::memory_order_relaxed);
    return (*conflict);
}

Notice
ConflictTable::note(Told kind, const std::string& network, ByteView identifier,
                    const HardwareAddress& holder, const HardwareAddress& claimant, Instant now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& conflict = open(network, identifier, holder);
    Notice notice;
    auto known = conflict.claimants.find(claimant);
    if (known == conflict.claimants.end()) {
        if (!makeRoom(conflict)) {
            notice.known = false;
            return (notice);
        }
        known = conflict.claimants.emplace(claimant, Claimant()).first;
        ++claimants_;
    }
    notice.claimants = conflict.claimants.size();
    auto& channel = known->second.channels[static_cast<size_t>(kind)];
    notice.first = !channel.told;
    notice.tell = notice.first || (repeat_.count() > 0 && now - channel.last >= repeat_);
    if (!notice.tell) {
        ++channel.suppressed;
        return (notice);
    }
    notice.suppressed = channel.suppressed;
    channel = Channel{true, now, 0};
    return (notice);
}

bool
ConflictTable::noteAddress(const std::string& network, ByteView identifier,
                           const HardwareAddress& claimant, uint32_t ip, Instant now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto* conflict = find(network, identifier);
    if (!conflict) {
        return (false);
    }
    const auto known = conflict->claimants.find(claimant);
    if (known == conflict->claimants.end() || known->second.ip == ip) {
        return (false);
    }
    auto& about = known->second;
    const bool tell = about.ip == 0 || (repeat_.count() > 0 && now - about.ip_told >= repeat_);
    about.ip = ip;
    if (tell) {
        about.ip_told = now;
    }
    return (tell);
}

}  // namespace clone_guard
