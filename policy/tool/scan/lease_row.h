// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_ROW_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_ROW_H

#include <tool/cli/utc_time.h>

#include <core/identity/bytes.h>
#include <core/identity/ip_address.h>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace clone_guard {

/// @brief The lifetime of a lease that never expires (RFC 2131 section 3.3).
constexpr std::chrono::seconds INFINITE_LIFETIME(UINT32_MAX);

/// @brief One record of a DHCPv4 lease file: the lease of an address at one time.
///
/// The views are valid until the next record is read.
struct LeaseRow {
    IpAddress address;
    ByteView hw_address;               ///< empty if the server knows none
    ByteView identifier;               ///< option 61; empty if the client sent none
    UtcSeconds time;                   ///< the client's last message
    std::chrono::seconds lifetime{0};  ///< 0: the lease was deleted
    uint32_t subnet = 0;               ///< the number of the subnet, or the first address of a prefix
    uint8_t prefix = 0;                ///< the length of the prefix; 0 if @c subnet is a number
    uint32_t state = 0;                ///< 0 in use, 1 declined, 2 expired and reclaimed, 3 released
    std::string_view hostname;         ///< escaped, see unescapeField()
};

/// @brief Returns the prefix of an address: "192.0.2.0" of 192.0.2.7 and a length of 24.
constexpr uint32_t
prefixOf(IpAddress address, uint8_t length) noexcept {
    return (length == 0 ? 0 : address.toUint32() & (UINT32_MAX << (32U - length)));
}

}  // namespace clone_guard

#endif
