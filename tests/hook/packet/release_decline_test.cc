// SPDX-License-Identifier: MPL-2.0
//
// R8: RELEASE and DECLINE name a lease by its address. The owner of that lease decides under which identifier the
// server sees the message.

#include <tests/hook/library_test.h>

#include <core/identity/derived_identifier.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

class ReleaseDeclineTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        addLease("192.0.2.101", cloneIdentifier(), mac(1));
        addLease("192.0.2.102", derivedOf(2), mac(2));
    }

    static Wire about(uint8_t type, uint32_t machine, const std::string& address) {
        auto wire = clone(machine, type);
        (type == DHCPRELEASE ? wire.ciaddr : wire.requested) = address;
        return (wire);
    }
};

}  // namespace

// R8: the holder's message is unchanged.
TEST_F(ReleaseDeclineTest, rule08Holder) {
    load();
    for (const uint8_t type : {DHCPRELEASE, DHCPDECLINE}) {
        EXPECT_EQ(seenAs(about(type, 1, "192.0.2.101")), cloneIdentifier());
    }
    EXPECT_EQ(statistic("clone-guard-release-blocked") + statistic("clone-guard-decline-blocked"), 0);
}

// R8: a claimant's message about the holder's lease gets the derived identifier, is logged and counted, in any network.
TEST_F(ReleaseDeclineTest, rule08Claimant) {
    load();
    int64_t count = 0;
    for (const auto* relay : {"192.0.2.1", "198.51.100.1", "0.0.0.0"}) {
        auto release = about(DHCPRELEASE, 2, "192.0.2.101");
        release.giaddr = relay;
        EXPECT_EQ(seenAs(release), derivedOf(2));
        auto decline = about(DHCPDECLINE, 2, "192.0.2.101");
        decline.giaddr = relay;
        EXPECT_EQ(seenAs(decline), derivedOf(2));
        ++count;
        EXPECT_EQ(statistic("clone-guard-release-blocked"), count);
        EXPECT_EQ(statistic("subnet[1].clone-guard-release-blocked"), count);
        EXPECT_EQ(statistic("clone-guard-decline-blocked"), count);
    }
    ASSERT_EQ(log_.with("CLONE_GUARD_RELEASE_BLOCKED").size(), 1U);
    ASSERT_EQ(log_.with("CLONE_GUARD_DECLINE_BLOCKED").size(), 1U);
    const auto line = log_.with("CLONE_GUARD_RELEASE_BLOCKED")[0];
    EXPECT_EQ(line.level, "WARN");
    for (const auto& part :
         {mac(1).toText(), mac(2).toText(), toHex(cloneIdentifier()), std::string("192.0.2.101")}) {
        EXPECT_NE(line.text.find(part), std::string::npos) << line.text;
    }
}

// R8: a claimant's message about its own lease gets the identifier of that lease.
TEST_F(ReleaseDeclineTest, rule08ClaimantsOwnLease) {
    load();
    for (const uint8_t type : {DHCPRELEASE, DHCPDECLINE}) {
        EXPECT_EQ(seenAs(about(type, 2, "192.0.2.102")), derivedOf(2));
    }
    EXPECT_EQ(statistic("clone-guard-release-blocked") + statistic("clone-guard-decline-blocked"), 0);
}

// R8: messages about no lease, or about an unrelated one, are unchanged.
TEST_F(ReleaseDeclineTest, rule08NoConcern) {
    load();
    addLease("192.0.2.103", identifierNumber(3), mac(3));
    addLease("192.0.2.104", {}, mac(4));
    for (const uint8_t type : {DHCPRELEASE, DHCPDECLINE}) {
        EXPECT_EQ(seenAs(about(type, 2, "192.0.2.199")), cloneIdentifier());
        EXPECT_EQ(seenAs(about(type, 2, "192.0.2.103")), cloneIdentifier());
        EXPECT_EQ(seenAs(about(type, 2, "192.0.2.104")), cloneIdentifier());
        EXPECT_EQ(seenAs(about(type, 2, "0.0.0.0")), cloneIdentifier());
    }
}

// R1: a forged derived identifier does not release the claimant's lease.
TEST_F(ReleaseDeclineTest, rule01Forged) {
    load();
    auto wire = about(DHCPRELEASE, 3, "192.0.2.102");
    wire.identifier = derivedOf(2);
    EXPECT_EQ(seenAs(wire), derive(mac(3), derivedOf(2)));
    EXPECT_EQ(statistic("clone-guard-release-blocked"), 1);
}

// R1: an exempt client may release the shared lease.
TEST_F(ReleaseDeclineTest, rule01Exempt) {
    load(R"({ "exempt": { "hw-addresses": [ ")" + mac(2).toText() + "\" ] } }");
    EXPECT_EQ(seenAs(about(DHCPRELEASE, 2, "192.0.2.101")), cloneIdentifier());
    EXPECT_EQ(statistic("clone-guard-release-blocked"), 0);
}

// R5: monitor reports the message, off does not. Both leave it unchanged.
TEST_F(ReleaseDeclineTest, rule05Policies) {
    load(R"({ "policy": "monitor" })");
    for (const uint8_t type : {DHCPRELEASE, DHCPDECLINE}) {
        EXPECT_EQ(seenAs(about(type, 2, "192.0.2.101")), cloneIdentifier());
    }
    load(R"({ "policy": "off" })");
    EXPECT_EQ(seenAs(about(DHCPRELEASE, 2, "192.0.2.101")), cloneIdentifier());
    EXPECT_EQ(log_.with("CLONE_GUARD_RELEASE_PASSED").size(), 1U);
    EXPECT_EQ(log_.with("CLONE_GUARD_DECLINE_PASSED").size(), 1U);
    EXPECT_EQ(statistic("clone-guard-release-passed"), 1);
    EXPECT_EQ(statistic("clone-guard-decline-passed"), 1);
    EXPECT_TRUE(log_.with("BLOCKED").empty());
    EXPECT_EQ(statistic("clone-guard-release-blocked") + statistic("clone-guard-decline-blocked"), 0);
    load(R"({ "policy": "refuse" })");
    EXPECT_EQ(seenAs(about(DHCPRELEASE, 2, "192.0.2.101")), derivedOf(2));
}

}  // namespace test
}  // namespace clone_guard
