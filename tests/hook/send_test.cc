// SPDX-License-Identifier: MPL-2.0

#include "library_test.h"

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

class SendTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        addLease("192.0.2.101", cloneIdentifier(), mac(1));
    }

    static Wire requesting(uint32_t machine, const std::string& vendor_class = "") {
        auto wire = clone(machine, DHCPREQUEST);
        wire.requested = "192.0.2.150";
        wire.vendor_class = vendor_class;
        return (wire);
    }
};

}  // namespace

// R6: every reply carries the client's own option 61, byte for byte; so does it on the wire.
TEST_F(SendTest, rule06EchoIsTheClientsOwn) {
    load();
    for (const uint8_t type : {DHCPOFFER, DHCPACK, DHCPNAK}) {
        Exchange exchange(clone(2));
        exchange.receive();
        const auto response = answer(exchange.query(), type, "192.0.2.150");
        ASSERT_EQ(identifierIn(*response), derivedOf(2));
        EXPECT_EQ(exchange.send(response), CONTINUE);
        EXPECT_EQ(identifierIn(*response), cloneIdentifier());
        response->pack();
        const auto& buffer = response->getBuffer();
        Pkt4 read(static_cast<const uint8_t*>(buffer.getData()), buffer.getLength());
        read.unpack();
        EXPECT_EQ(identifierIn(read), cloneIdentifier());
        // The query keeps the derived identifier: other libraries and the server still read it.
        EXPECT_EQ(exchange.identifier(), derivedOf(2));
    }
}

// R6: with echo-client-id false the server puts no option 61 into a reply, and neither do we.
TEST_F(SendTest, rule06NoEchoWhereThereIsNone) {
    load();
    Exchange exchange(clone(2));
    exchange.receive();
    const auto response = answer(exchange.query(), DHCPACK, "192.0.2.150");
    response->delOption(DHO_DHCP_CLIENT_IDENTIFIER);
    EXPECT_EQ(exchange.send(response), CONTINUE);
    EXPECT_EQ(identifierIn(*response), std::nullopt);
}

// R4: the replies of everybody else are left as they are.
TEST_F(SendTest, rule04HoldersReply) {
    load();
    Exchange exchange(clone(1));
    exchange.receive();
    const auto response = answer(exchange.query(), DHCPACK, "192.0.2.101");
    EXPECT_EQ(exchange.send(response), CONTINUE);
    EXPECT_EQ(identifierIn(*response), cloneIdentifier());
}

// R7: a refused PXE client gets silence, not a NAK: its firmware would give up.
TEST_F(SendTest, rule07NoNakToFirmware) {
    load(R"({ "policy": "refuse" })");
    Exchange pxe(requesting(2, "PXEClient:Arch:00007"));
    ASSERT_EQ(pxe.receive(), CONTINUE);
    EXPECT_EQ(pxe.send(answer(pxe.query(), DHCPNAK)), DROP);
    Exchange other(requesting(2, "systemd"));
    ASSERT_EQ(other.receive(), CONTINUE);
    const auto response = answer(other.query(), DHCPNAK);
    EXPECT_EQ(other.send(response), CONTINUE);
    EXPECT_EQ(identifierIn(*response), cloneIdentifier());
}

// R7: under mac-fallback a NAK is the server's own affair, and so is the holder's under refuse.
TEST_F(SendTest, rule07OtherNaks) {
    const auto nak = [](uint32_t machine) {
        Exchange exchange(requesting(machine, "PXEClient"));
        exchange.receive();
        return (exchange.send(answer(exchange.query(), DHCPNAK)));
    };
    load();
    EXPECT_EQ(nak(2), CONTINUE);
    load(R"({ "policy": "refuse" })");
    EXPECT_EQ(nak(1), CONTINUE);
    EXPECT_EQ(nak(2), DROP);
}

// R1: in a network where the guard is off a client may send what looks derived; its reply is the server's.
TEST_F(SendTest, rule01LooksDerivedAndIsNot) {
    load(R"({ "policy": "off" })");
    auto wire = clone(2);
    wire.identifier = derivedOf(2);
    Exchange exchange(wire);
    exchange.receive();
    const auto response = answer(exchange.query(), DHCPACK, "192.0.2.150");
    EXPECT_EQ(exchange.send(response), CONTINUE);
    EXPECT_EQ(identifierIn(*response), derivedOf(2));
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

}  // namespace test
}  // namespace clone_guard
