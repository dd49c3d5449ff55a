// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/explain/nic_name_list.h>
#include <core/explain/nic_names.h>
#include <core/explain/nic_table.h>
#include <core/explain/siphash.h>
#include <core/explain/systemd.h>
#include <core/explain/vendors.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

const char* const MACHINE_ID = "d31ba602070b463aac004744a10d3e28";

HardwareAddress
ethernet(const char* text) {
    return {HardwareAddress::ETHERNET, hex(text)};
}

}  // namespace

// R12: the hash is SipHash-2-4, by the first and the last vector of the reference implementation.
TEST(SipHashTest, rule12ReferenceVectors) {
    SipHash::Key key{};
    for (uint8_t at = 0; at < key.size(); ++at) {
        key.at(at) = at;
    }
    SipHash hash(key);
    EXPECT_EQ(hash(Bytes()), 0x726fdb47dd0e0e31U);
    EXPECT_EQ(hash(hex("00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e")), 0xa129ca6149be45e5U);
}

// R12: the DUID and the IAID of a template follow from its machine-id; the second vector is from systemd's tests.
TEST(SystemdTest, rule12IdentifierOfATemplate) {
    EXPECT_EQ(toHex(systemd::identifierOf(*systemd::parseMachineId(MACHINE_ID), "ens18")),
              "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d");
    EXPECT_EQ(toHex(systemd::duidOf(hex("0102030405060708090a0b0c0d0e0f10"))),
              "00:02:00:00:ab:11:61:77:40:de:13:42:c3:a2");
    EXPECT_THROW(systemd::duidOf(hex("01:02")), std::invalid_argument);
}

// R12: a machine-id has 32 digits; parseMachineId() rejects the one of a sealed template.
TEST(SystemdTest, rule12MachineId) {
    EXPECT_TRUE(systemd::parseMachineId(MACHINE_ID));
    EXPECT_EQ(systemd::parseMachineId("d31ba602-070b-463a-ac00-4744a10d3e28"),
              systemd::parseMachineId(MACHINE_ID));
    for (const auto* wrong :
         {"", "uninitialized", "d31ba602070b463aac004744a10d3e2", "d31ba602070b463aac004744a10d3e28aa",
          "d31ba602070b463aac004744a10d3e2g", "00000000000000000000000000000000"}) {
        EXPECT_FALSE(systemd::parseMachineId(wrong)) << wrong;
    }
}

// R12: the IAIDs of real machines lead to the names of their interfaces.
TEST(NicNamesTest, rule12UsualNames) {
    const NicNames names;
    const std::vector<std::pair<const char*, const char*>> seen{
        {"ca:53:09:5a", "ens18"},      {"56:50:4d:98", "enp1s0"}, {"b5:5e:67:ff", "ens3"},
        {"f8:1a:ae:7d", "enp197s0f0"}, {"b6:22:0f:eb", "eno1"},   {"08:24:45:0e", "enp0s5"},
        {"32:39:f9:b5", "ens2"},       {"2d:1a:a1:33", "ens192"}, {"2b:94:34:c1", "ens33"},
        {"e2:34:3f:3e", "enp0s3"},     {"2b:50:67:35", "eth0"}};
    for (const auto& [iaid, name] : seen) {
        EXPECT_EQ(names.find(hex(iaid)), name);
    }
    EXPECT_EQ(names.find(hex("00:00:00:01")), "");
    EXPECT_EQ(names.find(hex("ca:53:09")), "");
    EXPECT_EQ(names.find({}), "");
}

// R12: the dictionary finds every one of its names, except the few that share an IAID with another name.
TEST(NicNamesTest, rule12NamesOfEachPattern) {
    const NicNames names;
    for (const auto* name : {"eth255", "ens1023", "eno0", "enp255s31", "enX31", "end0", "host0",
                             "enp3s0f7", "ens1f3", "enp65s0np1", "enp65s0f1np1", "enp65s0f0np0",
                             "ens2f0np0", "enP2p1s0", "wlan0", "wlo1", "wlp2s0", "eno16777736"}) {
        EXPECT_EQ(names.find(systemd::iaidOf(name)), name);
    }
}

// R12: the table of the build is in the order of the look-up, and has each name under its IAID.
TEST(NicNamesTest, rule12TableOfTheBuild) {
    EXPECT_GT(NIC_TABLE_SIZE, commonNicNames() - commonNicNames() / 1000) << "names with one IAID";
    systemd::IaidHash iaid;
    for (size_t at = 0; at < NIC_TABLE_SIZE; ++at) {
        ASSERT_TRUE(at == 0 || NIC_TABLE[at - 1].iaid < NIC_TABLE[at].iaid) << at;
        ASSERT_EQ(iaid(commonNicName(NIC_TABLE[at].name)), NIC_TABLE[at].iaid) << at;
    }
}

// R12: the dictionary finds the names that an operator adds.
TEST(NicNamesTest, rule12NamesOfTheOperator) {
    EXPECT_EQ(NicNames().find(systemd::iaidOf("uplink0")), "");
    EXPECT_EQ(NicNames({"uplink0"}).find(systemd::iaidOf("uplink0")), "uplink0");
}

// R12: a template is found by the DUID of its machine-id, or by its configured DUID.
TEST(ExplanationTest, rule12Template) {
    const Explainer known({{"debian-12-base", *systemd::parseMachineId(MACHINE_ID), {}},
                           {"old-router-image", {}, hex("00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56")}});
    const auto explanation = known.explain(cloneIdentifier());
    EXPECT_EQ(explanation.template_name, "debian-12-base");
    EXPECT_NE(explanation.remedy.find("in the template debian-12-base run"), std::string::npos);
    EXPECT_EQ(
        known.explain(hex("ff:00:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56")).template_name,
        "old-router-image");
    EXPECT_EQ(known.explain(identifierNumber(7)).template_name, "");
    EXPECT_EQ(known.explainDuid(systemd::duidOf(*systemd::parseMachineId(MACHINE_ID))).template_name,
              "debian-12-base");
}

// R12: a DUID-LLT has the address of the first NIC of the template and the time when the DUID was made.
TEST(ExplanationTest, rule12LinkLayerPlusTime) {
    const auto known =
        explainer().explain(hex("ff:00:00:00:01:00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56"));
    EXPECT_EQ(known.duid_type, "DUID-LLT");
    EXPECT_EQ(toHex(known.duid_address), "52:54:00:12:34:56");
    EXPECT_EQ(known.duid_vendor, "QEMU/KVM");
    EXPECT_EQ(known.duid_time, 946684800 + 0x2c0baa10LL);
    EXPECT_EQ(known.enterprise, std::nullopt);
}

// R12: the UUID of a DUID-UUID has the format of firmware tools; a DUID-EN has the name of the enterprise.
TEST(ExplanationTest, rule12UuidAndEnterprise) {
    EXPECT_EQ(explainer()
                  .explain(hex("ff:00:00:00:01:00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33"))
                  .duid_uuid,
              "4c4c4544-0042-3510-8053-b4c04f564433");
    const auto systemd = explainer().explain(cloneIdentifier());
    EXPECT_EQ(systemd.enterprise, 43793U);
    EXPECT_EQ(systemd.enterprise_name, "systemd");
    EXPECT_EQ(explainer().explain(hex("ff:00:00:00:01:00:02:00:00:00:09:01")).enterprise_name, "Cisco");
    EXPECT_EQ(explainer().explain(hex("ff:00:00:00:01:00:02:00:0f:ff:09:01")).enterprise_name, "");
}

// R12: an IAID made of a hardware address is explained by that address, not by the name of an interface.
TEST(ExplanationTest, rule12IaidOfAHardwareAddress) {
    Sender sender;
    sender.address = ethernet("bc:24:ca:53:09:5a");
    auto known = explainer().explain(cloneIdentifier(), sender);
    EXPECT_EQ(toHex(known.iaid_address), "bc:24:ca:53:09:5a");
    EXPECT_EQ(known.nic, "");
    sender.holder = sender.address;
    sender.address = mac(1);
    known = explainer().explain(cloneIdentifier(), sender);
    EXPECT_EQ(toHex(known.iaid_address), "bc:24:ca:53:09:5a");
    known = explainer().explain(hex("ff:00:12:34:56:00:03:00:01:52:54:00:12:34:56"));
    EXPECT_EQ(toHex(known.iaid_address), "52:54:00:12:34:56");
    EXPECT_TRUE(explainer().explain(cloneIdentifier()).iaid_address.empty());
}

// R12: if an interface is named for its address, its IAID is the hash of that name.
TEST(ExplanationTest, rule12NameMadeOfTheAddress) {
    Sender sender;
    sender.address = ethernet("52:54:00:12:34:56");
    Bytes identifier{0xff};
    for (const auto& part : {systemd::iaidOf("enx525400123456"), hex("00:02:00:00:ab:11:01:02")}) {
        identifier.insert(identifier.end(), part.begin(), part.end());
    }
    EXPECT_EQ(explainer().explain(identifier, sender).nic, "enx525400123456");
    EXPECT_EQ(explainer().explain(identifier).nic, "");
}

// R12: the first bytes of an address give the vendor of a virtual NIC as a hint.
TEST(ExplanationTest, rule12Vendor) {
    EXPECT_EQ(hardwareVendor(hex("bc:24:11:00:00:01")), "Proxmox");
    EXPECT_EQ(hardwareVendor(hex("00:00:5e:00:01:0a")), "VRRP or CARP");
    EXPECT_EQ(hardwareVendor(hex("00:00:5e:00:53:0a")), "");
    EXPECT_EQ(hardwareVendor(hex("02:42:ac:11:00:02")), "Docker");
    EXPECT_EQ(hardwareVendor(hex("bc:24")), "");
    EXPECT_EQ(hardwareVendor({}), "");
    Sender sender;
    sender.address = ethernet("00:0c:29:00:00:01");
    EXPECT_EQ(explainer().explain(cloneIdentifier(), sender).hw_vendor, "VMware");
}

// R12: the explanation of an identifier of another kind than RFC 4361 has a remedy and no DUID.
TEST(ExplanationTest, rule12OtherIdentifiers) {
    for (const auto& identifier : {Bytes(), hex("01:bc:24:11:00:00:01"), hex("ff:00"), filled(255)}) {
        const auto known = explainer().explain(identifier);
        EXPECT_EQ(known.duid_type, "");
        EXPECT_EQ(known.nic, "");
        EXPECT_NE(known.remedy, "");
    }
}

}  // namespace test
}  // namespace clone_guard
