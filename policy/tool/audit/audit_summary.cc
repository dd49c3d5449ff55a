// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_summary.h>

#include <core/audit/audit_event.h>
#include <core/audit/audit_field.h>
#include <core/conflicts/end_reason.h>
#include <core/explain/vendors.h>
#include <core/identity/bytes.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace clone_guard {

namespace {

constexpr std::chrono::hours DAY(24);

/// The places of audit_field::OF_IDENTIFIER in a record.
constexpr auto IDENTITY = [] {
    std::array<size_t, audit_field::OF_IDENTIFIER.size()> places{};
    for (size_t i = 0; i < places.size(); ++i) {
        places[i] = auditFieldIndex(audit_field::OF_IDENTIFIER[i]);
    }
    return (places);
}();

/// Returns the constant of an event of a conflict, or an empty text if the event is another one.
std::string_view
conflictEvent(const std::string& event) {
    const auto& events = audit_event::OF_CONFLICTS;
    const auto* const found = std::find(events.begin(), events.end(), event);
    return (found == events.end() ? std::string_view() : *found);
}

bool
isBlockedEvent(const std::string& event) {
    return (event == audit_event::RELEASE_BLOCKED || event == audit_event::DECLINE_BLOCKED);
}

/// Replaces a value if the record has a new one.
void
updateIfSet(std::string& value, const std::string& new_value) {
    if (!new_value.empty()) {
        value = new_value;
    }
}

void
addAddress(AuditMachine& machine, const std::string& address) {
    auto& all = machine.addresses;
    if (!address.empty() && std::find(all.begin(), all.end(), address) == all.end() &&
        all.size() < AuditMachine::MAX_ADDRESSES) {
        all.push_back(address);
    }
}

void
addSighting(AuditMachine& machine, UtcTime time, std::string_view event) {
    auto& all = machine.sightings;
    const auto place =
        std::upper_bound(all.begin(), all.end(), time,
                         [](UtcTime left, const Sighting& sighting) { return (left < sighting.time); });
    if (all.size() < AuditMachine::MAX_SIGHTINGS) {
        all.insert(place, {time, event});
        return;
    }
    const auto last = all.end() - 1;
    if (place == all.end()) {
        *last = {time, event};
        return;
    }
    // The last sighting stays, and the one before it makes room.
    if (place != last) {
        std::move_backward(place, last - 1, last);
        *place = {time, event};
    }
}

/// Adds the last renewal of the holder's lease, which several records repeat.
void
addRenewal(AuditMachine& machine, UtcTime time, UtcTime record_time) {
    // A renewal further away from its record is forged, or comes from a clock that was wrong.
    if (time < record_time - 366 * DAY || time > record_time + DAY) {
        return;
    }
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const auto& all = machine.sightings;
    const auto found =
        std::lower_bound(all.begin(), all.end(), second, [](const Sighting& sighting, UtcTime right) {
            return (sighting.time < right);
        });
    if (found == all.end() || found->time >= second + std::chrono::seconds(1)) {
        addSighting(machine, time, Sighting::RENEWED);
    }
}

auto
countPresent(const AuditConflict& conflict) {
    return (std::count_if(conflict.machines.begin(), conflict.machines.end(),
                          [](const AuditMachine& machine) { return (!machine.isGone()); }));
}

Departure
departureAt(const std::string& reason) {
    if (reason == end_reason::OFF) {
        return (Departure::OFF);
    }
    if (reason == end_reason::EXPIRED) {
        return (Departure::EXPIRED);
    }
    if (reason == end_reason::OFF_OR_EXPIRED) {
        return (Departure::OFF_OR_EXPIRED);
    }
    return (reason == end_reason::SEALED ? Departure::SEALED : Departure::UNKNOWN);
}

/// The status of a conflict after a record, whose machines are up to date.
ConflictStatus
statusAfter(const AuditConflict& conflict, const std::string& event) {
    const auto before = conflict.status;
    if (event == audit_event::CONFLICT_CONFIRMED) {
        return (ConflictStatus::CONFIRMED);
    }
    if (event == audit_event::CONFLICT_SUSPECTED || event == audit_event::ADDRESS_ASSIGNED) {
        // The guard starts anew with each configuration and then reports a confirmed conflict as suspected again.
        return (before == ConflictStatus::CONFIRMED ? before : ConflictStatus::SUSPECTED);
    }
    if (isBlockedEvent(event)) {
        return (std::min(before, ConflictStatus::BLOCKED));
    }
    if (event == audit_event::IDENTITY_MOVED) {
        return (isOpen(before) && countPresent(conflict) > 1 ? before : ConflictStatus::MOVED);
    }
    if (event == audit_event::CONFLICT_ENDED) {
        return (ConflictStatus::ENDED);
    }
    if (event == audit_event::MACHINE_SEALED && conflict.records == 1) {
        return (ConflictStatus::SUSPECTED);
    }
    return (before);
}

/// The order of conflicts that are equally urgent and equally late.
auto
placeOf(const AuditConflict& conflict) {
    return (std::make_tuple(std::string_view(conflict.network),
                            conflict.network.empty() ? conflict.subnet_id : 0,
                            std::string_view(conflict.known(audit_field::CLIENT_ID))));
}

}  // namespace

void
AuditSummary::add(const AuditEntry& entry) {
    ++records_;
    begin_ = records_ == 1 ? entry.time : std::min(begin_, entry.time);
    end_ = records_ == 1 ? entry.time : std::max(end_, entry.time);
    if (entry.event == audit_event::GUARD_DEGRADED) {
        recordDegradation(entry);
        return;
    }
    // The record of a conflict that an operator deleted names no sender.
    const bool has_sender = !entry.field(audit_field::HW_ADDRESS).empty();
    if (conflictEvent(entry.event).empty() || entry.field(audit_field::CLIENT_ID).empty() ||
        (!has_sender && entry.event != audit_event::CONFLICT_ENDED)) {
        // A later version of the guard may have other events.
        return;
    }
    auto& conflict = findOrAddConflict(entry);
    ++conflict.records;
    conflict.first = conflict.records == 1 ? entry.time : std::min(conflict.first, entry.time);
    conflict.last = conflict.records == 1 ? entry.time : std::max(conflict.last, entry.time);
    updateIfSet(conflict.policy, entry.field(audit_field::POLICY));
    updateIfSet(conflict.interface, entry.field(audit_field::INTERFACE));
    for (size_t i = 0; i < conflict.identity.size(); ++i) {
        updateIfSet(conflict.identity.at(i), entry.texts.at(IDENTITY.at(i)));
    }
    recordHolder(conflict, entry);
    if (entry.event == audit_event::CONFLICT_ENDED) {
        recordEnd(conflict, entry);
    }
    if (has_sender) {
        recordSender(conflict, entry);
    }
    conflict.status = statusAfter(conflict, entry.event);
}

void
AuditSummary::recordDegradation(const AuditEntry& entry) {
    const auto& reason = entry.field(audit_field::REASON);
    auto found = std::find_if(degradations_.begin(), degradations_.end(),
                              [&reason](const Degradation& other) { return (other.reason == reason); });
    if (found == degradations_.end()) {
        if (degradations_.size() >= MAX_REASONS) {
            return;
        }
        found = degradations_.insert(found, {reason, entry.time, entry.time, 0});
    }
    found->last = std::max(found->last, entry.time);
    ++found->count;
}

AuditConflict&
AuditSummary::findOrAddConflict(const AuditEntry& entry) {
    const auto& network = entry.field(audit_field::NETWORK);
    // The texts are printable, so that no two conflicts have one key.
    const auto key = network + '\n' + (network.empty() ? std::to_string(entry.subnet_id) : "") + '\n' +
                     entry.field(audit_field::CLIENT_ID);
    if (machines_ >= max_machines_) {
        dropLessUrgentHalf();
    }
    auto found = conflicts_.find(key);
    if (found == conflicts_.end()) {
        if (conflicts_.size() >= max_conflicts_) {
            dropLessUrgentHalf();
        }
        found = conflicts_.emplace(key, AuditConflict()).first;
        found->second.network = network;
        // The status if the only records are blocked messages.
        found->second.status = ConflictStatus::BLOCKED;
    }
    if (entry.subnet_id != 0) {
        found->second.subnet_id = entry.subnet_id;
    }
    return (found->second);
}

AuditMachine*
AuditSummary::findOrAddMachine(AuditConflict& conflict, const std::string& hw_address) {
    auto& machines = conflict.machines;
    const auto found = conflict.places.find(hw_address);
    if (found != conflict.places.end()) {
        return (&machines[found->second]);
    }
    if (machines.size() >= AuditConflict::MAX_MACHINES) {
        ++conflict.unlisted;
        return (nullptr);
    }
    ++machines_;
    conflict.places.emplace(hw_address, machines.size());
    machines.emplace_back();
    machines.back().hw_address = hw_address;
    if (const auto bytes = fromHex(hw_address)) {
        machines.back().hw_vendor = hardwareVendor(*bytes);
    }
    return (&machines.back());
}

void
AuditSummary::recordHolder(AuditConflict& conflict, const AuditEntry& entry) {
    const auto& hw_address = entry.field(audit_field::HOLDER_HW_ADDRESS);
    if (hw_address.empty()) {
        return;
    }
    if (auto* const machine = findOrAddMachine(conflict, hw_address)) {
        updateIfSet(machine->hostname, entry.field(audit_field::HOLDER_HOSTNAME));
        addAddress(*machine, entry.field(audit_field::HOLDER_ADDRESS));
        if (entry.holder_last_seen) {
            addRenewal(*machine, *entry.holder_last_seen, entry.time);
        }
        if (entry.event == audit_event::CONFLICT_CONFIRMED) {
            addSighting(*machine, entry.time, audit_event::CONFLICT_CONFIRMED);
        }
        // The record of a move names the former holder.
        const bool still_sealed = machine->departure == Departure::SEALED &&
                                  !(entry.holder_last_seen && *entry.holder_last_seen > machine->sealed);
        if (!still_sealed) {
            machine->departure =
                entry.event == audit_event::IDENTITY_MOVED ? Departure::MOVED : Departure::NONE;
        }
    }
    conflict.holder = hw_address;
}

/// Records the end of a conflict: all machines but the one in the record are gone. A command changes no machine.
void
AuditSummary::recordEnd(AuditConflict& conflict, const AuditEntry& entry) {
    conflict.end_reason = entry.field(audit_field::REASON);
    if (conflict.end_reason == end_reason::DELETED) {
        return;
    }
    for (auto& machine : conflict.machines) {
        if (machine.departure != Departure::SEALED) {
            machine.departure = departureAt(conflict.end_reason);
        }
    }
}

void
AuditSummary::recordSender(AuditConflict& conflict, const AuditEntry& entry) {
    const bool moved = entry.event == audit_event::IDENTITY_MOVED;
    const bool ended = entry.event == audit_event::CONFLICT_ENDED;
    const bool sealed = entry.event == audit_event::MACHINE_SEALED;
    const auto& hw_address = entry.field(audit_field::HW_ADDRESS);
    auto* const machine = findOrAddMachine(conflict, hw_address);
    if (moved || ended) {
        conflict.holder = hw_address;
    }
    if (!machine) {
        return;
    }
    machine->departure = sealed ? Departure::SEALED : Departure::NONE;
    machine->sealed = sealed ? entry.time : machine->sealed;
    updateIfSet(machine->hw_vendor, entry.field(audit_field::HW_VENDOR));
    updateIfSet(machine->hostname, entry.field(audit_field::HOSTNAME));
    updateIfSet(machine->vendor_class, entry.field(audit_field::VENDOR_CLASS));
    updateIfSet(machine->relay, entry.field(audit_field::RELAY));
    updateIfSet(machine->circuit_id, entry.field(audit_field::CIRCUIT_ID));
    updateIfSet(machine->remote_id, entry.field(audit_field::REMOTE_ID));
    ++machine->records;
    machine->suppressed += entry.suppressed;
    machine->releases += entry.event == audit_event::RELEASE_BLOCKED ? 1 + entry.suppressed : 0;
    machine->declines += entry.event == audit_event::DECLINE_BLOCKED ? 1 + entry.suppressed : 0;
    addSighting(*machine, entry.time, conflictEvent(entry.event));
    if (!moved && !ended && !sealed) {
        updateIfSet(machine->action, entry.field(audit_field::ACTION));
    }
    // The record of a blocked message names the holder's address.
    if (!isBlockedEvent(entry.event)) {
        addAddress(*machine, entry.field(audit_field::ADDRESS));
    }
}

void
AuditSummary::dropLessUrgentHalf() {
    const auto ordered = conflicts();
    const auto middle = ordered.begin() + static_cast<std::ptrdiff_t>(ordered.size() / 2);
    const std::set<const AuditConflict*> less_urgent(middle, ordered.end());
    for (auto at = conflicts_.begin(); at != conflicts_.end();) {
        if (less_urgent.count(&at->second) > 0) {
            machines_ -= at->second.machines.size();
            at = conflicts_.erase(at);
            ++dropped_;
        } else {
            ++at;
        }
    }
}

void
AuditSummary::update(const std::function<void(AuditConflict&)>& change) {
    for (auto& [key, conflict] : conflicts_) {
        change(conflict);
    }
}

std::vector<const AuditConflict*>
AuditSummary::conflicts() const {
    std::vector<const AuditConflict*> ordered;
    for (const auto& [key, conflict] : conflicts_) {
        ordered.push_back(&conflict);
    }
    std::sort(ordered.begin(), ordered.end(), [](const AuditConflict* left, const AuditConflict* right) {
        if (left->status != right->status) {
            return (left->status < right->status);
        }
        return (left->last != right->last ? left->last > right->last : placeOf(*left) < placeOf(*right));
    });
    return (ordered);
}

}  // namespace clone_guard
