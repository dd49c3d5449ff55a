// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict_registry.h>

namespace clone_guard {

namespace {

using Lock = std::lock_guard<std::mutex>;

std::vector<ConflictView>
toViews(const std::vector<const Conflict*>& conflicts) {
    std::vector<ConflictView> views;
    views.reserve(conflicts.size());
    for (const auto* conflict : conflicts) {
        views.push_back(toView(*conflict));
    }
    return (views);
}

ReportDecision
notRecorded() {
    ReportDecision decision;
    decision.recorded = false;
    return (decision);
}

}  // namespace

bool
ConflictRegistry::hasConflict(ByteView identifier) const {
    if (table_.size() == 0) {
        return (false);
    }
    const Lock lock(mutex_);
    return (table_.contains(identifier));
}

bool
ConflictRegistry::hadConflict(ByteView identifier) const {
    if (table_.hasNoPast()) {
        return (false);
    }
    const Lock lock(mutex_);
    return (table_.contained(identifier));
}

bool
ConflictRegistry::isConfirmed(const std::string& network, ByteView identifier) const {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    return (conflict && conflict->level == Level::CONFIRMED);
}

std::optional<HardwareAddress>
ConflictRegistry::holder(const std::string& network, ByteView identifier) const {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    if (!conflict || conflict->holder.bytes().empty()) {
        return (std::nullopt);
    }
    return (conflict->holder);
}

void
ConflictRegistry::recordActivity(Conflict& conflict, const HardwareAddress& sender,
                                 MachineActivity& machine, Activity activity, Instant now) {
    const auto* other = activity == Activity::RENEWAL
                            ? conflict.activityOf(conflict.proof.comparedWith(sender))
                            : nullptr;
    if (conflict.proof.record(sender, machine, activity, now, other)) {
        table_.confirm(conflict);
    }
}

ReportDecision
ConflictRegistry::decide(ReportKind kind, const Conflict& conflict, const HardwareAddress& address,
                         Claimant& claimant, Instant now) const {
    auto decision = limiter_.decide(kind, claimant.reports, now);
    decision.level = conflict.level;
    decision.claimant = address;
    decision.holder = conflict.holder;
    decision.claimants = conflict.claimants.size();
    return (decision);
}

ReportDecision
ConflictRegistry::recordClaimant(const std::string& network, ByteView identifier,
                                 const HardwareAddress& holder, const HardwareAddress& address,
                                 Activity activity, Instant now, Opening opening) {
    const Lock lock(mutex_);
    if (opening == Opening::DENIED && !table_.find(network, identifier)) {
        return {};
    }
    auto* conflict = table_.findOrOpen(network, identifier, holder, now);
    auto* claimant = conflict ? table_.findOrAddClaimant(*conflict, address, now) : nullptr;
    if (!claimant) {
        return (notRecorded());
    }
    table_.setHolder(*conflict, holder, now);
    recordActivity(*conflict, address, claimant->activity, activity, now);
    const auto kind =
        conflict->level == Level::CONFIRMED ? ReportKind::CONFIRMED : ReportKind::SUSPECTED;
    return (decide(kind, *conflict, address, *claimant, now));
}

ReportDecision
ConflictRegistry::recordHolder(const std::string& network, ByteView identifier,
                               const HardwareAddress& holder, Activity activity, Instant now) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (!conflict) {
        return {};
    }
    table_.touch(*conflict, now);
    const auto level = conflict->level;
    table_.setHolder(*conflict, holder, now);
    recordActivity(*conflict, holder, conflict->holder_activity, activity, now);
    // The claimant that renewed before the holder confirms the conflict together with it.
    const auto& address = conflict->proof.renewedBefore();
    auto* claimant = conflict->claimant(address);
    if (level == conflict->level || !claimant) {
        return {};
    }
    return (decide(ReportKind::CONFIRMED, *conflict, address, *claimant, now));
}

ReportDecision
ConflictRegistry::recordBlocked(ReportKind kind, const std::string& network, ByteView identifier,
                                const HardwareAddress& holder, const HardwareAddress& address,
                                Instant now) {
    const Lock lock(mutex_);
    auto* conflict = table_.findOrOpen(network, identifier, holder, now);
    auto* claimant = conflict ? table_.findOrAddClaimant(*conflict, address, now) : nullptr;
    if (!claimant) {
        return (notRecorded());
    }
    recordActivity(*conflict, address, claimant->activity, Activity::NONE, now);
    return (decide(kind, *conflict, address, *claimant, now));
}

bool
ConflictRegistry::recordAddress(const std::string& network, ByteView identifier,
                                const HardwareAddress& address, IpAddress ip, Instant now) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    auto* claimant = conflict ? conflict->claimant(address) : nullptr;
    return (claimant && limiter_.recordAddress(claimant->reports, ip, now));
}

bool
ConflictRegistry::hasAddress(const std::string& network, ByteView identifier,
                             const HardwareAddress& address, IpAddress ip) const {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    const auto* claimant = conflict ? conflict->claimant(address) : nullptr;
    return (claimant && claimant->reports.ip == ip);
}

void
ConflictRegistry::markReleased(const std::string& network, ByteView identifier,
                               const HardwareAddress& address) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (!conflict) {
        return;
    }
    if (auto* claimant = conflict->claimant(address)) {
        claimant->activity.released = true;
    } else if (conflict->holder == address) {
        conflict->holder_activity.released = true;
    }
}

std::optional<std::vector<HardwareAddress>>
ConflictRegistry::idleMembers(const std::string& network, ByteView identifier,
                              const HardwareAddress& sender, std::chrono::milliseconds timeout,
                              std::chrono::milliseconds interval, Instant now) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (!conflict || now - conflict->checked < interval) {
        return (std::nullopt);
    }
    conflict->checked = now;
    if (conflict->holder != sender && conflict->holder_activity.isActive(timeout, now)) {
        return (std::nullopt);
    }
    std::vector<HardwareAddress> idle;
    for (const auto& [address, claimant] : conflict->claimants) {
        if (address == sender) {
            continue;
        }
        if (claimant.activity.isActive(timeout, now)) {
            return (std::nullopt);
        }
        idle.push_back(address);
        if (idle.size() == MAX_IDLE_MEMBERS) {
            break;
        }
    }
    return (idle);
}

bool
ConflictRegistry::removeClaimants(const std::string& network, ByteView identifier,
                                  const std::vector<HardwareAddress>& claimants,
                                  const HardwareAddress& sender) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (!conflict) {
        return (false);
    }
    for (const auto& claimant : claimants) {
        table_.eraseClaimant(*conflict, claimant);
    }
    // Another claimant may have appeared since the check.
    const auto others = conflict->claimants.size() - conflict->claimants.count(sender);
    if (others > 0) {
        return (false);
    }
    table_.erase(*conflict);
    return (true);
}

bool
ConflictRegistry::remove(const std::string& network, ByteView identifier) {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    if (!conflict) {
        return (false);
    }
    table_.erase(*conflict);
    return (true);
}

std::vector<ConflictView>
ConflictRegistry::list(ByteView after, size_t limit) const {
    const Lock lock(mutex_);
    return (toViews(table_.after(after, limit)));
}

std::optional<ConflictView>
ConflictRegistry::view(const std::string& network, ByteView identifier) const {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    return (conflict ? std::optional<ConflictView>(toView(*conflict)) : std::nullopt);
}

std::vector<ConflictView>
ConflictRegistry::views(ByteView identifier) const {
    const Lock lock(mutex_);
    return (toViews(table_.of(identifier)));
}

size_t
ConflictRegistry::confirmed() const {
    const Lock lock(mutex_);
    return (table_.confirmed());
}

}  // namespace clone_guard
