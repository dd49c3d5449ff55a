// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_LISTEN_CAPTURE_BUILDER_H
#define CLONE_GUARD_TESTS_POLICY_LISTEN_CAPTURE_BUILDER_H

#include <tool/listen/message.h>

#include <core/identity/bytes.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief Appends a number in network byte order.
void put(Bytes& bytes, uint64_t number, size_t size);
void put(Bytes& bytes, ByteView more);

/// @brief The server of all replies.
constexpr IpAddress SERVER{0xc0000201};  // 192.0.2.1

/// @brief Returns a query of a clone; the number decides its hardware address.
///
/// @param seconds since an arbitrary start.
Message query(MessageType type, uint32_t machine, double seconds);

/// @brief Returns the renewal of an address.
Message renewal(uint32_t machine, double seconds, IpAddress address);

/// @brief Returns the answer to a query, one millisecond later.
Message reply(MessageType type, const Message& query, IpAddress address, IpAddress server = SERVER);

/// @brief Returns 192.0.2.NUMBER.
constexpr IpAddress
address(uint32_t number) {
    return (IpAddress(0xc0000200 + number));
}

/// @brief Returns the bytes of a message from op on, with an end option.
Bytes payloadOf(const Message& message);

/// @brief Returns an IPv4 packet with UDP between the ports of DHCP.
Bytes packetOf(const Bytes& payload, IpAddress source = IpAddress());

/// @brief Returns a frame of Ethernet.
///
/// @param tags the types and numbers of tags, the outer one first: {0x88a8, 20}, {0x8100, 100}.
Bytes ethernetOf(const Bytes& packet, const std::vector<std::pair<uint16_t, uint16_t>>& tags = {});

/// @brief Returns a frame of a Linux cooked capture.
Bytes cookedOf(const Bytes& packet);

/// @brief Returns a frame of a Linux cooked capture, version 2.
Bytes cooked2Of(const Bytes& packet, uint32_t link);

/// @brief Returns a frame of Ethernet with a message.
Bytes frameOf(const Message& message);

/// @brief Returns the bytes of a pcap file with frames of Ethernet.
///
/// @param snaplen the number of bytes that are kept of each frame.
std::string pcapOf(const std::vector<Message>& messages, size_t snaplen = 65535);

/// @brief Returns the bytes of a pcap file with any frames.
std::string pcapOf(uint32_t link_type, const std::vector<Bytes>& frames);

/// @brief Returns the bytes of a pcap file with frames of Ethernet, each with its second.
std::string pcapAt(const std::vector<std::pair<double, Bytes>>& frames);

/// @brief Returns the bytes of a pcapng file with frames of Ethernet.
std::string pcapngOf(const std::vector<Message>& messages);

}  // namespace test
}  // namespace clone_guard

#endif
