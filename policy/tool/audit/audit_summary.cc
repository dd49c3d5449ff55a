// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_summary.h>

#include <core/explain/vendors.h>
#include <core/identity/bytes.h>

#include <algorithm>
#include <array>

namespace clone_guard {

namespace {

/// What describes the identifier rather than one of the machines, by the names of the audit log.
constexpr std::array<const char*, 13> IDENTITY{
    {"client_id", "iaid", "nic", "iaid_hw_address", "duid", "duid_type", "duid_enterprise_name",
     "duid_hw_address", "duid_hw_vendor", "duid_time", "duid_uuid", "template", "remedy"}};

constexpr int64_t DAY_MS = 86400000;

bool
isConflictEvent(const std::string& event) {
    static const std::array<const char*, 7> events{
        "conflict-suspected", "conflict-confirmed", "address-assigned", "release-blocked",
        "decline-blocked",    "identity-moved",     "conflict-ended"};
    return (std::find(events.begin(), events.end(), event) != events.end());
}

/// Takes over what is known; what is not known stays as it was.
void
learn(std::string& known, const std::string& said) {
    if (!said.empty()) {
        known = said;
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
addSign(AuditMachine& machine, int64_t time_ms, const std::string& event) {
    auto& signs = machine.signs;
    const auto place =
        std::upper_bound(signs.begin(), signs.end(), time_ms,
                         [](int64_t time, const AuditSign& sign) { return (time < sign.time_ms); });
    signs.insert(place, {time_ms, event});
    if (signs.size() > AuditMachine::MAX_SIGNS) {
        signs.erase(signs.end() - 2);
    }
}

/// The holder's lease says when it was there; each record says so again.
void
addRenewal(AuditMachine& machine, int64_t time_ms, int64_t record_ms) {
    // Further away than this there is a forged record, or a clock that was wrong.
    if (time_ms < record_ms - 366 * DAY_MS || time_ms > record_ms + DAY_MS) {
        return;
    }
    const auto known = [time_ms](const AuditSign& sign) {
        return (sign.time_ms / 1000 == time_ms / 1000);
    };
    if (std::none_of(machine.signs.begin(), machine.signs.end(), known)) {
        addSign(machine, time_ms, "renewed");
    }
}

size_t
stillThere(const AuditConflict& conflict) {
    return (
        static_cast<size_t>(std::count_if(conflict.machines.begin(), conflict.machines.end(),
                                          [](const AuditMachine& machine) { return (!machine.gone); })));
}

/// How a conflict stands after a record; the machines know already who is gone.
Standing
standingAfter(const AuditConflict& conflict, const std::string& event) {
    const auto before = conflict.standing;
    if (event == "conflict-confirmed") {
        return (Standing::CONFIRMED);
    }
    if (event == "conflict-suspected" || event == "address-assigned") {
        // To the guard a new configuration is a restart: it finds what was confirmed as suspected again.
        return (before == Standing::CONFIRMED ? before : Standing::SUSPECTED);
    }
    if (event == "release-blocked" || event == "decline-blocked") {
        return (std::min(before, Standing::BLOCKED));
    }
    if (event == "identity-moved") {
        return (isOpen(before) && stillThere(conflict) > 1 ? before : Standing::MOVED);
    }
    if (event == "conflict-ended") {
        return (Standing::ENDED);
    }
    return (before);
}

}  // namespace

const char*
toText(Standing standing) {
    static const std::array<const char*, STANDINGS> words{"confirmed", "suspected", "blocked", "moved",
                                                          "ended"};
    return (words.at(static_cast<size_t>(standing)));
}

const std::string&
AuditConflict::known(std::string_view name) const {
    static const std::string none;
    const auto found = identity.find(name);
    return (found == identity.end() ? none : found->second);
}

std::string
AuditConflict::where() const {
    const auto subnet = subnet_id == 0 ? std::string() : "subnet " + std::to_string(subnet_id);
    if (network.empty()) {
        return (subnet.empty() ? "unknown subnet" : subnet);
    }
    return ("network " + network + (subnet.empty() ? "" : " (" + subnet + ")"));
}

std::string
AuditConflict::origin() const {
    for (const auto* name : {"template", "duid", "client_id"}) {
        if (!known(name).empty()) {
            return (known(name));
        }
    }
    return ("unknown");
}

void
AuditStory::take(const AuditEntry& entry) {
    ++records_;
    begin_ms_ = records_ == 1 ? entry.time_ms : std::min(begin_ms_, entry.time_ms);
    end_ms_ = std::max(end_ms_, entry.time_ms);
    if (entry.event == "guard-degraded") {
        noteDegraded(entry);
        return;
    }
    // A conflict that an operator deleted ends without any machine's message.
    const bool has_speaker = !entry.field("hw_address").empty();
    if (!isConflictEvent(entry.event) || entry.field("client_id").empty() ||
        (!has_speaker && entry.event != "conflict-ended")) {
        // A later version's; it has been counted.
        return;
    }
    auto& conflict = conflictOf(entry);
    ++conflict.records;
    conflict.first_ms =
        conflict.records == 1 ? entry.time_ms : std::min(conflict.first_ms, entry.time_ms);
    conflict.last_ms = std::max(conflict.last_ms, entry.time_ms);
    learn(conflict.policy, entry.field("policy"));
    for (const auto* name : IDENTITY) {
        learn(conflict.identity[name], entry.field(name));
    }
    noteHolder(conflict, entry);
    if (has_speaker) {
        noteSpeaker(conflict, entry);
    }
    conflict.standing = standingAfter(conflict, entry.event);
}

void
AuditStory::noteDegraded(const AuditEntry& entry) {
    const auto& reason = entry.field("reason");
    auto found = std::find_if(degraded_.begin(), degraded_.end(),
                              [&reason](const Degraded& one) { return (one.reason == reason); });
    if (found == degraded_.end()) {
        if (degraded_.size() >= MAX_REASONS) {
            return;
        }
        found = degraded_.insert(found, {reason, entry.time_ms, entry.time_ms, 0});
    }
    found->last_ms = std::max(found->last_ms, entry.time_ms);
    ++found->times;
}

AuditConflict&
AuditStory::conflictOf(const AuditEntry& entry) {
    const auto& network = entry.field("network");
    const Key key{network, network.empty() ? entry.subnet_id : 0, entry.field("client_id")};
    auto found = conflicts_.find(key);
    if (found == conflicts_.end()) {
        makeRoom();
        found = conflicts_.emplace(key, AuditConflict()).first;
        found->second.network = network;
        // Until a record says more than that somebody tried to end a lease.
        found->second.standing = Standing::BLOCKED;
    }
    if (entry.subnet_id != 0) {
        found->second.subnet_id = entry.subnet_id;
    }
    return (found->second);
}

AuditMachine*
AuditStory::machineOf(AuditConflict& conflict, const std::string& hw_address) {
    auto& machines = conflict.machines;
    const auto found =
        std::find_if(machines.begin(), machines.end(),
                     [&hw_address](const AuditMachine& one) { return (one.hw_address == hw_address); });
    if (found != machines.end()) {
        return (&*found);
    }
    if (machines.size() >= AuditConflict::MAX_MACHINES) {
        ++conflict.unlisted;
        return (nullptr);
    }
    ++machines_;
    machines.emplace_back();
    machines.back().hw_address = hw_address;
    if (const auto bytes = fromHex(hw_address)) {
        machines.back().hw_vendor = hardwareVendor(*bytes);
    }
    return (&machines.back());
}

void
AuditStory::noteHolder(AuditConflict& conflict, const AuditEntry& entry) {
    const auto& hw_address = entry.field("holder.hw_address");
    if (hw_address.empty()) {
        return;
    }
    if (auto* const machine = machineOf(conflict, hw_address)) {
        learn(machine->hostname, entry.field("holder.hostname"));
        addAddress(*machine, entry.field("holder.address"));
        if (entry.holder_seen_ms > 0) {
            addRenewal(*machine, entry.holder_seen_ms, entry.time_ms);
        }
        if (entry.event == "conflict-confirmed") {
            addSign(*machine, entry.time_ms, entry.event);
        }
        // Of a move it is who had the identifier before.
        machine->gone = entry.event == "identity-moved";
    }
    conflict.holder = hw_address;
}

void
AuditStory::noteSpeaker(AuditConflict& conflict, const AuditEntry& entry) {
    const bool moved = entry.event == "identity-moved";
    const bool ended = entry.event == "conflict-ended";
    const bool blocked = entry.event == "release-blocked" || entry.event == "decline-blocked";
    const auto& hw_address = entry.field("hw_address");
    auto* const machine = machineOf(conflict, hw_address);
    if (moved || ended) {
        conflict.holder = hw_address;
    }
    if (ended) {
        for (auto& other : conflict.machines) {
            other.gone = true;
        }
    }
    if (!machine) {
        return;
    }
    machine->gone = false;
    learn(machine->hw_vendor, entry.field("hw_vendor"));
    learn(machine->hostname, entry.field("hostname"));
    learn(machine->vendor_class, entry.field("vendor_class"));
    learn(machine->relay, entry.field("relay"));
    learn(machine->circuit_id, entry.field("circuit_id"));
    learn(machine->remote_id, entry.field("remote_id"));
    ++machine->records;
    machine->suppressed += entry.suppressed;
    machine->releases += entry.event == "release-blocked" ? 1 + entry.suppressed : 0;
    machine->declines += entry.event == "decline-blocked" ? 1 + entry.suppressed : 0;
    addSign(*machine, entry.time_ms, entry.event);
    if (!moved && !ended) {
        learn(machine->action, entry.field("action"));
    }
    // A blocked message names the holder's address.
    if (!blocked) {
        addAddress(*machine, entry.field("address"));
    }
}

void
AuditStory::makeRoom() {
    if (conflicts_.size() < max_conflicts_ && machines_ < MAX_ALL_MACHINES) {
        return;
    }
    const auto ordered = conflicts();
    std::map<const AuditConflict*, bool> drop;
    for (size_t i = ordered.size() / 2; i < ordered.size(); ++i) {
        drop[ordered[i]] = true;
    }
    for (auto one = conflicts_.begin(); one != conflicts_.end();) {
        if (drop.count(&one->second) > 0) {
            machines_ -= one->second.machines.size();
            one = conflicts_.erase(one);
            ++dropped_;
        } else {
            ++one;
        }
    }
}

std::vector<const AuditConflict*>
AuditStory::conflicts() const {
    std::vector<const AuditConflict*> ordered;
    for (const auto& [key, conflict] : conflicts_) {
        ordered.push_back(&conflict);
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const AuditConflict* one, const AuditConflict* other) {
                         return (std::make_tuple(one->standing, -one->last_ms) <
                                 std::make_tuple(other->standing, -other->last_ms));
                     });
    return (ordered);
}

}  // namespace clone_guard
