// SPDX-License-Identifier: MPL-2.0
//
// Parameters of the guard: an error is rejected with key, value and rule, and a running server keeps its configuration
// and its guard.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief A configuration with a single error.
struct Mistake {
    std::string name;
    Json parameters;                ///< parameters of the library
    Json subnet_entries;            ///< further entries of subnet 1
    std::vector<std::string> says;  ///< words that the answer has to contain
};

Json
context(const Json& content) {
    return (Json{{"user-context", {{"clone-guard", content}}}});
}

Json
exempt(const Json& content) {
    return (Json{{"exempt", content}});
}

Json
templates(const Json& entry) {
    return (Json{{"templates", Json::array({entry})}});
}

const std::vector<Mistake> MISTAKES{
    {"policyThatDoesNotExist", {{"policy", "foo"}}, {}, {"policy", "foo", "off", "mac-fallback"}},
    {"policyOfWrongType", {{"policy", 5}}, {}, {"policy", "5"}},
    {"policyInCapitals", {{"policy", "REFUSE"}}, {}, {"policy", "REFUSE", "refuse"}},
    {"unknownKey", {{"polcy", "refuse"}}, {}, {"polcy"}},
    {"takeover", {{"takeover", "always"}}, {}, {"takeover", "always", "expired", "never"}},
    {"clientIdTypes", {{"client-id-types", "uuid"}}, {}, {"client-id-types", "uuid", "duid", "all"}},
    {"clientClassEmpty", {{"client-class", ""}}, {}, {"client-class"}},
    {"clientClassOfWrongType", {{"client-class", true}}, {}, {"client-class", "true"}},
    {"claimWindowZero", {{"claim-window", 0}}, {}, {"claim-window", "0", "1", "3600"}},
    {"claimWindowTooLong", {{"claim-window", 3601}}, {}, {"claim-window", "3601", "3600"}},
    {"claimWindowNegative", {{"claim-window", -30}}, {}, {"claim-window", "-30"}},
    {"claimWindowAsText", {{"claim-window", "30"}}, {}, {"claim-window", "30"}},
    {"claimWindowAsFraction", {{"claim-window", 1.5}}, {}, {"claim-window", "1.5"}},
    {"auditRepeatNegative", {{"audit-repeat", -1}}, {}, {"audit-repeat", "-1"}},
    {"auditRepeatTooLong", {{"audit-repeat", 31536001}}, {}, {"audit-repeat", "31536001"}},
    {"maxConflictsZero", {{"max-conflicts", 0}}, {}, {"max-conflicts", "0"}},
    {"maxConflictsTooMany", {{"max-conflicts", 1000001}}, {}, {"max-conflicts", "1000001"}},
    {"maxClaimsTooFew", {{"max-claims", 1023}}, {}, {"max-claims", "1023", "1024"}},
    {"maxClaimsTooMany", {{"max-claims", 16777217}}, {}, {"max-claims", "16777217"}},
    {"exemptNoMap", {{"exempt", "all"}}, {}, {"exempt", "all"}},
    {"exemptUnknownKey", exempt({{"macs", Json::array()}}), {}, {"macs"}},
    {"exemptNoList", exempt({{"duids", "00:01"}}), {}, {"duids", "00:01"}},
    {"exemptNoHexadecimal", exempt({{"client-ids", {"xyz"}}}), {}, {"client-ids", "xyz"}},
    {"exemptHardwareAddress",
     exempt({{"hw-addresses", {"52:54:zz"}}}),
     {},
     {"hw-addresses", "52:54:zz"}},
    {"exemptDuidOfWrongType", exempt({{"duids", {5}}}), {}, {"duids", "5"}},
    {"exemptClassOfWrongType", exempt({{"client-classes", {7}}}), {}, {"client-classes", "7"}},
    {"templatesNoList", {{"templates", "debian"}}, {}, {"templates", "debian"}},
    {"templateWithoutName",
     templates({{"machine-id", "d31ba602070b463aac004744a10d3e28"}}),
     {},
     {"templates", "name"}},
    {"templateMachineId",
     templates({{"name", "debian"}, {"machine-id", "d31ba602"}}),
     {},
     {"machine-id", "d31ba602"}},
    {"templateThatIsSealed",
     templates({{"name", "debian"}, {"machine-id", "00000000000000000000000000000000"}}),
     {},
     {"machine-id", "32 hexadecimal digits"}},
    {"nicNamesNoName", {{"nic-names", {"uplink/0"}}}, {}, {"nic-names", "uplink/0"}},
    {"templateUnknownKey", templates({{"name", "debian"}, {"uuid", "d31ba602"}}), {}, {"uuid"}},
    {"contextNoMap", Json::object(), context("refuse"), {"clone-guard", "refuse"}},
    {"contextPolicyThatDoesNotExist", Json::object(), context({{"policy", "foo"}}), {"policy", "foo"}},
    {"contextUnknownKey", Json::object(), context({{"polcy", "refuse"}}), {"polcy"}},
    {"contextKeyForAllOnly", Json::object(), context({{"claim-window", 5}}), {"claim-window"}},
    {"contextOfWrongType", Json::object(), context({{"takeover", 1}}), {"takeover", "1"}},
};

ServerSetup
setupWith(const Mistake& mistake) {
    ServerSetup setup;
    setup.guard = mistake.parameters.is_null() ? Json::object() : mistake.parameters;
    setup.subnets = {
        subnet(1, mistake.subnet_entries.is_null() ? Json::object() : mistake.subnet_entries)};
    return (setup);
}

class Configuration : public E2eTest {
protected:
    /// @brief Makes a setup whose policies show in the replies: claimants are refused in subnet 2 only.
    ServerSetup soundSetup() const {
        ServerSetup setup;
        setup.guard = Json{{"policy", "mac-fallback"}};
        setup.subnets = {subnet(1), subnet(2, withPolicy("refuse"))};
        setup.threads = threads_;
        return (setup);
    }

    /// @brief Expects that the guard is still active: earlier and new claimants are kept apart.
    void expectStillGuarded() {
        const auto before = clone(2).initReboot(claimant_);
        EXPECT_EQ(before.address(), claimant_);
        SimClient& fresh = clone(++last_machine_);
        EXPECT_FALSE(fresh.acquire().isZero());
        EXPECT_NE(fresh.address(), held_);
        SimClient& elsewhere = machine(++last_machine_, cloneIdentifier(), 2);
        EXPECT_TRUE(elsewhere.discover().isSilence());
        const auto record = server().lease(held_);
        ASSERT_TRUE(record);
        EXPECT_EQ(record->hw_address, toHex(virtualMac(1)));
        EXPECT_EQ(record->client_id, cloneIdentifierText());
    }

    void serveSoundly() {
        serve(soundSetup());
        held_ = clone(1).acquire();
        claimant_ = clone(2).acquire();
        clone(3, 2).acquire();
        EXPECT_NE(held_, claimant_);
    }

    static void expectSays(const std::string& text, const Mistake& mistake) {
        for (const auto& word : mistake.says) {
            EXPECT_NE(text.find(word), std::string::npos)
                << mistake.name << ": '" << word << "' is not in: " << text;
        }
    }

    unsigned threads_ = 0;
    Address held_;
    Address claimant_;
    uint32_t last_machine_ = 100;
};

// config-set with an error answers with key, value and rule; the server and its guard do not change.
TEST_F(Configuration, mistakesAreRejectedAndTheRunningServerKeepsItsGuard) {
    serveSoundly();
    const Json before = server().command("config-get")["arguments"]["Dhcp4"];
    for (const auto& mistake : MISTAKES) {
        SCOPED_TRACE(mistake.name);
        const Json answer = server().configSet(setupWith(mistake));
        EXPECT_EQ(answer["result"], 1) << answer;
        expectSays(answer["text"], mistake);
        expectStillGuarded();
        EXPECT_EQ(server().command("config-get")["arguments"]["Dhcp4"], before);
    }
    EXPECT_FALSE(server().operatorLog("CLONE_GUARD_CONFIG_REJECTED").empty());
}

// The same holds if several threads process packets; they continue to do so afterwards.
TEST_F(Configuration, severalThreadsKeepTheirGuardToo) {
    threads_ = 4;
    serveSoundly();
    ServerSetup wrong = setupWith(MISTAKES.front());
    wrong.threads = threads_;
    EXPECT_EQ(server().configSet(wrong)["result"], 1);
    expectStillGuarded();
    const Json status = server().command("status-get")["arguments"];
    EXPECT_EQ(status["multi-threading-enabled"], true) << status;
    EXPECT_EQ(status["thread-pool-size"], 4) << status;
    EXPECT_EQ(server().configSet(soundSetup())["result"], 0);
    expectStillGuarded();
}

// A rejected setup with several threads leaves a single-threaded server single-threaded.
TEST_F(Configuration, singleThreadSurvivesARejectedSetupWithSeveral) {
    serveSoundly();
    ServerSetup wrong = setupWith(MISTAKES.front());
    wrong.threads = 4;
    EXPECT_EQ(server().configSet(wrong)["result"], 1);
    expectStillGuarded();
}

// The same holds for config-reload; the corrected file is then accepted.
TEST_F(Configuration, mistakesInAReloadedFileAreRejected) {
    serveSoundly();
    server().configure(setupWith(MISTAKES.front()));
    const Json answer = server().command("config-reload");
    EXPECT_EQ(answer["result"], 1) << answer;
    expectSays(answer["text"], MISTAKES.front());
    expectStillGuarded();
    ServerSetup corrected = soundSetup();
    corrected.guard = Json{{"policy", "refuse"}};
    server().configure(corrected);
    EXPECT_EQ(server().command("config-reload")["result"], 0);
    EXPECT_TRUE(clone(99).discover().isSilence());
}

// A server does not start with an error, and its last message is the guard's.
TEST_F(Configuration, serverDoesNotStartWithAMistake) {
    for (const size_t i : {size_t(0), size_t(3), MISTAKES.size() - 3}) {
        KeaServer server(setupWith(MISTAKES[i]));
        expectSays(server.startAndFail(), MISTAKES[i]);
    }
}

// A configured class with the guard's class name must have no test, since Kea could then remove the class from a query.
TEST_F(Configuration, classWithATestIsRejected) {
    serveSoundly();
    ServerSetup setup;
    setup.more["client-classes"] = {{{"name", "CLONE_CONFLICT"}, {"test", "member('ALL')"}}};
    const Json answer = server().configSet(setup);
    EXPECT_EQ(answer["result"], 1) << answer;
    const std::string text = answer["text"];
    EXPECT_NE(text.find("CLONE_CONFLICT"), std::string::npos) << text;
    EXPECT_NE(text.find("test"), std::string::npos) << text;
    expectStillGuarded();
}

// Kea itself detects an error, in a user-context or elsewhere. A server of release 2.2.0 then answers no client until
// its next configuration, with or without the guard. That configuration has the guard again.
TEST_F(Configuration, mistakesElsewhereLeaveTheGuardAlone) {
    serveSoundly();
    for (const Json& mistake :
         {Json{{"pools", {{{"pool", "192.0.2.1 - 192.0.2.9"}}}}}, Json{{"user-context", "refuse"}}}) {
        ServerSetup setup = soundSetup();
        setup.subnets.push_back(subnet(3, mistake));
        EXPECT_EQ(server().configSet(setup)["result"], 1);
        EXPECT_EQ(server().configSet(soundSetup())["result"], 0);
        expectStillGuarded();
    }
}

// Every parameter of the documented example is accepted, and so are the bounds of each range.
TEST_F(Configuration, everyParameterIsAccepted) {
    ServerSetup setup;
    setup.guard = Json::parse(R"({
        "policy": "mac-fallback", "takeover": "expired", "client-id-types": "duid",
        "client-class": "CLONE_CONFLICT", "claim-window": 30, "audit-repeat": 86400,
        "max-conflicts": 10000, "max-claims": 262144,
        "exempt": { "client-ids": [], "duids": [], "hw-addresses": [], "client-classes": [] },
        "templates": [ { "name": "debian-12-base", "machine-id": "d31ba602070b463aac004744a10d3e28" },
                       { "name": "old-router-image",
                         "duid": "00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56" } ],
        "nic-names": [ "uplink0" ] })");
    serve(setup);
    for (const Json& bounds :
         {Json{{"claim-window", 1}, {"audit-repeat", 0}, {"max-conflicts", 1}, {"max-claims", 1024}},
          Json{{"claim-window", 3600},
               {"audit-repeat", 31536000},
               {"max-conflicts", 1000000},
               {"max-claims", 16777216},
               {"takeover", "never"},
               {"policy", "off"}}}) {
        setup.guard = bounds;
        const Json answer = server().configSet(setup);
        EXPECT_EQ(answer["result"], 0) << answer;
    }
}

// A reconfiguration is a restart for the library: holders and claimants stay the same.
TEST_F(Configuration, decisionsSurviveAReconfiguration) {
    serveSoundly();
    for (int round = 0; round < 3; ++round) {
        ASSERT_EQ(server().configSet(soundSetup())["result"], 0);
        expectStillGuarded();
    }
}

// A configuration without an audit logger gets one hint, and its operator's log contains no audit records.
TEST_F(Configuration, missingAuditLoggerGetsOneHint) {
    ServerSetup setup;
    setup.audit_log = false;
    serve(setup);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_AUDIT_UNUSED").size(), 1U);
    holder();
    clone(2).acquire();
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
    EXPECT_TRUE(server().operatorLog("{\"").empty());
    EXPECT_TRUE(server().serverLog("\"event\"").empty());
    ASSERT_EQ(server().configSet(ServerSetup())["result"], 0);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_AUDIT_UNUSED").size(), 1U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
