// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/conflict_registry.h>

namespace clone_guard {

namespace {

using Lock = std::lock_guard<std::mutex>;

/// The number of machines that one check of a conflict examines at most.
constexpr size_t MAX_EXAMINED = 1024;

ReportDecision
notRecorded() {
    ReportDecision decision;
    decision.recorded = false;
    return (decision);
}

/// Keeps a text or an option of a message that has one.
template <typename Content>
void
keep(Content& known, const Content& sent) {
    if (!sent.empty() && known != sent) {
        known = sent;
    }
}

/// Returns the kind of report about a machine that appears in a conflict of a level.
ReportKind
kindOf(Level level) {
    return (level == Level::CONFIRMED ? ReportKind::CONFIRMED : ReportKind::SUSPECTED);
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
ConflictRegistry::wasCured(ByteView identifier) const {
    if (table_.hasNoPast()) {
        return (false);
    }
    const Lock lock(mutex_);
    return (table_.wasCured(identifier));
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

std::pair<Conflict*, Machine*>
ConflictRegistry::findOrAdd(const std::string& network, ByteView identifier,
                            const HardwareAddress& holder, const HardwareAddress& address,
                            bool on_record, Instant now) {
    auto* conflict = table_.findOrOpen(network, identifier, holder, on_record, now);
    return {conflict, conflict ? table_.findOrAddMachine(*conflict, address, now) : nullptr};
}

void
ConflictRegistry::recordActivity(Conflict& conflict, const HardwareAddress& sender,
                                 MachineActivity& machine, Activity activity, Instant now) {
    const auto* other =
        activity == Activity::RENEWAL ? conflict.machine(conflict.proof.comparedWith(sender)) : nullptr;
    if (conflict.proof.record(sender, machine, activity, now, other ? &other->activity : nullptr)) {
        table_.confirm(conflict);
    }
}

ReportDecision
ConflictRegistry::decide(ReportKind kind, const Conflict& conflict, const HardwareAddress& address,
                         Machine& claimant, Instant now) const {
    auto decision = limiter_.decide(kind, claimant.reports, now);
    decision.level = conflict.level;
    decision.claimant = address;
    decision.holder = conflict.holder;
    decision.claimants = conflict.claimants();
    return (decision);
}

ReportDecision
ConflictRegistry::decideWithinBudget(ReportKind kind, const Conflict& conflict,
                                     const HardwareAddress& address, Machine& claimant, Instant now) {
    auto& limit = claimant.reports.limits[static_cast<size_t>(kind)];
    if (limit.reported || budget_.take(now)) {
        return (decide(kind, conflict, address, claimant, now));
    }
    ReportDecision decision;
    decision.held_back = true;
    decision.first = limit.suppressed == 0;
    ++limit.suppressed;
    return (decision);
}

ReportDecision
ConflictRegistry::recordClaimant(const std::string& network, ByteView identifier,
                                 const HardwareAddress& holder, const HardwareAddress& address,
                                 Activity activity, Instant now, Opening opening, const Facts& facts) {
    const Lock lock(mutex_);
    if (opening == Opening::DENIED && !table_.find(network, identifier)) {
        // A later DISCOVER of the claimant is judged as after a conflict.
        table_.rememberPast(identifier);
        return {};
    }
    const auto [conflict, claimant] =
        findOrAdd(network, identifier, holder, address, opening == Opening::ON_RECORD, now);
    if (!claimant) {
        return (notRecorded());
    }
    const auto level = conflict->level;
    table_.setHolder(*conflict, holder, now);
    if (conflict->holder == address) {
        table_.unsetHolder(*conflict);
    }
    recordActivity(*conflict, address, claimant->activity, activity, now);
    keep(claimant->activity.hostname, facts.hostname);
    keep(conflict->client, facts.client);
    keep(conflict->requested_options, facts.requested_options);
    auto* known = conflict->machine(conflict->holder);
    if (known && known->activity.latest == 0) {
        keep(known->activity.hostname, facts.holder_hostname);
        known->activity.leased = std::max(known->activity.leased, facts.holder_leased);
    }
    const auto kind = kindOf(conflict->level);
    // The proof itself is never held back. A machine that only joins a confirmed conflict may be.
    return (level == conflict->level ? decideWithinBudget(kind, *conflict, address, *claimant, now)
                                     : decide(kind, *conflict, address, *claimant, now));
}

ReportDecision
ConflictRegistry::recordHolder(const std::string& network, ByteView identifier,
                               const HardwareAddress& holder, Activity activity, Instant now,
                               const std::string& hostname) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (!conflict) {
        return {};
    }
    table_.touch(*conflict, now);
    const auto level = conflict->level;
    table_.setHolder(*conflict, holder, now);
    auto& sender = conflict->machines[holder].activity;
    recordActivity(*conflict, holder, sender, activity, now);
    keep(sender.hostname, hostname);
    // The claimant that renewed before the holder confirms the conflict together with it.
    const auto& address = conflict->proof.renewedBefore();
    auto* claimant = address == holder ? nullptr : conflict->machine(address);
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
    const auto [conflict, claimant] = findOrAdd(network, identifier, holder, address, true, now);
    if (!claimant) {
        return (notRecorded());
    }
    recordActivity(*conflict, address, claimant->activity, Activity::NONE, now);
    return (decideWithinBudget(kind, *conflict, address, *claimant, now));
}

ReportDecision
ConflictRegistry::recordLease(const std::string& network, ByteView identifier,
                              const HardwareAddress& holder, const HardwareAddress& address,
                              Instant now) {
    const Lock lock(mutex_);
    const auto [conflict, claimant] = findOrAdd(network, identifier, holder, address, true, now);
    if (!claimant) {
        return (notRecorded());
    }
    const auto kind = kindOf(conflict->level);
    if (claimant->reports.limits[static_cast<size_t>(kind)].reported) {
        return {};
    }
    return (decide(kind, *conflict, address, *claimant, now));
}

bool
ConflictRegistry::recordAddress(const std::string& network, ByteView identifier,
                                const HardwareAddress& address, IpAddress ip, Instant now) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    auto* claimant = conflict ? conflict->machine(address) : nullptr;
    return (claimant && limiter_.recordAddress(claimant->reports, ip, now));
}

bool
ConflictRegistry::hasAddress(const std::string& network, ByteView identifier,
                             const HardwareAddress& address, IpAddress ip) const {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    const auto* claimant = conflict ? conflict->machine(address) : nullptr;
    return (claimant && claimant->reports.ip == ip);
}

void
ConflictRegistry::markReleased(const std::string& network, ByteView identifier,
                               const HardwareAddress& address, Instant now) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (auto* machine = conflict ? conflict->machine(address) : nullptr) {
        machine->activity.released = true;
        machine->activity.last = now;
    }
}

std::optional<std::vector<ConflictRegistry::SilentMachine>>
ConflictRegistry::silentMachines(const std::string& network, ByteView identifier,
                                 const HardwareAddress& sender, std::chrono::milliseconds silence,
                                 std::chrono::milliseconds interval, Instant now) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (!conflict || now - conflict->checked < interval) {
        return (std::nullopt);
    }
    conflict->checked = now;
    std::vector<SilentMachine> silent;
    const auto& machines = conflict->machines;
    auto next = machines.upper_bound(conflict->checked_last);
    const auto examined = std::min(machines.size(), MAX_EXAMINED);
    for (size_t count = 0; count < examined && silent.size() < MAX_SILENT_MACHINES; ++count, ++next) {
        if (next == machines.end()) {
            next = machines.begin();
        }
        const auto& [address, machine] = *next;
        conflict->checked_last = address;
        if (address != sender && machine.activity.absence == Absence::NONE &&
            machine.activity.isSilent(silence, now)) {
            silent.push_back({address, machine.activity});
        }
    }
    return (silent);
}

/// Returns a machine that silentMachines() has returned, or null if it has sent a message since or left the conflict.
Machine*
ConflictRegistry::silentMachine(const std::string& network, ByteView identifier,
                                const SilentMachine& machine) {
    auto* conflict = table_.find(network, identifier);
    auto* found = conflict ? conflict->machine(machine.address) : nullptr;
    return (found && found->activity.latest == machine.activity.latest ? found : nullptr);
}

void
ConflictRegistry::noteOtherLease(const std::string& network, ByteView identifier,
                                 const SilentMachine& machine, int64_t time) {
    const Lock lock(mutex_);
    if (auto* found = silentMachine(network, identifier, machine)) {
        found->activity.other_lease = time;
    }
}

bool
ConflictRegistry::markAbsent(const std::string& network, ByteView identifier,
                             const SilentMachine& machine, Absence absence) {
    const Lock lock(mutex_);
    auto* found = silentMachine(network, identifier, machine);
    if (!found || found->activity.absence != Absence::NONE) {
        return (false);
    }
    found->activity.absence = absence;
    return (true);
}

std::optional<ConflictEnd>
ConflictRegistry::closeIfOver(const std::string& network, ByteView identifier) {
    const Lock lock(mutex_);
    auto* conflict = table_.find(network, identifier);
    if (!conflict) {
        return (std::nullopt);
    }
    ConflictEnd end;
    size_t present = 0;
    bool off = false;
    bool expired = false;
    for (const auto& [address, machine] : conflict->machines) {
        if (machine.activity.absence == Absence::NONE) {
            end.left = address;
            if (++present > 1) {
                return (std::nullopt);
            }
        } else if (machine.activity.absence == Absence::GONE) {
            (machine.activity.released ? off : expired) = true;
        }
    }
    if (present == conflict->machines.size()) {
        // A conflict with one machine is about a forged identifier.
        return (std::nullopt);
    }
    end.reason = off && expired ? EndReason::OFF_OR_EXPIRED
                 : off          ? EndReason::OFF
                 : expired      ? EndReason::EXPIRED
                                : EndReason::SEALED;
    table_.erase(*conflict, end.reason == EndReason::SEALED);
    return (end);
}

bool
ConflictRegistry::remove(const std::string& network, ByteView identifier) {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    if (!conflict) {
        table_.rememberPast(identifier, true);
        return (false);
    }
    table_.erase(*conflict, true);
    return (true);
}

std::vector<ConflictView>
ConflictRegistry::list(const ConflictPosition& after, size_t limit, const Bytes* only) const {
    const Lock lock(mutex_);
    std::vector<ConflictView> views;
    size_t room = limit;
    const auto take = [&views, &room](ConflictView view) {
        room -= std::min(room, std::max<size_t>(1, view.claimants.size()));
        views.push_back(std::move(view));
    };
    if (const auto* begun = table_.find(after.network, after.identifier)) {
        auto rest = toView(*begun, after.claimant, room);
        if (!rest.claimants.empty()) {
            take(std::move(rest));
        }
    }
    const auto* conflict = table_.next(after.identifier, after.network);
    while (conflict && room > 0 && (!only || conflict->identifier == *only)) {
        take(toView(*conflict, HardwareAddress(), room));
        conflict = table_.next(conflict->identifier, conflict->network);
    }
    return (views);
}

std::optional<ConflictView>
ConflictRegistry::view(const std::string& network, ByteView identifier, size_t limit) const {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    return (conflict ? std::optional<ConflictView>(toView(*conflict, HardwareAddress(), limit))
                     : std::nullopt);
}

std::optional<MachineActivity>
ConflictRegistry::claimant(const std::string& network, ByteView identifier,
                           const HardwareAddress& address) const {
    const Lock lock(mutex_);
    const auto* conflict = table_.find(network, identifier);
    const auto* machine = conflict && conflict->holder != address ? conflict->machine(address) : nullptr;
    return (machine ? std::optional<MachineActivity>(machine->activity) : std::nullopt);
}

std::vector<ConflictView>
ConflictRegistry::views(ByteView identifier) const {
    const Lock lock(mutex_);
    std::vector<ConflictView> views;
    for (const auto* conflict : table_.of(identifier)) {
        views.push_back(toView(*conflict, HardwareAddress(), 0));
    }
    return (views);
}

size_t
ConflictRegistry::confirmed() const {
    const Lock lock(mutex_);
    return (table_.confirmed());
}

}  // namespace clone_guard
