// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_PACKET_QUERY_H
#define CLONE_GUARD_HOOK_PACKET_QUERY_H

#include <core/decision/guarded_query.h>
#include <core/decision/place.h>
#include <core/decision/stranger.h>
#include <core/decision/verdict.h>
#include <core/identity/client_identifier.h>

#include <dhcp/pkt4.h>

namespace clone_guard {

/// @brief Reads what the guard needs from a packet, without a copy of an option.
///
/// While callouts run, Pkt4::getOption() clones the option that it returns. The container of the options is public; to
/// read it directly costs a tenth.
namespace query {

/// @return the data of the client identifier option, or std::nullopt if it is absent. The view is valid as long as the
/// option exists.
std::optional<ByteView> clientIdentifier(const isc::dhcp::Pkt4& packet);

/// @return the client identifier option itself, or null if it is absent. It outlives its replacement in the packet.
isc::dhcp::OptionPtr identifierOption(const isc::dhcp::Pkt4& packet);

/// @return the message type, or std::nullopt if the guard does not read queries of this type.
std::optional<Message> message(const isc::dhcp::Pkt4& packet);

/// @return the reason for which the guard leaves a query alone unless it is a stranger's, or std::nullopt if the query is
/// judged in any case.
std::optional<StrangerKind> strangerKind(const isc::dhcp::Pkt4& packet, Message message,
                                         const HardwareAddress& address);

/// @return the state of the client that sent a DISCOVER or REQUEST.
Stage stage(const isc::dhcp::Pkt4& packet, Message message);

/// @brief Checks whether the packet is a BOOTP query, which the bootp library has turned into a REQUEST.
bool isBootp(const isc::dhcp::Pkt4& packet);

HardwareAddress hardwareAddress(const isc::dhcp::Pkt4& packet);

/// @param with_classes true if subnets are selected by client classes.
Place place(const isc::dhcp::Pkt4& packet, bool with_classes);

/// @return the address that a REQUEST asks for: option 50, or ciaddr if that option is absent, as the server reads it;
/// unspecified if both are absent.
IpAddress requestedAddress(const isc::dhcp::Pkt4& packet);

/// @return the address by which a query asks for a subnet: the relay's link selection (RFC 3527), or else the client's
/// subnet selection (RFC 3011); unspecified if both are absent.
IpAddress linkSelection(const isc::dhcp::Pkt4& packet);

/// @return the address of option 50, which a DECLINE or a REQUEST in INIT-REBOOT names; unspecified if it is absent.
IpAddress declinedAddress(const isc::dhcp::Pkt4& packet);

/// @brief Checks whether the sender is firmware that boots from the network: option 60 begins with "PXEClient".
bool fromPxe(const isc::dhcp::Pkt4& packet);

/// @return the data of an option as the client sent it; empty if it is absent.
std::string text(const isc::dhcp::Pkt4& packet, uint16_t option);

/// @return a suboption of the relay agent information option in hexadecimal; empty if it is absent.
std::string relaySuboption(const isc::dhcp::Pkt4& packet, uint16_t suboption);

}  // namespace query
}  // namespace clone_guard

#endif
