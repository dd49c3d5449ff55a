// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <gtest/gtest.h>

#include <map>

namespace clone_guard {
namespace test {

// toHex() formats bytes as lease files and packet captures do.
TEST(BytesTest, toHex) {
    EXPECT_EQ(toHex(ByteView()), "");
    EXPECT_EQ(toHex(Bytes{0x00}), "00");
    EXPECT_EQ(toHex(Bytes{0xff, 0xca, 0x53, 0x09}), "ff:ca:53:09");
}

// fromHex() accepts what an operator may copy: separators, upper and lower case, a leading 0x.
TEST(BytesTest, fromHexTakesTheUsualSpellings) {
    const Bytes expected{0xff, 0xca, 0x0b};
    for (const auto* text : {"ff:ca:0b", "FF:CA:0B", "ffca0b", "ff-ca-0b", "ff.ca.0b", "ff ca 0b",
                             "0xffca0b", "0Xff:ca:0b", "ffca:0b"}) {
        EXPECT_EQ(fromHex(text), expected) << text;
    }
    EXPECT_EQ(fromHex(""), Bytes());
}

// fromHex() rejects invalid hexadecimal.
TEST(BytesTest, fromHexRefusesTheRest) {
    for (const auto* text : {"f", "ff:c", "fg", "gf", "ff::ca", ":ff", "ff:", "f:f", "ff,ca", "0xf", "-",
                             "ff\n", "\xff\xff", "ff: ca"}) {
        EXPECT_EQ(fromHex(text), std::nullopt) << text;
    }
    EXPECT_EQ(fromHex(std::string_view("ff\0ca", 5)), std::nullopt);
}

// Numbers on the wire begin with the most significant byte.
TEST(BytesTest, toNumberIsNetworkByteOrder) {
    EXPECT_EQ(toNumber(ByteView()), 0U);
    EXPECT_EQ(toNumber(Bytes{0xab, 0x11}), 0xab11U);
    EXPECT_EQ(toNumber(Bytes{0xff, 0xfe, 0xfd, 0xfc}), 0xfffefdfcU);
}

// A view never reads beyond its bytes.
TEST(BytesTest, viewsStayWithinTheirBytes) {
    const Bytes bytes{1, 2, 3};
    const ByteView view(bytes);
    EXPECT_EQ(view.size(), 3U);
    EXPECT_EQ(view[2], 3);
    EXPECT_EQ(view.from(1), ByteView(Bytes{2, 3}));
    EXPECT_TRUE(view.from(3).empty());
    EXPECT_TRUE(view.from(4).empty());
    EXPECT_EQ(view.copy(), bytes);
    EXPECT_TRUE(ByteView().copy().empty());
}

// Two views are equal if they have the same length and the same bytes.
TEST(BytesTest, comparison) {
    EXPECT_EQ(ByteView(), ByteView(Bytes()));
    EXPECT_EQ(ByteView(Bytes{1, 2}), ByteView(Bytes{1, 2}));
    EXPECT_NE(ByteView(Bytes{1, 2}), ByteView(Bytes{1, 3}));
    EXPECT_NE(ByteView(Bytes{1, 2}), ByteView(Bytes{1, 2, 0}));
    EXPECT_LT(ByteView(Bytes{9}), ByteView(Bytes{1, 2}));
    EXPECT_LT(ByteView(Bytes{1, 2}), ByteView(Bytes{1, 3}));
    EXPECT_FALSE(ByteView(Bytes{1, 2}) < ByteView(Bytes{1, 2}));
    EXPECT_FALSE(ByteView() < ByteView());
}

// A table of owned bytes is searched with a view, without a copy.
TEST(BytesTest, tablesAreSearchedByView) {
    const std::map<Bytes, int, ByteLess> table{{Bytes{1}, 1}, {Bytes{1, 2}, 2}, {Bytes{2}, 3}};
    const uint8_t raw[] = {1, 2};
    const auto found = table.find(ByteView(raw, 2));
    ASSERT_NE(found, table.end());
    EXPECT_EQ(found->second, 2);
    EXPECT_EQ(table.find(ByteView(raw, 0)), table.end());
}

}  // namespace test
}  // namespace clone_guard
