// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/library_test.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

class ReplyTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        addLease("192.0.2.101", cloneIdentifier(), mac(1));
    }

    /// @brief A REQUEST of a claimant after pkt4_receive.
    static Pkt4Ptr received(const Wire& wire) {
        Exchange exchange(wire);
        exchange.receive();
        return (exchange.query());
    }

    static Wire requesting(uint32_t machine, const std::string& vendor_class = "") {
        auto wire = clone(machine, DHCPREQUEST);
        wire.requested = "192.0.2.150";
        wire.vendor_class = vendor_class;
        return (wire);
    }
};

}  // namespace

// R6: every reply has the client's own option 61 on the wire, byte for byte. The server and other libraries see the
// derived identifier in the query and in the reply.
TEST_F(ReplyTest, rule06EchoIsTheClientsOwn) {
    load();
    const auto query = received(clone(2));
    for (const uint8_t type : {DHCPOFFER, DHCPACK, DHCPNAK}) {
        const auto response = answer(query, type, "192.0.2.150");
        EXPECT_EQ(identifierIn(*response), derivedOf(2));
        EXPECT_EQ(identifierOnWire(*response), cloneIdentifier());
        EXPECT_EQ(identifierIn(*query), derivedOf(2));
    }
}

// R6: a reply with a copy of the option has it, too. Servers let libraries copy the option.
TEST_F(ReplyTest, rule06EchoOfACopy) {
    load();
    const auto query = received(clone(2));
    const ScopedEnableOptionsCopy<Pkt4> copies(query);
    const auto response = answer(query, DHCPACK, "192.0.2.150");
    EXPECT_EQ(identifierOnWire(*response), cloneIdentifier());
    EXPECT_EQ(identifierIn(*query), derivedOf(2));
}

// R6: identifiers of every length are echoed, including those that take two options.
TEST_F(ReplyTest, rule06EchoOfEveryLength) {
    load(R"({ "client-id-types": "all" })");
    for (size_t size = 13; size <= ClientId::MAX_CLIENT_ID_LEN; ++size) {
        const auto identifier = filled(size, 0x5d);
        addLease("192.0.2.102", identifier, mac(1));
        auto wire = clone(2);
        wire.identifier = identifier;
        const auto query = received(wire);
        EXPECT_NE(identifierIn(*query), identifier) << size;
        const auto response = answer(query, DHCPACK, "192.0.2.150");
        // The server splits this option, and then processes every other option.
        response->addOption(OptionPtr(new Option(Option::V4, DHO_BOOT_FILE_NAME, filled(400, 0x61))));
        EXPECT_EQ(identifierOnWire(*response), identifier) << size;
        LeaseMgrFactory::instance().deleteLease(
            LeaseMgrFactory::instance().getLease4(isc::asiolink::IOAddress("192.0.2.102")));
    }
}

// R6: classes and expressions read the derived identifier, as leases do. A debug log shows both identifiers.
TEST_F(ReplyTest, rule06ExpressionsSeeTheDerivedIdentifier) {
    load();
    const auto query = received(clone(2));
    const auto option = query->getOption(DHO_DHCP_CLIENT_IDENTIFIER);
    EXPECT_EQ(option->toBinary(), derivedOf(2));
    const auto whole = option->toBinary(true);
    ASSERT_EQ(whole.size(), derivedOf(2).size() + 2);
    EXPECT_EQ(whole[1], derivedOf(2).size());
    EXPECT_NE(option->toText().find(toHex(derivedOf(2))), std::string::npos) << option->toText();
    EXPECT_NE(option->toText().find(toHex(cloneIdentifier())), std::string::npos) << option->toText();
}

// R4: the replies to other clients are unchanged.
TEST_F(ReplyTest, rule04HoldersReply) {
    load();
    EXPECT_EQ(identifierOnWire(*answer(received(clone(1)), DHCPACK, "192.0.2.101")), cloneIdentifier());
}

// R7: the REQUEST of a refused PXE client is dropped: its firmware would give up after a NAK.
TEST_F(ReplyTest, rule07NoNakToFirmware) {
    load(R"({ "policy": "refuse" })");
    EXPECT_EQ(Exchange(requesting(2, "PXEClient:Arch:00007")).receive(), DROP);
    Exchange other(requesting(2, "systemd"));
    ASSERT_EQ(other.receive(), CONTINUE);
    EXPECT_EQ(other.select(leaseOf(2, "192.0.2.150")), SKIP);
    EXPECT_EQ(identifierOnWire(*answer(other.query(), DHCPNAK)), cloneIdentifier());
}

// R7: a NAK of the server under mac-fallback is unchanged, and so is a NAK to the holder under refuse.
TEST_F(ReplyTest, rule07OtherNaks) {
    load();
    EXPECT_EQ(Exchange(requesting(2, "PXEClient")).receive(), CONTINUE);
    load(R"({ "policy": "refuse" })");
    EXPECT_EQ(Exchange(requesting(1, "PXEClient")).receive(), CONTINUE);
    EXPECT_EQ(Exchange(requesting(2, "PXEClient")).receive(), DROP);
}

// R1: in a network with the policy off, a client may send an identifier that looks derived. The reply is unchanged.
TEST_F(ReplyTest, rule01LooksDerivedAndIsNot) {
    load(R"({ "policy": "off" })");
    auto wire = clone(2);
    wire.identifier = derivedOf(2);
    EXPECT_EQ(identifierOnWire(*answer(received(wire), DHCPACK, "192.0.2.150")), derivedOf(2));
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

}  // namespace test
}  // namespace clone_guard
