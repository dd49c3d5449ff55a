// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_MALFORMED_REPORTER_H
#define CLONE_GUARD_HOOK_REPORT_MALFORMED_REPORTER_H

#include <core/conflicts/sighting_limiter.h>
#include <core/decision/guarded_query.h>

#include <dhcp/pkt4.h>

namespace clone_guard {

/// @brief Reports clients that send a malformed client identifier: each hardware address once (R1).
class MalformedReporter {
public:
    /// @param repeat time between two reports about one hardware address, in seconds; 0: one report.
    explicit MalformedReporter(std::chrono::seconds repeat) : limiter_(repeat) {}

    /// @brief Counts the query.
    ///
    /// @return true if its sender has to be reported.
    bool count(const GuardedQuery& query);

    /// @brief Logs the sender of the query.
    static void log(const isc::dhcp::Pkt4& packet, const GuardedQuery& query);

private:
    SightingLimiter limiter_;
};

}  // namespace clone_guard

#endif
