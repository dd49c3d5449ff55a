// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict_table.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// A template has more than one clone, so a small table of conflicts still has room for these.
constexpr size_t CLAIMANTS_PER_CONFLICT = 4;
constexpr size_t MIN_CLAIMANTS = 4096;

}  // namespace

std::string
toText(Level level) {
    return (level == Level::CONFIRMED ? "confirmed" : "suspected");
}

ConflictTable::ConflictTable(size_t max_conflicts, std::chrono::seconds repeat) :
    max_conflicts_(max_conflicts),
    max_claimants_(std::max(max_conflicts * CLAIMANTS_PER_CONFLICT, MIN_CLAIMANTS)), repeat_(repeat) {}

bool
ConflictTable::hasConflict(ByteView identifier) const {
    if (size() == 0) {
        return (false);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    return (by_identifier_.find(identifier) != by_identifier_.end());
}

bool
ConflictTable::hadConflict(ByteView identifier) const {
    if (!has_past_.load(std::memory_order_relaxed)) {
        return (false);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    return (past_.find(identifier) != past_.end());
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

bool
ConflictTable::isOpen(const std::string& network, ByteView identifier) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return (find(network, identifier) != nullptr);
}

bool
ConflictTable::isConfirmed(const std::string& network, ByteView identifier) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto* conflict = find(network, identifier);
    return (conflict && conflict->level == Level::CONFIRMED);
}

void
ConflictTable::forget(Quietest::iterator conflict) {
    if (past_.insert(conflict->identifier).second) {
        has_past_.store(true, std::memory_order_relaxed);
        past_in_order_.push_back(conflict->identifier);
        if (past_in_order_.size() > max_conflicts_) {
            past_.erase(past_in_order_.front());
            past_in_order_.pop_front();
        }
    }
    const auto networks = by_identifier_.find(conflict->identifier);
    networks->second.erase(conflict->network);
    if (networks->second.empty()) {
        by_identifier_.erase(networks);
    }
    claimants_ -= conflict->claimants.size();
    listOf(*conflict).erase(conflict);
    size_.fetch_sub(1, std::memory_order_relaxed);
}

/// Forgets the suspected conflict that has been quiet the longest, unless it is the one to keep.
bool
ConflictTable::makeRoom(const Conflict* keep, Instant now) {
    auto& suspected = quietest_[static_cast<size_t>(Level::SUSPECTED)];
    if (suspected.empty() || &suspected.front() == keep || now - suspected.front().heard < MIN_IDLE) {
        return (false);
    }
    forget(suspected.begin());
    return (true);
}

/// Finds or opens a conflict and makes it the one that was active last. Null where there is no room.
ConflictTable::Conflict*
ConflictTable::open(const std::string& network, ByteView identifier, const HardwareAddress& holder,
                    Instant now) {
    if (auto* known = find(network, identifier)) {
        auto& list = listOf(*known);
        list.splice(list.end(), list, by_identifier_.find(identifier)->second.at(network));
        known->heard = now;
        return (known);
    }
    while (size() >= max_conflicts_) {
        if (!makeRoom(nullptr, now)) {
            return (nullptr);
        }
    }
    auto& list = quietest_[static_cast<size_t>(Level::SUSPECTED)];
    list.emplace_back();
    const auto conflict = std::prev(list.end());
    conflict->identifier = identifier.copy();
    conflict->network = network;
    conflict->holder = holder;
    conflict->heard = now;
    conflict->holder_presence.last = now;
    conflict->looked = now;
    by_identifier_[conflict->identifier].emplace(network, conflict);
    size_.fetch_add(1, std::memory_order_relaxed);
    return (&*conflict);
}

/// Whose the identifier is may have changed since the conflict was opened.
void
ConflictTable::setHolder(Conflict& conflict, const HardwareAddress& holder, Instant now) {
    if (holder.bytes().empty() || conflict.holder == holder) {
        return;
    }
    const auto before = conflict.claimants.find(holder);
    conflict.holder_presence = before == conflict.claimants.end() ? Presence() : before->second.presence;
    conflict.holder_presence.last = now;
    eraseClaimant(conflict, holder);
    conflict.holder = holder;
}

/// Finds a claimant of a conflict or adds it. Null where there is no room.
ConflictTable::Claimant*
ConflictTable::findOrAddClaimant(Conflict& conflict, const HardwareAddress& claimant, Instant now) {
    const auto known = conflict.claimants.find(claimant);
    if (known != conflict.claimants.end()) {
        return (&known->second);
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

const ConflictTable::Presence*
ConflictTable::presenceOf(const Conflict& conflict, const HardwareAddress& address) {
    if (address == conflict.holder) {
        return (&conflict.holder_presence);
    }
    const auto claimant = conflict.claimants.find(address);
    return (claimant == conflict.claimants.end() ? nullptr : &claimant->second.presence);
}

/// Each has renewed after a message of the other: the other's last renewal lies after the boot of the one
/// that renews now, and a message of this one lies between the other's boot and that renewal.
bool
ConflictTable::bothAlive(const Presence& renewing, uint64_t heard_before, const Presence& other) {
    const auto during = [&other](uint64_t message) {
        return (message > other.boot && message < other.alive);
    };
    return (other.alive > renewing.boot && (during(renewing.boot) || during(heard_before)));
}

/// A renewal is held against the last renewal of another one only, not against that of all others: with
/// thousands of claimants that would take too long under the lock. It costs at most a round of renewals.
void
ConflictTable::recordActivity(Conflict& conflict, const HardwareAddress& address, Presence& presence,
                              Activity activity, Instant now) {
    const auto heard_before = presence.heard;
    presence.heard = ++conflict.messages;
    presence.last = now;
    presence.gone = false;
    if (activity == Activity::BOOT || (activity == Activity::RENEWAL && presence.boot == 0)) {
        presence.boot = presence.heard;
        presence.alive = 0;
    }
    if (activity != Activity::RENEWAL) {
        return;
    }
    auto& [latest, earlier] = conflict.renewed_last;
    const auto* other = presenceOf(conflict, latest == address ? earlier : latest);
    if (other && other != &presence && bothAlive(presence, heard_before, *other)) {
        confirm(conflict);
    }
    presence.alive = presence.heard;
    if (latest != address) {
        earlier = latest;
        latest = address;
    }
}

void
ConflictTable::confirm(Conflict& conflict) {
    if (conflict.level == Level::CONFIRMED) {
        return;
    }
    const auto position = by_identifier_.find(conflict.identifier)->second.at(conflict.network);
    auto& from = listOf(conflict);
    conflict.level = Level::CONFIRMED;
    auto& to = listOf(conflict);
    to.splice(to.end(), from, position);
}

ReportDecision
ConflictTable::decide(ReportKind kind, const Conflict& conflict, const HardwareAddress& address,
                      Claimant& claimant, Instant now) const {
    ReportDecision notice;
    notice.level = conflict.level;
    notice.claimant = address;
    notice.holder = conflict.holder;
    notice.claimants = conflict.claimants.size();
    auto& limit = claimant.limits[static_cast<size_t>(kind)];
    notice.first = !limit.told;
    notice.report = notice.first || (repeat_.count() > 0 && now - limit.last >= repeat_);
    if (!notice.report) {
        ++limit.suppressed;
        return (notice);
    }
    notice.suppressed = limit.suppressed;
    limit = RateLimit{true, now, 0};
    return (notice);
}

ReportDecision
ConflictTable::recordClaimant(const std::string& network, ByteView identifier,
                              const HardwareAddress& holder, const HardwareAddress& address,
                              Activity activity, Instant now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto* conflict = open(network, identifier, holder, now);
    auto* claimant = conflict ? findOrAddClaimant(*conflict, address, now) : nullptr;
    if (!claimant) {
        ReportDecision notice;
        notice.known = false;
        return (notice);
    }
    setHolder(*conflict, holder, now);
    recordActivity(*conflict, address, claimant->presence, activity, now);
    auto notice =
        decide(conflict->level == Level::CONFIRMED ? ReportKind::CONFIRMED : ReportKind::SUSPECTED,
               *conflict, address, *claimant, now);
    return (notice);
}

ReportDecision
ConflictTable::recordHolder(const std::string& network, ByteView identifier,
                            const HardwareAddress& holder, Activity activity, Instant now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!find(network, identifier)) {
        return {};
    }
    auto& conflict = *open(network, identifier, holder, now);
    const auto level = conflict.level;
    setHolder(conflict, holder, now);
    recordActivity(conflict, holder, conflict.holder_presence, activity, now);
    if (level == conflict.level) {
        return {};
    }
    // Confirmed together with the one that renewed before.
    const auto& claimant = conflict.renewed_last[1];
    return (decide(ReportKind::CONFIRMED, conflict, claimant, conflict.claimants[claimant], now));
}

ReportDecision
ConflictTable::recordBlocked(ReportKind kind, const std::string& network, ByteView identifier,
                             const HardwareAddress& holder, const HardwareAddress& address,
                             Instant now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto* conflict = open(network, identifier, holder, now);
    auto* claimant = conflict ? findOrAddClaimant(*conflict, address, now) : nullptr;
    if (!claimant) {
        ReportDecision notice;
        notice.known = false;
        return (notice);
    }
    recordActivity(*conflict, address, claimant->presence, Activity::NONE, now);
    return (decide(kind, *conflict, address, *claimant, now));
}

bool
ConflictTable::recordAddress(const std::string& network, ByteView identifier,
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

bool
ConflictTable::hasAddress(const std::string& network, ByteView identifier,
                          const HardwareAddress& claimant, uint32_t ip) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto* conflict = find(network, identifier);
    if (!conflict) {
        return (false);
    }
    const auto known = conflict->claimants.find(claimant);
    return (known != conflict->claimants.end() && known->second.ip == ip);
}

void
ConflictTable::markReleased(const std::string& network, ByteView identifier,
                            const HardwareAddress& address) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto* conflict = find(network, identifier);
    if (!conflict) {
        return;
    }
    const auto claimant = conflict->claimants.find(address);
    if (claimant != conflict->claimants.end()) {
        claimant->second.presence.gone = true;
    } else if (conflict->holder == address) {
        conflict->holder_presence.gone = true;
    }
}

std::optional<std::vector<HardwareAddress>>
ConflictTable::idleMembers(const std::string& network, ByteView identifier,
                           const HardwareAddress& speaker, std::chrono::milliseconds silence,
                           std::chrono::milliseconds interval, Instant now) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto* conflict = find(network, identifier);
    if (!conflict || now - conflict->looked < interval) {
        return (std::nullopt);
    }
    conflict->looked = now;
    const auto lately = [&](const Presence& presence) {
        return (!presence.gone && now - presence.last < silence);
    };
    if (conflict->holder != speaker && lately(conflict->holder_presence)) {
        return (std::nullopt);
    }
    std::vector<HardwareAddress> silent;
    for (const auto& [address, claimant] : conflict->claimants) {
        if (address == speaker) {
            continue;
        }
        if (lately(claimant.presence)) {
            return (std::nullopt);
        }
        silent.push_back(address);
        if (silent.size() == MAX_SILENT) {
            break;
        }
    }
    return (silent);
}

bool
ConflictTable::removeClaimants(const std::string& network, ByteView identifier,
                               const std::vector<HardwareAddress>& gone,
                               const HardwareAddress& speaker) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto* conflict = find(network, identifier);
    if (!conflict) {
        return (false);
    }
    for (const auto& claimant : gone) {
        eraseClaimant(*conflict, claimant);
    }
    // Somebody else may have joined since the look.
    const auto others = conflict->claimants.size() - conflict->claimants.count(speaker);
    if (others > 0) {
        return (false);
    }
    forget(by_identifier_.find(identifier)->second.at(network));
    return (true);
}

bool
ConflictTable::remove(const std::string& network, ByteView identifier) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!find(network, identifier)) {
        return (false);
    }
    forget(by_identifier_.find(identifier)->second.at(network));
    return (true);
}

}  // namespace clone_guard
