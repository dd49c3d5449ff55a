// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_LEASE_H
#define CLONE_GUARD_CORE_DECISION_LEASE_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>
#include <core/identity/ip_address.h>

#include <cstdint>
#include <string>

namespace clone_guard {

/// @brief A lease of the lease database, reduced to what the guard decides by.
struct Lease {
    HardwareAddress address;
    uint32_t subnet_id = 0;
    IpAddress ip;           ///< the leased address
    int64_t last_seen = 0;  ///< client last transaction time, seconds since 1970
    bool live = false;      ///< in use and not expired
    bool released = false;  ///< given up by its client: its lifetime is zero
    int64_t ended = 0;      ///< time at which it ended or will end, seconds since 1970
    std::string hostname;   ///< as the lease has it; set only for conflicts
    Bytes identifier;       ///< set only for look-ups by hardware address
};

}  // namespace clone_guard

#endif
