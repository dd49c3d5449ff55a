// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_MESSAGE_H
#define CLONE_GUARD_TOOL_LISTEN_MESSAGE_H

#include <tool/cli/utc_time.h>

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/ip_address.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

namespace clone_guard {

/// @brief Option 53, RFC 2132 section 9.6.
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
    IpAddress relay;    ///< giaddr

    friend bool operator<(const Segment& left, const Segment& right) noexcept {
        return (std::tie(left.link, left.vlan, left.relay) <
                std::tie(right.link, right.vlan, right.relay));
    }
    friend bool operator==(const Segment& left, const Segment& right) noexcept {
        return (left.link == right.link && left.vlan == right.vlan && left.relay == right.relay);
    }
};

/// @brief A DHCPv4 message as far as the observer needs it. An absent option is empty.
struct Message {
    UtcTime time;
    Segment segment;
    MessageType type = MessageType::DISCOVER;
    bool is_reply = false;  ///< op is BOOTREPLY: the message is a server's
    uint32_t transaction_id = 0;
    HardwareAddress hw_address;
    HardwareAddress frame_source;  ///< of the sender of the frame; empty if the link has no addresses
    IpAddress ip_source;
    IpAddress client_address;                        ///< ciaddr
    IpAddress your_address;                          ///< yiaddr
    IpAddress requested_address;                     ///< option 50
    IpAddress server;                                ///< option 54
    std::optional<std::chrono::seconds> lease_time;  ///< option 51
    Bytes identifier;                                ///< option 61
    std::string hostname;                            ///< option 12, or the first label of option 81
    std::string vendor_class;                        ///< option 60
    Bytes requested_options;                         ///< option 55
    Bytes circuit_id;                                ///< option 82, suboption 1
    Bytes remote_id;                                 ///< option 82, suboption 2
};

}  // namespace clone_guard

#endif
