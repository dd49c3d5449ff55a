// SPDX-License-Identifier: MPL-2.0
//
// Random histories against policy/core in a simulated server: no two machines use one address, and every machine keeps
// its own, whatever machines and server go through. Tests R3, R4, R6, R7, R8 and R9 together. CLONE_GUARD_SEED repeats
// a failed history; clone-guard-model plays more histories and shrinks them.

#include <tests/histories/model/server.h>

#include <tests/histories/player/generator.h>
#include <tests/histories/player/player.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

namespace clone_guard {
namespace model {

using namespace e2e::history;

namespace {

constexpr uint64_t STEPS = 50000;

/// @brief Plays histories until a rule is violated, and prints the violation.
Outcome
play(uint64_t seed, uint64_t steps, const std::string& policy, Fault fault = Fault::NONE) {
    Plan plan;
    plan.seed = seed;
    plan.policy = policy;
    Outcome all;
    for (; all.steps < steps && all.violations.empty(); ++plan.seed) {
        const auto history = Generator(plan).generate();
        SimulatedServer server(history, fault);
        all += Player(server, history).play();
    }
    if (!all.violations.empty()) {
        std::cout << policy << ", after " << all.steps << " steps, seed " << plan.seed - 1 << ": "
                  << all.violations.front() << std::endl;
    }
    return (all);
}

uint64_t
freshSeed() {
    const char* given = std::getenv("CLONE_GUARD_SEED");
    const uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device()();
    std::cout << "CLONE_GUARD_SEED=" << seed << std::endl;
    return (seed);
}

/// @brief The policies that protect the holder.
class ModelOf : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Policies, ModelOf, ::testing::Values("mac-fallback", "refuse"),
                         [](const auto& info) {
                             return (info.param == "refuse" ? "refuse" : "fallback");
                         });

// R3, R4, R6, R7, R8, R15: a fixed set of histories violates no rule.
TEST_P(ModelOf, keepsTheRules) {
    const auto outcome = play(1, STEPS, GetParam());
    EXPECT_TRUE(outcome.violations.empty());
    EXPECT_GT(outcome.acks, outcome.steps / 10);
    EXPECT_GT(outcome.kills, 0U);
}

// R3, R4, R6, R7, R8, R15: new histories violate no rule.
TEST_P(ModelOf, keepsTheRulesInNewHistories) {
    EXPECT_TRUE(play(freshSeed(), STEPS, GetParam()).violations.empty());
}

/// @brief A fault that the rules have to detect.
struct Mistake {
    std::string name;
    Fault fault;
    std::string policy;
    uint64_t steps = STEPS;  ///< the number of steps within which the rules detect it
};

void
PrintTo(const Mistake& mistake, std::ostream* stream) {
    *stream << mistake.name;
}

class ModelFinds : public ::testing::TestWithParam<Mistake> {};

INSTANTIATE_TEST_SUITE_P(
    Mistakes, ModelFinds,
    ::testing::Values(Mistake{"noClaim", Fault::NO_CLAIM, "mac-fallback"},
                      Mistake{"claimNotAskedForBySelect", Fault::SELECT, "mac-fallback"},
                      Mistake{"namedLeaseNotLookedAt", Fault::NAMED_LEASE, "mac-fallback"},
                      Mistake{"identifierRemoved", Fault::REMOVED, "mac-fallback"},
                      Mistake{"wrongEcho", Fault::ECHO, "mac-fallback"},
                      Mistake{"strangersWithoutHardwareAddress", Fault::NAMELESS, "mac-fallback", 5000},
                      Mistake{"strangersWithoutHardwareAddressWhenRefusing", Fault::NAMELESS, "refuse",
                              5000},
                      Mistake{"strangersWithBootp", Fault::BOOTP, "mac-fallback", 5000},
                      Mistake{"strangersWithBootpWhenRefusing", Fault::BOOTP, "refuse", 5000},
                      Mistake{"noClaimWhenRefusing", Fault::NO_CLAIM, "refuse"},
                      Mistake{"monitor", Fault::NONE, "monitor"}, Mistake{"off", Fault::NONE, "off"},
                      Mistake{"stock", Fault::NONE, "stock"}),
    [](const auto& info) { return (info.param.name); });

// R3, R5, R6, R8, R15: the rules detect every fault, and the policies that do not protect the holder.
TEST_P(ModelFinds, mistakes) {
    const auto& mistake = GetParam();
    EXPECT_FALSE(play(1, mistake.steps, mistake.policy, mistake.fault).violations.empty());
}

}  // namespace

}  // namespace model
}  // namespace clone_guard
