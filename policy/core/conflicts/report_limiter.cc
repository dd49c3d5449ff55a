// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/report_limiter.h>

namespace clone_guard {

ReportDecision
ReportLimiter::decide(ReportKind kind, ClaimantReports& reports, Instant now) const {
    ReportDecision decision;
    auto& limit = reports.limits[static_cast<size_t>(kind)];
    decision.first = !limit.reported;
    decision.report = decision.first || isDue(limit.last, now);
    if (!decision.report) {
        ++limit.suppressed;
        return (decision);
    }
    decision.suppressed = limit.suppressed;
    limit = RateLimit{true, now, 0};
    return (decision);
}

bool
ReportLimiter::recordAddress(ClaimantReports& reports, IpAddress ip, Instant now) const {
    if (reports.ip == ip) {
        return (false);
    }
    const bool report = reports.ip.isUnspecified() || isDue(reports.ip_reported, now);
    reports.ip = ip;
    if (report) {
        reports.ip_reported = now;
    }
    return (report);
}

}  // namespace clone_guard
