// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/temporary_folder.h>

#include <tool/cli/failure.h>
#include <tool/inventory/disk_image.h>
#include <tool/inventory/inventory.h>
#include <tool/inventory/inventory_source.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

namespace clone_guard {
namespace test {

namespace {

constexpr const char* MAC = "52:54:00:5e:00:01";

/// Returns a number in network byte order.
std::string
bigEndian(uint64_t number, size_t size) {
    std::string bytes(size, '\0');
    for (size_t i = size; i-- > 0; number >>= 8U) {
        bytes[i] = static_cast<char>(number & 0xffU);
    }
    return (bytes);
}

/// Returns the head of a qcow2 image (QEMU's docs/interop/qcow2.txt), with the name of its backing file.
std::string
qcow2(const std::string& backing) {
    constexpr uint64_t NAME_AT = 104;
    auto header = "QFI\xfb" + bigEndian(3, 4) + bigEndian(backing.empty() ? 0 : NAME_AT, 8) +
                  bigEndian(backing.size(), 4);
    header.resize(NAME_AT, '\0');
    return (header + backing + std::string(512, '\0'));
}

class LibvirtTest : public ::testing::Test {
protected:
    /// Returns the definition of a domain with one disk and one network card.
    static std::string domain(const std::string& name, const std::string& hw_address,
                              const std::string& image, const std::string& below = "") {
        return ("<domain type='kvm' id='3'><name>" + name +
                "</name><uuid>4c4c4544-0042-3510-8053-b4c04f564433</uuid><devices>"
                "<disk type='file' device='cdrom'><source file='/iso/debian.iso'/></disk>"
                "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='" +
                image + "'/>" + below +
                "<target dev='vda'/></disk><interface type='bridge'><mac address='" + hw_address +
                "'/><source bridge='br0'/></interface></devices></domain>\n");
    }

    Inventory read(const std::string& source) const {
        Inventory inventory;
        readInventory(source, inventory);
        return (inventory);
    }

    std::string errorOf(const std::string& name, const std::string& text) const {
        try {
            read(folder_.write(name, text));
        } catch (const Failure& failure) {
            return (failure.what());
        }
        return {};
    }

    std::string image(const std::string& name, const std::string& backing) const {
        return (folder_.write("images/" + name, qcow2(backing)));
    }

    TemporaryFolder folder_;
};

// The template of a domain is the domain that owns an image below its own one, through snapshots and relative names.
TEST_F(LibvirtTest, backingChain) {
    const auto base = image("base.qcow2", "");
    image("web.qcow2", "base.qcow2");
    const auto snapshot = image("web.snapshot", folder_.path() + "/images/web.qcow2");
    folder_.write("qemu/base.xml", domain("debian-12-base", "52:54:00:00:00:09", base));
    folder_.write("qemu/web.xml", "<!-- made by virsh -->\n" + domain("web-1", MAC, snapshot));
    folder_.write("qemu/networks/default.xml", "<network><name>default</name></network>");
    const auto inventory = read(folder_.path() + "/qemu");
    EXPECT_TRUE(inventory.mistakes().empty());
    EXPECT_EQ(inventory.nameOf(std::string(MAC)), "web-1 (libvirt, from template debian-12-base)");
    const auto machine = inventory.find(*fromHex(MAC)).at(0);
    EXPECT_EQ(machine.bridge, "br0");
}

// A base that no domain owns is named by its file.
TEST_F(LibvirtTest, baseWithoutDomain) {
    image("debian-12.qcow2", "");
    const auto file = folder_.write(
        "web.xml", domain("web-1", MAC,
                          image("web.qcow2", "json:{\"driver\":\"qcow2\",\"file\":{\"driver\":"
                                             "\"file\",\"filename\":\"debian-12.qcow2\"}}")));
    EXPECT_EQ(read(file).nameOf(std::string(MAC)), "web-1 (libvirt, from template debian-12.qcow2)");
}

// The definition of a running domain shows the chain if the images are on another machine.
TEST_F(LibvirtTest, chainInDefinition) {
    const auto file =
        folder_.write("web.xml", "<?xml version='1.0'?>\n" +
                                     domain("web-1", MAC, "/absent/web.qcow2",
                                            "<backingStore type='file'><format type='qcow2'/>"
                                            "<source file='/absent/debian-12.qcow2'/><backingStore/>"
                                            "</backingStore>") +
                                     "<?xml version='1.0'?>\n" +
                                     domain("web-2", "52:54:00:5e:00:02", "/absent/web-2.qcow2"));
    const auto inventory = read(file);
    EXPECT_EQ(inventory.nameOf(std::string(MAC)), "web-1 (libvirt, from template debian-12.qcow2)");
    EXPECT_EQ(inventory.nameOf(std::string("52:54:00:5e:00:02")), "web-2 (libvirt)");
}

// A disk without a backing file shows no template, which is said. About an image that cannot be read nothing is said.
TEST_F(LibvirtTest, noBackingFile) {
    const auto file =
        folder_.write("all.xml", domain("full", MAC, image("full.qcow2", "")) +
                                     domain("absent", "52:54:00:5e:00:02", "/absent.qcow2"));
    const auto inventory = read(file);
    MachineGroup group(inventory);
    group.add(*fromHex(MAC));
    group.add(*fromHex("52:54:00:5e:00:02"));
    EXPECT_EQ(group.unknownOriginText().rfind("the disks of full (libvirt) name no template", 0), 0U)
        << group.unknownOriginText();
}

// libvirt keeps a running domain inside its state.
TEST_F(LibvirtTest, domainStatus) {
    const auto file = folder_.write("web.xml", "<domstatus state='running'><monitor path='/x'/>" +
                                                   domain("web-1", MAC, "/absent") + "</domstatus>");
    EXPECT_EQ(read(file).nameOf(std::string(MAC)), "web-1 (libvirt)");
}

// Names are text of any kind.
TEST_F(LibvirtTest, hostileNames) {
    const auto file =
        folder_.write("web.xml", domain("&lt;script&gt;&amp;\x1b&#27;[2J\xc3\xa9", MAC, "/absent"));
    EXPECT_EQ(read(file).nameOf(std::string(MAC)), "<script>&\\x1b\\x1b[2J\\xc3\\xa9 (libvirt)");
}

// A file that is not XML, or has no domain, is an error; beside other files it is a mistake.
TEST_F(LibvirtTest, badFiles) {
    EXPECT_NE(errorOf("cut.xml", domain("web-1", MAC, "/x").substr(0, 200)).find("is not valid XML"),
              std::string::npos);
    EXPECT_NE(errorOf("network.xml", "<network/>").find("has no domain of libvirt"), std::string::npos);
    std::string deep;
    for (int i = 0; i < 200000; ++i) {
        deep += "<a>";
    }
    EXPECT_NE(errorOf("deep.xml", deep).find("has too many elements"), std::string::npos);
    folder_.write("web.xml", domain("web-1", MAC, "/absent"));
    const auto inventory = read(folder_.path());
    EXPECT_EQ(inventory.size(), 1U);
    EXPECT_EQ(inventory.mistakes().size(), 2U);  // a network is not a mistake
}

// A header that is cut short or lies about its name is an image that cannot be read; a circle ends.
TEST_F(LibvirtTest, damagedImages) {
    const auto whole = qcow2("base.qcow2");
    for (size_t size = 0; size < 114; ++size) {
        const auto chain = backingChain(folder_.write("cut.qcow2", whole.substr(0, size)));
        EXPECT_TRUE(chain.files.empty()) << size;
    }
    EXPECT_EQ(backingChain(folder_.write("whole.qcow2", whole)).files.size(), 1U);
    for (const size_t at : {8U, 16U}) {
        auto lying = whole;
        lying[at] = '\x7f';
        const auto chain = backingChain(folder_.write("lying.qcow2", lying));
        EXPECT_TRUE(chain.files.empty() && !chain.is_complete);
    }
    image("one.qcow2", "two.qcow2");
    EXPECT_EQ(backingChain(image("two.qcow2", "one.qcow2")).files.size(), 2U);
    EXPECT_FALSE(backingChain(folder_.path()).is_complete);
    EXPECT_FALSE(backingChain("/dev/zero").is_complete);
    EXPECT_EQ(backingChain(image("net.qcow2", "nbd://server/export")).files.back(),
              "nbd://server/export");
}

// Any change to a definition is read or refused, and the output stays printable.
TEST_F(LibvirtTest, randomBytes) {
    std::mt19937 random(19);
    const auto valid = domain("web-1", MAC, "/absent");
    for (int round = 0; round < 500; ++round) {
        auto text = valid;
        for (int change = 0; change < 4; ++change) {
            text[random() % text.size()] = static_cast<char>(random());
        }
        try {
            const auto name = read(folder_.write("x.xml", text)).nameOf(std::string(MAC));
            for (const char character : name) {
                ASSERT_TRUE(character >= 0x20 && character < 0x7f) << text;
            }
        } catch (const Failure&) {
        }
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
