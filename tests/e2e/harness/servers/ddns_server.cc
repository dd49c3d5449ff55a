// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/ddns_server.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <sstream>
#include <utility>

namespace clone_guard {
namespace e2e {

namespace {

const uint16_t PORT = 53001;

/// @brief The messages that end a request, and their outcomes.
const std::vector<std::pair<std::string, std::string>> OUTCOMES{
    {"DHCP_DDNS_ADD_SUCCEEDED", "add succeeded"},
    {"DHCP_DDNS_ADD_FAILED", "add failed"},
    {"DHCP_DDNS_REMOVE_SUCCEEDED", "remove succeeded"},
    {"DHCP_DDNS_REMOVE_FAILED", "remove failed"}};

Json
domain(const char* name, uint16_t port) {
    const Json server = {{"ip-address", "127.0.0.1"}, {"port", port}};
    return (
        Json{{"ddns-domains", Json::array({{{"name", name}, {"dns-servers", Json::array({server})}}})}});
}

Json
configurationFor(const NameServer& names, const std::string& directory) {
    const Json output = {{"output", directory + "ddns.log"}, {"flush", true}};
    const Json logger = {{"name", "kea-dhcp-ddns"},
                         {"severity", "DEBUG"},
                         {"debuglevel", 0},
                         {"output_options", Json::array({output})}};
    return (Json{{"DhcpDdns",
                  {{"ip-address", "127.0.0.1"},
                   {"port", PORT},
                   {"dns-server-timeout", 30000},
                   {"tsig-keys", Json::array()},
                   {"forward-ddns", domain(FORWARD_ZONE, names.port())},
                   {"reverse-ddns", domain(REVERSE_ZONE, names.port())},
                   {"loggers", Json::array({logger})}}}});
}

std::string
upperHex(const Bytes& bytes) {
    std::string text = toHex(bytes);
    text.erase(std::remove(text.begin(), text.end(), ':'), text.end());
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return (std::toupper(c)); });
    return (text);
}

}  // namespace

DdnsServer::DdnsServer(const NameServer& names) :
    DdnsServer([&names](const std::string& directory) {
        return (configurationFor(names, directory).dump(2));
    }) {}

DdnsServer::DdnsServer(const std::function<std::string(const std::string& directory)>& configuration) {
    daemon_.write("ddns.conf", configuration(daemon_.path("")));
    std::map<std::string, std::string> environment;
    for (const char* name : {"KEA_PIDFILE_DIR", "KEA_LOCKFILE_DIR", "KEA_LOG_FILE_DIR"}) {
        environment[name] = daemon_.path("");
    }
    const auto program = std::filesystem::path(CLONE_GUARD_KEA_DHCP4).parent_path() / "kea-dhcp-ddns";
    daemon_.start({program, "-c", daemon_.path("ddns.conf")}, environment,
                  [this] { return (!log("DHCP_DDNS_QUEUE_MGR_STARTED").empty()); });
}

void
DdnsServer::use(ServerSetup& setup) const {
    setup.more.update(
        {{"dhcp-ddns", {{"enable-updates", true}, {"server-ip", "127.0.0.1"}, {"server-port", PORT}}},
         {"ddns-qualifying-suffix", FORWARD_ZONE}});
    setup.debug["kea-dhcp4.dhcpsrv"] = 55;
}

bool
DdnsServer::hasDoneAllOf(const KeaServer& server) const {
    return (eventually([this, &server] {
        size_t done = 0;
        for (const auto& outcome : OUTCOMES) {
            done += log(outcome.first + " ").size();
        }
        return (done == server.debugLog("kea-dhcp4.dhcpsrv", "DHCPSRV_QUEUE_NCR ").size());
    }));
}

std::vector<std::string>
DdnsServer::outcomes(const Bytes& dhcid) const {
    std::vector<std::string> found;
    for (const auto& line : log("Request ID " + upperHex(dhcid) + ":")) {
        for (const auto& outcome : OUTCOMES) {
            if (line.find(outcome.first + " ") != std::string::npos) {
                found.push_back(outcome.second);
            }
        }
    }
    return (found);
}

std::vector<std::string>
DdnsServer::log(const std::string& text) const {
    std::vector<std::string> found;
    std::istringstream stream(daemon_.file("ddns.log"));
    for (std::string line; std::getline(stream, line);) {
        if (line.find(text) != std::string::npos) {
            found.push_back(line);
        }
    }
    return (found);
}

}  // namespace e2e
}  // namespace clone_guard
