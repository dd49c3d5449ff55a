// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_element.h>
#include <hook/config/settings_parser.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

using isc::data::Element;

// The formatted defaults are the defaults of the table of parameters, and complete.
TEST(SettingsElementTest, defaults) {
    const auto element = toElement(Settings());
    EXPECT_EQ(element->size(), parameter::ALL.size());
    for (const auto* row : parameter::ALL) {
        if (row == &parameter::EXEMPT) {
            continue;
        }
        ASSERT_TRUE(element->contains(row->name)) << row->name;
        EXPECT_EQ(element->get(row->name)->str(), Element::fromJSON(row->defaultJson())->str())
            << row->name;
    }
}

// Formatted settings are parsed to the same settings.
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

// R5: overrides() formats only the settings that differ from the global ones.
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
