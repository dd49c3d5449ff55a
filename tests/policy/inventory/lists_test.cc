// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/inventory/cluster.h>

#include <tool/cli/failure.h>
#include <tool/inventory/inventory.h>
#include <tool/inventory/inventory_source.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

class ListsTest : public ::testing::Test {
protected:
    Inventory read(const std::string& text) const {
        Inventory inventory;
        readInventory(folder_.write("source", text), inventory);
        return (inventory);
    }

    std::string errorOf(const std::string& text) const {
        try {
            read(text);
        } catch (const Failure& failure) {
            return (failure.what());
        }
        return {};
    }

    static std::string nameOf(const Inventory& inventory, unsigned number) {
        return (inventory.nameOf(hwAddressNumber(number)));
    }

    TemporaryFolder folder_;
};

// A list has a hardware address, a name and a template in a line, with or without a head.
TEST_F(ListsTest, csv) {
    for (const auto* text :
         {"bc:24:11:5e:00:01,web-1,debian\nBC-24-11-5E-00-02,web-2\n",
          "\xef\xbb\xbfmac,name,template\r\nbc:24:11:5e:00:01,web-1,debian\r\nbc24115e0002,web-2,\r\n",
          "# of the web team\nTemplate;VM name;MAC "
          "address\ndebian;web-1;bc:24:11:5e:00:01\n;web-2;bc24.115e.0002\n",
          "mac\tname\ttemplate\nbc:24:11:5e:00:01\t\"web-1\"\tdebian\n\nbc:24:11:5e:00:02\tweb-2\n"}) {
        const auto inventory = read(text);
        EXPECT_EQ(nameOf(inventory, 1), "web-1 (from template debian)") << text;
        EXPECT_EQ(nameOf(inventory, 2), "web-2") << text;
        EXPECT_TRUE(inventory.mistakes().empty()) << text;
    }
    EXPECT_EQ(nameOf(read("bc:24:11:5e:00:01,\"web, the \"\"first\"\"\"\n"), 1),
              "web, the \\x22first\\x22");
}

// A line without a hardware address is skipped and named. A list without any is an error.
TEST_F(ListsTest, badCsv) {
    const auto inventory = read("mac,name\nbc:24:11:5e:00:01,web-1\nbc:24:11:5e:00,web-2\nweb-3\n");
    EXPECT_EQ(inventory.size(), 1U);
    ASSERT_EQ(inventory.mistakes().size(), 2U);
    EXPECT_NE(inventory.mistakes()[0].find("line 3: no hardware address: 'bc:24:11:5e:00,web-2'"),
              std::string::npos);
    EXPECT_NE(errorOf("mac,name\n").find("is not an inventory: no line has a hardware address"),
              std::string::npos);
    EXPECT_NE(errorOf("root:x:0:0\n").find("is not an inventory"), std::string::npos);
    EXPECT_NE(errorOf("").find("is empty"), std::string::npos);
    EXPECT_NE(errorOf(std::string(300000, 'x')).find("is not an inventory"), std::string::npos);
}

// One hardware address with two names is in two places.
TEST_F(ListsTest, oneAddressTwice) {
    const auto inventory = read("bc:24:11:5e:00:01,web-1\nbc:24:11:5e:00:01,web-1\nbc:24:11:5e:00:02,a\n"
                                "bc:24:11:5e:00:02,b\n");
    ASSERT_EQ(inventory.duplicates().size(), 1U);
    EXPECT_EQ(nameOf(inventory, 2), "a or b");
}

// Kea's reservations name machines, in a file with Kea's comments, at each level.
TEST_F(ListsTest, reservations) {
    const auto inventory = read(R"(// Kea
# of the office
{ "Dhcp4": { "reservations": [ { "hw-address": "bc:24:11:5e:00:01", "hostname": "web-1" } ], /* all */
  "shared-networks": [ { "subnet4": [ { "id": 1, "reservations": [
    { "hw-address": "bc:24:11:5e:00:02", "ip-address": "192.0.2.7", "hostname": "web-2", },
    { "hw-address": "bc:24:11:5e:00:03", "ip-address": "192.0.2.8" },
    { "client-id": "01:02", "hostname": "web-4" } ] } ] } ],
  "subnet4": [ { "id": 2, "reservations": [
    { "hw-address": "bc:24:11:5e:00:02", "hostname": "web-2-b" } ] } ], } })");
    EXPECT_EQ(inventory.size(), 2U);
    EXPECT_EQ(nameOf(inventory, 1), "web-1 (reserved in Kea)");
    EXPECT_EQ(nameOf(inventory, 2), "web-2 (reserved in Kea)");
    EXPECT_TRUE(inventory.duplicates().empty());  // a machine has a name in each subnet
}

TEST_F(ListsTest, badReservations) {
    EXPECT_NE(errorOf("{ \"Dhcp4\": {").find("is not valid JSON"), std::string::npos);
    EXPECT_NE(errorOf("{ \"Dhcp4\": { <?include \"x\"?> } }").find("name the files of its <?include?>"),
              std::string::npos);
    EXPECT_NE(errorOf("{ \"Dhcp4\": {} }").find("has no reservation with hw-address and hostname"),
              std::string::npos);
    EXPECT_NE(
        errorOf("{ \"reservations\": [ 1, null, { \"hw-address\": 5 } ] }").find("has no reservation"),
        std::string::npos);
}

// Several sources complete each other, in any order: a hypervisor's definition has the name, a list may add the template.
TEST_F(ListsTest, severalSources) {
    Cluster cluster;
    cluster.addTemplate(2, 9002, "debian-lvm", Storage::LVM_THIN);
    cluster.addVm(1, 101, "web-1", hwAddressNumber(1), Storage::LVM_THIN, 0);
    const auto list =
        folder_.write("list", "bc:24:11:5e:00:01,other,debian-lvm\nbc:24:11:5e:00:02,printer\n");
    for (const bool list_first : {true, false}) {
        Inventory inventory;
        readInventory(list_first ? list : cluster.path(), inventory);
        readInventory(list_first ? cluster.path() : list, inventory);
        EXPECT_EQ(nameOf(inventory, 1), "web-1 (VM 101 on pve1, from template 9002 debian-lvm)");
        EXPECT_EQ(nameOf(inventory, 2), "printer");
        EXPECT_TRUE(inventory.duplicates().empty());
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
