// SPDX-License-Identifier: MPL-2.0

#include <tool/report/wording.h>

#include <core/audit/rfc3339.h>

#include <algorithm>

namespace clone_guard {

std::string
timeText(int64_t time_ms) {
    auto text = toRfc3339(time_ms).substr(0, 19);
    text[10] = ' ';
    return (text);
}

std::string
periodText(int64_t begin_ms, int64_t end_ms) {
    auto begin = timeText(begin_ms).substr(0, 16);
    const auto end = timeText(end_ms).substr(0, 16);
    if (begin == end) {
        return (begin);
    }
    return (begin + " to " + (begin.substr(0, 10) == end.substr(0, 10) ? end.substr(11) : end));
}

std::string
joined(const std::vector<std::string>& parts, const char* between) {
    std::string text;
    for (const auto& part : parts) {
        text += (text.empty() ? "" : between) + part;
    }
    return (text);
}

const char*
meaning(Standing standing) {
    switch (standing) {
    case Standing::CONFIRMED:
        return ("clones: proven to be up at the same time");
    case Standing::SUSPECTED:
        return ("a second machine presents the identifier");
    case Standing::BLOCKED:
        return ("tried to end another machine's lease");
    case Standing::MOVED:
        return ("the identifier went to another machine, the first one is gone");
    case Standing::ENDED:
        return ("one machine is left, or it was deleted by command");
    }
    return ("");
}

std::string
roleText(const AuditConflict& conflict, const AuditMachine& machine) {
    if (machine.gone) {
        return ("gone");
    }
    if (isOpen(conflict.standing)) {
        return (conflict.isHolder(machine) ? "holder" : "claimant");
    }
    return (conflict.isHolder(machine) ? "has it now" : "claimant");
}

std::string
doneText(const AuditConflict& conflict, const AuditMachine& machine) {
    std::string text;
    if (machine.gone && machine.action.empty()) {
        text = "its lease ran out";
    } else if (conflict.isHolder(machine)) {
        text = conflict.standing == Standing::MOVED ? "took identifier and address over"
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
    if (machine.releases > 0) {
        text += "; " + countText(machine.releases, "RELEASE", "RELEASEs") + " blocked";
    }
    if (machine.declines > 0) {
        text += "; " + countText(machine.declines, "DECLINE", "DECLINEs") + " blocked";
    }
    return (text);
}

std::string
signText(const std::string& event) {
    static const std::map<std::string, const char*> texts{
        {"conflict-suspected", "presented the identifier"},
        {"conflict-confirmed", "proven to be up at the same time as another"},
        {"address-assigned", "got an address of its own"},
        {"release-blocked", "released another's lease: blocked"},
        {"decline-blocked", "declined another's address: blocked"},
        {"identity-moved", "took the identifier over"},
        {"conflict-ended", "alone with the identifier"},
        {"renewed", "got or renewed its lease"}};
    const auto found = texts.find(event);
    return (found == texts.end() ? event : found->second);
}

std::string
kindText(const AuditConflict& conflict) {
    auto text = conflict.known("duid_type");
    if (text.empty()) {
        return ("not of RFC 4361");
    }
    for (const auto* name : {"duid_enterprise_name", "duid_uuid", "duid_hw_address"}) {
        if (!conflict.known(name).empty()) {
            text += " (" + conflict.known(name);
            text += std::string(name) == "duid_hw_address" && !conflict.known("duid_hw_vendor").empty()
                        ? ", " + conflict.known("duid_hw_vendor") + ")"
                        : ")";
        }
    }
    if (!conflict.known("duid_time").empty()) {
        text += ", made " + conflict.known("duid_time").substr(0, 10);
    }
    if (!conflict.known("nic").empty()) {
        text += ", interface " + conflict.known("nic");
    }
    if (!conflict.known("iaid_hw_address").empty()) {
        text += ", IAID made of " + conflict.known("iaid_hw_address");
    }
    return (text);
}

std::vector<Origin>
originsOf(const std::vector<const AuditConflict*>& conflicts) {
    std::vector<Origin> origins;
    std::map<std::string, size_t> places;
    for (const auto* conflict : conflicts) {
        const auto& duid = conflict->known("duid");
        const auto& key = duid.empty() ? conflict->known("client_id") : duid;
        const auto [place, is_new] = places.emplace(key, origins.size());
        if (is_new) {
            origins.emplace_back();
            origins.back().standing = conflict->standing;
            origins.back().worst = conflict;
        }
        auto& origin = origins[place->second];
        if (!origin.is_named) {
            origin.name = conflict->origin();
            origin.is_named = !conflict->known("template").empty();
        }
        origin.networks.insert(conflict->where());
        for (const auto& machine : conflict->machines) {
            origin.machines.insert(machine.hw_address);
        }
    }
    return (origins);
}

std::array<size_t, STANDINGS>
countByStanding(const std::vector<const AuditConflict*>& conflicts) {
    std::array<size_t, STANDINGS> counts{};
    for (const auto* conflict : conflicts) {
        ++counts.at(static_cast<size_t>(conflict->standing));
    }
    return (counts);
}

std::string
headline(const std::vector<const AuditConflict*>& conflicts) {
    size_t open = 0;
    for (const auto* conflict : conflicts) {
        open += isOpen(conflict->standing) ? 1 : 0;
    }
    if (conflicts.empty()) {
        return ("No machine shares its client identifier with another.");
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
        if (isOpen(origin.standing)) {
            ++templates;
            machines.insert(origin.machines.begin(), origin.machines.end());
        }
    }
    return (countText(templates, "template", "templates") +
            " to cure: " + countText(machines.size(), "machine shares ", "machines share ") +
            countText(open, "identity.", "identities."));
}

}  // namespace clone_guard
