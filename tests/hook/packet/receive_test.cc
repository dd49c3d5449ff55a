// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/library_test.h>

#include <core/identity/derived_identifier.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

/// @brief Machine 1 is the holder of the clones' identifier in subnet 1.
class ReceiveTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        addLease("192.0.2.101", cloneIdentifier(), mac(1));
    }

    static Wire behind(const std::string& relay, Wire wire) {
        wire.giaddr = relay;
        return (wire);
    }
};

}  // namespace

// R4, R6: the holder's query is unchanged. A claimant's gets the derived identifier and the class.
TEST_F(ReceiveTest, rule06DerivedIdentifierAndClass) {
    load();
    for (const uint8_t type : {DHCPDISCOVER, DHCPREQUEST}) {
        Exchange holder(clone(1, type));
        EXPECT_EQ(holder.receive(), CONTINUE);
        EXPECT_EQ(holder.identifier(), cloneIdentifier());
        EXPECT_FALSE(holder.isIn("CLONE_CONFLICT"));
        Exchange claimant(clone(2, type));
        EXPECT_EQ(claimant.receive(), CONTINUE);
        EXPECT_EQ(claimant.identifier(), derivedOf(2));
        EXPECT_TRUE(claimant.isIn("CLONE_CONFLICT"));
    }
    EXPECT_EQ(statistic("clone-guard-mac-fallback"), 2);
    EXPECT_EQ(statistic("subnet[1].clone-guard-mac-fallback"), 2);
    EXPECT_EQ(statistic("clone-guard-suspected"), 1);
    EXPECT_EQ(statistic("subnet[1].clone-guard-suspected"), 1);
}

// R6: the class is the configured one, of the network or global.
TEST_F(ReceiveTest, rule06ConfiguredClass) {
    const auto joins = [](const std::string& name) {
        Exchange claimant(clone(2));
        claimant.receive();
        return (claimant.isIn(name));
    };
    load(R"({ "client-class": "CLONES" })");
    EXPECT_TRUE(joins("CLONES"));
    EXPECT_FALSE(joins("CLONE_CONFLICT"));
    load("{}", R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24",
                    "user-context": { "clone-guard": { "client-class": "LOCAL" } } } ] })");
    EXPECT_TRUE(joins("LOCAL"));
    EXPECT_FALSE(joins("CLONE_CONFLICT"));
}

// R2, R13: the interface of a claim no longer exists when the claim is compared. The safe assumption is the same
// network.
TEST_F(ReceiveTest, rule13InterfaceOfARivalIsGone) {
    load();
    auto wire = clone(5);
    wire.identifier = identifierNumber(5);
    wire.giaddr = "0.0.0.0";
    wire.interface = "gone0";
    EXPECT_EQ(seenAs(wire), identifierNumber(5));
    wire.address = mac(6);
    wire.giaddr = "192.0.2.1";
    wire.interface = "ens18";
    EXPECT_EQ(seenAs(wire), derive(mac(6), identifierNumber(5)));
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// R2: a query without a subnet gets no address from the server, so the guard does not handle it.
TEST_F(ReceiveTest, rule02NoSubnet) {
    load();
    for (const uint32_t machine : {5U, 6U}) {
        auto wire = behind("203.0.113.1", clone(machine));
        wire.identifier = identifierNumber(5);
        EXPECT_EQ(seenAs(wire), identifierNumber(5));
    }
    EXPECT_EQ(statistic("clone-guard-suspected"), 0);
}

// R3, R14: a renewal is recognised by the lease that it names, if the lease is the sender's own. An instant clone,
// which resumes in state BOUND and renews the address of another machine, is a claimant.
TEST_F(ReceiveTest, rule03Renewal) {
    load();
    auto renewal = clone(1, DHCPREQUEST);
    renewal.ciaddr = "192.0.2.101";
    EXPECT_EQ(seenAs(renewal), cloneIdentifier());
    renewal.address = mac(2);
    EXPECT_EQ(seenAs(renewal), derivedOf(2));
    // The holder is in a known conflict.
    renewal.address = mac(1);
    EXPECT_EQ(seenAs(renewal), cloneIdentifier());
    // A lease under another identifier does not count for this one.
    addLease("192.0.2.103", identifierNumber(3), mac(3));
    renewal.address = mac(3);
    renewal.ciaddr = "192.0.2.103";
    EXPECT_EQ(seenAs(renewal), derivedOf(3));
}

// R3: an expired lease does not count as a renewal. The claim decides, even if the query names that lease.
TEST_F(ReceiveTest, rule03RenewalTooLate) {
    load();
    auto renewal = clone(5, DHCPREQUEST);
    renewal.identifier = identifierNumber(5);
    renewal.ciaddr = "192.0.2.105";
    addLease("192.0.2.105", identifierNumber(5), mac(5), 1, 7200, 3600);
    auto other = renewal;
    other.address = mac(6);
    EXPECT_EQ(seenAs(other), identifierNumber(5));
    EXPECT_EQ(seenAs(renewal), derive(mac(5), identifierNumber(5)));
}

// R6: an identifier too long for the derived identifier is in it as its digest.
TEST_F(ReceiveTest, rule06LongIdentifier) {
    load();
    auto wire = clone(2);
    wire.identifier = filled(128);
    wire.identifier->front() = 0xff;
    addLease("192.0.2.102", *wire.identifier, mac(1));
    const auto seen = seenAs(wire);
    ASSERT_TRUE(seen);
    EXPECT_EQ(*seen, derive(mac(2), *wire.identifier));
    EXPECT_EQ(seen->size(), 28U);
}

// R3: without any lease the first machine passes, and the next one is a claimant in the same instant.
TEST_F(ReceiveTest, rule03BootTogether) {
    load();
    for (uint32_t number = 0; number < 20; ++number) {
        auto first = clone(3);
        auto second = clone(4);
        first.identifier = second.identifier = identifierNumber(number);
        EXPECT_EQ(seenAs(first), identifierNumber(number));
        EXPECT_EQ(seenAs(second), derive(mac(4), identifierNumber(number)));
        EXPECT_EQ(seenAs(first), identifierNumber(number));
    }
}

// R3: after the library was loaded anew, the lease database alone leads to the same decision.
TEST_F(ReceiveTest, rule03DatabaseIsTheEvidence) {
    load();
    addLease("192.0.2.102", derivedOf(2), mac(2));
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(seenAs(clone(1)), cloneIdentifier());
        EXPECT_EQ(seenAs(clone(2)), derivedOf(2));
        EXPECT_EQ(seenAs(clone(3)), derivedOf(3));
        load();
    }
    // A claimant keeps its role and its address after the holder's lease was deleted.
    LeaseMgrFactory::instance().deleteLease(
        LeaseMgrFactory::instance().getLease4(isc::asiolink::IOAddress("192.0.2.101")));
    load();
    auto renewal = clone(2, isc::dhcp::DHCPREQUEST);
    renewal.ciaddr = "192.0.2.102";
    EXPECT_EQ(seenAs(renewal), derivedOf(2));
    EXPECT_EQ(seenAs(clone(2)), derivedOf(2));
}

// R3: of two live leases of one identifier, the server's look-up returns one first. The machine of that lease passes.
TEST_F(ReceiveTest, rule03SeveralLiveRecords) {
    load();
    addLease("192.0.2.102", cloneIdentifier(), mac(2));
    const auto first =
        LeaseMgrFactory::instance().getLease4(ClientId(cloneIdentifier()))[0]->hwaddr_->hwaddr_;
    const uint32_t winner = first == mac(1).bytes().copy() ? 1 : 2;
    EXPECT_EQ(seenAs(clone(winner)), cloneIdentifier());
    EXPECT_EQ(seenAs(clone(3 - winner)), derivedOf(3 - winner));
}

// R9: the next machine takes over an expired lease, or with takeover `never` no machine does.
TEST_F(ReceiveTest, rule09Takeover) {
    load(R"({ "takeover": "never" })");
    auto wire = clone(2);
    wire.identifier = identifierNumber(1);
    addLease("192.0.2.110", identifierNumber(1), mac(1), 1, 7200, 3600);
    EXPECT_EQ(seenAs(wire), derive(mac(2), identifierNumber(1)));
    load(R"({ "takeover": "expired" })");
    EXPECT_EQ(seenAs(wire), identifierNumber(1));
    wire.address = mac(3);
    EXPECT_EQ(seenAs(wire), derive(mac(3), identifierNumber(1)));
}

// R2: a lease in another network does not count. A lease in another subnet of the shared network does.
TEST_F(ReceiveTest, rule02Networks) {
    load();
    EXPECT_EQ(seenAs(behind("198.51.100.1", clone(2))), cloneIdentifier());
    EXPECT_EQ(seenAs(behind("10.1.0.1", clone(3))), cloneIdentifier());
    EXPECT_EQ(seenAs(behind("10.2.0.1", clone(4))), derivedOf(4))
        << "10.1.0.0/24 is in the same shared network";
    EXPECT_EQ(seenAs(behind("192.0.2.1", clone(2))), derivedOf(2));
}

// R2: one DUID with two IAIDs is a multi-homed host.
TEST_F(ReceiveTest, rule02MultiHomedHost) {
    load();
    auto wire = clone(2);
    (*wire.identifier)[4] ^= 1;
    EXPECT_EQ(seenAs(wire), wire.identifier);
    EXPECT_EQ(statistic("clone-guard-suspected"), 0);
}

// R5: off does nothing; monitor reports and changes nothing. Both work per network, too.
TEST_F(ReceiveTest, rule05OffAndMonitor) {
    for (const auto* policy : {"off", "monitor"}) {
        load(std::string(R"({ "policy": ")") + policy + "\" }");
        Exchange claimant(clone(2));
        EXPECT_EQ(claimant.receive(), CONTINUE);
        EXPECT_EQ(claimant.identifier(), cloneIdentifier());
        EXPECT_FALSE(claimant.isIn("CLONE_CONFLICT"));
        EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(),
                  policy == std::string("off") ? 0U : 1U);
        log_.forget();
    }
    load("{}", R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24",
                    "user-context": { "clone-guard": { "policy": "off" } } } ] })");
    EXPECT_EQ(seenAs(clone(2)), cloneIdentifier());
}

// R7: a refused DISCOVER is dropped and counted in the server's own counter.
TEST_F(ReceiveTest, rule07Discover) {
    load(R"({ "policy": "refuse" })");
    EXPECT_EQ(Exchange(clone(2)).receive(), DROP);
    EXPECT_EQ(statistic("pkt4-receive-drop"), 1);
    EXPECT_EQ(statistic("clone-guard-refused"), 1);
    EXPECT_EQ(statistic("subnet[1].clone-guard-refused"), 1);
    EXPECT_EQ(Exchange(clone(1)).receive(), CONTINUE);
    EXPECT_EQ(statistic("pkt4-receive-drop"), 1);
}

// R7: a REQUEST that would extend an earlier lease is dropped, so that the lease expires. The server answers any other
// REQUEST, under the derived identifier and without the class.
TEST_F(ReceiveTest, rule07Request) {
    load(R"({ "policy": "refuse" })");
    auto other = clone(2, DHCPREQUEST);
    other.requested = "192.0.2.150";
    Exchange exchange(other);
    EXPECT_EQ(exchange.receive(), CONTINUE);
    EXPECT_EQ(exchange.identifier(), derivedOf(2));
    EXPECT_FALSE(exchange.isIn("CLONE_CONFLICT"));

    addLease("192.0.2.102", derivedOf(2), mac(2));
    auto renewal = clone(2, DHCPREQUEST);
    renewal.ciaddr = "192.0.2.102";
    EXPECT_EQ(Exchange(renewal).receive(), DROP);
    EXPECT_EQ(Exchange(other).receive(), CONTINUE) << "asks for another address than its own";

    // A REQUEST also extends a lease that a PXE stage got under the hardware address alone.
    addLease("192.0.2.103", {}, mac(3));
    auto pxe = clone(3, DHCPREQUEST);
    pxe.requested = "192.0.2.103";
    EXPECT_EQ(Exchange(pxe).receive(), DROP);
}

// R1: queries that are not guarded are unchanged: no identifier, or one of another type. strangers_test.cc has those
// without a hardware address.
TEST_F(ReceiveTest, rule01LeftAlone) {
    load();
    auto wire = clone(2);
    wire.identifier.reset();
    EXPECT_EQ(Exchange(wire).receive(), CONTINUE);
    EXPECT_EQ(seenAs(wire), std::nullopt);
    wire.identifier = hex("01:bc:24:11:00:00:01");
    addLease("192.0.2.120", *wire.identifier, mac(1));
    EXPECT_EQ(seenAs(wire), wire.identifier);
    EXPECT_EQ(statistic("clone-guard-suspected"), 0);
}

// R1: with client-id-types "all" every identifier is guarded.
TEST_F(ReceiveTest, rule01AllTypes) {
    load(R"({ "client-id-types": "all" })");
    auto wire = clone(2);
    wire.identifier = hex("01:bc:24:11:00:00:01");
    addLease("192.0.2.120", *wire.identifier, mac(1));
    EXPECT_EQ(seenAs(wire), derive(mac(2), *wire.identifier));
}

// R1: queries that an exemption names are unchanged.
TEST_F(ReceiveTest, rule01Exemptions) {
    load(R"({ "exempt": { "client-ids": [ ")" + toHex(cloneIdentifier()) + "\" ] } }");
    EXPECT_EQ(seenAs(clone(2)), cloneIdentifier());
    load(R"({ "exempt": { "duids": [ "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d" ] } })");
    EXPECT_EQ(seenAs(clone(2)), cloneIdentifier());
    load(R"({ "exempt": { "hw-addresses": [ ")" + mac(2).toText() + "\" ] } }");
    EXPECT_EQ(seenAs(clone(2)), cloneIdentifier());
    EXPECT_EQ(seenAs(clone(3)), derivedOf(3));
    load(R"({ "exempt": { "client-classes": [ "CARP" ] } })");
    EXPECT_EQ(seenAs(clone(2)), derivedOf(2));
    const auto packet = clone(3).received();
    packet->addClass("CARP");
    Exchange exchange(packet);
    exchange.receive();
    EXPECT_EQ(exchange.identifier(), cloneIdentifier());
}

// R1: an exempt class may be written as any release of Kea names it. Kea 3.3 escapes the names that it generates.
TEST_F(ReceiveTest, rule01ExemptClassInEachSpelling) {
    const char* const spellings[] = {"VENDOR_CLASS_MSFT 5.0", "VENDOR_CLASS_MSFT%205.0"};
    uint32_t machine = 1;
    for (const std::string written : spellings) {
        load(R"({ "exempt": { "client-classes": [ ")" + written + "\" ] } }");
        ++machine;
        EXPECT_EQ(seenAs(clone(machine)), derivedOf(machine));
        for (const auto* assigned : spellings) {
            const auto packet = clone(++machine).received();
            packet->addClass(assigned);
            Exchange exchange(packet);
            exchange.receive();
            EXPECT_EQ(exchange.identifier(), cloneIdentifier()) << written << " and " << assigned;
        }
    }
}

// R1: a derived identifier from the wire is derived again, for any sender.
TEST_F(ReceiveTest, rule01Forged) {
    load();
    addLease("192.0.2.102", derivedOf(2), mac(2));
    for (const uint32_t machine : {2U, 3U}) {
        auto wire = clone(machine);
        wire.identifier = derivedOf(2);
        EXPECT_EQ(seenAs(wire), derive(mac(machine), derivedOf(2)));
    }
}

// R1: in a network that ignores client identifiers, a conflict is only reported.
TEST_F(ReceiveTest, rule01MatchClientIdFalse) {
    load("{}", R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "match-client-id": false } ] })");
    EXPECT_EQ(seenAs(clone(2)), cloneIdentifier());
    EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
}

}  // namespace test
}  // namespace clone_guard
