// SPDX-License-Identifier: MPL-2.0
//
// Random histories of hosts and one server: the rules hold at every step. CLONE_GUARD_SEED repeats a history that
// failed; clone-guard-history plays longer ones.

#include <tests/e2e/harness/fixtures/e2e_test.h>
#include <tests/histories/kea/single_server.h>
#include <tests/histories/player/generator.h>
#include <tests/histories/player/player.h>
#include <tests/histories/player/shrink.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using namespace clone_guard::e2e::history;

/// @brief The number of histories played to shorten one that broke a rule.
const unsigned TRIES = 60;

class HistoryTest : public ::testing::TestWithParam<unsigned> {
protected:
    void SetUp() override {
        if (!isolationProblem().empty()) {
            GTEST_SKIP() << isolationProblem();
        }
    }

    static History make(const std::string& policy, uint64_t seed, unsigned steps) {
        Plan plan;
        plan.seed = seed;
        plan.steps = steps;
        plan.threads = GetParam();
        plan.policy = policy;
        plan.kill_every = 450;
        return (Generator(plan).generate());
    }

    Outcome play(const History& history) {
        SingleServer server(link_, history);
        return (Player(server, history).play());
    }

    /// @brief Returns the violations and a short history that repeats them.
    std::string describe(const History& history, const Outcome& outcome) {
        History shorter = history;
        shorter.events.resize(outcome.steps);
        shorter = shrink(
            shorter, [this](const History& candidate) { return (!play(candidate).violations.empty()); },
            TRIES);
        std::ostringstream text;
        for (const auto& violation : outcome.violations) {
            text << violation << '\n';
        }
        for (const auto& line : outcome.trace) {
            text << "    " << line << '\n';
        }
        text << "CLONE_GUARD_SEED=" << history.seed
             << " repeats it. A short history that breaks a rule, for "
             << "clone-guard-history --replay:\n"
             << shorter;
        return (text.str());
    }

    void expectRulesHold(const std::string& policy, uint64_t seed, unsigned steps) {
        const History history = make(policy, seed, steps);
        const Outcome outcome = play(history);
        std::cout << policy << ", seed " << seed << ": " << outcome.toText() << std::endl;
        EXPECT_TRUE(outcome.violations.empty()) << describe(history, outcome);
        // A long scene can delay the last kill beyond the end.
        EXPECT_GE(outcome.kills, steps / 1000);
    }

    void expectRulesBroken(const std::string& policy, unsigned steps) {
        for (uint64_t seed = 1; seed <= 3; ++seed) {
            const Outcome outcome = play(make(policy, seed, steps));
            EXPECT_FALSE(outcome.violations.empty()) << "seed " << seed << ": " << outcome.toText();
        }
    }

    static History readFrom(const std::string& text) {
        std::istringstream stream(text);
        return (readHistory(stream));
    }

    /// @brief Returns a random seed, or the seed in CLONE_GUARD_SEED.
    static uint64_t freshSeed() {
        const char* given = std::getenv("CLONE_GUARD_SEED");
        return (given != nullptr ? std::stoull(given) : std::random_device()());
    }

private:
    Link link_{serverAddress()};
};

INSTANTIATE_TEST_SUITE_P(Threads, HistoryTest, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R3, R4, R6, R8, R9, R10, R15: the rules hold in fixed histories.
TEST_P(HistoryTest, macFallbackKeepsTheRules) {
    expectRulesHold("mac-fallback", 1, 2000);
    expectRulesHold("mac-fallback", 2, 2000);
}

// R3, R4, R6, R8, R9, R10, R15: the rules hold in new histories.
TEST_P(HistoryTest, macFallbackKeepsTheRulesInFreshHistories) {
    const uint64_t seed = freshSeed();
    expectRulesHold("mac-fallback", seed, 2000);
    expectRulesHold("mac-fallback", seed + 1, 2000);
}

// R7, R10, R15: the rules of the policy "refuse" hold.
TEST_P(HistoryTest, refuseKeepsTheRules) {
    expectRulesHold("refuse", 1, 1000);
    expectRulesHold("refuse", freshSeed(), 1000);
}

// R5: under "monitor" rules are broken soon. Otherwise the tests above would prove nothing.
TEST_P(HistoryTest, monitorBreaksTheRules) {
    expectRulesBroken("monitor", 300);
}

// Stock Kea breaks the rules.
TEST_P(HistoryTest, stockKeaBreaksTheRules) {
    expectRulesBroken("stock", 300);
}

// A history is read as it was written, and the same plan gives the same history.
TEST_P(HistoryTest, historiesCanBeRepeated) {
    std::stringstream once;
    once << make("mac-fallback", 5, 3000);
    std::ostringstream again;
    again << make("mac-fallback", 5, 3000);
    EXPECT_EQ(once.str(), again.str());
    EXPECT_NE(again.str().find("\nkeep-released\n"), std::string::npos);
    std::ostringstream read;
    read << readHistory(once);
    EXPECT_EQ(read.str(), again.str());
    EXPECT_THROW(readFrom("explode 1"), std::invalid_argument);
    EXPECT_THROW(readFrom("renew"), std::invalid_argument);
    EXPECT_THROW(readFrom("policy none"), std::invalid_argument);
}

// A history that breaks a rule is shortened to the events that are necessary.
TEST_P(HistoryTest, historiesAreMadeShorter) {
    const auto breaks = [](const History& history) {
        unsigned kills = 0;
        for (const auto& event : history.events) {
            kills += event.action == Action::KILL ? 1 : 0;
        }
        return (kills >= 2);
    };
    const History shortest = shrink(make("mac-fallback", 1, 2000), breaks, 1000);
    EXPECT_EQ(shortest.events.size(), 2U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
