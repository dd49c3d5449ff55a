// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_REPORT_STATISTICS_H
#define CLONE_GUARD_REPORT_STATISTICS_H

#include <hook/kea_compat.h>

#include <cstdint>

namespace clone_guard {

/// @brief What is counted. The names stand in one table, in statistics.cc.
enum class Counter : uint8_t {
    SUSPECTED,
    CONFIRMED,
    MAC_FALLBACK,
    REFUSED,
    RELEASE_BLOCKED,
    DECLINE_BLOCKED,
    MOVED,
    DEGRADED,
    MALFORMED,
};

/// @brief Makes the server's statistics show all counters of the whole server, at zero where they are new.
void declareStatistics();

/// @brief The same for each subnet of a configuration; those of subnets that it does not have are removed.
void declareStatistics(const isc::dhcp::SrvConfig& config);

/// @brief Counts one, for the server and, where it is known, for the subnet.
///
/// @param subnet_id 0 where it is not known.
void count(Counter counter, uint32_t subnet_id = 0);

}  // namespace clone_guard

#endif
