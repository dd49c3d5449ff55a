// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <hook/leases/first_seen.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

const SipHash::Key KEY{1, 2, 3};

}  // namespace

// A thing is told of under the address under which it was first, whatever comes in between.
TEST(FirstSeenTest, tellsTheFirstAddress) {
    FirstSeen seen(KEY, 100000);
    for (uint32_t number = 1; number <= 50000; ++number) {
        EXPECT_EQ(seen.note(identifierNumber(number), number), number);
    }
    EXPECT_EQ(seen.note(identifierNumber(7), 999999), 7U);
    EXPECT_EQ(seen.note(identifierNumber(50000), 999999), 50000U);
    EXPECT_EQ(seen.size(), 50000U);
}

// What lies elsewhere by now can be corrected.
TEST(FirstSeenTest, isCorrected) {
    FirstSeen seen(KEY, 10);
    seen.note(identifierNumber(1), 1);
    seen.correct(identifierNumber(1), 2);
    seen.correct(identifierNumber(9), 3);
    EXPECT_EQ(seen.note(identifierNumber(1), 4), 2U);
    EXPECT_EQ(seen.note(identifierNumber(9), 5), 5U);
}

// R13: when it is full it goes on with what it has, and says how much it missed.
TEST(FirstSeenTest, rule13Bounded) {
    FirstSeen seen(KEY, 3);
    for (uint32_t number = 1; number <= 5; ++number) {
        EXPECT_EQ(seen.note(identifierNumber(number), number), number);
    }
    EXPECT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen.missed(), 2U);
    EXPECT_EQ(seen.note(identifierNumber(2), 9), 2U);
    seen.clear();
    EXPECT_EQ(seen.size(), 0U);
    EXPECT_EQ(seen.missed(), 0U);
    EXPECT_EQ(seen.note(identifierNumber(2), 9), 9U);
}

}  // namespace test
}  // namespace clone_guard
