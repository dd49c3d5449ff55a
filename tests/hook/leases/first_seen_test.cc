// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <hook/leases/first_seen.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

const SipHash::Key KEY{1, 2, 3};

}  // namespace

// A known DUID is returned with its first address, however many others were inserted since.
TEST(FirstSeenTest, returnsTheFirstAddress) {
    FirstSeen seen(KEY, 100000);
    for (uint32_t number = 1; number <= 50000; ++number) {
        EXPECT_EQ(seen.insert(identifierNumber(number), IpAddress(number)), IpAddress(number));
    }
    EXPECT_EQ(seen.insert(identifierNumber(7), IpAddress(999999)), IpAddress(7));
    EXPECT_EQ(seen.insert(identifierNumber(50000), IpAddress(999999)), IpAddress(50000));
    EXPECT_EQ(seen.size(), 50000U);
}

// The address of a known DUID can be replaced. An unknown one is not inserted.
TEST(FirstSeenTest, isReplaced) {
    FirstSeen seen(KEY, 10);
    seen.insert(identifierNumber(1), IpAddress(1));
    seen.replace(identifierNumber(1), IpAddress(2));
    seen.replace(identifierNumber(9), IpAddress(3));
    EXPECT_EQ(seen.insert(identifierNumber(1), IpAddress(4)), IpAddress(2));
    EXPECT_EQ(seen.insert(identifierNumber(9), IpAddress(5)), IpAddress(5));
}

// R13: a full table keeps its entries and counts the DUIDs for which there was no room.
TEST(FirstSeenTest, rule13Bounded) {
    FirstSeen seen(KEY, 3);
    for (uint32_t number = 1; number <= 5; ++number) {
        EXPECT_EQ(seen.insert(identifierNumber(number), IpAddress(number)), IpAddress(number));
    }
    EXPECT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen.missed(), 2U);
    EXPECT_EQ(seen.insert(identifierNumber(2), IpAddress(9)), IpAddress(2));
}

}  // namespace test
}  // namespace clone_guard
