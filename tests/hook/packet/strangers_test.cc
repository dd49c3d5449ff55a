// SPDX-License-Identifier: MPL-2.0
//
// R1, R15: queries that the guard leaves alone, and what it does if they present another machine's identifier.

#include <tests/hook/library_test.h>

#include <core/identity/derived_identifier.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

const HardwareAddress ALL_ZERO(1, filled(6, 0));
const HardwareAddress EMPTY;

/// @brief Machine 1 is the holder of the clones' identifier in subnet 1.
class StrangersTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        addLease("192.0.2.101", cloneIdentifier(), mac(1));
    }

    static Wire without(const HardwareAddress& address, uint8_t type) {
        auto wire = clone(2, type);
        wire.address = address;
        wire.ciaddr = type == DHCPREQUEST || type == DHCPRELEASE ? "192.0.2.101" : "0.0.0.0";
        wire.requested = type == DHCPDECLINE ? "192.0.2.101" : "";
        return (wire);
    }

    static Exchange bootp(const Wire& wire) {
        const auto packet = wire.received();
        packet->addClass("BOOTP");
        return (Exchange(packet));
    }

    size_t reports() const {
        return (log_.with("CLONE_GUARD_STRANGER").size());
    }
};

}  // namespace

// R1, R15: without a hardware address there is nothing to derive an identifier from, so each message is dropped.
TEST_F(StrangersTest, rule15WithoutHardwareAddress) {
    for (const auto* parameters : {"{}", R"({ "policy": "refuse" })"}) {
        load(parameters);
        for (const auto& address : {ALL_ZERO, EMPTY}) {
            for (const uint8_t type :
                 {DHCPDISCOVER, DHCPREQUEST, DHCPRELEASE, DHCPDECLINE, DHCPINFORM}) {
                EXPECT_EQ(Exchange(without(address, type)).receive(), DROP) << static_cast<int>(type);
            }
        }
    }
    EXPECT_EQ(statistic("clone-guard-stranger"), 20);
    EXPECT_EQ(statistic("subnet[1].clone-guard-stranger"), 20);
    EXPECT_EQ(statistic("clone-guard-release-blocked"), 4);
    EXPECT_EQ(statistic("clone-guard-decline-blocked"), 4);
    EXPECT_EQ(statistic("clone-guard-suspected"), 0);
    EXPECT_EQ(statistic("pkt4-receive-drop"), 20);
}

// R15: the holder's queries pass afterwards.
TEST_F(StrangersTest, rule15HolderPasses) {
    load();
    Exchange(without(ALL_ZERO, DHCPREQUEST)).receive();
    for (const uint8_t type : {DHCPDISCOVER, DHCPREQUEST, DHCPINFORM}) {
        EXPECT_EQ(seenAs(clone(1, type)), cloneIdentifier());
    }
}

// R1: the same messages are left alone if the lease has expired, is in another network or has no usable hardware
// address.
TEST_F(StrangersTest, rule01LeftAlone) {
    load();
    addLease("192.0.2.105", identifierNumber(5), mac(5), 1, 7200, 3600);
    addLease("198.51.100.106", identifierNumber(6), mac(6), 2);
    addLease("192.0.2.107", identifierNumber(7), ALL_ZERO);
    for (const uint32_t number : {5U, 6U, 7U, 8U}) {
        for (const uint8_t type : {DHCPDISCOVER, DHCPREQUEST, DHCPINFORM}) {
            auto wire = without(ALL_ZERO, type);
            wire.ciaddr = "0.0.0.0";
            wire.identifier = identifierNumber(number);
            EXPECT_EQ(seenAs(wire), identifierNumber(number));
            EXPECT_EQ(bootp(wire).receive(), CONTINUE);
        }
    }
    EXPECT_EQ(statistic("clone-guard-stranger"), 0);
    EXPECT_EQ(reports(), 0U);
}

// R1: a lease without a usable hardware address does not count against a machine that has one.
TEST_F(StrangersTest, rule01LeaseWithoutAddressIsNoEvidence) {
    load();
    addLease("192.0.2.107", identifierNumber(7), ALL_ZERO);
    auto wire = clone(7);
    wire.identifier = identifierNumber(7);
    EXPECT_EQ(seenAs(wire), identifierNumber(7));
    wire.type = DHCPRELEASE;
    wire.ciaddr = "192.0.2.107";
    EXPECT_EQ(seenAs(wire), identifierNumber(7));
}

// R1: a claimant's BOOTP query gets the derived identifier and the class, or is dropped under refuse.
TEST_F(StrangersTest, rule01Bootp) {
    load();
    {
        auto claimant = bootp(clone(2, DHCPREQUEST));
        EXPECT_EQ(claimant.receive(), CONTINUE);
        EXPECT_EQ(claimant.identifier(), derivedOf(2));
        EXPECT_TRUE(claimant.isIn("CLONE_CONFLICT"));
        EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.150")), CONTINUE);
        auto holder = bootp(clone(1, DHCPREQUEST));
        EXPECT_EQ(holder.receive(), CONTINUE);
        EXPECT_EQ(holder.identifier(), cloneIdentifier());
    }
    load(R"({ "policy": "refuse" })");
    EXPECT_EQ(bootp(clone(2, DHCPREQUEST)).receive(), DROP);
    EXPECT_EQ(statistic("clone-guard-stranger"), 2);
    EXPECT_EQ(statistic("clone-guard-suspected"), 0);
}

// R1: a claimant's INFORM gets the derived identifier under both policies.
TEST_F(StrangersTest, rule01Inform) {
    for (const auto* parameters : {"{}", R"({ "policy": "refuse" })"}) {
        load(parameters);
        EXPECT_EQ(seenAs(clone(2, DHCPINFORM)), derivedOf(2));
    }
}

// R5: monitor reports and changes nothing; off does not even report.
TEST_F(StrangersTest, rule05MonitorAndOff) {
    load(R"({ "policy": "monitor" })");
    EXPECT_EQ(seenAs(without(ALL_ZERO, DHCPREQUEST)), cloneIdentifier());
    EXPECT_EQ(seenAs(without(ALL_ZERO, DHCPRELEASE)), cloneIdentifier());
    EXPECT_EQ(seenAs(clone(2, DHCPINFORM)), cloneIdentifier());
    EXPECT_EQ(statistic("clone-guard-stranger"), 3);
    EXPECT_EQ(reports(), 2U);
    load(R"({ "policy": "off" })");
    EXPECT_EQ(seenAs(without(ALL_ZERO, DHCPREQUEST)), cloneIdentifier());
    EXPECT_EQ(seenAs(clone(2, DHCPINFORM)), cloneIdentifier());
    EXPECT_EQ(statistic("clone-guard-stranger"), 3);
}

// R1: exemptions apply to these queries too.
TEST_F(StrangersTest, rule01Exemptions) {
    load(R"({ "exempt": { "client-ids": [ ")" + toHex(cloneIdentifier()) + R"(" ] } })");
    EXPECT_EQ(seenAs(without(ALL_ZERO, DHCPREQUEST)), cloneIdentifier());
    EXPECT_EQ(seenAs(clone(2, DHCPINFORM)), cloneIdentifier());
    EXPECT_EQ(bootp(clone(2, DHCPREQUEST)).identifier(), cloneIdentifier());
    EXPECT_EQ(statistic("clone-guard-stranger"), 0);
}

// R8: the server compares identifiers in RELEASE and DECLINE even if match-client-id is false, so a lease that has one is
// protected there too. Other messages of such a network are left to the server.
TEST_F(StrangersTest, rule08NetworkThatIgnoresIdentifiers) {
    load("{}", R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "match-client-id": false } ] })");
    EXPECT_EQ(seenAs(without(ALL_ZERO, DHCPREQUEST)), cloneIdentifier());
    for (const uint8_t type : {DHCPRELEASE, DHCPDECLINE}) {
        EXPECT_EQ(Exchange(without(ALL_ZERO, type)).receive(), DROP);
        auto claimants = without(mac(2), type);
        EXPECT_EQ(seenAs(claimants), derivedOf(2));
    }
}

// R11: a stranger is reported once for each identifier and kind of query; the line says from where the query came.
TEST_F(StrangersTest, rule11OneLineForManyQueries) {
    load();
    for (int round = 0; round < 50; ++round) {
        Exchange(without(ALL_ZERO, DHCPREQUEST)).receive();
        Exchange(clone(2, DHCPINFORM)).receive();
    }
    const auto lines = log_.with("CLONE_GUARD_STRANGER");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(
        lines[0].text.find(
            "a DHCPREQUEST without a hardware address (interface ens18, relay 192.0.2.1) presents"),
        std::string::npos)
        << lines[0].text;
    EXPECT_NE(lines[0].text.find("belongs to " + mac(1).toText() +
                                 " with the address 192.0.2.101 in subnet 1"),
              std::string::npos)
        << lines[0].text;
    EXPECT_NE(lines[1].text.find("a DHCPINFORM of " + mac(2).toText()), std::string::npos)
        << lines[1].text;
    EXPECT_EQ(statistic("clone-guard-stranger"), 100);
}

}  // namespace test
}  // namespace clone_guard
