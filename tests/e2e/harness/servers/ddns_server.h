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

/// @brief A real kea-dhcp-ddns on 127.0.0.1, which updates the zones of a name server.
class DdnsServer {
public:
    /// @throw std::runtime_error if it does not start, with what it said.
    explicit DdnsServer(const NameServer& names);

    /// @brief One with a configuration of its own, made by a function from the server's directory.
    ///
    /// It has to listen on 127.0.0.1 and port 53001, and to write the file ddns.log there, with debug level 0.
    explicit DdnsServer(const std::function<std::string(const std::string& directory)>& configuration);

    /// @brief Has a server send it every change, and complete host names with @ref FORWARD_ZONE.
    void use(ServerSetup& setup) const;

    /// @brief Waits until it has done with everything that a server has asked of it.
    ///
    /// The server says in its log what it asks for, before it answers its client; this one says how each ended.
    ///
    /// @return false if it never did.
    bool hasDoneAllOf(const KeaServer& server) const;

    /// @brief How each request ended, in order: "add succeeded", "add failed", "remove succeeded", "remove failed".
    ///
    /// @param dhcid whose requests, see @ref dhcid.
    std::vector<std::string> outcomes(const Bytes& dhcid) const;

    /// @brief Lines of its log that contain a text.
    std::vector<std::string> log(const std::string& text) const;

private:
    Daemon daemon_{"ddns-server"};
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_DDNS_SERVER_H
