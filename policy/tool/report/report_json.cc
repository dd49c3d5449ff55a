// SPDX-License-Identifier: MPL-2.0

#include <tool/report/report_json.h>
#include <tool/report/wording.h>

#include <core/audit/audit_field.h>

#include <nlohmann/json.hpp>

#include <ostream>

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
auditMachineJson(const AuditConflict& conflict, const AuditMachine& machine) {
    Json object{{"hw_address", machine.hw_address}, {"role", roleText(conflict, machine)}};
    putIfSet(object, audit_field::HW_VENDOR, machine.hw_vendor);
    putIfSet(object, audit_field::HOSTNAME, machine.hostname);
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
    object["signs"] = Json::array();
    for (const auto& sighting : machine.sightings) {
        object["signs"].push_back({{"time", utcRfc3339(sighting.time)}, {"event", sighting.event}});
    }
    return (object);
}

Json
conflictJson(const AuditConflict& conflict) {
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
    object["machines"] = Json::array();
    for (const auto& machine : conflict.machines) {
        object["machines"].push_back(auditMachineJson(conflict, machine));
    }
    putIfSet(object, "records_of_further_machines", conflict.unlisted);
    return (object);
}

}  // namespace

void
printReportJson(std::ostream& out, const AuditSummary& summary, const ReportContext& context) {
    Json report{
        {"title", context.title}, {"records", summary.records()}, {"skipped_lines", context.skipped}};
    if (summary.records() > 0) {
        report["begin"] = utcRfc3339(summary.begin());
        report["end"] = utcRfc3339(summary.end());
    }
    putIfSet(report, "left_out", summary.dropped());
    report["conflicts"] = Json::array();
    for (const auto* conflict : summary.conflicts()) {
        report["conflicts"].push_back(conflictJson(*conflict));
    }
    report["degraded"] = Json::array();
    for (const auto& degradation : summary.degradations()) {
        report["degraded"].push_back({{"reason", degradation.reason},
                                      {"first", utcRfc3339(degradation.first)},
                                      {"last", utcRfc3339(degradation.last)},
                                      {"times", degradation.count}});
    }
    out << report.dump(2, ' ', true, Json::error_handler_t::replace) << '\n';
}

}  // namespace clone_guard
