// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/identity/client_identifier.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

constexpr size_t KEA_LIMIT = 128;

struct IdentifierCase {
    int line;
    Bytes identifier;
    IdentifierKind duid;  ///< with client-id-types "duid"
    IdentifierKind all;   ///< with client-id-types "all"
};

constexpr auto GUARDED = IdentifierKind::GUARDED;
constexpr auto UNGUARDED = IdentifierKind::UNGUARDED;
constexpr auto MALFORMED = IdentifierKind::MALFORMED;
constexpr auto FORGED = IdentifierKind::FORGED;

Bytes
type255(size_t size) {
    auto identifier = filled(size);
    identifier[0] = TYPE_RFC4361;
    return (identifier);
}

}  // namespace

// R1: classify() distinguishes guarded, unguarded, malformed and forged identifiers.
TEST(ClientIdentifierTest, rule01Classify) {
    const std::vector<IdentifierCase> cases{
        {__LINE__, cloneIdentifier(), GUARDED, GUARDED},
        {__LINE__, {}, MALFORMED, MALFORMED},
        {__LINE__, {0xff}, MALFORMED, MALFORMED},
        {__LINE__, {0x01}, MALFORMED, MALFORMED},
        {__LINE__, {0x01, 0x02}, UNGUARDED, GUARDED},
        {__LINE__, hex("01:bc:24:11:00:00:01"), UNGUARDED, GUARDED},
        {__LINE__, hex("00:61:62:63"), UNGUARDED, GUARDED},
        // Type 255 requires an IAID of 4 bytes, and a DUID with a type and at least one byte.
        {__LINE__, type255(2), MALFORMED, GUARDED},
        {__LINE__, type255(4), MALFORMED, GUARDED},
        {__LINE__, type255(6), MALFORMED, GUARDED},
        {__LINE__, type255(7), MALFORMED, GUARDED},
        {__LINE__, type255(8), GUARDED, GUARDED},
        // The server accepts at most 128 bytes.
        {__LINE__, type255(128), GUARDED, GUARDED},
        {__LINE__, type255(129), MALFORMED, MALFORMED},
        {__LINE__, type255(255), MALFORMED, MALFORMED},
        {__LINE__, type255(600), MALFORMED, MALFORMED},
        // A client never sends a derived identifier, nor the beginning of one.
        {__LINE__, hex("00:43:47"), FORGED, FORGED},
        {__LINE__, hex("00:43:47:01:01:06:bc:24:11:00:00:01:ff:aa"), FORGED, FORGED},
        {__LINE__, hex("00:43:48:01"), UNGUARDED, GUARDED},
        {__LINE__, hex("00:43"), UNGUARDED, GUARDED},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE("line " + std::to_string(one.line) + ": " + toHex(one.identifier));
        EXPECT_EQ(classify(one.identifier, IdentifierTypes::DUID, KEA_LIMIT), one.duid);
        EXPECT_EQ(classify(one.identifier, IdentifierTypes::ALL, KEA_LIMIT), one.all);
    }
}

// Later servers accept 255 bytes; RFC 8415 still limits a DUID to 130.
TEST(ClientIdentifierTest, rule01ClassifyWithRoomForMore) {
    EXPECT_EQ(classify(type255(135), IdentifierTypes::DUID, 255), GUARDED);
    EXPECT_EQ(classify(type255(136), IdentifierTypes::DUID, 255), MALFORMED);
    EXPECT_EQ(classify(type255(136), IdentifierTypes::ALL, 255), GUARDED);
}

// parseRfc4361() splits the identifier of a systemd clone on ens18.
TEST(ClientIdentifierTest, parseSystemd) {
    const auto parts = parseRfc4361(cloneIdentifier());
    ASSERT_TRUE(parts);
    EXPECT_EQ(toHex(parts->iaid), "ca:53:09:5a");
    EXPECT_EQ(toHex(parts->duid), "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
    EXPECT_EQ(parts->duidType(), 2);
    EXPECT_EQ(duidEnterprise(parts->duid), 43793U);
    EXPECT_TRUE(duidHardwareAddress(parts->duid).empty());
}

// The shortest and the longest RFC 4361 identifier are valid; one byte less or more is not.
TEST(ClientIdentifierTest, parseBounds) {
    EXPECT_FALSE(parseRfc4361(ByteView()));
    EXPECT_FALSE(parseRfc4361(type255(7)));
    const auto shortest = type255(8);
    ASSERT_TRUE(parseRfc4361(shortest));
    EXPECT_EQ(parseRfc4361(shortest)->duid.size(), MIN_DUID);
    const auto longest = type255(135);
    ASSERT_TRUE(parseRfc4361(longest));
    EXPECT_EQ(parseRfc4361(longest)->duid.size(), MAX_DUID);
    EXPECT_FALSE(parseRfc4361(type255(136)));
    auto other = type255(20);
    other[0] = 254;
    EXPECT_FALSE(parseRfc4361(other));
}

// DUID-LLT and DUID-LL contain the address of the first NIC of the template.
TEST(ClientIdentifierTest, duidHardwareAddress) {
    EXPECT_EQ(toHex(duidHardwareAddress(hex("00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56"))),
              "52:54:00:12:34:56");
    EXPECT_EQ(toHex(duidHardwareAddress(hex("00:03:00:01:52:54:00:12:34:56"))), "52:54:00:12:34:56");
    EXPECT_TRUE(duidHardwareAddress(hex("00:04:00:01:52:54:00:12:34:56")).empty());
    // The DUID is cut at any byte.
    for (const auto* text : {"", "00", "00:01", "00:01:00", "00:01:00:01:2c:0b:aa:10", "00:03:00:01"}) {
        EXPECT_TRUE(duidHardwareAddress(hex(text)).empty()) << text;
    }
}

// Only a DUID-EN of sufficient length has an enterprise number.
TEST(ClientIdentifierTest, duidEnterprise) {
    EXPECT_EQ(duidEnterprise(hex("00:02:00:00:ab:11")), 43793U);
    EXPECT_EQ(duidEnterprise(hex("00:02:00:00:ab")), std::nullopt);
    EXPECT_EQ(duidEnterprise(hex("00:01:00:00:ab:11:00")), std::nullopt);
    EXPECT_EQ(duidEnterprise(ByteView()), std::nullopt);
}

// Every type number has a name.
TEST(ClientIdentifierTest, duidTypeName) {
    EXPECT_EQ(duidTypeName(1), "DUID-LLT");
    EXPECT_EQ(duidTypeName(2), "DUID-EN");
    EXPECT_EQ(duidTypeName(3), "DUID-LL");
    EXPECT_EQ(duidTypeName(4), "DUID-UUID");
    EXPECT_EQ(duidTypeName(0), "DUID type 0");
    EXPECT_EQ(duidTypeName(65535), "DUID type 65535");
}

}  // namespace test
}  // namespace clone_guard
