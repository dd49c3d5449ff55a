// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_SETUP_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_SETUP_H

#include <tests/e2e/harness/net/addresses.h>

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

using Json = nlohmann::json;

/// @brief Where in its directory a server of a test has its hook libraries, Kea's and the guard.
inline const char* const LIBRARIES = "hooks";

/// @brief The guard's library among them.
inline const char* const GUARD = "libdhcp_clone_guard.so";

/// @brief A subnet as Kea's configuration has it: 10.id.0.0/16, its pool 10.id.1.0 to 10.id.9.255.
///
/// @param id identifier and second byte of the prefix.
/// @param more further entries, or others in place of those (say, "pools").
Json subnet(uint32_t id, const Json& more = Json::object());

/// @brief A shared network as Kea's configuration has it.
Json sharedNetwork(const std::string& name, const std::vector<Json>& subnets,
                   const Json& more = Json::object());

/// @brief A user-context that gives a subnet or shared network its own policy.
Json withPolicy(const std::string& policy);

/// @brief All that a test says about the server that it wants.
struct ServerSetup {
    /// @brief Parameters of the guard; nothing: stock Kea, the guard is not loaded.
    std::optional<Json> guard = Json::object();
    /// @brief Threads that process packets; 0: single-threaded.
    unsigned threads = 0;
    /// @brief Where it listens; has to be one of @c serverAddress.
    Address address = serverAddress();
    /// @brief Where it keeps its leases, if not in a file of its own: "lease-database" as Kea has it.
    Json lease_database;
    std::vector<Json> subnets{subnet(1)};
    std::vector<Json> shared_networks;
    /// @brief Libraries beside the guard, loaded before it: file name to parameters, null for none.
    std::map<std::string, Json> hooks_before;
    /// @brief Libraries beside the guard, loaded after it.
    std::map<std::string, Json> hooks_after;
    /// @brief Debug level of single loggers, for example kea-dhcp4.bad-packets: 15.
    std::map<std::string, int> debug;
    /// @brief Severity of the server's own log.
    std::string server_severity = "INFO";
    /// @brief Severity of the operator's log.
    std::string operator_severity = "INFO";
    /// @brief Where on 127.0.0.1 it takes commands over HTTP, too; 0: nowhere. Not every release can.
    uint16_t http_port = 0;
    bool audit_log = true;
    bool operator_log = true;
    /// @brief Seconds between two clean-ups of the lease file; 0: never.
    unsigned lfc_interval = 0;
    /// @brief Anything else in "Dhcp4"; what stands here replaces what would stand there.
    Json more = Json::object();

    /// @brief The setup of stock Kea that differs in nothing but the missing guard.
    ServerSetup withoutGuard() const;

    /// @brief The configuration of kea-dhcp4.
    ///
    /// @param directory where the server's files are.
    Json configuration(const std::string& directory) const;
};

/// @brief A setup with the guard and one policy for all.
ServerSetup guarded(const std::string& policy);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_SETUP_H
