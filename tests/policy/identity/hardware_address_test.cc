// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R1: an empty or all-zero address is unusable, because it does not identify a machine.
TEST(HardwareAddressTest, rule01UsableTellsMachinesApart) {
    EXPECT_TRUE(mac(1).usable());
    EXPECT_TRUE(HardwareAddress(1, Bytes{0, 0, 0, 0, 0, 1}).usable());
    EXPECT_FALSE(HardwareAddress().usable());
    EXPECT_FALSE(HardwareAddress(1, filled(6, 0)).usable());
    // An InfiniBand client (type 32) sends an empty address, RFC 4390.
    EXPECT_FALSE(HardwareAddress(32, Bytes()).usable());
}

// Bytes beyond the longest hardware address are cut off, not written past the end.
TEST(HardwareAddressTest, isBounded) {
    const HardwareAddress longest(1, filled(20, 0x11));
    EXPECT_EQ(longest.bytes().size(), 20U);
    const HardwareAddress cut(1, filled(255, 0x11));
    EXPECT_EQ(cut.bytes().size(), HardwareAddress::MAX_SIZE);
    EXPECT_EQ(cut, longest);
}

// Addresses are equal if their types differ, because a lease from a memfile has no hardware type.
TEST(HardwareAddressTest, comparesBytesAlone) {
    const Bytes bytes{2, 0, 0, 0, 0, 1};
    EXPECT_EQ(HardwareAddress(1, bytes), HardwareAddress(6, bytes));
    EXPECT_NE(mac(1), mac(2));
    EXPECT_NE(HardwareAddress(1, Bytes{1, 2}), HardwareAddress(1, Bytes{1, 2, 0}));
    EXPECT_LT(mac(1), mac(2));
    EXPECT_FALSE(mac(2) < mac(1));
}

// toText() formats an address as lower-case hexadecimal with colons.
TEST(HardwareAddressTest, toText) {
    EXPECT_EQ(mac(0x0a0b0c).toText(), "bc:24:11:0a:0b:0c");
    EXPECT_EQ(HardwareAddress().toText(), "none");
    EXPECT_EQ(mac(1).type(), HardwareAddress::ETHERNET);
}

}  // namespace test
}  // namespace clone_guard
