// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_HOOK_WIRE_H
#define CLONE_GUARD_TESTS_HOOK_WIRE_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <dhcp/dhcp4.h>
#include <dhcp/pkt4.h>

#include <optional>

namespace clone_guard {
namespace test {

/// @brief A query as a client sends it.
struct Wire {
    uint8_t type = isc::dhcp::DHCPDISCOVER;
    HardwareAddress address;
    std::optional<Bytes> identifier;  ///< option 61, of any length; more than 255 bytes are split
    std::string ciaddr = "0.0.0.0";
    std::string giaddr = "192.0.2.1";
    std::string requested;     ///< option 50
    std::string vendor_class;  ///< option 60
    std::string hostname;      ///< option 12
    Bytes relay_options;       ///< option 82
    std::string interface = "ens18";
    uint32_t transaction = 0x0badcafe;

    /// @brief Returns the packet as the server receives it from its socket.
    [[nodiscard]] isc::dhcp::Pkt4Ptr received() const;
};

/// @brief Returns a query of a clone; all clones have one identifier.
Wire clone(uint32_t machine, uint8_t type = isc::dhcp::DHCPDISCOVER);

/// @brief Returns the reply of the server to a query, with the option 61 that the query has by then.
isc::dhcp::Pkt4Ptr answer(const isc::dhcp::Pkt4Ptr& query, uint8_t type,
                          const std::string& yiaddr = "0.0.0.0");

/// @return option 61 of a packet as its receiver sees it, or std::nullopt if it is absent
std::optional<Bytes> identifierOnWire(isc::dhcp::Pkt4& packet);

/// @return option 61 of a packet as the server sees it, or std::nullopt if it is absent
std::optional<Bytes> identifierIn(const isc::dhcp::Pkt4& packet);

}  // namespace test
}  // namespace clone_guard

#endif
