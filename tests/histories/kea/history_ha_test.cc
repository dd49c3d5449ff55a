// SPDX-License-Identifier: MPL-2.0
//
// Random histories of a pair in Kea's high availability: the rules hold at every step. CLONE_GUARD_SEED repeats a
// history that failed; clone-guard-history plays longer ones.

#include <tests/e2e/harness/fixtures/e2e_test.h>
#include <tests/histories/kea/ha_servers.h>
#include <tests/histories/player/generator.h>
#include <tests/histories/player/player.h>

#include <cstdlib>
#include <iostream>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using namespace clone_guard::e2e::history;

class HaHistory : public ::testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        if (!isolationProblem().empty()) {
            GTEST_SKIP() << isolationProblem();
        }
    }

    static Plan plan(uint64_t seed, unsigned steps) {
        Plan plan;
        plan.seed = seed;
        plan.steps = steps;
        plan.threads = 4;
        plan.kill_every = 150;
        plan.servers = GetParam();
        return (plan);
    }

    Outcome play(const Plan& plan) {
        const History history = Generator(plan).generate();
        HaServers servers(link_, history);
        return (Player(servers, history).play());
    }

    void expectRulesHold(uint64_t seed, unsigned steps) {
        const Outcome outcome = play(plan(seed, steps));
        std::cout << GetParam() << ", seed " << seed << ": " << outcome.toText() << std::endl;
        std::ostringstream text;
        for (const auto& lines : {outcome.violations, outcome.trace}) {
            for (const auto& line : lines) {
                text << line << '\n';
            }
        }
        EXPECT_TRUE(outcome.violations.empty()) << text.str();
        EXPECT_GE(outcome.kills, 1U);
    }

private:
    Link link_{serverAddress()};
};

INSTANTIATE_TEST_SUITE_P(Modes, HaHistory, ::testing::Values("hot-standby", "load-balancing"),
                         [](const auto& mode) {
                             return (mode.param == "hot-standby" ? "hotStandby" : "loadBalancing");
                         });

// R3, R4, R6, R8, R9, R10, R15: the rules hold while servers of the pair fail and return.
TEST_P(HaHistory, pairsKeepTheRules) {
    const char* const given = std::getenv("CLONE_GUARD_SEED");
    expectRulesHold(given != nullptr ? std::stoull(given) : 1, 300);
}

// Without the guard the rules are broken soon.
TEST_P(HaHistory, stockPairsDoNot) {
    Plan stock = plan(1, 300);
    stock.policy = "stock";
    EXPECT_FALSE(play(stock).violations.empty());
}

// R3, R4, R6, R8, R9, R10, R15: the rules hold in histories that take minutes.
TEST_P(HaHistory, LongPairsKeepTheRules) {
    for (uint64_t seed = 1; seed <= 10; ++seed) {
        expectRulesHold(seed, 2000);
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
