// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_PACKET_QUERY_H
#define CLONE_GUARD_PACKET_QUERY_H

#include <core/decision/judge.h>
#include <core/decision/verdict.h>
#include <core/identity/client_identifier.h>

#include <dhcp/pkt4.h>

namespace clone_guard {

/// @brief Reads what the guard needs from a packet, without copying an option.
///
/// While callouts run, Pkt4::getOption() clones what it returns; the container behind it is public,
/// and a look into it costs a tenth.
namespace query {

/// @return the data of the client identifier option; nothing where there is none. Valid as long as
/// the option stays in the packet.
std::optional<ByteView> clientIdentifier(const isc::dhcp::Pkt4& packet);

/// @return the client identifier option itself, so that it lives on when the packet gets another; null where
/// there is none.
isc::dhcp::OptionPtr identifierOption(const isc::dhcp::Pkt4& packet);

/// @return DISCOVER, REQUEST, RELEASE or DECLINE; nothing for what is not guarded.
std::optional<Message> message(const isc::dhcp::Pkt4& packet);

/// @return how far the sender of a DISCOVER or REQUEST has come.
Stage stage(const isc::dhcp::Pkt4& packet, Message message);

/// @brief Whether it is BOOTP that the bootp library has dressed up as a REQUEST.
bool isBootp(const isc::dhcp::Pkt4& packet);

HardwareAddress hardwareAddress(const isc::dhcp::Pkt4& packet);

/// @param with_classes whether subnets are selected by client classes.
Place place(const isc::dhcp::Pkt4& packet, bool with_classes);

/// @return the address that a REQUEST asks for: option 50, else ciaddr, as the server reads it; 0 for none.
IpAddress requestedAddress(const isc::dhcp::Pkt4& packet);

/// @return the address that a DECLINE is about: option 50; 0 for none.
IpAddress declinedAddress(const isc::dhcp::Pkt4& packet);

/// @brief Whether firmware that boots from the network sent it (option 60 begins "PXEClient").
bool fromPxe(const isc::dhcp::Pkt4& packet);

/// @return the data of an option as text, as the client sent it.
std::string text(const isc::dhcp::Pkt4& packet, uint16_t option);

/// @return a suboption of the relay agent information option in hexadecimal; empty for none.
std::string relaySuboption(const isc::dhcp::Pkt4& packet, uint16_t suboption);

}  // namespace query
}  // namespace clone_guard

#endif
