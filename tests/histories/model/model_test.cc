// SPDX-License-Identifier: MPL-2.0
//
// Random histories against policy/core in a simulated server: no two machines use one address, and every machine keeps
// its own, whatever machines and server go through. Tests R3, R4, R6, R7, R8, R9 and R10 together. CLONE_GUARD_SEED repeats
// a failed history; clone-guard-model plays more histories and shrinks them.

#include <tests/histories/model/server.h>

#include <tests/histories/player/generator.h>
#include <tests/histories/player/player.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <tuple>

namespace clone_guard {
namespace model {

using namespace e2e::history;

namespace {

constexpr uint64_t STEPS = 50000;

/// @brief Plays histories until a rule is violated, and prints the violation.
Outcome
play(uint64_t seed, uint64_t steps, const std::string& policy, Fault fault = Fault::NONE,
     bool keep_released = true) {
    Plan plan;
    plan.seed = seed;
    plan.policy = policy;
    plan.keep_released = keep_released;
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

/// @brief The policies that protect the holder, and whether the server keeps released leases.
class ModelOf : public ::testing::TestWithParam<std::tuple<std::string, bool>> {
protected:
    static Outcome play(uint64_t seed) {
        const auto& [policy, keep_released] = GetParam();
        return (model::play(seed, STEPS, policy, Fault::NONE, keep_released));
    }
};

INSTANTIATE_TEST_SUITE_P(Policies, ModelOf,
                         ::testing::Combine(::testing::Values("mac-fallback", "refuse"),
                                            ::testing::Bool()),
                         [](const auto& info) {
                             const bool refuse = std::get<0>(info.param) == "refuse";
                             return (std::string(refuse ? "refuse" : "fallback") +
                                     (std::get<1>(info.param) ? "Keeping" : "Deleting"));
                         });

// R3, R4, R6, R7, R8, R10, R15: a fixed set of histories violates no rule.
TEST_P(ModelOf, keepsTheRules) {
    const auto outcome = play(1);
    EXPECT_TRUE(outcome.violations.empty());
    EXPECT_GT(outcome.acks, outcome.steps / 10);
    EXPECT_GT(outcome.kills, 0U);
    EXPECT_GT(outcome.returns, 0U);
    EXPECT_EQ(outcome.returns_after_release > 0, std::get<1>(GetParam()));
}

// R3, R4, R6, R7, R8, R10, R15: new histories violate no rule.
TEST_P(ModelOf, keepsTheRulesInNewHistories) {
    EXPECT_TRUE(play(freshSeed()).violations.empty());
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
                      Mistake{"releasedLeasesIgnored", Fault::RELEASED, "mac-fallback", 5000},
                      Mistake{"releasedLeasesIgnoredWhenRefusing", Fault::RELEASED, "refuse"},
                      Mistake{"monitor", Fault::NONE, "monitor"}, Mistake{"off", Fault::NONE, "off"},
                      Mistake{"stock", Fault::NONE, "stock"}),
    [](const auto& info) { return (info.param.name); });

// R3, R5, R6, R8, R10, R15: the rules detect every fault, and the policies that do not protect the holder.
TEST_P(ModelFinds, mistakes) {
    const auto& mistake = GetParam();
    EXPECT_FALSE(play(1, mistake.steps, mistake.policy, mistake.fault).violations.empty());
}

}  // namespace

}  // namespace model
}  // namespace clone_guard
