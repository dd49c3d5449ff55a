// SPDX-License-Identifier: MPL-2.0
//
// R1: the queries that are guarded, and those that are left alone.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Rule01Scope : public E2eTest {
protected:
    /// @brief Makes two machines send the same messages, and notes each reply.
    void twins(SimClient& one, SimClient& other) {
        for (SimClient* client : {&one, &other, &one, &other}) {
            note(client->request(note(client->discover())));
            note(client->rebind());
        }
        one.release();
        note(other.rebind());
    }

    /// @brief True if two machines with an identifier get two addresses.
    bool keptApart(const Bytes& identifier, uint32_t subnet = 1) {
        SimClient& one = machine(++last_machine_, identifier, subnet);
        SimClient& other = machine(++last_machine_, identifier, subnet);
        EXPECT_FALSE(one.acquire().isZero());
        EXPECT_FALSE(other.acquire().isZero());
        return (one.address() != other.address());
    }

    uint32_t last_machine_ = 1000;
};

// R1: every kind of DUID is guarded.
TEST_F(Rule01Scope, everyKindOfDuid) {
    serve(ServerSetup());
    for (const char* duid :
         {"00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56", "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",
          "00:03:00:01:52:54:00:12:34:56", "00:04:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00"}) {
        EXPECT_TRUE(keptApart(rfc4361(iaidEns18(), fromHex(duid)))) << duid;
    }
}

// R1: identifiers of other types are handled as by stock Kea, unless client-id-types is "all".
TEST_F(Rule01Scope, otherTypesOnlyIfAllAreGuarded) {
    const Bytes type_one = macIdentifier(virtualMac(77));
    const Bytes type_zero = Bytes{0} + fromText("appliance");
    expectSameAsStock(ServerSetup(), [&] {
        twins(machine(1, type_one), machine(2, type_one));
        twins(machine(3, type_zero), machine(4, type_zero));
    });
    EXPECT_TRUE(server().audit().empty());
    endServer();
    ServerSetup all;
    all.guard = Json{{"client-id-types", "all"}};
    serve(all);
    EXPECT_TRUE(keptApart(type_one));
    EXPECT_TRUE(keptApart(type_zero));
    EXPECT_TRUE(keptApart(cloneIdentifier()));
}

// R1: a query without option 61 is left alone.
TEST_F(Rule01Scope, noIdentifierIsLeftAlone) {
    expectSameAsStock(ServerSetup(),
                      [this] { twins(machine(1, std::nullopt), machine(2, std::nullopt)); });
    EXPECT_TRUE(server().audit().empty());
}

// R1: a query without a hardware address is left alone: all zero, or InfiniBand, which has none in DHCP.
TEST_F(Rule01Scope, noHardwareAddressIsLeftAlone) {
    expectSameAsStock(ServerSetup(), [this] {
        SimClient one(link(), Bytes(6, 0), cloneIdentifier(), relayOf(1));
        SimClient other(link(), Bytes(6, 0), cloneIdentifier(), relayOf(1));
        twins(one, other);
    });
    endServer();
    expectSameAsStock(ServerSetup(), [this] {
        SimClient one(link(), Bytes(), cloneIdentifier(), relayOf(1));
        SimClient other(link(), Bytes(), cloneIdentifier(), relayOf(1));
        one.setHardwareType(32);
        other.setHardwareType(32);
        twins(one, other);
    });
    EXPECT_TRUE(server().audit().empty());
}

// R1: BOOTP is left alone, also with identifiers of clones, as long as no other machine has a live lease of them.
TEST_F(Rule01Scope, bootpIsLeftAlone) {
    ServerSetup setup;
    setup.hooks_before["libdhcp_bootp.so"] = Json::object();
    expectSameAsStock(setup, [this] {
        for (const uint32_t number : {1U, 2U, 1U, 2U}) {
            SimClient& client = machine(number, cloneIdentifier(number));
            client.expectEcho(SimClient::Echo::ANY);  // Kea does not echo it to BOOTP
            note(client.exchange(client.bootp()));
        }
    });
    EXPECT_TRUE(server().audit().empty());
}

// R1: a malformed identifier is counted and passed on, and the client is answered as by stock Kea.
TEST_F(Rule01Scope, malformedIdentifiersAreAnswered) {
    const std::vector<Bytes> odd{{},
                                 {0xff},
                                 {0xff, 1, 2, 3},
                                 {0xff, 1, 2, 3, 4, 5},
                                 {0xff, 1, 2, 3, 4, 0},
                                 Bytes{0xff} + Bytes(254, 0x41),
                                 Bytes(255, 0)};
    expectSameAsStock(ServerSetup(), [&] {
        uint32_t number = 10;
        for (const auto& identifier : odd) {
            SimClient& client = machine(++number, identifier);
            client.expectEcho(SimClient::Echo::ANY);
            note(client.discover());
            note(client.request(addressIn(1, 3, uint8_t(number))));
        }
        number = 10;
        for (const auto& identifier : odd) {
            // Two options 61 are joined (RFC 3396), so more than 255 bytes can arrive.
            SimClient& client = machine(++number, identifier);
            client.expectEcho(SimClient::Echo::ANY);
            Packet query = client.packet(DISCOVER);
            query.add(OPTION_CLIENT_IDENTIFIER, Bytes(200, uint8_t(number)));
            note(client.exchange(query));
        }
        note(machine(99, cloneIdentifier(99)).discover());
    });
    EXPECT_GT(server().statistic("clone-guard-malformed"), 0);
}

// R1: identifiers, DUIDs, hardware addresses and classes of the exemptions are left alone.
TEST_F(Rule01Scope, exemptionsAreLeftAlone) {
    ServerSetup setup;
    setup.more["client-classes"] = {
        {{"name", "CARP"}, {"test", "substring(option[60].hex,0,4) == 'carp'"}}};
    setup.guard = Json{{"exempt",
                        {{"client-ids", {toHex(cloneIdentifier(1))}},
                         {"duids", {toHex(systemdDuid(2))}},
                         {"hw-addresses", {toHex(virtualMac(3))}},
                         {"client-classes", {"CARP"}}}}};
    expectSameAsStock(setup, [this] {
        twins(machine(11, cloneIdentifier(1)), machine(12, cloneIdentifier(1)));
        const Bytes another_iaid = rfc4361({1, 2, 3, 4}, systemdDuid(2));
        twins(machine(21, another_iaid), machine(22, another_iaid));
        SimClient& member = machine(41, cloneIdentifier(4));
        SimClient& other = machine(42, cloneIdentifier(4));
        for (SimClient* client : {&member, &other}) {
            client->addOption(OPTION_VENDOR_CLASS, fromText("carp pair"));
        }
        twins(member, other);
        // The machine with the exempt hardware address comes second, and is not a claimant.
        for (const uint32_t number : {31U, 3U}) {
            SimClient& client = machine(number, cloneIdentifier(3));
            note(client.request(note(client.discover())));
            note(client.renew());
        }
    });
    EXPECT_TRUE(server().audit().empty()) << server().file("audit.log");
    EXPECT_TRUE(keptApart(cloneIdentifier(5)));
}

// R1: if no subnet of a network matches identifiers, conflicts are only reported.
TEST_F(Rule01Scope, conflictIsOnlyReportedIfIdentifiersAreNotMatched) {
    ServerSetup setup;
    setup.subnets = {subnet(1, {{"match-client-id", false}})};
    expectSameAsStock(setup, [this] { twins(clone(1), clone(2)); });
    for (const auto& record : server().audit()) {
        EXPECT_EQ(record["action"], "none") << record;
    }
}

// R1: one subnet of a shared network that matches identifiers is enough for Kea, and so for the guard.
TEST_F(Rule01Scope, oneMatchingSubnetMakesASharedNetworkGuarded) {
    ServerSetup setup;
    setup.subnets.clear();
    setup.shared_networks = {
        sharedNetwork("both", {subnet(1), subnet(2, {{"match-client-id", false}})})};
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_NE(second.address(), first.address());
    EXPECT_EQ(second.renew().type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R1: an identifier that begins like a derived one is derived again. A machine that sends another's gets neither its
// address nor its answers, and cannot release its lease.
TEST_F(Rule01Scope, forgedDerivedIdentifierIsDerivedAgain) {
    serve(ServerSetup());
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    const Bytes victimsIdentifier = derivedIdentifier(second.hwAddress(), cloneIdentifier());
    SimClient& forger = machine(66, victimsIdentifier);
    EXPECT_NE(forger.discover().address(), address);
    EXPECT_NE(forger.acquire(), address);
    forger.release(address);
    forger.decline(address);
    forger.remember(address);
    EXPECT_NE(forger.renew().type(), ACK);
    const auto record = server().lease(address);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->hw_address, second.hwText());
    EXPECT_EQ(record->client_id, toHex(victimsIdentifier));
    EXPECT_EQ(second.renew().address(), address);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R1: a forged identifier together with the victim's hardware address is also derived again, and is another identity.
TEST_F(Rule01Scope, forgedDerivedIdentifierWithTheVictimsHardwareAddress) {
    serve(ServerSetup());
    holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    SimClient& forger = machine(2, derivedIdentifier(second.hwAddress(), cloneIdentifier()));
    EXPECT_NE(forger.acquire(), address);
    EXPECT_EQ(second.renew().address(), address);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
