// SPDX-License-Identifier: MPL-2.0
//
// R13: an unforeseen failure does not leave the callout. It is an outage like any other.

#include <tests/hook/library_test.h>

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace {

std::atomic<time_t> seconds_ahead{0};

}  // namespace

/// Replaces the function of the C library for this program and for the library under test: the clock can be stepped.
extern "C" __attribute__((visibility("default"))) int
clock_gettime(clockid_t clock, struct timespec* time) noexcept {
    const auto result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_MONOTONIC) {
        time->tv_sec += seconds_ahead;
    }
    return (static_cast<int>(result));
}

namespace clone_guard {
namespace test {

namespace {

class UnforeseenTest : public LibraryTest {
protected:
    void TearDown() override {
        seconds_ahead = 0;
        LibraryTest::TearDown();
    }

    /// @brief Calls the hook point without its arguments, which the server never does.
    static void fail() {
        const auto handle = isc::hooks::HooksManager::createCalloutHandle();
        isc::hooks::HooksManager::callCallouts(isc::hooks::HooksManager::registerHook("pkt4_receive"),
                                               *handle);
    }
};

}  // namespace

// R13: the first failure is logged, and the outage ends with the first success after a minute without a failure. A later
// failure is logged again. The guard does its work meanwhile.
TEST_F(UnforeseenTest, rule13EndsLikeOtherOutages) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    const auto guards = [] { return (seenAs(clone(2)) == derivedOf(2)); };
    for (size_t outage = 1; outage <= 3; ++outage) {
        fail();
        fail();
        EXPECT_EQ(log_.with("CLONE_GUARD_CALLOUT_FAILED").size(), outage);
        EXPECT_TRUE(guards());
        seconds_ahead += 59;
        EXPECT_TRUE(guards());
        EXPECT_EQ(log_.with("CLONE_GUARD_RECOVERED").size(), outage - 1);
        seconds_ahead += 1;
        EXPECT_TRUE(guards());
        EXPECT_EQ(log_.with("CLONE_GUARD_RECOVERED").size(), outage);
    }
    EXPECT_EQ(statistic("clone-guard-degraded"), 6);
}

}  // namespace test
}  // namespace clone_guard
