// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/explain/remedy.h>
#include <core/explain/systemd.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

std::string
remedyForDuid(const std::string& duid) {
    return (explainer().explain(hex("ff:00:00:00:01:" + duid)).remedy);
}

constexpr const char* LLT = "ff:00:00:00:12:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56";

/// The remedy for the identifier of a client that requests these options.
std::string
remedyFrom(const std::string& identifier, const std::string& requested) {
    const auto options = hex(requested);
    Sender sender;
    sender.requested_options = options;
    return (explainer().explain(hex(identifier), sender).remedy);
}

}  // namespace

// R12: each type of DUID has its own remedy.
TEST(RemedyTest, rule12FitsTheKindOfDuid) {
    EXPECT_NE(explainer().explain(cloneIdentifier()).remedy.find("truncate -s 0 /etc/machine-id"),
              std::string::npos);
    for (const auto* duid :
         {"00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56", "00:03:00:01:52:54:00:12:34:56"}) {
        const auto remedy = remedyForDuid(duid);
        EXPECT_NE(remedy.find("/var/lib/dhcpcd/duid"), std::string::npos) << remedy;
        EXPECT_EQ(remedy.find("machine-id"), std::string::npos) << remedy;
    }
    const auto uuid = remedyForDuid("00:04:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff");
    EXPECT_NE(uuid.find("SMBIOS UUID"), std::string::npos) << uuid;
    EXPECT_EQ(uuid.find("machine-id"), std::string::npos) << uuid;
}

// R12: if option 60 identifies the DHCP client, the remedy has only the command for that client.
TEST(RemedyTest, rule12FitsTheVendorClass) {
    Sender sender;
    sender.vendor_class = "dhcpcd-9.4.1:Linux-6.1.0:x86_64:GenuineIntel";
    EXPECT_NE(explainer()
                  .explain(hex(LLT), sender)
                  .remedy.find("'rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease'"),
              std::string::npos);
    EXPECT_NE(explainer().explain(hex(LLT)).remedy.find("/var/lib/wicked"), std::string::npos);
}

// R12: dhclient sends no vendor class; the options that it requests identify it. Its clones share an identifier of its
// configuration, so a remedy that only deletes its leases does not help.
TEST(RemedyTest, rule12FitsTheRequestedOptions) {
    for (const auto* requested : {"01:1c:02:03:0f:06:77:0c:2c:2f:1a:79:2a",  // Debian 12
                                  "01:1c:02:79:0f:06:0c:28:29:2a:1a:77:03",  // Red Hat
                                  "01:1c:02:79:03:0f:06:0c:77:1a"}) {        // FreeBSD
        for (const auto* identifier : {LLT, "00:77:65:62:2d:76:69:70"}) {
            const auto remedy = remedyFrom(identifier, requested);
            EXPECT_NE(remedy.find("'sed -i /dhcp-client-identifier/d /etc/dhcp/dhclient*.conf; rm -f "),
                      std::string::npos)
                << remedy;
            EXPECT_EQ(remedy.find("dhcpcd"), std::string::npos) << remedy;
        }
    }
    // NetworkManager makes a DUID-UUID of the machine-id and not of the firmware.
    const auto remedy =
        remedyFrom("ff:ca:53:09:5a:00:04:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
                   "01:02:06:0c:0f:1a:1c:79:03:21:28:29:2a:77:f9:fc:11");
    EXPECT_NE(remedy.find("truncate -s 0 /etc/machine-id"), std::string::npos) << remedy;
    EXPECT_NE(remedy.find("/var/lib/NetworkManager/secret_key"), std::string::npos) << remedy;
    EXPECT_EQ(remedy.find("SMBIOS"), std::string::npos) << remedy;
    // An unknown list changes nothing.
    EXPECT_EQ(remedyFrom(LLT, "01:03:06:0c:0f"), remedyFrom(LLT, ""));
    EXPECT_EQ(remedyFrom(LLT, "01:1c"), remedyFrom(LLT, ""));
}

// R12: wicked stores the IAID that it made of the hardware address, so a clone sends an IAID of another machine.
TEST(RemedyTest, rule12FitsTheFormOfTheIaid) {
    const auto identifier = hex("ff:27:47:64:71:00:01:00:01:2a:78:0b:aa:08:00:27:47:64:71");
    Sender sender;
    sender.address = HardwareAddress(HardwareAddress::ETHERNET, hex("08:00:27:38:65:f2"));
    EXPECT_NE(explainer().explain(identifier, sender).remedy.find("'rm -f /var/lib/wicked/*.xml'"),
              std::string::npos);
    sender.address = HardwareAddress(HardwareAddress::ETHERNET, hex("08:00:27:47:64:71"));
    EXPECT_NE(explainer().explain(identifier, sender).remedy.find("/var/lib/dhcpcd"), std::string::npos);
}

// R12: the DUID of OpenWrt is in its configuration and not in the firmware. OpenWrt makes the IAID of the interface
// name; with another IAID, udhcpc can run on another system as well.
TEST(RemedyTest, rule12OpenWrt) {
    Sender sender;
    sender.vendor_class = "udhcp 1.37.0";
    for (const auto* duid :
         {"00:04:5a:1f:0e:1c:3a:43:4d:53:9c:d9:0b:7a:44:51:6c:01", "00:03:00:01:52:54:00:12:34:56"}) {
        const std::string wan = "ff:bc:66:80:c1:", other = "ff:00:00:00:12:";
        for (const auto& iaid : {wan, other}) {
            const auto remedy = explainer().explain(hex(iaid + duid), sender).remedy;
            EXPECT_NE(remedy.find("dhcp_default_duid"), std::string::npos) << remedy;
            EXPECT_EQ(remedy.find("'-x 0x3d:...'") == std::string::npos, iaid == wan) << remedy;
            EXPECT_EQ(remedy.find("SMBIOS"), std::string::npos) << remedy;
            EXPECT_EQ(remedy.find("dhcpcd "), std::string::npos) << remedy;
            EXPECT_EQ(remedy.find_first_of("\n\"%\\"), std::string::npos) << remedy;
        }
        EXPECT_NE(explainer().explain(hex(wan + duid)).remedy.find("dhcp_default_duid"),
                  std::string::npos);
    }
}

// R12: the interface of a bond, team or bridge hints that it is one machine.
TEST(RemedyTest, rule12Bonds) {
    const auto machine_id = hex("d3:1b:a6:02:07:0b:46:3a:ac:00:47:44:a1:0d:3e:28");
    const std::string hint = "if it is one machine whose ";
    for (const auto& [nic, kind] :
         std::vector<std::pair<const char*, const char*>>{{"bond0", "bond bond0"},
                                                          {"br0", "bridge br0"},
                                                          {"team1", "team team1"},
                                                          {"vmbr0", "bridge vmbr0"}}) {
        const auto known = explainer().explain(systemd::identifierOf(machine_id, nic));
        EXPECT_EQ(known.nic, nic);
        EXPECT_NE(known.remedy.find(hint + kind), std::string::npos) << known.remedy;
    }
    for (const auto* nic : {"ens18", "eth0", "wlp0s20f3"}) {
        const auto known = explainer().explain(systemd::identifierOf(machine_id, nic));
        EXPECT_EQ(known.nic, nic);
        EXPECT_EQ(known.remedy.find(hint), std::string::npos) << known.remedy;
    }
}

// R12: interfaces of further kinds in systemd.net-naming-scheme(7) are found.
TEST(RemedyTest, rule12FurtherInterfaces) {
    const auto machine_id = hex("d3:1b:a6:02:07:0b:46:3a:ac:00:47:44:a1:0d:3e:28");
    for (const auto* nic : {"enP4p65s0", "enP2p1s0f1", "eno1np0", "ens3f0np0", "ens5np1", "enp0s20f0u3",
                            "wlP1p1s0", "em1", "p1p2", "lan1", "usb0", "wwan0"}) {
        EXPECT_EQ(explainer().explain(systemd::identifierOf(machine_id, nic)).nic, nic);
    }
}

// R12: an SMBIOS UUID is changed in the hypervisor, which the vendor of the NIC identifies.
TEST(RemedyTest, rule12FitsTheHypervisor) {
    const auto uuid = hex("ff:00:00:00:01:00:04:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff");
    const std::vector<std::pair<const char*, const char*>> commands{
        {"bc:24:11:00:00:01", "qm set"},
        {"52:54:00:00:00:01", "virt-clone"},
        {"00:50:56:00:00:01", "uuid.bios"},
        {"08:00:27:00:00:01", "VBoxManage modifyvm"},
        {"00:11:22:33:44:55", "its firmware or hypervisor"}};
    for (const auto& [address, command] : commands) {
        Sender sender;
        sender.address = HardwareAddress(HardwareAddress::ETHERNET, hex(address));
        EXPECT_NE(explainer().explain(uuid, sender).remedy.find(command), std::string::npos) << address;
    }
}

// R12: the remedy for a DUID-EN of another enterprise than systemd does not mention the machine-id.
TEST(RemedyTest, rule12OtherEnterprise) {
    EXPECT_EQ(remedyForDuid("00:02:00:00:00:09:01:02:03").find("machine-id"), std::string::npos);
}

// R12: every identifier has a remedy, in one line that can be logged.
TEST(RemedyTest, rule12NeverEmpty) {
    for (const auto& identifier :
         {Bytes(), hex("01:bc:24:11:00:00:01"), hex("ff:00"), filled(255),
          hex("ff:00:00:00:01:00:09:aa"), hex("ff:00:00:00:01:00:02:aa"), cloneIdentifier()}) {
        const auto remedy = explainer().explain(identifier).remedy;
        EXPECT_FALSE(remedy.empty());
        EXPECT_EQ(remedy.find_first_of("\n\"%\\"), std::string::npos) << remedy;
    }
}

// R12: if clones of a systemd template come back with their identifier, their VMs share a UUID. Other clients have no such
// source.
TEST(RemedyTest, rule12AfterACure) {
    const auto known = explainer().explain(cloneIdentifier());
    const auto remedy = remedyAfterCure(known);
    EXPECT_EQ(remedy.rfind(known.remedy + "; if the machines were sealed before", 0), 0U) << remedy;
    EXPECT_NE(remedy.find("'systemd-id128 new >/etc/machine-id'"), std::string::npos);
    const auto other =
        explainer().explain(hex("ff:00:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56"));
    EXPECT_EQ(remedyAfterCure(other), other.remedy);
}

// R12: a remedy that was made without the name of the template, or with another name, gets the name of an inventory. Text
// that is not such a remedy stays as it is.
TEST(RemedyTest, rule12NameTemplate) {
    const auto unnamed = explainer().explain(cloneIdentifier()).remedy;
    const auto remedy = nameTemplate(unnamed, "", "debian-12-base");
    const std::string named = "in the template 9000 debian-12-base run 'truncate -s 0 /etc/machine-id";
    ASSERT_EQ(remedy.rfind("in the template debian-12-base run 'truncate", 0), 0U) << remedy;
    EXPECT_EQ(nameTemplate(remedy, "debian-12-base", "9000 debian-12-base").rfind(named, 0), 0U);
    EXPECT_EQ(nameTemplate(unnamed, "", "9000 debian-12-base").rfind(named, 0), 0U);
    EXPECT_EQ(nameTemplate(remedy, "debian-12-base", ""), remedy);
    EXPECT_EQ(nameTemplate(remedy, "", "9000 x"), remedy);
    EXPECT_EQ(nameTemplate("give each VM an SMBIOS UUID", "", "9000 x"), "give each VM an SMBIOS UUID");
    EXPECT_EQ(nameTemplate("", "", "9000 x"), "");
}

}  // namespace test
}  // namespace clone_guard
