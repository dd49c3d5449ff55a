// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/identity/derived_identifier.h>

#include <gtest/gtest.h>

#include <set>

namespace clone_guard {
namespace test {

// R6: the layout, byte for byte. It must never change, because existing leases depend on it.
TEST(DerivedIdentifierTest, rule06Layout) {
    EXPECT_EQ(toHex(derive(mac(0x0a0b0c), cloneIdentifier())),
              "00:43:47:01:01:06:bc:24:11:0a:0b:0c:"
              "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
}

// R6: if the identifier does not fit, its SHA-256 stands for it. The digest of 117 bytes 'a' is the output of
// sha256sum(1), cut after 16 bytes.
TEST(DerivedIdentifierTest, rule06DigestLayout) {
    EXPECT_EQ(toHex(derive(mac(0x0a0b0c), filled(117, 'a'))),
              "00:43:47:81:01:06:bc:24:11:0a:0b:0c:e4:f4:e1:7a:2d:08:be:a9:f6:14:ee:e2:77:c9:be:1d");
}

// R6: a derived identifier has at most 128 bytes, for every length of hardware address and identifier.
TEST(DerivedIdentifierTest, rule06NeverTooLong) {
    for (size_t chaddr = 0; chaddr <= HardwareAddress::MAX_SIZE; ++chaddr) {
        const HardwareAddress address(1, filled(chaddr, 0x22));
        for (size_t size = 0; size <= 300; ++size) {
            const auto identifier = filled(size);
            const auto derived = derive(address, identifier);
            ASSERT_LE(derived.size(), MAX_DERIVED);
            const bool fits = 6 + chaddr + size <= MAX_DERIVED;
            ASSERT_EQ(derived[3], fits ? 0x01 : 0x81) << chaddr << " and " << size << " bytes";
            ASSERT_EQ(derived.size(), 6 + chaddr + (fits ? size : 16));
            ASSERT_TRUE(looksDerived(derived));
        }
    }
}

// parseDerived() returns the hardware address and the identifier that derive() used.
TEST(DerivedIdentifierTest, parseWhole) {
    const auto derived = derive(mac(7), cloneIdentifier());
    const auto parts = parseDerived(derived);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->address, mac(7));
    EXPECT_EQ(parts->address.type(), HardwareAddress::ETHERNET);
    EXPECT_EQ(parts->identifier, ByteView(cloneIdentifier()));
    EXPECT_TRUE(parts->digest.empty());
}

// With a digest, parseDerived() returns the hardware address and the digest.
TEST(DerivedIdentifierTest, parseDigest) {
    const auto derived = derive(mac(7), filled(128));
    const auto parts = parseDerived(derived);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->address, mac(7));
    EXPECT_TRUE(parts->identifier.empty());
    EXPECT_EQ(parts->digest.size(), 16U);
}

// R6: another hardware address, hardware type or identifier gives another derived identifier.
TEST(DerivedIdentifierTest, rule06DifferWithEveryPart) {
    const auto own = mac(1).bytes().copy();
    const std::set<Bytes> all{derive(mac(1), cloneIdentifier()),
                              derive(mac(2), cloneIdentifier()),
                              derive(HardwareAddress(6, own), cloneIdentifier()),
                              derive(mac(1), identifierNumber(1)),
                              derive(mac(1), filled(128, 1)),
                              derive(mac(1), filled(128, 2)),
                              derive(mac(2), filled(128, 1)),
                              derive(mac(1), filled(127, 1))};
    EXPECT_EQ(all.size(), 8U);
}

// parseDerived() rejects other identifiers of the lease database, to which other programs write too.
TEST(DerivedIdentifierTest, parseGarbage) {
    for (const auto* text : {
             "",
             "00",
             "00:43",
             "00:43:47",
             "00:43:47:01:01",
             "00:43:47:01:01:06",
             "00:43:47:01:01:06:bc:24:11:00:00",        // cut off within the hardware address
             "00:43:47:01:01:06:bc:24:11:00:00:01",     // nothing after it
             "00:43:47:02:01:06:bc:24:11:00:00:01:ff",  // another format
             "00:43:47:81:01:06:bc:24:11:00:00:01:ff",  // a digest of one byte
             "00:43:47:01:01:ff:bc:24:11:00:00:01:ff",  // longer than any hardware address
             "01:43:47:01:01:06:bc:24:11:00:00:01:ff",
             "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",
         }) {
        EXPECT_FALSE(parseDerived(hex(text))) << text;
    }
    auto too_long = hex("00:43:47:01:01:15");
    too_long.resize(6 + 21 + 4, 0x33);
    EXPECT_FALSE(parseDerived(too_long));
}

// The guard never derives for an empty hardware address, but derive() and parseDerived() accept it.
TEST(DerivedIdentifierTest, emptyHardwareAddress) {
    const auto derived = derive(HardwareAddress(), cloneIdentifier());
    const auto parts = parseDerived(derived);
    ASSERT_TRUE(parts);
    EXPECT_TRUE(parts->address.bytes().empty());
    EXPECT_EQ(parts->identifier, ByteView(cloneIdentifier()));
}

}  // namespace test
}  // namespace clone_guard
