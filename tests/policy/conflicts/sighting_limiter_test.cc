// SPDX-License-Identifier: MPL-2.0
//
// R11: reports about senders outside any conflict are limited, and the memory for it is bounded.

#include <tests/policy/support.h>

#include <core/conflicts/sighting_limiter.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R11: one report for each subject and kind, and one more after the repeat time.
TEST(SightingLimiterTest, rule11OncePerRepeatTime) {
    SightingLimiter limiter{std::chrono::seconds(DAY)};
    EXPECT_TRUE(limiter.shouldReport(cloneIdentifier(), 0, at(0)));
    EXPECT_FALSE(limiter.shouldReport(cloneIdentifier(), 0, at(DAY - 1)));
    EXPECT_TRUE(limiter.shouldReport(cloneIdentifier(), 1, at(1)));
    EXPECT_TRUE(limiter.shouldReport(cloneIdentifier(), 0, at(DAY)));
    EXPECT_FALSE(limiter.shouldReport(cloneIdentifier(), 0, at(DAY + 1)));
}

// R11: with a repeat time of zero there is no second report.
TEST(SightingLimiterTest, rule11OnceIfTheRepeatTimeIsZero) {
    SightingLimiter limiter{std::chrono::seconds(0)};
    EXPECT_TRUE(limiter.shouldReport(cloneIdentifier(), 0, at(0)));
    EXPECT_FALSE(limiter.shouldReport(cloneIdentifier(), 0, at(1000.0 * DAY)));
}

// R11: with as many subjects as half the slots, each is still reported exactly once.
TEST(SightingLimiterTest, rule11ManySubjects) {
    SightingLimiter limiter{std::chrono::seconds(DAY)};
    for (int round = 0; round < 3; ++round) {
        for (uint32_t number = 0; number < SightingLimiter::SLOTS / 2; ++number) {
            EXPECT_EQ(limiter.shouldReport(mac(number).bytes(), 0, at(round)), round == 0) << number;
        }
    }
}

// R11, R13: a flood of identifiers causes at most one report for each slot.
TEST(SightingLimiterTest, rule11Flood) {
    SightingLimiter limiter{std::chrono::seconds(DAY)};
    size_t reports = 0;
    for (uint32_t number = 0; number < 100000; ++number) {
        reports += limiter.shouldReport(identifierNumber(number), 0, at(number / 1000.0)) ? 1 : 0;
    }
    EXPECT_LE(reports, SightingLimiter::SLOTS);
    EXPECT_GT(reports, SightingLimiter::SLOTS / 2);
}

}  // namespace test
}  // namespace clone_guard
