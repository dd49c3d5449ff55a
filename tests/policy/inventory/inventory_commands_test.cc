// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/inventory/cluster.h>
#include <tests/policy/tool/command_runner.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

constexpr const char* STOCK = CLONE_GUARD_TEST_DATA "/stock-leases4.csv";

class InventoryCommandsTest : public ::testing::Test {
protected:
    InventoryCommandsTest() {
        cluster_.addTemplate(1, 9000, "debian-12-base", Storage::ZFS);
        for (unsigned i = 1; i <= 3; ++i) {
            cluster_.addVm(i, 100 + i, "web-0" + std::to_string(i), hwAddressNumber(i), Storage::ZFS,
                           9000);
        }
    }

    [[nodiscard]] std::string option() const {
        return ("--inventory '" + cluster_.path() + "' ");
    }

    Cluster cluster_;
    TemporaryFolder folder_;
};

// R12: the scan names each machine as its owner does, and the remedy names the template by number and name.
TEST_F(InventoryCommandsTest, rule12Scan) {
    const auto outcome = run("scan " + option() + STOCK);
    EXPECT_EQ(outcome.status, 1);
    for (const auto* part :
         {"template   9000 debian-12-base",
          "remedy     in the template 9000 debian-12-base run 'truncate",
          "web-01 (VM 101 on pve1, from template 9000 debian-12-base)  bc:24:11:5e:00:01",
          "web-03 (VM 103 on pve3, from template 9000 debian-12-base)  bc:24:11:5e:00:03",
          "-                                                           bc:24:11:5e:00:04"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
    EXPECT_FALSE(contains(outcome.out, "In two places"));
    const auto found = Json::parse(run("scan --json " + option() + STOCK).out);
    const auto& clones = found["clones"][0];
    EXPECT_EQ(clones["template"], "9000 debian-12-base");
    const auto& machine = clones["machines"][0]["inventory"][0];
    EXPECT_EQ(machine["text"], "web-01 (VM 101 on pve1, from template 9000 debian-12-base)");
    EXPECT_EQ(machine["number"], "101");
    EXPECT_EQ(machine["template_number"], "9000");
    EXPECT_FALSE(clones["machines"][3].contains("inventory"));
}

// The name that the operator gave to the identity of a template gets the number of the inventory.
TEST_F(InventoryCommandsTest, templateList) {
    cluster_.addTemplate(2, 9100, "by-identity", Storage::ZFS);
    const auto list = folder_.write("list", "by-identity,d31ba602070b463aac004744a10d3e28\n");
    EXPECT_TRUE(contains(run("scan --templates " + list + " " + option() + STOCK).out,
                         "in the template 9100 by-identity run"));
}

// A hardware address in two places, and a disk that names no template, are said.
TEST_F(InventoryCommandsTest, twoPlacesAndNoOrigin) {
    cluster_.addVm(2, 104, "web-04", hwAddressNumber(4), Storage::LVM_THIN, 9002);
    cluster_.addVm(3, 105, "web-05", hwAddressNumber(4), Storage::LVM_THIN, 9002);
    const auto outcome = run("scan " + option() + STOCK);
    for (const auto* part :
         {"web-04 (VM 104 on pve2) or web-05 (VM 105 on pve3)  ",
          "In two places: 1 hardware address of the inventory.",
          "bc:24:11:5e:00:04 belongs to web-04 (VM 104 on pve2) and web-05 (VM 105 on pve3)",
          "inventory  the disks of web-04 (VM 104 on pve2) and web-05 (VM 105 on pve3) name no "
          "template"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
    const auto found = Json::parse(run("scan --json " + option() + STOCK).out);
    EXPECT_EQ(found["duplicate_hw_addresses"][0]["inventory"].size(), 2U);
}

// Several sources may be given. One that is no inventory ends each command with status 2 and an explanation.
TEST_F(InventoryCommandsTest, sources) {
    const auto list = folder_.write("list.csv", "bc:24:11:5e:00:04,printer\n");
    EXPECT_TRUE(
        contains(run("scan " + option() + "--inventory=" + list + " " + STOCK).out, "printer   "));
    const auto error = complaint("scan --inventory " + folder_.path() + " " + STOCK);
    EXPECT_EQ(error.status, 2);
    EXPECT_TRUE(contains(error.out, "is not an inventory: it has neither")) << error.out;
    EXPECT_EQ(complaint("scan --inventory /absent " + std::string(STOCK)).status, 2);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
