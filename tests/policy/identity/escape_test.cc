// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/identity/escape.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R11: escape() does not change plain text.
TEST(EscapeTest, rule11PlainTextStays) {
    EXPECT_EQ(escape(""), "");
    EXPECT_EQ(escape("web-01.example.org (blue), #2 ~!$&'*+/:;<=>?@[]^_`{|}"),
              "web-01.example.org (blue), #2 ~!$&'*+/:;<=>?@[]^_`{|}");
}

// R11: text from a packet cannot forge, split or end a log line, nor refer to another argument of it.
TEST(EscapeTest, rule11HostileText) {
    EXPECT_EQ(escape("a\nb"), "a\\x0ab");
    EXPECT_EQ(escape("a\r\n2026-05-01 WARN"), "a\\x0d\\x0a2026-05-01 WARN");
    EXPECT_EQ(escape("%1%2"), "\\x251\\x252");
    EXPECT_EQ(escape("\\x0a"), "\\x5cx0a");
    EXPECT_EQ(escape("\",\"event\":\""), "\\x22,\\x22event\\x22:\\x22");
    EXPECT_EQ(escape("\x1b[2J"), "\\x1b[2J");
    EXPECT_EQ(escape("\x7f\x80\xff"), "\\x7f\\x80\\xff");
    EXPECT_EQ(escape(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(escape("\xc3\xbc"), "\\xc3\\xbc");
}

// R11: escape() turns every byte into printable ASCII, and different bytes into different texts.
TEST(EscapeTest, rule11EveryByte) {
    for (int byte = 0; byte < 256; ++byte) {
        const auto safe = escape(std::string(1, static_cast<char>(byte)));
        for (const char character : safe) {
            EXPECT_GE(character, 0x20);
            EXPECT_LT(character, 0x7f);
            EXPECT_NE(character, '%');
            EXPECT_NE(character, '"');
        }
        EXPECT_TRUE(safe.size() == 1 || safe.size() == 4) << byte;
        if (safe.size() == 1) {
            EXPECT_EQ(safe[0], static_cast<char>(byte));
        }
    }
}

// R11: the length of a client's text in a line is bounded.
TEST(EscapeTest, rule11Bounded) {
    EXPECT_EQ(escape(std::string(128, 'x')), std::string(128, 'x'));
    EXPECT_EQ(escape(std::string(129, 'x')), std::string(128, 'x') + "...");
    EXPECT_EQ(escape(std::string(100000, '\n')).size(), 128U * 4 + 3);
}

}  // namespace test
}  // namespace clone_guard
