// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_DECLINED_ADDRESS_H
#define CLONE_GUARD_TOOL_SCAN_DECLINED_ADDRESS_H

#include <tool/cli/utc_time.h>

#include <core/identity/bytes.h>
#include <core/identity/ip_address.h>

namespace clone_guard {

/// @brief The reason for which an address is declined.
enum class DeclineCause {
    CLONES,        ///< clones have or had a lease of the address
    UNKNOWN,       ///< the lease files do not show the client
    OTHER_CLIENT,  ///< another client declined it: a machine may use it without a lease
};

/// @brief An address that a client declined, and that the server does not lease for now.
struct DeclinedAddress {
    IpAddress address;
    uint32_t subnet = 0;
    UtcSeconds since;
    UtcSeconds until;
    DeclineCause cause = DeclineCause::UNKNOWN;
    Bytes identifier;  ///< of the client that had the lease before; empty if unknown
};

/// @brief The declined addresses of one subnet, as a server counts them.
struct DeclinedCount {
    uint32_t subnet = 0;
    uint64_t declined = 0;
    UtcSeconds first_free;  ///< when the server leases the first of them again
    UtcSeconds last_free;
};

}  // namespace clone_guard

#endif
