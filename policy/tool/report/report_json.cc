// SPDX-License-Identifier: MPL-2.0

#include <tool/report/report_text.h>
#include <tool/report/wording.h>

#include <core/audit/rfc3339.h>

#include <nlohmann/json.hpp>

#include <ostream>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

void
put(Json& object, const char* name, const std::string& text) {
    if (!text.empty()) {
        object[name] = text;
    }
}

void
put(Json& object, const char* name, uint64_t number) {
    if (number > 0) {
        object[name] = number;
    }
}

Json
machineJson(const AuditConflict& conflict, const AuditMachine& machine) {
    Json object{{"hw_address", machine.hw_address}, {"role", roleText(conflict, machine)}};
    put(object, "hw_vendor", machine.hw_vendor);
    put(object, "hostname", machine.hostname);
    put(object, "vendor_class", machine.vendor_class);
    put(object, "relay", machine.relay);
    put(object, "circuit_id", machine.circuit_id);
    put(object, "remote_id", machine.remote_id);
    object["addresses"] = machine.addresses;
    if (!machine.signs.empty()) {
        object["first_seen"] = toRfc3339(machine.first());
        object["last_seen"] = toRfc3339(machine.last());
    }
    put(object, "action", machine.action);
    put(object, "release_blocked", machine.releases);
    put(object, "decline_blocked", machine.declines);
    put(object, "suppressed", machine.suppressed);
    object["signs"] = Json::array();
    for (const auto& sign : machine.signs) {
        object["signs"].push_back({{"time", toRfc3339(sign.time_ms)}, {"event", sign.event}});
    }
    return (object);
}

Json
conflictJson(const AuditConflict& conflict) {
    Json object{{"standing", toText(conflict.standing)}, {"open", isOpen(conflict.standing)}};
    put(object, "network", conflict.network);
    put(object, "subnet_id", conflict.subnet_id);
    put(object, "policy", conflict.policy);
    for (const auto* name :
         {"client_id", "iaid", "nic", "iaid_hw_address", "duid", "duid_type", "duid_enterprise_name",
          "duid_hw_address", "duid_hw_vendor", "duid_time", "duid_uuid", "template", "remedy"}) {
        put(object, name, conflict.known(name));
    }
    put(object, "holder", conflict.holder);
    object["first"] = toRfc3339(conflict.first_ms);
    object["last"] = toRfc3339(conflict.last_ms);
    object["records"] = conflict.records;
    object["machines"] = Json::array();
    for (const auto& machine : conflict.machines) {
        object["machines"].push_back(machineJson(conflict, machine));
    }
    put(object, "records_of_further_machines", conflict.unlisted);
    return (object);
}

}  // namespace

void
printReportJson(std::ostream& out, const AuditStory& story, const ReportFrame& frame) {
    Json report{{"title", frame.title}, {"records", story.records()}, {"skipped_lines", frame.skipped}};
    if (story.records() > 0) {
        report["begin"] = toRfc3339(story.begin());
        report["end"] = toRfc3339(story.end());
    }
    put(report, "left_out", story.dropped());
    report["conflicts"] = Json::array();
    for (const auto* conflict : story.conflicts()) {
        report["conflicts"].push_back(conflictJson(*conflict));
    }
    report["degraded"] = Json::array();
    for (const auto& one : story.degraded()) {
        report["degraded"].push_back({{"reason", one.reason},
                                      {"first", toRfc3339(one.first_ms)},
                                      {"last", toRfc3339(one.last_ms)},
                                      {"times", one.times}});
    }
    out << report.dump(2, ' ', true, Json::error_handler_t::replace) << '\n';
}

}  // namespace clone_guard
