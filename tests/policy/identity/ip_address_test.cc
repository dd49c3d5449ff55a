// SPDX-License-Identifier: MPL-2.0

#include <core/identity/ip_address.h>

#include <gtest/gtest.h>

#include <unordered_set>

namespace clone_guard {
namespace test {

// The text has four decimal bytes, the most significant first.
TEST(IpAddressTest, toText) {
    EXPECT_EQ(IpAddress().toText(), "0.0.0.0");
    EXPECT_EQ(IpAddress(0xc0000264).toText(), "192.0.2.100");
    EXPECT_EQ(IpAddress(0xffffffff).toText(), "255.255.255.255");
    EXPECT_EQ(IpAddress(0x0a000001).toText(), "10.0.0.1");
}

// Addresses compare by their number. The default is the unspecified address.
TEST(IpAddressTest, comparison) {
    EXPECT_TRUE(IpAddress().isUnspecified());
    EXPECT_FALSE(IpAddress(1).isUnspecified());
    EXPECT_EQ(IpAddress(7), IpAddress(7));
    EXPECT_NE(IpAddress(7), IpAddress(8));
    EXPECT_LT(IpAddress(0x0a000001), IpAddress(0xc0000201));
    EXPECT_EQ(IpAddress(0xc0000264).toUint32(), 0xc0000264U);
}

// Equal addresses have one entry in a hash table.
TEST(IpAddressTest, hash) {
    const std::unordered_set<IpAddress> addresses{IpAddress(1), IpAddress(2), IpAddress(1)};
    EXPECT_EQ(addresses.size(), 2U);
}

}  // namespace test
}  // namespace clone_guard
