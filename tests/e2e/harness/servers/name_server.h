// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_NAME_SERVER_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_NAME_SERVER_H

#include <tests/e2e/harness/net/bytes.h>
#include <tests/e2e/harness/servers/daemon.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief The domain in which the machines of a test have their names, and that of their addresses.
inline const char* const FORWARD_ZONE = "lab.example.";
inline const char* const REVERSE_ZONE = "10.in-addr.arpa.";

/// @brief A real authoritative name server (Knot DNS) that takes updates (RFC 2136), on 127.0.0.1.
///
/// It begins with the two zones above, in which there is nothing but what a zone has to have.
class NameServer {
public:
    /// @throw std::runtime_error if it does not start, with what it said.
    NameServer();

    /// @brief What machines have in the two zones, sorted: "name type data", the name without a final dot.
    ///
    /// The whole zones are read, so that nothing in them goes unseen, and by the server's control socket: after a
    /// transfer its next update can take a second.
    std::vector<std::string> records() const;

    uint16_t port() const {
        return (5300);
    }

private:
    std::vector<std::string> recordsOf(const std::string& zone) const;
    bool answers() const;

    Daemon daemon_{"name-server"};
};

/// @brief The name under which an address is found in the reverse zone, without a final dot.
std::string reverseName(Address address);

/// @brief What a DHCID record holds (RFC 4701): type of the identifier, type of the digest, SHA-256.
///
/// Of an RFC 4361 identifier only the DUID counts, of any other every byte.
///
/// @param name the machine's full name, without a final dot.
Bytes dhcid(const Bytes& identifier, const std::string& name);

/// @brief Bytes in base64, as zone files have them.
std::string toBase64(const Bytes& bytes);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_NAME_SERVER_H
