// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_SETUP_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_SETUP_H

#include <tests/e2e/harness/net/addresses.h>
#include <tests/e2e/harness/servers/lease_record.h>

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

using Json = nlohmann::json;

/// @brief The directory of all hook libraries within a server's directory.
inline const char* const LIBRARIES = "hooks";

/// @brief The file name of the guard's library.
inline const char* const GUARD = "libdhcp_clone_guard.so";

/// @brief The file name of the test library that rejects each configuration in which its parameter "reject" is true.
inline const char* const REJECTER = "libdhcp_rejecter.so";

/// @brief Returns true if the server accepts "control-sockets", a list: Kea 3.0 and later.
bool takesControlSockets();

/// @brief Makes a subnet as in Kea's configuration: 10.id.0.0/16 with the pool 10.id.1.0 to 10.id.9.255.
///
/// @param id identifier and second byte of the prefix.
/// @param more further entries, or replacements of these (for example "pools").
Json subnet(uint32_t id, const Json& more = Json::object());

/// @brief Makes a shared network as in Kea's configuration.
Json sharedNetwork(const std::string& name, const std::vector<Json>& subnets,
                   const Json& more = Json::object());

/// @brief Makes a user-context with the policy of a subnet or shared network.
Json withPolicy(const std::string& policy);

/// @brief The configuration of a server of a test.
struct ServerSetup {
    /// @brief Parameters of the guard, or std::nullopt for stock Kea without the guard.
    std::optional<Json> guard = Json::object();
    /// @brief Number of threads that process packets; 0 for a single-threaded server.
    unsigned threads = 0;
    /// @brief The address that the server listens on, one of @c serverAddress.
    Address address = serverAddress();
    /// @brief Replaces "lease-database", by default a lease file in the server's directory.
    Json lease_database;
    /// @brief Reads the leases with a lifetime from that database; empty to read the lease file.
    std::function<std::vector<LeaseRecord>()> read_leases;
    std::vector<Json> subnets{subnet(1)};
    std::vector<Json> shared_networks;
    /// @brief Libraries loaded before the guard: file name to parameters, null for none.
    std::map<std::string, Json> hooks_before;
    /// @brief Libraries loaded after the guard.
    std::map<std::string, Json> hooks_after;
    /// @brief Debug level of single loggers, for example kea-dhcp4.bad-packets: 15.
    std::map<std::string, int> debug;
    /// @brief Severity of the server's log.
    std::string server_severity = "INFO";
    /// @brief Severity of the operator's log.
    std::string operator_severity = "INFO";
    /// @brief Port of 127.0.0.1 for commands over HTTP, or 0 for none. Not every release supports it.
    uint16_t http_port = 0;
    bool audit_log = true;
    bool operator_log = true;
    /// @brief Seconds between two clean-ups of the lease file; 0 for none.
    unsigned lfc_interval = 0;
    /// @brief Further entries of "Dhcp4"; they replace the entries above.
    Json more = Json::object();

    /// @brief Returns this setup without the guard.
    ServerSetup withoutGuard() const;

    /// @brief Returns the configuration of kea-dhcp4.
    ///
    /// @param directory the directory of the server's files.
    Json configuration(const std::string& directory) const;
};

/// @brief Makes a setup with the guard and one global policy.
ServerSetup guarded(const std::string& policy);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_SERVER_SETUP_H
