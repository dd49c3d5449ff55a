// SPDX-License-Identifier: MPL-2.0
//
// The guard rejects an invalid configuration with key, value and rule; the server keeps its previous configuration and
// its guard.

#include <tests/hook/library_test.h>

namespace clone_guard {
namespace test {

namespace {

struct BadConfiguration {
    int line;
    const char* parameters;
    const char* error;
};

class ConfigurationTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        addLease("192.0.2.101", cloneIdentifier(), mac(1));
    }

    /// @brief Checks whether the guard handles a claimant, under any policy.
    static bool guards() {
        return (seenAs(clone(2)) == derivedOf(2));
    }
};

bool
contains(const std::string& text, const std::string& part) {
    return (text.find(part) != std::string::npos);
}

}  // namespace

// For every kind of invalid parameter, the error names the guard, the key, the value and the rule.
TEST_F(ConfigurationTest, badParameters) {
    const std::vector<BadConfiguration> cases{
        {__LINE__, R"({ "polcy": "off" })",
         "clone-guard: unknown parameter 'polcy', must be one of policy"},
        {__LINE__, R"({ "policy": "foo" })",
         "clone-guard: invalid policy: 'foo', must be one of off, monitor, mac-fallback, refuse"},
        {__LINE__, R"({ "policy": 3 })", "clone-guard: invalid policy: 3, must be one of"},
        {__LINE__, R"({ "claim-window": 0 })",
         "clone-guard: invalid claim-window: 0, must be an integer from 1 to 3600"},
        {__LINE__, R"({ "claim-window": 3601 })",
         "clone-guard: invalid claim-window: 3601, must be an integer from 1"},
        {__LINE__, R"({ "max-claims": "many" })",
         "clone-guard: invalid max-claims: 'many', must be an integer"},
        {__LINE__, R"({ "exempt": { "duids": [ "zz" ] } })",
         "clone-guard: invalid exempt.duids: 'zz', must be"},
        {__LINE__, R"({ "templates": [ { "name": "x" } ] })", "clone-guard: invalid templates: "},
        {__LINE__, R"([ 1 ])", "clone-guard: invalid parameters: [ 1 ], must be a map"},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE("configuration_test.cc:" + std::to_string(one.line) + ": " + one.parameters);
        const auto error = configure(one.parameters);
        EXPECT_EQ(error.rfind(one.error, 0), 0U) << "it says: " << error;
        const auto said = log_.with("CLONE_GUARD_CONFIG_REJECTED");
        ASSERT_EQ(said.size(), 1U);
        EXPECT_EQ(said[0].level, "ERROR");
        log_.forget();
    }
}

// An invalid configuration leaves the previous settings in force, although the library was loaded anew for it.
TEST_F(ConfigurationTest, earlierSettingsAreKept) {
    load(R"({ "policy": "refuse" })");
    EXPECT_EQ(seenAs(clone(2)), std::nullopt);
    EXPECT_NE(configure(R"({ "policy": "foo" })"), "");
    EXPECT_EQ(seenAs(clone(2)), std::nullopt);
    load(R"({ "policy": "mac-fallback" })");
    EXPECT_TRUE(guards());
    EXPECT_NE(configure(R"({ "claim-window": 0, "policy": "off" })"), "");
    EXPECT_TRUE(guards());
    // And then a good one is taken.
    load(R"({ "policy": "off" })");
    EXPECT_FALSE(guards());
}

// So does a configuration with valid parameters and an invalid override.
TEST_F(ConfigurationTest, earlierSettingsAreKeptWhenAScopeIsBad) {
    load(R"({ "policy": "mac-fallback" })");
    const auto error = configure(R"({ "policy": "off" })", R"({ "subnet4": [
        { "id": 1, "subnet": "192.0.2.0/24", "user-context": { "clone-guard": { "policy": "foo" } } } ] })");
    EXPECT_TRUE(contains(error, "192.0.2.0/24: invalid policy: 'foo', must be one of off")) << error;
    EXPECT_TRUE(guards());
}

// The guard of a server that starts with an invalid configuration does nothing until the server exits.
TEST_F(ConfigurationTest, badFromTheStart) {
    EXPECT_NE(configure(R"({ "policy": "foo" })"), "");
    EXPECT_EQ(seenAs(clone(2)), cloneIdentifier());
}

// R5: invalid overrides are rejected, with the subnet or shared network in the message.
TEST_F(ConfigurationTest, rule05BadScopes) {
    const auto with_subnet = [](const std::string& context) {
        return (
            configure("{}", R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "user-context": )" +
                                context + " } ] }"));
    };
    EXPECT_EQ(with_subnet(R"({ "clone-guard": { "policy": "refuse" } })"), "");
    EXPECT_TRUE(contains(
        with_subnet(R"({ "clone-guard": "refuse" })"),
        "clone-guard: subnet 192.0.2.0/24: invalid user-context.clone-guard: 'refuse', must be a map"));
    EXPECT_TRUE(contains(with_subnet(R"({ "clone-guard": { "claim-window": 3 } })"),
                         "unknown parameter 'claim-window'"));
    EXPECT_TRUE(contains(with_subnet(R"({ "clone-guard": { "takeover": "later" } })"),
                         "invalid takeover: 'later', must be one of expired, never"));
    const auto network = configure("{}", R"({ "shared-networks": [ { "name": "lab",
        "user-context": { "clone-guard": { "policy": 5 } },
        "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24" } ] } ] })");
    EXPECT_TRUE(contains(network, "shared network 'lab': invalid policy: 5, must be one of")) << network;
}

// R5: a key that resembles the guard's is accepted, as by Kea, and reported once with the first place and the number of
// further ones. Keys of other programs are not reported.
TEST_F(ConfigurationTest, rule05MisspelledKey) {
    load("{}", R"({ "subnet4": [
        { "id": 1, "subnet": "192.0.2.0/24",
          "user-context": { "clone_guard": { "policy": "off" }, "rack": "clone guard" } },
        { "id": 2, "subnet": "198.51.100.0/24", "user-context": { "clone_guard": {} } },
        { "id": 3, "subnet": "203.0.113.0/24", "user-context": { "clone-guard": { "policy": "refuse" } } } ],
        "shared-networks": [ { "name": "lab", "user-context": { "Clone-Gaurd": 1 },
          "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24" } ] } ] })");
    EXPECT_TRUE(guards());
    const auto said = log_.with("CLONE_GUARD_KEY_IGNORED");
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].level, "WARN");
    EXPECT_TRUE(
        contains(said[0].text, "the key 'Clone-Gaurd' in the user-context of shared network 'lab' has"))
        << said[0].text;
    EXPECT_TRUE(contains(said[1].text,
                         "'clone_guard' in the user-context of subnet 192.0.2.0/24 and 1 more has"))
        << said[1].text;
    EXPECT_TRUE(contains(said[1].text, "the key of the clone guard is 'clone-guard'"));
}

// R5: the settings of a shared network apply to its subnets; the message names the shared network.
TEST_F(ConfigurationTest, rule05SubnetInASharedNetwork) {
    const auto error = configure("{}", R"({ "shared-networks": [ { "name": "lab", "subnet4": [
        { "id": 11, "subnet": "10.1.0.0/24", "user-context": { "clone-guard": { "policy": "off" } } } ] } ] })");
    EXPECT_TRUE(contains(error, "subnet 10.1.0.0/24")) << error;
    EXPECT_TRUE(contains(error, "shared network 'lab'")) << error;
}

// R6: the guard decides which queries join the class, so a class with a test is rejected; one without is accepted.
TEST_F(ConfigurationTest, rule06ClassWithATest) {
    const std::string classes = R"({ "client-classes": [ { "name": "CLONE_CONFLICT" },
        { "name": "CLONES", "test": "substring(option[61].hex,0,1) == 0xff" } ],
        "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24" } ] })";
    EXPECT_EQ(configure("{}", classes), "");
    const auto error = configure(R"({ "client-class": "CLONES" })", classes);
    EXPECT_TRUE(contains(error, "invalid client-class: 'CLONES', must not have a 'test'")) << error;
    const auto scope =
        configure("{}", R"({ "client-classes": [ { "name": "MINE", "test": "option[61].exists" } ],
        "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24",
                       "user-context": { "clone-guard": { "client-class": "MINE" } } } ] })");
    EXPECT_TRUE(contains(scope, "192.0.2.0/24: invalid client-class: 'MINE'")) << scope;
}

// The guard logs the settings of an accepted configuration, and that there is no audit log.
TEST_F(ConfigurationTest, announced) {
    load(R"({ "policy": "monitor", "claim-window": 7 })");
    const auto said = log_.with("CLONE_GUARD_CONFIGURED");
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].level, "INFO");
    EXPECT_TRUE(contains(said[0].text, "policy monitor")) << said[0].text;
    EXPECT_TRUE(contains(said[0].text, "7 s")) << said[0].text;
    EXPECT_EQ(log_.with("CLONE_GUARD_AUDIT_UNUSED").size(), 1U);
    EXPECT_TRUE(log_.with("CLONE_GUARD_ONE_NETWORK").empty());
}

// A server that only checks a configuration does not read its loggers; the guard finds the audit log in the JSON.
TEST_F(ConfigurationTest, auditLogOfAConfigurationThatIsChecked) {
    load("{}", R"({ "loggers": [ { "name": "kea-dhcp4" }, { "name": "kea-dhcp4.clone-guard-audit" } ],
                    "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24" } ] })");
    EXPECT_TRUE(log_.with("CLONE_GUARD_AUDIT_UNUSED").empty());
}

// After a rejection the guard logs the settings that stay in force; without a previous guard it logs nothing.
TEST_F(ConfigurationTest, rejectionSaysWhatGoesOn) {
    EXPECT_NE(configure(R"({ "policy": "foo" })"), "");
    EXPECT_TRUE(log_.with("CLONE_GUARD_CONFIGURED").empty());
    load(R"({ "policy": "refuse" })");
    log_.forget();
    EXPECT_NE(configure(R"({ "policy": "foo" })"), "");
    const auto said = log_.with("CLONE_GUARD_CONFIGURED");
    ASSERT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said[0].text, "policy refuse")) << said[0].text;
}

// R2: the guard logs a warning if it cannot know the network of a query.
TEST_F(ConfigurationTest, rule02OneNetworkIsAnnounced) {
    load("{}", R"({ "early-global-reservations-lookup": true,
                    "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24" } ] })");
    const auto said = log_.with("CLONE_GUARD_ONE_NETWORK");
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].level, "WARN");
}

// An invalid override from a configuration back end cannot be rejected: it is logged and has no effect.
TEST_F(ConfigurationTest, backEnd) {
    load(R"({ "policy": "mac-fallback" })");
    EXPECT_TRUE(guards());
    commit(R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24",
                               "user-context": { "clone-guard": { "policy": "foo" } } } ] })");
    const auto handle = isc::hooks::HooksManager::createCalloutHandle();
    isc::hooks::HooksManager::callCallouts(isc::hooks::HooksManager::registerHook("cb4_updated"),
                                           *handle);
    const auto said = log_.with("CLONE_GUARD_BACKEND_REJECTED");
    ASSERT_EQ(said.size(), 1U);
    EXPECT_TRUE(contains(said[0].text, "invalid policy: 'foo'")) << said[0].text;
    EXPECT_TRUE(guards());
}

}  // namespace test
}  // namespace clone_guard
