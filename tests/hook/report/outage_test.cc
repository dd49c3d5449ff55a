// SPDX-License-Identifier: MPL-2.0

#include <hook/report/outage.h>
#include <tests/policy/support.h>

#include <gtest/gtest.h>

#include <thread>

namespace clone_guard {
namespace test {

// R13: an outage begins with the first failure, and only that failure is logged.
TEST(OutageTest, rule13BeginsOnce) {
    Outage outage;
    EXPECT_FALSE(outage.active());
    EXPECT_TRUE(outage.recordFailure(at(0)));
    EXPECT_TRUE(outage.active());
    EXPECT_FALSE(outage.recordFailure(at(0)));
    EXPECT_FALSE(outage.recordFailure(at(1000)));
}

// R13: an outage ends with the first success after a minute without a failure, and counts its failures.
TEST(OutageTest, rule13EndsAfterAQuietMinute) {
    Outage outage;
    outage.recordFailure(at(0));
    outage.recordFailure(at(10));
    EXPECT_EQ(outage.recordSuccess(at(10)), 0U);
    EXPECT_EQ(outage.recordSuccess(at(69.999)), 0U);
    EXPECT_TRUE(outage.active());
    EXPECT_EQ(outage.recordSuccess(at(70)), 2U);
    EXPECT_FALSE(outage.active());
    EXPECT_EQ(outage.recordSuccess(at(200)), 0U);
}

// R13: a current outage has a beginning and a number of failures. Before and after it there is no state.
TEST(OutageTest, rule13State) {
    Outage outage;
    EXPECT_FALSE(outage.state());
    outage.recordFailure(at(5));
    outage.recordFailure(at(9));
    ASSERT_TRUE(outage.state());
    EXPECT_EQ(outage.state()->begun, at(5));
    EXPECT_EQ(outage.state()->failures, 2U);
    outage.recordSuccess(at(100));
    EXPECT_FALSE(outage.state());
    outage.recordFailure(at(200));
    EXPECT_EQ(outage.state()->begun, at(200));
}

// R13: the next outage is logged again and counts from one.
TEST(OutageTest, rule13NextOutage) {
    Outage outage;
    outage.recordFailure(at(0));
    outage.recordSuccess(at(60));
    EXPECT_TRUE(outage.recordFailure(at(61)));
    EXPECT_EQ(outage.recordSuccess(at(121)), 1U);
}

// R13: a success without an outage changes nothing.
TEST(OutageTest, nothingWrong) {
    Outage outage;
    EXPECT_EQ(outage.recordSuccess(at(0)), 0U);
    EXPECT_FALSE(outage.active());
}

// R13: threads that fail together begin one outage.
TEST(OutageTest, rule13Threads) {
    Outage outage;
    std::atomic<int> begun{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 250; ++k) {
                begun += outage.recordFailure(at(0)) ? 1 : 0;
                outage.recordSuccess(at(1));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(begun, 1);
    EXPECT_EQ(outage.recordSuccess(at(60)), 1000U);
}

}  // namespace test
}  // namespace clone_guard
