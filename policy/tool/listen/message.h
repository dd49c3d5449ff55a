// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_MESSAGE_H
#define CLONE_GUARD_TOOL_LISTEN_MESSAGE_H

#include <tool/cli/utc_time.h>
#include <tool/scan/seen_address.h>

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/ip_address.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace clone_guard {

/// @brief Option 53, RFC 2132 section 9.6. A DHCPv6 message has the type of its counterpart.
enum class MessageType : uint8_t {
    DISCOVER = 1,
    OFFER = 2,
    REQUEST = 3,
    DECLINE = 4,
    ACK = 5,
    NAK = 6,
    RELEASE = 7,
    INFORM = 8,
};

/// @brief A message that follows an equal one within this time is the same one, captured twice: a bridge and its port show
/// each message.
constexpr std::chrono::milliseconds REPEATED_WITHIN{1000};

/// @brief Where a message was captured. An identifier and an address are unique within one segment.
struct Segment {
    uint32_t link = 0;  ///< number of the interface, as the capture counts them
    uint32_t vlan = 0;  ///< the VLAN, and the outer VLAN shifted left by 12 bits; 0: untagged
    SeenAddress
        relay;  ///< giaddr, or the link-address of the relay next to the client (RFC 8415 section 9)
    bool is_ipv6 = false;  ///< the message is one of DHCPv6

    friend bool operator<(const Segment& left, const Segment& right) noexcept {
        return (std::tie(left.link, left.vlan, left.is_ipv6, left.relay) <
                std::tie(right.link, right.vlan, right.is_ipv6, right.relay));
    }
    friend bool operator==(const Segment& left, const Segment& right) noexcept {
        return (left.link == right.link && left.vlan == right.vlan && left.is_ipv6 == right.is_ipv6 &&
                left.relay == right.relay);
    }
};

/// @brief An address or a delegated prefix that a DHCPv6 message names.
struct NamedAddress {
    SeenAddress address;
    std::chrono::seconds lifetime{0};  ///< valid-lifetime
};

/// @brief An identity association of DHCPv6 (RFC 8415 section 12).
struct Association {
    /// IAID and DUID as RFC 4361 joins them in DHCPv4: systemd-networkd has the same in both protocols. Empty if the
    /// message has no valid DUID.
    Bytes identifier;
    std::vector<NamedAddress> addresses;
};

/// @brief A DHCP message as far as the observer needs it. An absent option is empty.
struct Message {
    UtcTime time;
    Segment segment;
    MessageType type = MessageType::DISCOVER;
    bool is_reply = false;  ///< op is BOOTREPLY: the message is a server's
    uint32_t transaction_id = 0;
    HardwareAddress hw_address;    ///< of the client; empty if a DHCPv6 message does not show it
    HardwareAddress frame_source;  ///< of the sender of the frame; empty if the link has no addresses
    HardwareAddress frame_target;
    SeenAddress ip_source;
    SeenAddress ip_target;
    IpAddress client_address;                        ///< ciaddr
    IpAddress your_address;                          ///< yiaddr
    IpAddress requested_address;                     ///< option 50
    IpAddress server;                                ///< option 54
    std::optional<std::chrono::seconds> lease_time;  ///< option 51
    Bytes identifier;                                ///< option 61; empty in DHCPv6
    std::string hostname;                            ///< option 12, or the first label of option 81
    std::string vendor_class;                        ///< option 60
    Bytes requested_options;                         ///< option 55
    Bytes circuit_id;                                ///< option 82, suboption 1; in DHCPv6, option 18
    Bytes remote_id;                                 ///< option 82, suboption 2; in DHCPv6, option 37
    std::vector<Association> associations;           ///< DHCPv6: options 3, 4 and 25
    Bytes server_duid;                               ///< DHCPv6: option 2
    SeenAddress
        peer;  ///< DHCPv6: the address of the client, as the link or the relay next to it shows it
    /// DHCPv6: RENEW. REBIND is not one: a client also sends it at boot for its prefixes (RFC 8415 section 18.2.12).
    bool extends_lease = false;

    /// @brief Checks for the renewal of a lease, rather than the boot of a client.
    [[nodiscard]] bool isRenewal() const noexcept {
        return (type == MessageType::REQUEST && (extends_lease || !client_address.isUnspecified()));
    }
};

}  // namespace clone_guard

#endif
