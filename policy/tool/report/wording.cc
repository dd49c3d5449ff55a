// SPDX-License-Identifier: MPL-2.0

#include <tool/report/wording.h>

#include <core/audit/audit_event.h>
#include <core/audit/audit_field.h>
#include <core/conflicts/end_reason.h>
#include <core/explain/one_machine_text.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace clone_guard {

std::string
joined(const std::vector<std::string>& parts, const char* separator) {
    std::string text;
    for (const auto& part : parts) {
        text += (text.empty() ? "" : separator) + part;
    }
    return (text);
}

std::string
seenText(const std::optional<UtcTime>& time) {
    return (time ? utcText(*time) : "");
}

const char*
describe(ConflictStatus status) {
    switch (status) {
    case ConflictStatus::CONFIRMED:
        return ("clones: proven to be active at the same time");
    case ConflictStatus::SUSPECTED:
        return ("a second machine presents the identifier");
    case ConflictStatus::BLOCKED:
        return ("a machine tried to end another machine's lease");
    case ConflictStatus::MOVED:
        return ("another machine has taken the identifier over");
    case ConflictStatus::ENDED:
        return ("at most one machine is left, or an operator deleted the conflict");
    }
    return ("");
}

std::string
roleText(const AuditConflict& conflict, const AuditMachine& machine) {
    switch (machine.departure) {
    case Departure::OFF:
        return ("off");
    case Departure::EXPIRED:
        return ("expired");
    case Departure::SEALED:
        return ("sealed");
    case Departure::UNKNOWN:
    case Departure::MOVED:
    case Departure::OFF_OR_EXPIRED:
        return ("gone");
    case Departure::NONE:
        break;
    }
    // A command changes no machine.
    if (isOpen(conflict.status) || conflict.end_reason == end_reason::DELETED) {
        return (conflict.isHolder(machine) ? "holder" : "claimant");
    }
    return (conflict.isHolder(machine) ? "has it now" : "claimant");
}

namespace {

/// Describes how a machine left its conflict.
const char*
departureText(Departure departure) {
    switch (departure) {
    case Departure::MOVED:
    case Departure::EXPIRED:
        return ("its lease ran out");
    case Departure::OFF:
        return ("released its lease");
    case Departure::SEALED:
        return ("uses an identifier of its own");
    case Departure::NONE:
    case Departure::UNKNOWN:
    case Departure::OFF_OR_EXPIRED:
        break;
    }
    return ("released its lease, or its lease ran out");
}

}  // namespace

std::string
actionText(const AuditConflict& conflict, const AuditMachine& machine) {
    if (conflict.isListened()) {
        return ("none: only listened");
    }
    std::string text;
    if (machine.isGone()) {
        text = departureText(machine.departure);
    } else if (conflict.isHolder(machine)) {
        text = conflict.status == ConflictStatus::MOVED ? "took over identifier and address"
                                                        : "keeps identifier and address";
    } else if (machine.action == "mac-fallback") {
        text = machine.addresses.empty() ? "gets an address of its own" : "got an address of its own";
    } else if (machine.action == "refuse") {
        text = "got no address (policy refuse)";
    } else if (machine.action == "none") {
        text = "only reported (policy " + (conflict.policy.empty() ? "monitor" : conflict.policy) + ")";
    } else {
        text = "nothing";
    }
    // Under monitor, the server handled these messages.
    const std::string outcome = machine.action == "none" ? " passed" : " blocked";
    if (machine.releases > 0) {
        text += "; " + countText(machine.releases, "RELEASE", "RELEASEs") + outcome;
    }
    if (machine.declines > 0) {
        text += "; " + countText(machine.declines, "DECLINE", "DECLINEs") + outcome;
    }
    return (text);
}

std::string
sightingText(const AuditConflict& conflict, std::string_view event) {
    static const std::map<std::string_view, const char*> texts{
        {audit_event::CONFLICT_SUSPECTED, "presented the identifier"},
        {audit_event::CONFLICT_CONFIRMED, "proven to be active at the same time as another machine"},
        {audit_event::ADDRESS_ASSIGNED, "got an address of its own"},
        {audit_event::RELEASE_BLOCKED, "released another machine's lease"},
        {audit_event::DECLINE_BLOCKED, "declined another machine's address"},
        {audit_event::IDENTITY_MOVED, "took over the identifier"},
        {audit_event::MACHINE_SEALED, "uses an identifier of its own"},
        {audit_event::CONFLICT_ENDED, "is the only machine with the identifier"}};
    if (event == Sighting::RENEWED) {
        return (conflict.isListened() ? "sent a message" : "got or renewed its lease");
    }
    const auto found = texts.find(event);
    return (found == texts.end() ? std::string(event) : found->second);
}

std::string
endText(const std::string& reason) {
    if (reason == end_reason::DELETED) {
        return ("an operator deleted the conflict; its machines may still share the identifier");
    }
    if (reason == end_reason::SEALED) {
        return ("all other machines are sealed");
    }
    return ("all other machines are " + reason + ", or sealed");
}

std::string
kindText(const AuditConflict& conflict) {
    auto text = conflict.known(audit_field::DUID_TYPE);
    if (text.empty()) {
        return ("not an RFC 4361 identifier");
    }
    for (const auto* name :
         {audit_field::DUID_ENTERPRISE_NAME, audit_field::DUID_UUID, audit_field::DUID_HW_ADDRESS}) {
        if (!conflict.known(name).empty()) {
            text += " (" + conflict.known(name);
            text += std::string_view(name) == audit_field::DUID_HW_ADDRESS &&
                            !conflict.known(audit_field::DUID_HW_VENDOR).empty()
                        ? ", " + conflict.known(audit_field::DUID_HW_VENDOR) + ")"
                        : ")";
        }
    }
    if (!conflict.known(audit_field::DUID_TIME).empty()) {
        text += ", created " + conflict.known(audit_field::DUID_TIME).substr(0, 10);
    }
    if (!conflict.known(audit_field::NIC).empty()) {
        text += ", interface " + conflict.known(audit_field::NIC);
    }
    if (!conflict.known(audit_field::IAID_HW_ADDRESS).empty()) {
        text += ", IAID from " + conflict.known(audit_field::IAID_HW_ADDRESS);
    }
    return (text);
}

std::string
oneMachineNote(const AuditConflict& conflict) {
    const auto& sign = conflict.known(audit_field::ONE_MACHINE);
    return (conflict.status == ConflictStatus::SUSPECTED && !sign.empty()
                ? oneMachineText(sign, conflict.known(audit_field::NIC))
                : std::string());
}

std::vector<Origin>
originsOf(const std::vector<const AuditConflict*>& conflicts) {
    std::vector<Origin> origins;
    std::map<std::string, size_t> places;
    for (const auto* conflict : conflicts) {
        const auto& duid = conflict->known(audit_field::DUID);
        const auto& key = duid.empty() ? conflict->known(audit_field::CLIENT_ID) : duid;
        const auto [place, is_new] = places.emplace(key, origins.size());
        if (is_new) {
            origins.emplace_back();
            origins.back().status = conflict->status;
            origins.back().most_urgent = conflict;
        }
        auto& origin = origins[place->second];
        if (!origin.is_named) {
            origin.name = conflict->origin();
            origin.is_named = !conflict->known(audit_field::TEMPLATE).empty();
        }
        origin.networks.insert(conflict->where());
        for (const auto& machine : conflict->machines) {
            if (machine.departure != Departure::SEALED) {
                origin.machines.insert(machine.hw_address);
            }
        }
    }
    return (origins);
}

std::array<size_t, CONFLICT_STATUSES>
countByStatus(const std::vector<const AuditConflict*>& conflicts) {
    std::array<size_t, CONFLICT_STATUSES> counts{};
    for (const auto* conflict : conflicts) {
        ++counts.at(static_cast<size_t>(conflict->status));
    }
    return (counts);
}

std::string
headline(const std::vector<const AuditConflict*>& conflicts) {
    size_t open = 0;
    size_t unsealed = 0;
    for (const auto* conflict : conflicts) {
        open += isOpen(conflict->status) ? 1 : 0;
        unsealed += conflict->isUnsealed() ? 1 : 0;
    }
    if (conflicts.empty()) {
        return ("No two machines share a client identifier.");
    }
    if (open == 0 && unsealed > 0) {
        return ("No conflict is open, but " +
                countText(unsealed, "conflict ended ", "conflicts ended ") +
                "because machines were off. Seal their template before they start again.");
    }
    if (open == 0) {
        return ("Nothing is left to do: " +
                (conflicts.size() == 1
                     ? "the conflict is over."
                     : "all " + std::to_string(conflicts.size()) + " conflicts are over."));
    }
    size_t templates = 0;
    std::set<std::string> machines;
    for (const auto& origin : originsOf(conflicts)) {
        if (isOpen(origin.status)) {
            ++templates;
            machines.insert(origin.machines.begin(), origin.machines.end());
        }
    }
    return (countText(templates, "template", "templates") +
            " to seal: " + countText(machines.size(), "machine shares ", "machines share ") +
            countText(open, "identity.", "identities."));
}

}  // namespace clone_guard
