// SPDX-License-Identifier: MPL-2.0
//
// Random histories of two servers that share a lease database: hosts send to either server, and one of them
// is killed. The effects of collisions are counted and bounded, see ConcurrentServersRule.

#include <tests/e2e/harness/fixtures/e2e_test.h>
#include <tests/histories/kea/shared_servers.h>
#include <tests/histories/player/generator.h>
#include <tests/histories/player/player.h>

#include <iostream>
#include <map>

namespace clone_guard {
namespace test {

namespace {

using namespace clone_guard::e2e::history;

class SharedHistoryTest : public ::testing::TestWithParam<std::string> {
protected:
    static void TearDownTestSuite() {
        databases().clear();
    }

    void SetUp() override {
        if (!isolationProblem().empty()) {
            GTEST_SKIP() << isolationProblem();
        }
        auto& mine = databases()[GetParam()];
        if (!mine) {
            mine = Database::make(GetParam());
        }
    }

    Outcome play(const std::string& policy, uint64_t seed, unsigned steps, unsigned threads = 0) {
        Plan plan;
        plan.seed = seed;
        plan.steps = steps;
        plan.threads = threads;
        plan.policy = policy;
        plan.kill_every = std::min(200U, steps / 2);
        plan.servers = GetParam();
        const History history = Generator(plan).generate();
        SharedServers servers(link_, *databases()[GetParam()], history);
        return (Player(servers, history).play());
    }

    void expectRulesHold(const std::string& policy, uint64_t seed, unsigned steps,
                         unsigned threads = 0) {
        const Outcome outcome = play(policy, seed, steps, threads);
        std::cout << policy << ", seed " << seed << ": " << outcome.toText() << std::endl;
        EXPECT_TRUE(outcome.violations.empty()) << outcome.violations.front();
        EXPECT_GE(outcome.kills, 1U);
        // The effect of a collision ends with the lease, or with the next renewal.
        EXPECT_LE(outcome.longest, LIFETIME);
    }

    /// @brief Plays twenty histories of a thousand steps.
    void expectRulesHoldForLong(unsigned threads) {
        Outcome all;
        for (uint64_t seed = 1; seed <= 20; ++seed) {
            all += play("mac-fallback", seed, 1000, threads);
            ASSERT_TRUE(all.violations.empty()) << "seed " << seed << ": " << all.violations.front();
        }
        std::cout << all.toText() << std::endl;
        EXPECT_LE(all.longest, LIFETIME);
    }

private:
    static std::map<std::string, std::unique_ptr<Database>>& databases() {
        static std::map<std::string, std::unique_ptr<Database>> all;
        return (all);
    }

    Link link_{serverAddress()};
};

std::string
engineOf(const ::testing::TestParamInfo<std::string>& engine) {
    return (engine.param);
}

INSTANTIATE_TEST_SUITE_P(Engines, SharedHistoryTest, ::testing::Values("postgresql", "mysql"), engineOf);

// R3, R4, R6, R8, R9, R10, R15: the rules hold on either server while one of them is killed.
TEST_P(SharedHistoryTest, macFallbackKeepsTheRules) {
    expectRulesHold("mac-fallback", 1, 300);
}

// R7, R15: the rules of the policy "refuse" hold.
TEST_P(SharedHistoryTest, refuseKeepsTheRules) {
    expectRulesHold("refuse", 1, 150);
}

// Without the guard, or under "monitor", rules are broken soon. Otherwise the tests above would prove nothing.
TEST_P(SharedHistoryTest, stockKeaBreaksTheRules) {
    EXPECT_FALSE(play("stock", 1, 300).violations.empty());
    EXPECT_FALSE(play("monitor", 1, 300).violations.empty());
}

// R3, R4, R6, R8, R9, R10, R15: the rules hold for 20,000 steps.
TEST_P(SharedHistoryTest, longHistoryKeepsTheRules) {
    expectRulesHoldForLong(0);
}

// R3, R4, R6, R8, R9, R10, R15: the rules hold for 20,000 steps with threads.
TEST_P(SharedHistoryTest, longHistoryWithThreadsKeepsTheRules) {
    expectRulesHoldForLong(4);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
