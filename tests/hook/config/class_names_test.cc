// SPDX-License-Identifier: MPL-2.0

#include <hook/config/class_names.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

using Names = std::set<std::string>;

// R6: claimants must not join a class that makes the server drop or reject its members, or that Kea assigns itself.
TEST(ClassNamesTest, rule06KeaClasses) {
    for (const auto* name : {"ALL", "BOOTP", "DROP", "KNOWN", "REJECT", "UNKNOWN",
                             "VENDOR_CLASS_MSFT%205.0", "HA_server1", "SPAWN_ports_1"}) {
        EXPECT_TRUE(isKeaClass(name)) << name;
    }
    for (const auto* name : {"CLONE_CONFLICT", "EXTERNAL_CLONES", "SKIP_DDNS", "Reject", "DROPPED",
                             "MY_VENDOR_CLASS_", "HA", ""}) {
        EXPECT_FALSE(isKeaClass(name)) << name;
    }
}

// R1: an exemption covers a class in the spelling of each release.
TEST(ClassNamesTest, rule01Spellings) {
    const Names both{"VENDOR_CLASS_MSFT 5.0", "VENDOR_CLASS_MSFT%205.0"};
    EXPECT_EQ(classSpellings({"VENDOR_CLASS_MSFT 5.0"}), both);
    EXPECT_EQ(classSpellings({"VENDOR_CLASS_MSFT%205.0"}), both);
    EXPECT_EQ(classSpellings(both), both);
    EXPECT_EQ(classSpellings({"VENDOR_CLASS_a=b,\xc3"}),
              (Names{"VENDOR_CLASS_a=b,\xc3", "VENDOR_CLASS_a%3db%2c%c3"}));
    EXPECT_EQ(classSpellings({"a%2Cb"}), (Names{"a%2Cb", "a,b", "a%2cb"}));
}

// A name without anything to escape has one spelling, and an escape character alone stands for itself.
TEST(ClassNamesTest, oneSpelling) {
    for (const auto* name :
         {"CARP", "VENDOR_CLASS_PXEClient:Arch:00007:UNDI:003016", "", "a-b_c.d|e~f"}) {
        EXPECT_EQ(classSpellings({name}), Names{name});
    }
    EXPECT_EQ(classSpellings({}), Names{});
    EXPECT_EQ(classSpellings({"100%"}), (Names{"100%", "100%%"}));
    EXPECT_EQ(classSpellings({"100%%"}), (Names{"100%", "100%%"}));
    EXPECT_EQ(classSpellings({"%zz%2"}), (Names{"%zz%2", "%%zz%%2"}));
}

}  // namespace test
}  // namespace clone_guard
