// SPDX-License-Identifier: MPL-2.0
//
// The callouts run in several threads at once, as in the server's packet threads. Under the thread sanitizer this test
// finds races. Without it, the test finds two clones that both pass.

#include <tests/hook/library_test.h>

#include <util/multi_threading_mgr.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

constexpr uint32_t THREADS = 4;

class ThreadsTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        isc::util::MultiThreadingMgr::instance().setMode(true);
    }
    void TearDown() override {
        isc::util::MultiThreadingMgr::instance().setMode(false);
        LibraryTest::TearDown();
    }

    /// @brief Runs a function in each thread.
    template <typename Work>
    static void together(Work work) {
        std::atomic<uint32_t> ready{0};
        std::vector<std::thread> threads;
        for (uint32_t number = 0; number < THREADS; ++number) {
            threads.emplace_back([&, number] {
                ++ready;
                while (ready < THREADS) {
                    std::this_thread::yield();
                }
                work(number);
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
    }

    /// @brief Sends one DISCOVER. @return true if the server sees it under its own identifier.
    static bool passes(uint32_t machine, const Bytes& identifier) {
        auto wire = clone(machine);
        wire.identifier = identifier;
        return (seenAs(wire) == identifier);
    }
};

}  // namespace

// R3: all clones of a template boot in the same instant, again and again with another template. One of them passes each
// time.
TEST_F(ThreadsTest, rule03OneOfAllPasses) {
    load();
    constexpr uint32_t ROUNDS = 100;
    std::vector<std::atomic<uint32_t>> passed(ROUNDS);
    together([&passed](uint32_t thread) {
        for (uint32_t round = 0; round < ROUNDS; ++round) {
            passed[round] += passes(thread + 1, identifierNumber(round)) ? 1 : 0;
        }
    });
    for (uint32_t round = 0; round < ROUNDS; ++round) {
        EXPECT_EQ(passed[round], 1U) << "round " << round;
    }
}

// R3: all clones boot in the same instant after the holder's lease has expired. One of them passes each time.
TEST_F(ThreadsTest, rule03OneOfAllComesBack) {
    load();
    constexpr uint32_t ROUNDS = 100;
    for (uint32_t round = 0; round < ROUNDS; ++round) {
        addLease("192.0.2." + std::to_string(100 + round), identifierNumber(round),
                 mac(1 + round % THREADS), 1, 7200, 3600);
    }
    std::vector<std::atomic<uint32_t>> passed(ROUNDS);
    together([&passed](uint32_t thread) {
        for (uint32_t round = 0; round < ROUNDS; ++round) {
            passed[round] += passes(thread + 1, identifierNumber(round)) ? 1 : 0;
        }
    });
    for (uint32_t round = 0; round < ROUNDS; ++round) {
        EXPECT_EQ(passed[round], 1U) << "round " << round;
    }
}

// R6, R8, R11: all callouts run in all threads at once. Each claimant is derived each time and reported once, and every
// reply has its own identifier.
TEST_F(ThreadsTest, rule06WholeExchanges) {
    load();
    log_.wantAudit();
    log_.forget();
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    constexpr uint32_t ROUNDS = 50;
    std::atomic<uint32_t> wrong{0};
    together([&wrong](uint32_t thread) {
        for (uint32_t round = 0; round < ROUNDS; ++round) {
            wrong += passes(1, cloneIdentifier()) ? 0 : 1;
            // Two threads share each claimant.
            const auto machine = 2 + (round + thread / 2) % 5;
            Exchange exchange(clone(machine, DHCPREQUEST));
            exchange.receive();
            wrong += exchange.identifier() == derivedOf(machine) ? 0 : 1;
            const auto lease = leaseOf(machine, "192.0.2." + std::to_string(150 + machine));
            wrong += exchange.select(lease) == CONTINUE ? 0 : 1;
            wrong += identifierOnWire(*answer(exchange.query(), DHCPACK)) == cloneIdentifier() ? 0 : 1;
            auto release = clone(machine, DHCPRELEASE);
            release.ciaddr = "192.0.2.101";
            wrong += seenAs(release) == derivedOf(machine) ? 0 : 1;
            auto malformed = clone(machine);
            malformed.identifier = filled(round % 2, 0xff);
            wrong += seenAs(malformed) == malformed.identifier ? 0 : 1;
        }
    });
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 5U);
    EXPECT_EQ(log_.with("CLONE_GUARD_RELEASE_BLOCKED").size(), 5U);
    EXPECT_EQ(log_.audit().size(), 15U) << "seen, address and release of each";
    EXPECT_EQ(statistic("clone-guard-mac-fallback"), THREADS * ROUNDS);
    EXPECT_EQ(statistic("clone-guard-malformed"), THREADS * ROUNDS);
    EXPECT_EQ(log_.with("CLONE_GUARD_MALFORMED").size(), 5U);
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// R13: after a rejected configuration the server keeps its threads. Without them it would not answer.
TEST_F(ThreadsTest, rejectedConfigurationKeepsTheThreads) {
    auto& threads = isc::util::MultiThreadingMgr::instance();
    load("{}", R"({ "multi-threading": { "enable-multi-threading": true, "thread-pool-size": 2,
                                         "packet-queue-size": 8 },
                    "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24" } ] })");
    // The server does this before it reads a new configuration.
    threads.apply(false, 0, 0);
    EXPECT_NE(configure(R"({ "policy": "foo" })"), "");
    EXPECT_TRUE(threads.getMode());
    EXPECT_EQ(threads.getThreadPoolSize(), 2U);
    threads.apply(false, 0, 0);
}

// R13: failures in all threads at once are one outage.
TEST_F(ThreadsTest, rule13OneSpell) {
    load();
    LeaseMgrFactory::destroy();
    together([](uint32_t thread) {
        for (uint32_t round = 0; round < 50; ++round) {
            passes(thread, identifierNumber(round));
        }
    });
    EXPECT_EQ(log_.with("CLONE_GUARD_DEGRADED").size(), 1U);
    EXPECT_EQ(statistic("clone-guard-degraded"), 200);
}

}  // namespace test
}  // namespace clone_guard
