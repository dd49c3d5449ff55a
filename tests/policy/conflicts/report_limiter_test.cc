// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/conflicts/report_limiter.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R11: the first event of a kind is reported, then one each repeat time, with the number of suppressed events.
TEST(ReportLimiterTest, rule11OneReportEachRepeatTime) {
    const ReportLimiter limiter(std::chrono::seconds(60));
    ClaimantReports reports;
    EXPECT_TRUE(limiter.decide(ReportKind::SUSPECTED, reports, at(0)).first);
    EXPECT_FALSE(limiter.decide(ReportKind::SUSPECTED, reports, at(1)).report);
    EXPECT_FALSE(limiter.decide(ReportKind::SUSPECTED, reports, at(59)).report);
    const auto again = limiter.decide(ReportKind::SUSPECTED, reports, at(60));
    EXPECT_TRUE(again.report && !again.first);
    EXPECT_EQ(again.suppressed, 2U);
    EXPECT_TRUE(limiter.decide(ReportKind::CONFIRMED, reports, at(61)).first);
}

// R11: with a repeat time of 0 no event of a kind is reported twice.
TEST(ReportLimiterTest, rule11RepeatTimeOfZero) {
    const ReportLimiter limiter(std::chrono::seconds(0));
    ClaimantReports reports;
    EXPECT_TRUE(limiter.decide(ReportKind::SUSPECTED, reports, at(0)).report);
    EXPECT_FALSE(limiter.decide(ReportKind::SUSPECTED, reports, at(1000 * DAY)).report);
    EXPECT_TRUE(limiter.recordAddress(reports, IpAddress(1), at(0)));
    EXPECT_FALSE(limiter.recordAddress(reports, IpAddress(2), at(1000 * DAY)));
    EXPECT_EQ(reports.ip, IpAddress(2));
}

}  // namespace test
}  // namespace clone_guard
