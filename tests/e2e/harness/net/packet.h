// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_PACKET_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_PACKET_H

#include <tests/e2e/harness/net/bytes.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief The message types of RFC 2131 that the tests use.
enum MessageType : uint8_t {
    DISCOVER = 1,
    OFFER = 2,
    REQUEST = 3,
    DECLINE = 4,
    ACK = 5,
    NAK = 6,
    RELEASE = 7,
    INFORM = 8
};

/// @brief The option codes that the tests use.
enum OptionCode : uint8_t {
    OPTION_ROUTERS = 3,
    OPTION_HOST_NAME = 12,
    OPTION_REQUESTED_ADDRESS = 50,
    OPTION_LEASE_TIME = 51,
    OPTION_MESSAGE_TYPE = 53,
    OPTION_SERVER_IDENTIFIER = 54,
    OPTION_PARAMETER_LIST = 55,
    OPTION_VENDOR_CLASS = 60,
    OPTION_CLIENT_IDENTIFIER = 61,
    OPTION_RELAY_AGENT = 82
};

/// @brief Returns the name of a message type: "OFFER" for 2, and so on; "BOOTP" for 0.
std::string messageName(uint8_t type);

/// @brief A DHCPv4 packet as sent on the wire.
///
/// It can hold invalid contents. Options keep the order in which they were added, may be repeated and have any
/// length. The lengths in the header need not match the data.
struct Packet {
    uint8_t op = 1;
    uint8_t htype = 1;
    uint8_t hlen = 6;
    uint32_t xid = 0;
    uint16_t secs = 0;
    uint16_t flags = 0;
    Address ciaddr;
    Address yiaddr;
    Address siaddr;
    Address giaddr;
    /// @brief The hardware address. In the packet it has sixteen bytes, whatever hlen is: it is padded or cut.
    Bytes chaddr;
    std::vector<std::pair<uint8_t, Bytes>> options;

    /// @brief Appends an option, even if an option of the same code is present.
    Packet& add(uint8_t code, const Bytes& data);

    /// @brief Appends the message type.
    Packet& type(MessageType type);

    /// @brief The message type, or 0 if it is absent (BOOTP).
    uint8_t type() const;

    /// @brief Returns the data of an option, with options of the same code joined as in RFC 3396.
    std::optional<Bytes> option(uint8_t code) const;

    /// @brief Returns the data of an option that holds an address.
    std::optional<Address> addressOption(uint8_t code) const;

    /// @brief Returns the data of an option that holds a number of four bytes.
    std::optional<uint32_t> numberOption(uint8_t code) const;

    /// @brief Returns the bytes of the whole packet.
    Bytes encode() const;

    /// @brief Reads a packet, or returns std::nullopt if the bytes are not a packet.
    static std::optional<Packet> decode(const uint8_t* data, size_t size);

    /// @brief Returns one line for a failure message.
    std::string toText() const;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_PACKET_H
