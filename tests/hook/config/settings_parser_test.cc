// SPDX-License-Identifier: MPL-2.0

#include <core/decision/parameters.h>
#include <hook/config/guard_key.h>
#include <hook/config/settings_element.h>
#include <hook/config/settings_parser.h>
#include <tests/policy/support.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

using isc::data::Element;

namespace {

Settings
parse(const std::string& json) {
    return (parseSettings(Element::fromJSON(json)));
}

/// @return the error text, or empty if the configuration is accepted
std::string
settingsComplaint(const std::string& json) {
    try {
        parse(json);
    } catch (const BadSetting& error) {
        return (error.what());
    }
    return {};
}

std::string
scopeComplaint(const std::string& json) {
    try {
        parseScope(Element::fromJSON(json), ScopeSettings());
    } catch (const BadSetting& error) {
        return (error.what());
    }
    return {};
}

struct BadSettingCase {
    int line;
    const char* json;
    const char* complaint;
};

}  // namespace

// Without parameters the parser returns the defaults of the reference.
TEST(SettingsParserTest, defaults) {
    for (const auto& settings : {parseSettings({}), parse("{}")}) {
        EXPECT_EQ(settings.scope.policy, Policy::MAC_FALLBACK);
        EXPECT_EQ(settings.scope.takeover, Takeover::EXPIRED);
        EXPECT_EQ(settings.scope.client_class, "CLONE_CONFLICT");
        EXPECT_EQ(settings.client_id_types, IdentifierTypes::DUID);
        EXPECT_EQ(settings.claim_window.count(), 30);
        EXPECT_EQ(settings.audit_repeat.count(), 86400);
        EXPECT_EQ(settings.max_conflicts, 10000U);
        EXPECT_EQ(settings.max_claims, 262144U);
        EXPECT_TRUE(settings.exempt.empty());
        EXPECT_TRUE(settings.templates.empty());
    }
}

// The parser reads every parameter.
TEST(SettingsParserTest, everything) {
    const auto settings = parse(R"({
        "policy": "refuse", "takeover": "never", "client-id-types": "all", "client-class": "CLONES",
        "claim-window": 5, "audit-repeat": 0, "max-conflicts": 7, "max-claims": 2048,
        "exempt": { "client-ids": [ "ff:00:11", "01aabb" ], "duids": [ "00:03:00:01:52:54:00:12:34:56" ],
                    "hw-addresses": [ "bc:24:11:00:00:01" ], "client-classes": [ "CARP" ] },
        "templates": [ { "name": "debian", "machine-id": "d31ba602070b463aac004744a10d3e28" },
                       { "name": "router", "duid": "00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56" } ],
        "nic-names": [ "uplink0" ] })");
    EXPECT_EQ(settings.nic_names, std::vector<std::string>{"uplink0"});
    EXPECT_EQ(settings.scope.policy, Policy::REFUSE);
    EXPECT_EQ(settings.scope.takeover, Takeover::NEVER);
    EXPECT_EQ(settings.client_id_types, IdentifierTypes::ALL);
    EXPECT_EQ(settings.scope.client_class, "CLONES");
    EXPECT_EQ(settings.claim_window.count(), 5);
    EXPECT_EQ(settings.audit_repeat.count(), 0);
    EXPECT_EQ(settings.max_conflicts, 7U);
    EXPECT_EQ(settings.max_claims, 2048U);
    EXPECT_EQ(settings.exempt.client_ids, (std::set<Bytes>{hex("ff:00:11"), hex("01:aa:bb")}));
    EXPECT_EQ(settings.exempt.duids, std::set<Bytes>{hex("00:03:00:01:52:54:00:12:34:56")});
    EXPECT_EQ(settings.exempt.hw_addresses, std::set<Bytes>{hex("bc:24:11:00:00:01")});
    EXPECT_EQ(settings.exempt.client_classes, std::set<std::string>{"CARP"});
    ASSERT_EQ(settings.templates.size(), 2U);
    EXPECT_EQ(settings.templates[0].name, "debian");
    EXPECT_EQ(toHex(settings.templates[0].machine_id),
              "d3:1b:a6:02:07:0b:46:3a:ac:00:47:44:a1:0d:3e:28");
    EXPECT_TRUE(settings.templates[0].duid.empty());
    EXPECT_EQ(settings.templates[1].name, "router");
    EXPECT_EQ(settings.templates[1].duid.size(), 14U);
}

// A key is taken for a misspelled one if its letters have at most two mistakes.
TEST(SettingsParserTest, misspelledKeys) {
    for (const auto* key :
         {"clone_guard", "cloneguard", "Clone-Guard", "CLONE GUARD", "cloneGuard", "clone-gaurd",
          "clone-gard", "clon-guard", "clone-guards", "clones-guards", "clone.guard", "coln-guard"}) {
        EXPECT_TRUE(resemblesGuardKey(key)) << key;
    }
    for (const auto* key : {"clone-guard", "", "guard", "clone", "comment", "clone-class",
                            "cloud-guard-2", "clone-guard-policy", "ping-check", "limits"}) {
        EXPECT_FALSE(resemblesGuardKey(key)) << key;
    }
    EXPECT_FALSE(resemblesGuardKey(std::string(100000, 'c')));
}

// The parser accepts the bounds.
TEST(SettingsParserTest, bounds) {
    EXPECT_EQ(settingsComplaint(
                  R"({ "claim-window": 1, "audit-repeat": 0, "max-conflicts": 1, "max-claims": 1024 })"),
              "");
    EXPECT_EQ(
        settingsComplaint(R"({ "claim-window": 3600, "audit-repeat": 31536000, "max-conflicts": 1000000,
                             "max-claims": 16777216 })"),
        "");
}

// The parser rejects each mistake with a message that names the key, the value and the rule.
TEST(SettingsParserTest, rejected) {
    const char* const hexadecimal = "must be hexadecimal of ";
    const std::vector<BadSettingCase> cases{
        {__LINE__, R"([])", "invalid parameters: [  ], must be a map"},
        {__LINE__, R"({ "polcy": "off" })",
         "unknown parameter 'polcy', must be one of policy, takeover"},
        {__LINE__, R"({ "Policy": "off" })", "unknown parameter 'Policy'"},
        {__LINE__, R"({ "policy": "foo" })",
         "invalid policy: 'foo', must be one of off, monitor, mac-fallback, refuse"},
        {__LINE__, R"({ "policy": "" })", "invalid policy: '', must be one of off"},
        {__LINE__, R"({ "policy": 1 })",
         "invalid policy: 1, must be one of off, monitor, mac-fallback, refuse"},
        {__LINE__, R"({ "policy": null })", "invalid policy: null, must be one of off"},
        {__LINE__, R"({ "takeover": "always" })",
         "invalid takeover: 'always', must be one of expired, never"},
        {__LINE__, R"({ "takeover": true })", "invalid takeover: true, must be one of expired, never"},
        {__LINE__, R"({ "client-id-types": "uuid" })",
         "invalid client-id-types: 'uuid', must be one of duid, all"},
        {__LINE__, R"({ "client-class": "" })",
         "invalid client-class: '', must be the name of a client class"},
        {__LINE__, R"({ "client-class": "REJECT" })",
         "invalid client-class: 'REJECT', must be a class that Kea gives no meaning: not ALL"},
        {__LINE__, R"({ "client-class": "DROP" })", "invalid client-class: 'DROP', must be a class"},
        {__LINE__, R"({ "client-class": "KNOWN" })", "invalid client-class: 'KNOWN', must be a class"},
        {__LINE__, R"({ "client-class": "VENDOR_CLASS_MSFT" })",
         "invalid client-class: 'VENDOR_CLASS_MSFT', must be a class"},
        {__LINE__, R"({ "client-class": [] })", "invalid client-class: [  ], must be the name"},
        {__LINE__, R"({ "claim-window": 0 })",
         "invalid claim-window: 0, must be an integer from 1 to 3600"},
        {__LINE__, R"({ "claim-window": 3601 })",
         "invalid claim-window: 3601, must be an integer from 1 to 3600"},
        {__LINE__, R"({ "claim-window": -1 })",
         "invalid claim-window: -1, must be an integer from 1 to 3600"},
        {__LINE__, R"({ "claim-window": "30" })",
         "invalid claim-window: '30', must be an integer from 1 to 3600"},
        {__LINE__, R"({ "claim-window": 30.5 })",
         "invalid claim-window: 30.5, must be an integer from 1 to 3600"},
        {__LINE__, R"({ "audit-repeat": -1 })",
         "invalid audit-repeat: -1, must be an integer from 0 to 31536000"},
        {__LINE__, R"({ "audit-repeat": 31536001 })",
         "invalid audit-repeat: 31536001, must be an integer from 0 to 31536000"},
        {__LINE__, R"({ "max-conflicts": 0 })",
         "invalid max-conflicts: 0, must be an integer from 1 to 1000000"},
        {__LINE__, R"({ "max-conflicts": 1000001 })",
         "invalid max-conflicts: 1000001, must be an integer from 1 to 1000000"},
        {__LINE__, R"({ "max-claims": 1023 })",
         "invalid max-claims: 1023, must be an integer from 1024 to 16777216"},
        {__LINE__, R"({ "max-claims": 16777217 })",
         "invalid max-claims: 16777217, must be an integer from 1024 to 16777216"},
        {__LINE__, R"({ "exempt": [] })", "invalid exempt: [  ], must be a map"},
        {__LINE__, R"({ "exempt": { "macs": [] } })",
         "unknown parameter 'exempt.macs', must be one of client-ids"},
        {__LINE__, R"({ "exempt": { "duids": "00:01" } })",
         "invalid exempt.duids: '00:01', must be a list of strings, each hexadecimal of 3 to 130 bytes"},
        {__LINE__, R"({ "exempt": { "client-ids": [ "ff" ] } })",
         "invalid exempt.client-ids: 'ff', must be hex"},
        {__LINE__, R"({ "exempt": { "client-ids": [ "xx:yy" ] } })",
         "invalid exempt.client-ids: 'xx:yy'"},
        {__LINE__, R"({ "exempt": { "client-ids": [ 7 ] } })", "invalid exempt.client-ids: 7"},
        {__LINE__, R"({ "exempt": { "duids": [ "00:01" ] } })", "invalid exempt.duids: '00:01'"},
        {__LINE__, R"({ "exempt": { "hw-addresses": [ "" ] } })", "invalid exempt.hw-addresses: ''"},
        {__LINE__, R"({ "exempt": { "client-classes": [ "" ] } })", "invalid exempt.client-classes: ''"},
        {__LINE__, R"({ "exempt": { "client-classes": [ 1 ] } })", "invalid exempt.client-classes: 1"},
        {__LINE__, R"({ "templates": {} })", "invalid templates: {  }, must be a list"},
        {__LINE__, R"({ "templates": [ "x" ] })", "invalid templates: 'x', must be a map with a name"},
        {__LINE__, R"({ "templates": [ {} ] })", "invalid templates: {  }, must be a map with a name"},
        {__LINE__, R"({ "templates": [ { "name": "x" } ] })", "must be a map with a name, and either"},
        {__LINE__, R"({ "templates": [ { "name": "x", "machine-id": "00", "duid": "00" } ] })",
         "must be a map with a name, and either machine-id or duid"},
        {__LINE__, R"({ "templates": [ { "duid": "00:01:02" } ] })", "must be a map with a name"},
        {__LINE__, R"({ "templates": [ { "name": "x", "machine-id": "d31b" } ] })",
         "invalid templates.machine-id: 'd31b', must be 32 hexadecimal digits"},
        {__LINE__, R"({ "templates": [ { "name": "x", "duid": "00:01" } ] })",
         "invalid templates.duid: '00:01', must be hexadecimal of 3 to 130 bytes"},
        {__LINE__, R"({ "templates": [ { "name": 5, "duid": "00:01:02" } ] })",
         "invalid templates.name: 5"},
        {__LINE__, R"({ "templates": [ { "nam": "x" } ] })", "unknown parameter 'templates.nam'"},
        {__LINE__, R"({ "nic-names": "ens18" })", "invalid nic-names: 'ens18', must be a list"},
        {__LINE__, R"({ "nic-names": [ "sixteen-bytes-ab" ] })",
         "invalid nic-names: 'sixteen-bytes-ab', must be a list of at most 1000 names"},
        {__LINE__, R"({ "nic-names": [ 18 ] })", "invalid nic-names: 18, must be"},
        {__LINE__, R"({ "nic-names": [ "" ] })", "invalid nic-names: ''"},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE("settings_parser_test.cc:" + std::to_string(one.line) + ": " + one.json);
        const auto said = settingsComplaint(one.json);
        EXPECT_NE(said.find(one.complaint), std::string::npos) << "it says: '" << said << "'";
    }
    EXPECT_NE(settingsComplaint(R"({ "exempt": { "duids": [ "00" ] } })").find(hexadecimal),
              std::string::npos);
}

// R5: a shared network or subnet overrides what it names and leaves the rest.
TEST(SettingsParserTest, rule05Scope) {
    ScopeSettings global;
    global.takeover = Takeover::NEVER;
    global.client_class = "CLONES";
    const auto scope = parseScope(
        Element::fromJSON(R"({ "clone-guard": { "policy": "monitor" }, "floor": 3 })"), global);
    EXPECT_EQ(scope.policy, Policy::MONITOR);
    EXPECT_EQ(scope.takeover, Takeover::NEVER);
    EXPECT_EQ(scope.client_class, "CLONES");
    const auto all = parseScope(Element::fromJSON(R"({ "clone-guard": {
        "policy": "off", "takeover": "expired", "client-class": "OTHERS" } })"),
                                global);
    EXPECT_EQ(all.policy, Policy::OFF);
    EXPECT_EQ(all.takeover, Takeover::EXPIRED);
    EXPECT_EQ(all.client_class, "OTHERS");
}

// R5: a context without an entry for the guard overrides nothing.
TEST(SettingsParserTest, rule05ScopeWithoutUs) {
    ScopeSettings global;
    global.policy = Policy::REFUSE;
    EXPECT_EQ(parseScope({}, global).policy, Policy::REFUSE);
    EXPECT_EQ(parseScope(Element::fromJSON(R"({ "ping-check": { "policy": "off" } })"), global).policy,
              Policy::REFUSE);
    EXPECT_FALSE(mentionsGuard({}));
    EXPECT_FALSE(mentionsGuard(Element::fromJSON("{}")));
    EXPECT_FALSE(mentionsGuard(Element::fromJSON("[]")));
    EXPECT_TRUE(mentionsGuard(Element::fromJSON(R"({ "clone-guard": 1 })")));
}

// R5: only three keys are allowed in a context; the parser rejects every other key.
TEST(SettingsParserTest, rule05ScopeRejected) {
    EXPECT_NE(scopeComplaint(R"({ "clone-guard": [] })")
                  .find("invalid user-context.clone-guard: [  ], must be a map"),
              std::string::npos);
    EXPECT_NE(scopeComplaint(R"({ "clone-guard": "off" })").find("must be a map"), std::string::npos);
    EXPECT_NE(
        scopeComplaint(R"({ "clone-guard": { "claim-window": 5 } })")
            .find("unknown parameter 'claim-window', must be one of policy, takeover, client-class"),
        std::string::npos);
    EXPECT_NE(scopeComplaint(R"({ "clone-guard": { "client-class": "REJECT" } })")
                  .find("invalid client-class: 'REJECT', must be a class that Kea gives no meaning"),
              std::string::npos);
    EXPECT_NE(scopeComplaint(R"({ "clone-guard": { "policy": "x" } })").find("invalid policy: 'x'"),
              std::string::npos);
}

// R13: an invalid override that bypassed the check, as from a configuration back end, has no effect.
TEST(SettingsParserTest, rule13ScopeThatCannotBeUsed) {
    ScopeSettings global;
    global.policy = Policy::REFUSE;
    for (const auto* json :
         {R"({ "clone-guard": [] })", R"({ "clone-guard": { "policy": "x" } })", "[]", "7"}) {
        EXPECT_EQ(scopeSettings(Element::fromJSON(json), global).policy, Policy::REFUSE) << json;
    }
    EXPECT_EQ(
        scopeSettings(Element::fromJSON(R"({ "clone-guard": { "policy": "off" } })"), global).policy,
        Policy::OFF);
}

// The parser accepts the default of each row of the table of parameters, and it is the default of the settings.
TEST(SettingsParserTest, defaultsOfTheTable) {
    for (const auto* row : parameter::ALL) {
        const auto json = std::string("{ \"") + row->name + "\": " + row->defaultJson() + " }";
        SCOPED_TRACE(json);
        EXPECT_EQ(settingsComplaint(json), "");
        EXPECT_TRUE(toElement(parse(json))->equals(*toElement(Settings())));
    }
}

// The parser accepts each bound of the table of parameters, and nothing beyond.
TEST(SettingsParserTest, boundsOfTheTable) {
    size_t integers = 0;
    for (const auto* row : parameter::ALL) {
        if (row->type != ParameterType::INTEGER) {
            continue;
        }
        ++integers;
        const auto with = [row](int64_t value) {
            return (settingsComplaint(std::string("{ \"") + row->name + "\": " + std::to_string(value) +
                                      " }"));
        };
        EXPECT_EQ(with(row->minimum), "");
        EXPECT_EQ(with(row->maximum), "");
        for (const auto value : {row->minimum - 1, row->maximum + 1}) {
            EXPECT_EQ(with(value), std::string("invalid ") + row->name + ": " + std::to_string(value) +
                                       ", must be " + row->allowed());
        }
    }
    EXPECT_EQ(integers, 4U);
}

// Loading hashes the interface names that an operator adds, so their number is bounded.
TEST(SettingsParserTest, nicNamesAreBounded) {
    const auto most = static_cast<size_t>(parameter::NIC_NAMES.maximum);
    auto names = Element::createList();
    for (size_t number = 0; number < most; ++number) {
        names->add(Element::create("nic" + std::to_string(number)));
    }
    auto parameters = Element::createMap();
    parameters->set("nic-names", names);
    EXPECT_EQ(parseSettings(parameters).nic_names.size(), most);
    names->add(Element::create("one-more"));
    EXPECT_THROW(parseSettings(parameters), BadSetting);
}

}  // namespace test
}  // namespace clone_guard
