// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_STRANGER_REPORTER_H
#define CLONE_GUARD_HOOK_REPORT_STRANGER_REPORTER_H

#include <core/conflicts/sighting_limiter.h>
#include <core/decision/stranger.h>
#include <hook/packet/query_context.h>

#include <dhcp/pkt4.h>

namespace clone_guard {

/// @brief Reports queries that the guard would leave alone if they did not present another machine's identifier (R1).
///
/// Such a sender may have no hardware address, so it is not a machine of a conflict.
class StrangerReporter {
public:
    /// @param repeat time between two reports about one identifier and kind of query, in seconds; 0: one report.
    explicit StrangerReporter(std::chrono::seconds repeat) : limiter_(repeat) {}

    /// @brief Counts the query, and logs it unless the identifier was reported lately.
    void report(const isc::dhcp::Pkt4& query, const QueryContext& context, StrangerKind kind);

private:
    SightingLimiter limiter_;
};

}  // namespace clone_guard

#endif
