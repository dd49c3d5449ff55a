// SPDX-License-Identifier: MPL-2.0
//
// R1: a malformed option 61 is passed on, counted, and reported once for each hardware address.

#include <tests/hook/library_test.h>

#include <core/identity/derived_identifier.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

/// @brief What systemd-networkd 249 sends with DUIDType=link-layer and no IAID: the same on each machine.
const Bytes SHORT = hex("ff:00:00:00:00:00:03");

class MalformedTest : public LibraryTest {
protected:
    static Wire machine(uint32_t number, const Bytes& identifier = SHORT) {
        auto wire = clone(number);
        wire.identifier = identifier;
        return (wire);
    }

    std::vector<LogLine> lines() const {
        return (log_.with("CLONE_GUARD_MALFORMED"));
    }
};

}  // namespace

// R1: a query with a malformed option 61 is counted and passed on, whatever its type.
TEST_F(MalformedTest, rule01PassedOnAndCounted) {
    load();
    int64_t count = 0;
    for (const size_t size : {0, 1, 4, 6, 255, 600}) {
        Exchange exchange(machine(2, filled(size, 0xff)));
        EXPECT_EQ(exchange.receive(), CONTINUE) << size;
        EXPECT_EQ(exchange.identifier(), filled(size, 0xff)) << size;
        EXPECT_EQ(statistic("clone-guard-malformed"), ++count) << size;
    }
    for (const uint8_t type : {DHCPDISCOVER, DHCPREQUEST, DHCPRELEASE, DHCPDECLINE, DHCPINFORM}) {
        // The DUID has one byte.
        auto wire = machine(2, hex("ff:00:00:00:01:02"));
        wire.type = type;
        EXPECT_EQ(seenAs(wire), wire.identifier);
        EXPECT_EQ(statistic("clone-guard-malformed"), ++count);
    }
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// R1, R11: each hardware address is reported once, whatever it sends; the line says which client it is and from where
// the query came.
TEST_F(MalformedTest, rule01OnceForEachHardwareAddress) {
    load();
    for (int round = 0; round < 20; ++round) {
        for (const uint32_t number : {1U, 2U, 3U}) {
            auto wire = machine(number, round % 2 == 0 ? SHORT : filled(5, 0xff));
            wire.hostname = "web-%2\n";
            Exchange(wire).receive();
        }
    }
    ASSERT_EQ(lines().size(), 3U);
    EXPECT_EQ(lines()[0].level, "WARN");
    EXPECT_NE(
        lines()[0].text.find("client " + mac(1).toText() +
                             " (host name web-\\x252\\x0a) (interface ens18, relay 192.0.2.1) sent "
                             "a malformed client identifier of 7 bytes, ff:00:00:00:00:00:03: "),
        std::string::npos)
        << lines()[0].text;
    EXPECT_EQ(statistic("clone-guard-malformed"), 60);
}

// R1: clients without a hardware address are one client to the report.
TEST_F(MalformedTest, rule01WithoutHardwareAddress) {
    load();
    for (int round = 0; round < 5; ++round) {
        auto wire = machine(1, {});
        wire.address = {};
        Exchange(wire).receive();
    }
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_NE(lines()[0].text.find("client none (interface ens18, relay 192.0.2.1) sent a malformed "
                                   "client identifier of 0 bytes, empty: "),
              std::string::npos)
        << lines()[0].text;
}

// R11: a long identifier is cut in the log.
TEST_F(MalformedTest, rule11LongIdentifier) {
    load();
    Exchange(machine(1, filled(600, 0xff))).receive();
    ASSERT_EQ(lines().size(), 1U);
    EXPECT_NE(lines()[0].text.find("of 600 bytes, ff:ff:"), std::string::npos) << lines()[0].text;
    EXPECT_NE(lines()[0].text.find("ff:ff...: "), std::string::npos) << lines()[0].text;
    EXPECT_LT(lines()[0].text.size(), 700U);
}

// R5: the policy off reports nothing, globally or in a subnet; monitor reports.
TEST_F(MalformedTest, rule05Policies) {
    load(R"({ "policy": "off" })");
    EXPECT_EQ(seenAs(machine(1)), SHORT);
    EXPECT_TRUE(lines().empty());
    load("{}", R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "user-context": {
                                   "clone-guard": { "policy": "off" } } },
                                 { "id": 2, "subnet": "198.51.100.0/24" } ] })");
    EXPECT_EQ(seenAs(machine(1)), SHORT);
    EXPECT_TRUE(lines().empty());
    auto elsewhere = machine(2);
    elsewhere.giaddr = "198.51.100.1";
    EXPECT_EQ(seenAs(elsewhere), SHORT);
    EXPECT_EQ(lines().size(), 1U);
    load(R"({ "policy": "monitor" })");
    EXPECT_EQ(seenAs(machine(1)), SHORT);
    EXPECT_EQ(lines().size(), 2U);
}

// R1: an exempt client is neither counted nor reported.
TEST_F(MalformedTest, rule01Exemptions) {
    load(R"({ "exempt": { "hw-addresses": [ ")" + mac(1).toText() + "\" ] } }");
    EXPECT_EQ(seenAs(machine(1)), SHORT);
    EXPECT_EQ(statistic("clone-guard-malformed"), 0);
    EXPECT_EQ(seenAs(machine(2)), SHORT);
    EXPECT_EQ(statistic("clone-guard-malformed"), 1);
    EXPECT_EQ(lines().size(), 1U);
}

// R1: with client-id-types "all" such an identifier of at least two bytes is guarded.
TEST_F(MalformedTest, rule01GuardedIfAllAre) {
    load(R"({ "client-id-types": "all" })");
    addLease("192.0.2.101", SHORT, mac(1));
    EXPECT_EQ(seenAs(machine(1)), SHORT);
    EXPECT_EQ(seenAs(machine(2)), derive(mac(2), SHORT));
    EXPECT_EQ(seenAs(machine(2, {0xff})), Bytes{0xff});
    EXPECT_EQ(lines().size(), 1U);
}

// R14: a client with a well-formed identifier of any kind causes no report.
TEST_F(MalformedTest, rule14WellFormed) {
    load();
    for (const auto& identifier :
         {cloneIdentifier(), hex("01:bc:24:11:00:00:01"), hex("00:61"), derivedOf(1)}) {
        Exchange(machine(1, identifier)).receive();
    }
    EXPECT_EQ(statistic("clone-guard-malformed"), 0);
    EXPECT_TRUE(lines().empty());
}

}  // namespace test
}  // namespace clone_guard
