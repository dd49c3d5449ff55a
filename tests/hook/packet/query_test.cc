// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/wire.h>

#include <hook/packet/query.h>
#include <tests/policy/support.h>

#include <dhcp/option.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

// R1: the guard reads DISCOVER, REQUEST, RELEASE, DECLINE and INFORM, and no other type.
TEST(QueryTest, rule01Messages) {
    EXPECT_EQ(query::message(*clone(1, DHCPDISCOVER).received()), Message::DISCOVER);
    EXPECT_EQ(query::message(*clone(1, DHCPREQUEST).received()), Message::REQUEST);
    EXPECT_EQ(query::message(*clone(1, DHCPRELEASE).received()), Message::RELEASE);
    EXPECT_EQ(query::message(*clone(1, DHCPDECLINE).received()), Message::DECLINE);
    EXPECT_EQ(query::message(*clone(1, DHCPINFORM).received()), Message::INFORM);
    for (const uint8_t type : {DHCPLEASEQUERY, DHCPOFFER, DHCPACK, DHCPNAK}) {
        EXPECT_EQ(query::message(*clone(1, type).received()), std::nullopt) << static_cast<int>(type);
    }
}

// R1: BOOTP queries are exempt. The server's bootp library turns them into REQUESTs and marks them with a class.
TEST(QueryTest, rule01Bootp) {
    const auto packet = clone(1, DHCPREQUEST).received();
    EXPECT_FALSE(query::isBootp(*packet));
    packet->addClass("BOOTP");
    EXPECT_TRUE(query::isBootp(*packet));
}

// The client identifier is read as on the wire, at any length.
TEST(QueryTest, clientIdentifier) {
    auto wire = clone(1);
    EXPECT_EQ(query::clientIdentifier(*wire.received()), ByteView(cloneIdentifier()));
    wire.identifier.reset();
    EXPECT_EQ(query::clientIdentifier(*wire.received()), std::nullopt);
    for (const size_t size : {0, 1, 4, 6, 255, 600}) {
        wire.identifier = filled(size);
        const auto packet = wire.received();
        const auto read = query::clientIdentifier(*packet);
        ASSERT_TRUE(read) << size;
        EXPECT_EQ(read->size(), size);
    }
}

// The hardware address is that of the packet, and empty if the packet has none.
TEST(QueryTest, hardwareAddress) {
    EXPECT_EQ(query::hardwareAddress(*clone(7).received()), mac(7));
    EXPECT_FALSE(query::hardwareAddress(Pkt4(DHCPDISCOVER, 1)).usable());
}

// The addresses are read from the fields that the server reads.
TEST(QueryTest, addresses) {
    auto wire = clone(1, DHCPREQUEST);
    EXPECT_EQ(query::requestedAddress(*wire.received()), IpAddress(0U));
    wire.ciaddr = "192.0.2.5";
    EXPECT_EQ(query::requestedAddress(*wire.received()), IpAddress(0xc0000205U));
    EXPECT_EQ(query::declinedAddress(*wire.received()), IpAddress(0U));
    wire.requested = "192.0.2.6";
    EXPECT_EQ(query::requestedAddress(*wire.received()), IpAddress(0xc0000206U));
    EXPECT_EQ(query::declinedAddress(*wire.received()), IpAddress(0xc0000206U));
}

// R3: the place has every property that the server selects a subnet by.
TEST(QueryTest, rule03Place) {
    auto wire = clone(1);
    wire.ciaddr = "192.0.2.5";
    const auto place = query::place(*wire.received(), false);
    EXPECT_EQ(place.interface, "ens18");
    EXPECT_EQ(place.relay, IpAddress(0xc0000201));
    EXPECT_EQ(place.client, IpAddress(0xc0000205));
    EXPECT_EQ(place.source, IpAddress(0xc0000201));
    EXPECT_EQ(place.selection, IpAddress(0));
    EXPECT_FALSE(place.broadcast);
    EXPECT_EQ(place.classes, "");
    const auto packet = wire.received();
    packet->addClass("KNOWN");
    EXPECT_NE(query::place(*packet, true).classes.find("KNOWN"), std::string::npos);
    EXPECT_EQ(query::place(*packet, false).classes, "");
    wire.giaddr = "0.0.0.0";
    wire.ciaddr = "0.0.0.0";
    EXPECT_TRUE(query::place(*wire.received(), false).broadcast);
}

// R3: the relay's link selection (RFC 3527) is part of the place, and is ignored if its length is wrong.
TEST(QueryTest, rule03LinkSelection) {
    auto wire = clone(1);
    wire.relay_options = {5, 4, 198, 51, 100, 1};
    EXPECT_EQ(query::place(*wire.received(), false).selection, IpAddress(0xc6336401));
    wire.relay_options = {1, 2, 0xab, 0xcd, 2, 1, 0xef};
    EXPECT_EQ(query::place(*wire.received(), false).selection, IpAddress(0));
    wire.relay_options = {5, 3, 198, 51, 100};
    try {
        EXPECT_EQ(query::place(*wire.received(), false).selection, IpAddress(0));
    } catch (const isc::Exception&) {
        // Later releases drop such a packet before any callout.
    }
}

// R12: suboptions of the relay are shown as hexadecimal.
TEST(QueryTest, rule12RelaySuboptions) {
    auto wire = clone(1);
    wire.relay_options = {1, 2, 0xab, 0xcd, 2, 1, 0xef};
    EXPECT_EQ(query::relaySuboption(*wire.received(), 1), "ab:cd");
    EXPECT_EQ(query::relaySuboption(*wire.received(), 2), "ef");
    EXPECT_EQ(query::relaySuboption(*wire.received(), 3), "");
    EXPECT_EQ(query::relaySuboption(*clone(1).received(), 1), "");
}

// R7: firmware is recognised by the beginning of its vendor class.
TEST(QueryTest, rule07Pxe) {
    auto wire = clone(1);
    EXPECT_FALSE(query::fromPxe(*wire.received()));
    wire.vendor_class = "PXEClient:Arch:00007:UNDI:003016";
    EXPECT_TRUE(query::fromPxe(*wire.received()));
    wire.vendor_class = "PXEClien";
    EXPECT_FALSE(query::fromPxe(*wire.received()));
    wire.vendor_class = "not PXEClient";
    EXPECT_FALSE(query::fromPxe(*wire.received()));
}

// R11: text is returned as the client sent it. The caller escapes it.
TEST(QueryTest, text) {
    auto wire = clone(1);
    wire.hostname = "web\n01";
    EXPECT_EQ(query::text(*wire.received(), DHO_HOST_NAME), "web\n01");
    EXPECT_EQ(query::text(*wire.received(), DHO_VENDOR_CLASS_IDENTIFIER), "");
}

}  // namespace test
}  // namespace clone_guard
