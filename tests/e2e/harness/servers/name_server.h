// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_NAME_SERVER_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_NAME_SERVER_H

#include <tests/e2e/harness/net/bytes.h>
#include <tests/e2e/harness/servers/daemon.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief The zone of the machines' names, and the zone of their addresses.
inline const char* const FORWARD_ZONE = "lab.example.";
inline const char* const REVERSE_ZONE = "10.in-addr.arpa.";

/// @brief A real authoritative name server (Knot DNS) on 127.0.0.1 that accepts updates (RFC 2136).
///
/// It starts with the two zones above, which contain SOA and NS records only.
class NameServer {
public:
    /// @throw std::runtime_error with its output if it does not start.
    NameServer();

    /// @brief Returns the machines' records in the two zones, sorted: "name type data", names without a final dot.
    ///
    /// It reads the whole zones through the control socket, since the next update after a zone transfer can take a
    /// second.
    std::vector<std::string> records() const;

    uint16_t port() const {
        return (5300);
    }

private:
    std::vector<std::string> recordsOf(const std::string& zone) const;
    bool answers() const;

    Daemon daemon_{"name-server"};
};

/// @brief Returns the name of an address in the reverse zone, without a final dot.
std::string reverseName(Address address);

/// @brief Returns the data of a DHCID record (RFC 4701): type of the identifier, type of the digest, SHA-256.
///
/// For an RFC 4361 identifier the digest covers only the DUID, for any other identifier every byte.
///
/// @param name the machine's full name, without a final dot.
Bytes dhcid(const Bytes& identifier, const std::string& name);

/// @brief Encodes bytes in base64.
std::string toBase64(const Bytes& bytes);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_NAME_SERVER_H
