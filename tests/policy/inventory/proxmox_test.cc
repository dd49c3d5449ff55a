// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/inventory/cluster.h>

#include <tool/cli/failure.h>
#include <tool/inventory/inventory.h>
#include <tool/inventory/inventory_source.h>
#include <tool/inventory/proxmox.h>

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <random>

namespace clone_guard {
namespace test {

namespace {

constexpr unsigned FIRST_VM = 101;
constexpr unsigned VMS = 200;
constexpr unsigned FIRST_CONTAINER = 801;
constexpr unsigned CONTAINERS = 20;
constexpr unsigned NODES = 3;

class ProxmoxTest : public ::testing::Test {
protected:
    /// Writes three nodes with 200 linked clones on four storages, their templates, and containers.
    void fill() {
        cluster_.addTemplate(1, 9000, "debian-zfs", Storage::ZFS);
        cluster_.addTemplate(2, 9001, "debian-rbd", Storage::RBD);
        cluster_.addTemplate(3, 9002, "debian-lvm", Storage::LVM_THIN);
        cluster_.addTemplate(1, 9003, "debian-dir", Storage::DIRECTORY);
        for (unsigned i = 0; i < VMS; ++i) {
            cluster_.addVm(nodeOf(i), FIRST_VM + i, nameOf(i), hwAddressNumber(i),
                           static_cast<Storage>(i % 4), 9000 + i % 4);
        }
        for (unsigned i = 0; i < CONTAINERS; ++i) {
            cluster_.addContainer(nodeOf(i), FIRST_CONTAINER + i, "db-" + std::to_string(i),
                                  hwAddressNumber(1000 + i), 9000);
        }
    }

    static unsigned nodeOf(unsigned machine) {
        return (1 + machine % NODES);
    }
    static std::string nameOf(unsigned machine) {
        return ("web-" + std::to_string(machine));
    }

    Inventory read() {
        Inventory inventory;
        readInventory(cluster_.path(), inventory);
        return (inventory);
    }

    std::string errorOf(const std::string& source) {
        Inventory inventory;
        try {
            readInventory(source, inventory);
        } catch (const Failure& failure) {
            return (failure.what());
        }
        return {};
    }

    Cluster cluster_;
};

// Each machine of a cluster has its number, node and template, which the volume of a linked clone names. LVM-thin is the
// exception: there the origin is unknown, and the inventory says so.
TEST_F(ProxmoxTest, cluster) {
    fill();
    const auto inventory = read();
    EXPECT_TRUE(inventory.mistakes().empty());
    EXPECT_TRUE(inventory.duplicates().empty());
    EXPECT_EQ(inventory.size(), VMS + CONTAINERS + 4);
    const std::array<std::string, 4> from{{", from template 9000 debian-zfs",
                                           ", from template 9001 debian-rbd", "",
                                           ", from template 9003 debian-dir"}};
    for (unsigned i = 0; i < VMS; ++i) {
        EXPECT_EQ(inventory.nameOf(hwAddressNumber(i)),
                  nameOf(i) + " (VM " + std::to_string(FIRST_VM + i) + " on pve" +
                      std::to_string(nodeOf(i)) + from.at(i % 4) + ")");
    }
    EXPECT_EQ(inventory.nameOf(hwAddressNumber(1001)),
              "db-1 (container 802 on pve2, from template 9000 debian-zfs)");
    EXPECT_EQ(inventory.nameOf(hwAddressNumber(9002)), "debian-lvm (template 9002 on pve3)");
    const auto machine = inventory.find(*fromHex(hwAddressNumber(1))).at(0);
    EXPECT_EQ(machine.bridge, "vmbr0");
    EXPECT_EQ(machine.vlan, "5");
}

// The templates of a group are named together; a machine without a known one is named apart.
TEST_F(ProxmoxTest, group) {
    fill();
    const auto inventory = read();
    MachineGroup group(inventory);
    for (const unsigned i : {0U, 1U, 2U, 4U}) {
        group.add(*fromHex(hwAddressNumber(i)));
    }
    EXPECT_EQ(group.templateText(), "9000 debian-zfs and 9001 debian-rbd");
    EXPECT_EQ(
        group.unknownOriginText(),
        "the disks of web-2 (VM 103 on pve3) name no template: full clones, and clones on LVM-thin, "
        "do not show it");
    // A name that the operator gave to the identity of the template gets its number.
    EXPECT_EQ(group.templateText("debian-rbd"), "9001 debian-rbd");
    EXPECT_EQ(group.templateText("other"), "other");
}

// A snapshot is not the machine: neither its name, its network card nor its disk is taken.
TEST_F(ProxmoxTest, snapshots) {
    cluster_.addVm(1, 101, "web-1", hwAddressNumber(1), Storage::ZFS, 9000);
    const auto inventory = read();
    EXPECT_EQ(inventory.size(), 1U);
    EXPECT_EQ(inventory.nameOf(hwAddressNumber(1)), "web-1 (VM 101 on pve1, from template 9000)");
}

// Two machines with one hardware address are both named.
TEST_F(ProxmoxTest, oneAddressTwice) {
    cluster_.addVm(1, 101, "web-1", hwAddressNumber(1), Storage::ZFS, 9000);
    cluster_.addVm(2, 102, "web-2", hwAddressNumber(1), Storage::ZFS, 9000);
    const auto inventory = read();
    ASSERT_EQ(inventory.duplicates().size(), 1U);
    EXPECT_EQ(toHex(inventory.duplicates()[0]), hwAddressNumber(1));
    EXPECT_EQ(
        inventory.nameOf(hwAddressNumber(1)),
        "web-1 (VM 101 on pve1, from template 9000) or web-2 (VM 102 on pve2, from template 9000)");
}

// The directory of one node, the folder of all, and a relative path are sources too. /etc/pve itself has links to the
// local node, which are not further nodes.
TEST_F(ProxmoxTest, otherDirectories) {
    cluster_.addVm(1, 101, "web-1", hwAddressNumber(1), Storage::ZFS, 9000);
    cluster_.addVm(2, 102, "web-2", hwAddressNumber(2), Storage::ZFS, 9000);
    std::filesystem::create_symlink("nodes/pve1", cluster_.path() + "/local");
    std::filesystem::create_symlink("nodes/pve1/qemu-server", cluster_.path() + "/qemu-server");
    EXPECT_EQ(read().size(), 2U);
    EXPECT_TRUE(read().duplicates().empty());
    Inventory node;
    readInventory(cluster_.path() + "/nodes/pve2/", node);
    EXPECT_EQ(node.size(), 1U);
    EXPECT_EQ(node.nameOf(hwAddressNumber(2)), "web-2 (VM 102 on pve2, from template 9000)");
    Inventory nodes;
    readInventory(cluster_.path() + "/nodes", nodes);
    EXPECT_EQ(nodes.size(), 2U);
}

// The volume of a linked clone names its base, by the rules of each storage of Proxmox.
TEST_F(ProxmoxTest, volumes) {
    EXPECT_EQ(baseOfVolume("base-9000-disk-0/vm-101-disk-0"), "9000");
    EXPECT_EQ(baseOfVolume("9000/base-9000-disk-0.qcow2/101/vm-101-disk-0.qcow2"), "9000");
    EXPECT_EQ(baseOfVolume("basevol-9100-disk-0/subvol-201-disk-0"), "9100");
    EXPECT_EQ(baseOfVolume("base-9000-disk-0/base-9001-disk-0"), "9000");
    for (const auto* volume :
         {"vm-101-disk-0", "101/vm-101-disk-0.qcow2", "base-9000-disk-0", "9000/base-9000-disk-0.qcow2",
          "base-x-disk-0/vm-1-disk-0", "base-/vm-1-disk-0", "base-9000/vm-1-disk-0", "", "/"}) {
        EXPECT_EQ(baseOfVolume(volume), "") << volume;
    }
}

// A name with control characters, markup or quotes is hostile: it is escaped, and cannot end the command of a remedy.
TEST_F(ProxmoxTest, hostileNames) {
    cluster_.addTemplate(1, 9000, "x run 'rm -rf /'\x1b[2J", Storage::ZFS);
    cluster_.addVm(1, 101, "web\x1b]0;\a\"<b>\xff", hwAddressNumber(1), Storage::ZFS, 9000);
    const auto inventory = read();
    EXPECT_EQ(
        inventory.nameOf(hwAddressNumber(1)),
        "web\\x1b]0;\\x07\\x22<b>\\xff (VM 101 on pve1, from template 9000 x run _rm -rf /_\\x1b[2J)");
    MachineGroup group(inventory);
    group.add(*fromHex(hwAddressNumber(1)));
    EXPECT_EQ(group.templateText().find('\''), std::string::npos);
}

// Other files of a node, damaged lines, and files of zero bytes are skipped; a file that cannot be read is a mistake.
TEST_F(ProxmoxTest, damagedFiles) {
    cluster_.addVm(1, 101, "web-1", hwAddressNumber(1), Storage::ZFS, 9000);
    cluster_.write(1, "qemu-server/102.conf", "");
    cluster_.write(
        1, "qemu-server/103.conf",
        "name\nnet0\nnet1: \nnet2: virtio=BC:24:11:5E:00,bridge=vmbr0\nnet3: virtio\nscsi0: ,\n:\n");
    cluster_.write(1, "qemu-server/104.conf", std::string(100000, '\0') + "\nname: zeros\n");
    cluster_.write(1, "qemu-server/101.conf.tmp", "net0: virtio=BC:24:11:5E:00:09\n");
    cluster_.write(1, "qemu-server/notes.conf", "net0: virtio=BC:24:11:5E:00:09\n");
    std::filesystem::create_directory(cluster_.path() + "/nodes/pve1/qemu-server/105.conf");
    const auto inventory = read();
    EXPECT_EQ(inventory.size(), 1U);
    ASSERT_EQ(inventory.mistakes().size(), 1U);
    EXPECT_NE(inventory.mistakes()[0].find("105.conf"), std::string::npos);
}

// Any bytes in a file are read without a failure.
TEST_F(ProxmoxTest, randomBytes) {
    std::mt19937 random(19);
    cluster_.addVm(1, 101, "web-1", hwAddressNumber(1), Storage::ZFS, 9000);
    const std::string valid = "name: web\nnet0: virtio=BC:24:11:5E:00:01,bridge=vmbr0,tag=5\n"
                              "scsi0: local-zfs:base-9000-disk-0/vm-101-disk-0,size=8G\n[snapshot]\n";
    for (int round = 0; round < 500; ++round) {
        auto text = valid;
        for (int change = 0; change < 8; ++change) {
            text[random() % text.size()] = static_cast<char>(random());
        }
        cluster_.write(1, "qemu-server/200.conf", text);
        for (const char character : read().nameOf(hwAddressNumber(1))) {
            ASSERT_TRUE(character >= 0x20 && character < 0x7f) << text;
        }
    }
}

// A directory without machines of any kind is named as no inventory, with what is missing.
TEST_F(ProxmoxTest, otherDirectory) {
    const TemporaryFolder other;
    EXPECT_EQ(
        errorOf(other.path()),
        "'" + other.path() +
            "' is not an inventory: it has neither the qemu-server and lxc of Proxmox, as /etc/pve "
            "has, nor definitions of libvirt");
    EXPECT_NE(errorOf(other.path() + "/absent").find("No such file"), std::string::npos);
}

// On a Proxmox host, the inventory is found without the option. Another host has an empty inventory.
TEST_F(ProxmoxTest, thisHost) {
    cluster_.addVm(1, 101, "web-1", hwAddressNumber(1), Storage::ZFS, 9000);
    EXPECT_EQ(InventoryOption().read(cluster_.path()).size(), 1U);
    EXPECT_TRUE(InventoryOption().read(cluster_.path() + "/absent").empty());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
