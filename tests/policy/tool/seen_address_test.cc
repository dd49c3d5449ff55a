// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <tool/scan/seen_address.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace test {

namespace {

/// An address from eight groups of two bytes, and the length of its prefix.
SeenAddress
v6(const std::string& groups, uint8_t length = SeenAddress::WHOLE_ADDRESS) {
    return (SeenAddress::ofIpv6(hex(groups), length));
}

const std::string GLOBAL = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00";

}  // namespace

// RFC 5952, and the length of a prefix.
TEST(SeenAddressTest, text) {
    EXPECT_EQ(SeenAddress().toText(), "0.0.0.0");
    EXPECT_EQ(SeenAddress(IpAddress(0xc0000264)).toText(), "192.0.2.100");
    EXPECT_EQ(v6(GLOBAL).toText(), "2001:db8::100");
    EXPECT_EQ(v6("20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 00", 56).toText(), "2001:db8:1::/56");
    // Lengths beyond those of a prefix.
    EXPECT_EQ(v6(GLOBAL, 0).toText(), "2001:db8::100/1");
    EXPECT_EQ(v6(GLOBAL, 200).toText(), "2001:db8::100");
    EXPECT_EQ(v6(GLOBAL, 127).toText(), "2001:db8::100/127");
}

TEST(SeenAddressTest, kinds) {
    EXPECT_TRUE(SeenAddress().isUnspecified());
    EXPECT_TRUE(SeenAddress(IpAddress()).isUnspecified());
    EXPECT_TRUE(v6(std::string("00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"), 56).isUnspecified());
    EXPECT_EQ(v6("00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"), SeenAddress());
    EXPECT_FALSE(v6(GLOBAL).isUnspecified());
    EXPECT_FALSE(v6("00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01").isUnspecified());
    EXPECT_TRUE(v6(GLOBAL, 56).isPrefix());
    EXPECT_FALSE(v6(GLOBAL).isPrefix());
    EXPECT_FALSE(SeenAddress(IpAddress(0xc0000264)).isPrefix());
    EXPECT_EQ(SeenAddress(IpAddress(0xc0000264)).toIpv4().toText(), "192.0.2.100");
    EXPECT_TRUE(v6(GLOBAL).toIpv4().isUnspecified());
}

// RFC 4291 section 2.5.6: the first ten bits are those of fe80.
TEST(SeenAddressTest, linkLocal) {
    const std::string rest = " 00 00 00 00 00 00 00 00 00 00 00 00 00 01";
    EXPECT_TRUE(v6("fe 80" + rest).isLinkLocal());
    EXPECT_TRUE(v6("fe bf" + rest).isLinkLocal());
    EXPECT_FALSE(v6("fe c0" + rest).isLinkLocal());
    EXPECT_FALSE(v6("fe 40" + rest).isLinkLocal());
    EXPECT_FALSE(v6("fc 80" + rest).isLinkLocal());
    EXPECT_FALSE(v6("fe 80" + rest, 64).isLinkLocal());
    EXPECT_FALSE(SeenAddress(IpAddress(0xfe800001)).isLinkLocal());
}

// RFC 4291 appendix A.
TEST(SeenAddressTest, eui64Source) {
    const std::string prefix = "fe 80 00 00 00 00 00 00 ";
    EXPECT_EQ(v6(prefix + "be 24 11 ff fe 5e 00 01").eui64Source(),
              HardwareAddress(HardwareAddress::ETHERNET, hex("bc 24 11 5e 00 01")));
    EXPECT_TRUE(v6(prefix + "be 24 11 ff fd 5e 00 01").eui64Source().bytes().empty());
    EXPECT_TRUE(v6(prefix + "be 24 11 fe fe 5e 00 01").eui64Source().bytes().empty());
    EXPECT_TRUE(v6(prefix + "be 24 11 ff fe 5e 00 01", 64).eui64Source().bytes().empty());
}

// IPv4 before IPv6, each by number, then the shorter prefix first.
TEST(SeenAddressTest, order) {
    const std::vector<SeenAddress> ordered{SeenAddress(),
                                           SeenAddress(IpAddress(0x0a000001)),
                                           SeenAddress(IpAddress(0xc0000264)),
                                           v6("01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
                                           v6(GLOBAL, 56),
                                           v6(GLOBAL, 64),
                                           v6(GLOBAL)};
    for (size_t i = 0; i < ordered.size(); ++i) {
        for (size_t j = 0; j < ordered.size(); ++j) {
            EXPECT_EQ(ordered[i] < ordered[j], i < j) << i << ' ' << j;
            EXPECT_EQ(ordered[i] == ordered[j], i == j) << i << ' ' << j;
            EXPECT_EQ(ordered[i] != ordered[j], i != j) << i << ' ' << j;
        }
    }
}

}  // namespace test
}  // namespace clone_guard
