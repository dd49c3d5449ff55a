// SPDX-License-Identifier: MPL-2.0
//
// R13: another hook library rejects a configuration that the guard has accepted. The server keeps its configuration,
// and the guard runs by it.

#include <tests/e2e/harness/fixtures/database_fixture.h>

#include <ostream>

namespace clone_guard {
namespace test {

namespace {

/// @brief Where a server keeps its leases, whether the rejecting library is loaded before the guard, and the number of
/// threads.
struct Rejection {
    std::string back_end;
    bool before = true;
    unsigned threads = 0;
};

std::ostream&
operator<<(std::ostream& stream, const Rejection& rejection) {
    return (stream << rejection.back_end << (rejection.before ? "Before" : "After")
                   << rejection.threads);
}

class RejectedConfiguration : public EachBackEndTest<Rejection> {
protected:
    /// @brief Makes a setup with the rejecting library. Claimants are refused in subnet 2 only.
    ServerSetup setupWith(const Json& guard, bool reject) {
        ServerSetup setup;
        setup.guard = guard;
        setup.threads = GetParam().threads;
        setup.subnets = {subnet(1), subnet(2, withPolicy("refuse"))};
        keepLeases(setup);
        auto& hooks = GetParam().before ? setup.hooks_before : setup.hooks_after;
        hooks[REJECTER] = {{"reject", reject}};
        return (setup);
    }

    Json parametersInForce() {
        return (server().command("clone-guard-status-get")["arguments"]["parameters"]);
    }

    Json guardInConfigGet() {
        const Json config = server().command("config-get")["arguments"]["Dhcp4"];
        for (const auto& entry : config["hooks-libraries"]) {
            if (entry["library"].get<std::string>().find(GUARD) != std::string::npos) {
                return (entry["parameters"]);
            }
        }
        return (Json());
    }

    /// @brief Expects that clones are kept apart: earlier ones keep their addresses, a new one gets its own.
    void expectApart(SimClient& first, SimClient& second, uint32_t number) {
        expectKept(first);
        expectKept(second);
        SimClient& fresh = clone(number);
        EXPECT_FALSE(fresh.acquire().isZero());
        EXPECT_TRUE(hasDerivedLease(server(), fresh));
        EXPECT_TRUE(clone(number + 1, 2).discover().isSilence()) << "refused in subnet 2";
        EXPECT_TRUE(hasOwnLease(server(), first));
    }
};

// A server of release 2.2.0 with threads does not answer any more after another library has rejected its configuration,
// unless the guard is called after that library.
INSTANTIATE_TEST_SUITE_P(Some, RejectedConfiguration,
                         ::testing::Values(Rejection{"memfile", true, 0}, Rejection{"memfile", false, 0},
                                           Rejection{"memfile", true, 4}, Rejection{"mysql", false, 0},
                                           Rejection{"postgresql", true, 4}),
                         ::testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(EveryOther, RejectedConfiguration,
                         ::testing::Values(Rejection{"mysql", true, 0}, Rejection{"mysql", true, 4},
                                           Rejection{"postgresql", true, 0},
                                           Rejection{"postgresql", false, 0}),
                         ::testing::PrintToStringParamName());

// R13: config-set to another policy is rejected by another library. Packets come first: clones are still kept apart.
TEST_P(RejectedConfiguration, rule13ClonesAreKeptApartAfterwards) {
    serve(setupWith({{"policy", "mac-fallback"}}, false));
    SimClient& first = holder();
    SimClient& second = clone(2);
    ASSERT_FALSE(second.acquire().isZero());
    ASSERT_EQ(clone(3, 2).acquire(), clone(3, 2).acquire());
    uint32_t number = 10;
    for (const char* policy : {"monitor", "off", "refuse"}) {
        const Json answer = server().configSet(setupWith({{"policy", policy}}, true));
        EXPECT_EQ(answer["result"], 1) << answer;
        expectApart(first, second, number);
        number += 2;
    }
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFIG_KEPT").size(), 3U);
    EXPECT_EQ(server().configSet(setupWith({{"policy", "mac-fallback"}}, false))["result"], 0);
    expectApart(first, second, number);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFIG_KEPT").size(), 3U);
}

// R13: a command comes first: clone-guard-status-get and config-get agree after a rejection, and after an acceptance.
TEST_P(RejectedConfiguration, rule13CommandsAgree) {
    serve(setupWith({{"policy", "mac-fallback"}, {"claim-window", 17}}, false));
    EXPECT_EQ(parametersInForce()["claim-window"], 17);
    const Json before = parametersInForce();
    EXPECT_EQ(
        server().configSet(setupWith({{"policy", "monitor"}, {"claim-window", 99}}, true))["result"], 1);
    EXPECT_EQ(parametersInForce(), before);
    EXPECT_EQ(guardInConfigGet()["policy"], "mac-fallback");
    EXPECT_EQ(guardInConfigGet()["claim-window"], 17);
    EXPECT_EQ(
        server().configSet(setupWith({{"policy", "refuse"}, {"claim-window", 9}}, false))["result"], 0);
    EXPECT_EQ(parametersInForce()["policy"], "refuse");
    EXPECT_EQ(parametersInForce()["claim-window"], 9);
    EXPECT_EQ(guardInConfigGet()["policy"], "refuse");
}

// R13: a rejected configuration adds the guard. The server goes on without it, as before.
TEST_P(RejectedConfiguration, rule13RejectedGuardDoesNothing) {
    serve(setupWith(Json::object(), false).withoutGuard());
    SimClient& first = holder();
    ASSERT_EQ(clone(2).acquire(), first.address());
    EXPECT_EQ(server().configSet(setupWith({{"policy", "refuse"}}, true))["result"], 1);
    EXPECT_EQ(clone(2).acquire(), first.address()) << "stock Kea";
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_CONFLICT").empty());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
