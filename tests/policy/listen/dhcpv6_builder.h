// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_LISTEN_DHCPV6_BUILDER_H
#define CLONE_GUARD_TESTS_POLICY_LISTEN_DHCPV6_BUILDER_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <cstdint>
#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief Types of messages, RFC 8415 section 7.3.
enum class Type6 : uint8_t {
    SOLICIT = 1,
    ADVERTISE,
    REQUEST,
    CONFIRM,
    RENEW,
    REBIND,
    REPLY,
    RELEASE,
    DECLINE,
    RECONFIGURE,
    INFORMATION_REQUEST,
    RELAY_FORW,
    RELAY_REPL,
};

/// @brief The DUID and the IAID of each clone of one systemd template on ens18: those of cloneIdentifier().
const Bytes& cloneDuid();
constexpr uint32_t CLONE_IAID = 0xca53095a;

/// @brief Returns the bytes of an option.
Bytes option6(uint16_t code, const Bytes& value);

/// @brief Returns an IA_NA with addresses, each in its usual notation.
///
/// @param lifetime the valid lifetime; the preferred lifetime is half of it
Bytes iaNa(uint32_t iaid, const std::vector<std::string>& addresses = {}, uint32_t lifetime = 600);

/// @brief Returns an IA_PD with a prefix of 56 bits.
Bytes iaPd(uint32_t iaid, const std::string& prefix = "", uint32_t lifetime = 600);

/// @brief Returns the bytes of a message from the type on.
Bytes message6(Type6 type, uint32_t transaction_id, const std::vector<Bytes>& options);

/// @brief Returns the option with the DUID of a client.
Bytes clientId(const Bytes& duid);

/// @brief Returns the option with the DUID-LL of a server.
Bytes serverId(uint32_t server = 0xfe);

/// @brief Returns a client's query from one IAID for addresses.
Bytes ask(Type6 type, uint32_t transaction_id, const std::vector<std::string>& addresses = {},
          uint32_t iaid = CLONE_IAID, const Bytes& duid = cloneDuid());

/// @brief Returns a server's answer with an address.
Bytes answer(uint32_t transaction_id, const std::string& address, uint32_t iaid = CLONE_IAID,
             const Bytes& duid = cloneDuid(), Type6 type = Type6::REPLY);

/// @brief Returns the bytes of a relayed message from the type on.
///
/// @param options besides the relayed message
Bytes relayed6(Type6 type, const std::string& link, const std::string& peer, const Bytes& message,
               const std::vector<Bytes>& options = {});

/// @brief Returns the link-local address that is made of a hardware address.
std::string linkLocal(const HardwareAddress& address);

/// @brief Returns an IPv6 packet with UDP to a port.
Bytes packet6(const std::string& source, const std::string& target, uint16_t port, const Bytes& payload);

/// @brief Returns the frame of a client to all servers.
Bytes fromClient(const HardwareAddress& client, const Bytes& payload, const std::string& source = "");

/// @brief Returns the frame of a server, or of a relay, to a client.
Bytes toClient(const HardwareAddress& client, const Bytes& payload, const std::string& target = "",
               uint32_t server = 0xfe);

/// @brief Returns the frame of a relay to a server, or back.
Bytes betweenRelayAndServer(const Bytes& payload, bool to_server = true);

}  // namespace test
}  // namespace clone_guard

#endif
