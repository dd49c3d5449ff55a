// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <tests/fuzz/properties.h>

#include <gtest/gtest.h>

#include <random>

namespace clone_guard {
namespace test {

namespace {

/// @brief Makes inputs that reach deep code: random combinations of valid parts, then damaged.
Bytes
randomInput(std::mt19937_64& random) {
    static const std::vector<Bytes> pieces{cloneIdentifier(),
                                           hex("00:43:47"),
                                           hex("00:43:47:01:01:06"),
                                           hex("00:43:47:81:01:06"),
                                           hex("bc:24:11:00:00:01"),
                                           hex("ff:00:00:00:01"),
                                           hex("00:01:00:01"),
                                           hex("00:03:00:01"),
                                           hex("30:78:66:66:3a"),
                                           hex("25:31:0a:22:5c"),
                                           filled(16),
                                           filled(120),
                                           {}};
    Bytes input;
    for (auto count = random() % 4; count > 0; --count) {
        const auto& piece = pieces[random() % pieces.size()];
        input.insert(input.end(), piece.begin(), piece.end());
    }
    for (auto count = random() % 8; count > 0; --count) {
        input.push_back(static_cast<uint8_t>(random()));
    }
    if (!input.empty() && random() % 2 == 0) {
        input[random() % input.size()] = static_cast<uint8_t>(random());
    }
    if (random() % 4 == 0) {
        input.resize(random() % (input.size() + 1));
    }
    return (input);
}

}  // namespace

// R1, R6, R11: the properties of every input hold for 5000 random inputs.
TEST(RandomInputTest, rule11EveryProperty) {
    std::mt19937_64 random(seed());
    for (int i = 0; i < 5000; ++i) {
        const auto input = randomInput(random);
        ASSERT_NO_THROW(properties::all(input)) << "input number " << i << ": " << toHex(input);
    }
}

// A violated property makes the check fail.
TEST(RandomInputTest, aBrokenPropertyIsNoticed) {
    EXPECT_THROW(properties::require(false, "this does not hold"), std::logic_error);
    EXPECT_FALSE(properties::isPrintable("a\nb"));
    EXPECT_FALSE(properties::isPrintable("\xff"));
    EXPECT_TRUE(properties::isPrintable("a b"));
}

}  // namespace test
}  // namespace clone_guard
