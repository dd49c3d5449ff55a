// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/server_setup.h>

namespace clone_guard {
namespace e2e {

namespace {

Json
logger(const std::string& name, const std::string& severity, const std::string& file,
       const std::string& pattern = "") {
    Json output = {{"output", file}, {"flush", true}};
    if (!pattern.empty()) {
        output["pattern"] = pattern;
    }
    return (Json{{"name", name}, {"severity", severity}, {"output_options", Json::array({output})}});
}

Json
library(const std::string& path, const Json& parameters) {
    Json entry = {{"library", path}};
    if (!parameters.is_null()) {
        entry["parameters"] = parameters;
    }
    return (entry);
}

std::string
within(const std::string& directory, const std::string& name) {
    return (directory + "/" + LIBRARIES + "/" + name);
}

}  // namespace

bool
takesControlSockets() {
    return (CLONE_GUARD_KEA_CONTROL_SOCKETS);
}

Json
subnet(uint32_t id, const Json& more) {
    const std::string prefix = "10." + std::to_string(id) + ".";
    Json result = {{"id", id},
                   {"subnet", prefix + "0.0/16"},
                   {"relay", {{"ip-addresses", Json::array({relayOf(id).toText()})}}},
                   {"pools", Json::array({{{"pool", prefix + "1.0 - " + prefix + "9.255"}}})}};
    result.update(more);
    return (result);
}

Json
sharedNetwork(const std::string& name, const std::vector<Json>& subnets, const Json& more) {
    Json result = {{"name", name}, {"subnet4", subnets}};
    result.update(more);
    return (result);
}

Json
withPolicy(const std::string& policy) {
    return (Json{{"user-context", {{"clone-guard", {{"policy", policy}}}}}});
}

ServerSetup
ServerSetup::withoutGuard() const {
    ServerSetup stock = *this;
    stock.guard.reset();
    return (stock);
}

ServerSetup
guarded(const std::string& policy) {
    ServerSetup setup;
    setup.guard = Json{{"policy", policy}};
    return (setup);
}

Json
ServerSetup::configuration(const std::string& directory) const {
    Json libraries = Json::array();
    for (const auto& entry : hooks_before) {
        libraries.push_back(library(within(directory, entry.first), entry.second));
    }
    if (guard) {
        libraries.push_back(library(within(directory, GUARD), *guard));
    }
    for (const auto& entry : hooks_after) {
        libraries.push_back(library(within(directory, entry.first), entry.second));
    }
    Json loggers = Json::array({logger("kea-dhcp4", server_severity, directory + "/server.log")});
    if (operator_log) {
        loggers.push_back(
            logger("kea-dhcp4.clone-guard-hooks", operator_severity, directory + "/operator.log"));
        loggers.back()["debuglevel"] = operator_severity == "DEBUG" ? 99 : 0;
    }
    if (audit_log) {
        loggers.push_back(
            logger("kea-dhcp4.clone-guard-audit", "INFO", directory + "/audit.log", "%m%n"));
    }
    for (const auto& entry : debug) {
        loggers.push_back(logger(entry.first, "DEBUG", directory + "/" + entry.first + ".log"));
        loggers.back()["debuglevel"] = entry.second;
    }
    const Json memfile = {{"type", "memfile"},
                          {"persist", true},
                          {"lfc-interval", lfc_interval},
                          {"name", directory + "/leases.csv"}};
    Json dhcp4 = {
        {"interfaces-config",
         {{"interfaces", Json::array({"lo/" + address.toText()})}, {"dhcp-socket-type", "udp"}}},
        {"lease-database", lease_database.is_null() ? memfile : lease_database},
        {"multi-threading",
         {{"enable-multi-threading", threads > 0},
          {"thread-pool-size", threads},
          {"packet-queue-size", 1024}}},
        // Without it config-backend-pull has no effect, see KeaServer::awaitThreads.
        {"config-control", {{"config-databases", Json::array()}}},
        {"valid-lifetime", 3600},
        {"renew-timer", 900},
        {"rebind-timer", 1800},
        {"hooks-libraries", libraries},
        {"loggers", loggers},
        {"subnet4", subnets},
        {"shared-networks", shared_networks}};
    const Json control = {{"socket-type", "unix"}, {"socket-name", directory + "/control"}};
    // 2.6 and earlier accept only the entry for one socket, 3.3.1 and later only the list.
    if (takesControlSockets() || http_port != 0) {
        dhcp4["control-sockets"] = Json::array({control});
    } else {
        dhcp4["control-socket"] = control;
    }
    if (http_port != 0) {
        dhcp4["control-sockets"].push_back(
            {{"socket-type", "http"}, {"socket-address", "127.0.0.1"}, {"socket-port", http_port}});
    }
    dhcp4.update(more);
    return (Json{{"Dhcp4", dhcp4}});
}

}  // namespace e2e
}  // namespace clone_guard
