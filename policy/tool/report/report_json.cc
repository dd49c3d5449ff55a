// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory_json.h>
#include <tool/report/report_json.h>
#include <tool/report/wording.h>

#include <core/audit/audit_field.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

void
putIfSet(Json& object, const char* name, const std::string& text) {
    if (!text.empty()) {
        object[name] = text;
    }
}

void
putIfSet(Json& object, const char* name, uint64_t number) {
    if (number > 0) {
        object[name] = number;
    }
}

void
putIfSet(Json& object, const char* name, const std::optional<UtcTime>& time) {
    if (time) {
        object[name] = utcRfc3339(*time);
    }
}

Json
auditMachineJson(const AuditConflict& conflict, const AuditMachine& machine,
                 const Inventory& inventory) {
    Json object{{"hw_address", machine.hw_address}, {"role", roleText(conflict, machine)}};
    putIfSet(object, audit_field::HW_VENDOR, machine.hw_vendor);
    putIfSet(object, audit_field::HOSTNAME, machine.hostname);
    if (const auto bytes = fromHex(machine.hw_address)) {
        putInventory(object, inventory, *bytes);
    }
    putIfSet(object, audit_field::VENDOR_CLASS, machine.vendor_class);
    putIfSet(object, audit_field::RELAY, machine.relay);
    putIfSet(object, audit_field::CIRCUIT_ID, machine.circuit_id);
    putIfSet(object, audit_field::REMOTE_ID, machine.remote_id);
    object["addresses"] = machine.addresses;
    putIfSet(object, "first_seen", machine.firstSeen());
    putIfSet(object, audit_field::LAST_SEEN, machine.lastSeen());
    putIfSet(object, audit_field::ACTION, machine.action);
    putIfSet(object, "release_blocked", machine.releases);
    putIfSet(object, "decline_blocked", machine.declines);
    putIfSet(object, audit_field::SUPPRESSED, machine.suppressed);
    auto signs = Json::array();
    for (const auto& sighting : machine.sightings) {
        signs.push_back({{"time", utcRfc3339(sighting.time)}, {"event", sighting.event}});
    }
    object["signs"] = std::move(signs);
    return (object);
}

Json
conflictJson(const AuditConflict& conflict, const Inventory& inventory) {
    Json object{{"standing", toText(conflict.status)}, {"open", isOpen(conflict.status)}};
    putIfSet(object, audit_field::REASON, conflict.end_reason);
    putIfSet(object, audit_field::NETWORK, conflict.network);
    putIfSet(object, audit_field::SUBNET_ID, conflict.subnet_id);
    putIfSet(object, audit_field::POLICY, conflict.policy);
    for (const auto* name : audit_field::OF_IDENTIFIER) {
        putIfSet(object, name, conflict.known(name));
    }
    putIfSet(object, audit_field::HOLDER, conflict.holder);
    object["first"] = utcRfc3339(conflict.first);
    object["last"] = utcRfc3339(conflict.last);
    object["records"] = conflict.records;
    auto machines = Json::array();
    for (const auto& machine : conflict.machines) {
        machines.push_back(auditMachineJson(conflict, machine, inventory));
    }
    object["machines"] = std::move(machines);
    putIfSet(object, "records_of_further_machines", conflict.unlisted);
    return (object);
}

Json
degradationJson(const Degradation& degradation) {
    return (Json{{"reason", degradation.reason},
                 {"first", utcRfc3339(degradation.first)},
                 {"last", utcRfc3339(degradation.last)},
                 {"times", degradation.count}});
}

/// Prints a value that begins after this number of blanks.
void
printIndented(std::ostream& out, const Json& value, size_t blanks) {
    const auto text = value.dump(2, ' ', true, Json::error_handler_t::replace);
    const std::string indent(blanks, ' ');
    for (size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        out << (begin == 0 ? std::string_view() : std::string_view(indent))
            << std::string_view(text).substr(begin, end - begin);
        begin = end;
    }
}

/// Prints a member of the report, after another one: a list, element by element.
template <typename List, typename ToJson>
void
printList(std::ostream& out, const char* name, const List& list, const ToJson& to_json) {
    out << ",\n  \"" << name << "\": [";
    const char* before = "\n    ";
    for (const auto& element : list) {
        out << before;
        printIndented(out, to_json(element), 4);
        before = ",\n    ";
    }
    out << (list.empty() ? "]" : "\n  ]");
}

}  // namespace

void
printReportJson(std::ostream& out, const AuditSummary& summary, const ReportContext& context) {
    Json head{
        {"title", context.title}, {"records", summary.records()}, {"skipped_lines", context.skipped}};
    if (summary.records() > 0) {
        head["begin"] = utcRfc3339(summary.begin());
        head["end"] = utcRfc3339(summary.end());
    }
    putIfSet(head, "left_out", summary.dropped());
    const char* before = "{\n  ";
    for (const auto& [name, value] : head.items()) {
        out << before << Json(name) << ": ";
        printIndented(out, value, 2);
        before = ",\n  ";
    }
    printList(out, "conflicts", summary.conflicts(), [&context](const AuditConflict* conflict) {
        return (conflictJson(*conflict, context.inventory));
    });
    if (!context.inventory.empty()) {
        printList(out, "duplicate_hw_addresses", duplicatesJson(context.inventory),
                  [](const Json& duplicate) { return (duplicate); });
    }
    printList(out, "degraded", summary.degradations(), degradationJson);
    out << "\n}\n";
}

}  // namespace clone_guard
