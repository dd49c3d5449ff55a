// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_STATISTICS_H
#define CLONE_GUARD_HOOK_REPORT_STATISTICS_H

#include <core/decision/verdict.h>

#include <cstdint>
#include <vector>

namespace clone_guard {

/// @brief The counters; statistics.cc has the table of their names.
enum class Counter : uint8_t {
    SUSPECTED,
    CONFIRMED,
    MAC_FALLBACK,
    REFUSED,
    RELEASE_BLOCKED,
    DECLINE_BLOCKED,
    RELEASE_PASSED,
    DECLINE_PASSED,
    MOVED,
    STRANGER,
    SEALED,
    DEGRADED,
    MALFORMED,
};

/// @brief Returns the counter of a RELEASE or DECLINE about another machine's lease.
Counter counterOf(Message message, Verdict verdict) noexcept;

/// @brief Declares all counters of the whole server; new ones begin at zero.
void declareStatistics();

/// @brief Removes the counters of subnets.
void removeStatistics(const std::vector<uint32_t>& subnets);

/// @brief Adds one to a counter of the server and, if the subnet is known, of the subnet.
///
/// A counter of a subnet begins with its first event: all of them for each subnet would make each configuration slower.
///
/// @param subnet_id the subnet, or 0 if it is unknown
void count(Counter counter, uint32_t subnet_id = 0);

}  // namespace clone_guard

#endif
