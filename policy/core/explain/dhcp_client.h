// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_DHCP_CLIENT_H
#define CLONE_GUARD_CORE_EXPLAIN_DHCP_CLIENT_H

#include <core/explain/explanation.h>

namespace clone_guard {

/// @brief The DHCP clients with a remedy of their own. docs/clients.md has a row for each.
enum class DhcpClient { UNKNOWN, DHCLIENT, DHCPCD, NETWORK_MANAGER, OPENWRT, UDHCPC, WICKED };

/// @brief Recognizes the DHCP client by option 60, by the options that it requests, or by the form of the IAID.
///
/// @param iaid the IAID; empty if the identifier has none
/// @param known the explanation so far: type of the DUID, and the hardware address behind the IAID
/// @param sender the machine that sent the identifier
DhcpClient dhcpClientOf(ByteView iaid, const Explanation& known, const Sender& sender);

}  // namespace clone_guard

#endif
