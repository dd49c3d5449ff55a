// SPDX-License-Identifier: MPL-2.0

#include <hook/report/outage.h>
#include <tests/policy/support.h>

#include <gtest/gtest.h>

#include <thread>

namespace clone_guard {
namespace test {

// R13: a spell begins with the first failure, and only then there is something to tell.
TEST(SpellTest, rule13BeginsOnce) {
    Outage spell;
    EXPECT_FALSE(spell.active());
    EXPECT_TRUE(spell.fail(at(0)));
    EXPECT_TRUE(spell.active());
    EXPECT_FALSE(spell.fail(at(0)));
    EXPECT_FALSE(spell.fail(at(1000)));
}

// R13: it ends with the first success after a quiet minute, and says how many failures it had.
TEST(SpellTest, rule13EndsAfterAQuietMinute) {
    Outage spell;
    spell.fail(at(0));
    spell.fail(at(10));
    EXPECT_EQ(spell.succeed(at(10)), 0U);
    EXPECT_EQ(spell.succeed(at(69.999)), 0U);
    EXPECT_TRUE(spell.active());
    EXPECT_EQ(spell.succeed(at(70)), 2U);
    EXPECT_FALSE(spell.active());
    EXPECT_EQ(spell.succeed(at(200)), 0U);
}

// R13: while it lasts it says since when and how often; before and after there is nothing to say.
TEST(SpellTest, rule13State) {
    Outage spell;
    EXPECT_FALSE(spell.state());
    spell.fail(at(5));
    spell.fail(at(9));
    ASSERT_TRUE(spell.state());
    EXPECT_EQ(spell.state()->begun, at(5));
    EXPECT_EQ(spell.state()->failures, 2U);
    spell.succeed(at(100));
    EXPECT_FALSE(spell.state());
    spell.fail(at(200));
    EXPECT_EQ(spell.state()->begun, at(200));
}

// The next spell is told of again and counts from one.
TEST(SpellTest, rule13NextSpell) {
    Outage spell;
    spell.fail(at(0));
    spell.succeed(at(60));
    EXPECT_TRUE(spell.fail(at(61)));
    EXPECT_EQ(spell.succeed(at(121)), 1U);
}

// Success without failure is nothing.
TEST(SpellTest, nothingWrong) {
    Outage spell;
    EXPECT_EQ(spell.succeed(at(0)), 0U);
    EXPECT_FALSE(spell.active());
}

// R13: threads that fail together begin one spell.
TEST(SpellTest, rule13Threads) {
    Outage spell;
    std::atomic<int> begun{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 250; ++k) {
                begun += spell.fail(at(0)) ? 1 : 0;
                spell.succeed(at(1));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(begun, 1);
    EXPECT_EQ(spell.succeed(at(60)), 1000U);
}

}  // namespace test
}  // namespace clone_guard
