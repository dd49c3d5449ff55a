// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_element.h>
#include <hook/config/settings_parser.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

using isc::data::Element;

// The defaults in the words of the configuration are those of the table that the parser goes by, and complete.
TEST(SettingsElementTest, defaults) {
    const auto element = toElement(Settings());
    EXPECT_EQ(element->size(), keywords().size());
    for (const auto& keyword : keywords()) {
        if (std::string(keyword.name) == "exempt") {
            continue;
        }
        ASSERT_TRUE(element->contains(keyword.name)) << keyword.name;
        EXPECT_EQ(element->get(keyword.name)->str(), Element::fromJSON(keyword.standard)->str())
            << keyword.name;
    }
}

// What is written is read back as the same settings.
TEST(SettingsElementTest, everythingThereAndBack) {
    const auto written = Element::fromJSON(R"({
        "policy": "refuse", "takeover": "never", "client-class": "OTHERS", "client-id-types": "all",
        "claim-window": 7, "audit-repeat": 0, "max-conflicts": 5, "max-claims": 2048,
        "exempt": { "client-ids": [ "ff:01" ], "duids": [ "00:01:02" ], "hw-addresses": [ "02:00" ],
                    "client-classes": [ "A", "B" ] },
        "templates": [ { "name": "one", "machine-id": "d31ba602070b463aac004744a10d3e28" },
                       { "name": "two", "duid": "00:01:00:01:2c" } ],
        "nic-names": [ "lan0" ] })");
    EXPECT_TRUE(toElement(parseSettings(written))->equals(*written))
        << toElement(parseSettings(written))->str();
}

// Of a scope only what differs from the global settings.
TEST(SettingsElementTest, rule05Overrides) {
    ScopeSettings global;
    global.policy = Policy::REFUSE;
    auto scope = global;
    EXPECT_EQ(overrides(scope, global)->str(), "{  }");
    scope.takeover = Takeover::NEVER;
    EXPECT_EQ(overrides(scope, global)->str(), R"({ "takeover": "never" })");
    scope.policy = Policy::OFF;
    scope.client_class = "OTHERS";
    EXPECT_EQ(overrides(scope, global)->size(), 3U);
}

}  // namespace test
}  // namespace clone_guard
