// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_DHCPV6_READER_H
#define CLONE_GUARD_TOOL_LISTEN_DHCPV6_READER_H

#include <tool/listen/message.h>

#include <tins/ipv6_address.h>

namespace clone_guard {

SeenAddress seenAddress(const Tins::IPv6Address& address);

enum class Dhcpv6Result {
    COMPLETE,
    OTHER,    ///< a message that concerns no client, such as a lease query
    DAMAGED,  ///< an option is cut short, or a relayed message is missing
};

/// @brief Reads a DHCPv6 message (RFC 8415), relayed or not.
///
/// DHCPv6 messages have no field for the hardware address of the client. It comes from the frame, from option 79 of the
/// relay (RFC 6939), or from an address that was made of it. A message that passed a router shows none of them.
///
/// @param payload the bytes after the UDP header
/// @param message has the addresses of the frame, and gets what the message says
/// @throw Tins::exception_base if the message is cut short
Dhcpv6Result readDhcpv6(ByteView payload, Message& message);

}  // namespace clone_guard

#endif
