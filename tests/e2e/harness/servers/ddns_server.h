// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DDNS_SERVER_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DDNS_SERVER_H

#include <tests/e2e/harness/servers/kea_server.h>
#include <tests/e2e/harness/servers/name_server.h>

#include <functional>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief A real kea-dhcp-ddns on 127.0.0.1 that updates the zones of a name server.
class DdnsServer {
public:
    /// @throw std::runtime_error with its output if it does not start.
    explicit DdnsServer(const NameServer& names);

    /// @brief Starts it with a configuration that a function makes from the server's directory.
    ///
    /// That configuration listens on 127.0.0.1 port 53001 and logs to ddns.log in that directory, with debug level 0.
    explicit DdnsServer(const std::function<std::string(const std::string& directory)>& configuration);

    /// @brief Makes a server send it every change, and complete host names with @ref FORWARD_ZONE.
    void use(ServerSetup& setup) const;

    /// @brief Waits until it has finished all requests of a server.
    ///
    /// The DHCP server logs each request before it answers its client; the DDNS server logs the end of each request.
    ///
    /// @return true, or false if a request did not finish.
    bool hasDoneAllOf(const KeaServer& server) const;

    /// @brief Returns the outcomes of requests in order: "add succeeded", "add failed", "remove succeeded", "remove
    /// failed".
    ///
    /// @param dhcid the identity of the requests, see @ref dhcid.
    std::vector<std::string> outcomes(const Bytes& dhcid) const;

    /// @brief Returns the lines of its log that contain a text.
    std::vector<std::string> log(const std::string& text) const;

private:
    Daemon daemon_{"ddns-server"};
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DDNS_SERVER_H
