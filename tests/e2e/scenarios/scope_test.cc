// SPDX-License-Identifier: MPL-2.0
//
// R1: who is guarded, and who is left alone.

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Rule01Guarded : public E2eTest {
protected:
    /// @brief Two machines that say the same, as far as it can be said; noted reply by reply.
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

// Every kind of DUID is guarded.
TEST_F(Rule01Guarded, everyKindOfDuid) {
    serve(ServerSetup());
    for (const char* duid :
         {"00:01:00:01:2c:0b:aa:10:52:54:00:12:34:56", "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d",
          "00:03:00:01:52:54:00:12:34:56", "00:04:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00"}) {
        EXPECT_TRUE(keptApart(rfc4361(iaidEns18(), fromHex(duid)))) << duid;
    }
}

// Identifiers of other types are as in stock Kea, unless client-id-types says "all".
TEST_F(Rule01Guarded, otherTypesOnlyWhereAllAreGuarded) {
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

// Without option 61 there is nothing to guard.
TEST_F(Rule01Guarded, noIdentifierIsLeftAlone) {
    expectSameAsStock(ServerSetup(),
                      [this] { twins(machine(1, std::nullopt), machine(2, std::nullopt)); });
    EXPECT_TRUE(server().audit().empty());
}

// Neither is there without a hardware address: all-zero, or InfiniBand, which has none in DHCP.
TEST_F(Rule01Guarded, noHardwareAddressIsLeftAlone) {
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

// BOOTP is left alone, also when it carries the identifier of clones.
TEST_F(Rule01Guarded, bootpIsLeftAlone) {
    ServerSetup setup;
    setup.hooks_before["libdhcp_bootp.so"] = Json::object();
    expectSameAsStock(setup, [this] {
        for (const uint32_t number : {1U, 2U, 1U, 2U}) {
            SimClient& client = clone(number);
            client.expectEcho(SimClient::Echo::ANY);  // Kea echoes none to BOOTP
            Packet query = client.packet(DISCOVER);
            query.options.erase(query.options.begin());
            note(client.exchange(query));
        }
    });
    EXPECT_TRUE(server().audit().empty());
}

// A malformed identifier is counted and passed on: the client is answered as by stock Kea.
TEST_F(Rule01Guarded, malformedIdentifiersNeverCostAnAnswer) {
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
            // Two options 61 are one, joined (RFC 3396): more than 255 bytes can come in.
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

// What the exemptions name is left alone: identifiers, DUIDs, hardware addresses, classes.
TEST_F(Rule01Guarded, exemptionsAreLeftAlone) {
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
        // The machine with the exempt hardware address comes second, and is no claimant.
        for (const uint32_t number : {31U, 3U}) {
            SimClient& client = machine(number, cloneIdentifier(3));
            note(client.request(note(client.discover())));
            note(client.renew());
        }
    });
    EXPECT_TRUE(server().audit().empty()) << server().file("audit.log");
    EXPECT_TRUE(keptApart(cloneIdentifier(5)));
}

// Where no subnet of a network looks identifiers up there is nothing to guard, only to report.
TEST_F(Rule01Guarded, conflictWhereIdentifiersAreNotMatchedIsOnlyReported) {
    ServerSetup setup;
    setup.subnets = {subnet(1, {{"match-client-id", false}})};
    expectSameAsStock(setup, [this] { twins(clone(1), clone(2)); });
    for (const auto& record : server().audit()) {
        EXPECT_EQ(record["action"], "none") << record;
    }
}

// In a shared network one subnet that looks identifiers up is enough for Kea, and so for the guard.
TEST_F(Rule01Guarded, oneMatchingSubnetMakesASharedNetworkGuarded) {
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
    EXPECT_TRUE(undisturbed(server(), first));
}

// An identifier that begins like a derived one is not believed: whoever sends that of another machine
// gets neither its address nor its answer, and cannot release it.
TEST_F(Rule01Guarded, forgedDerivedIdentifierIsNotBelieved) {
    serve(ServerSetup());
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    const Bytes stolen = derivedIdentifier(second.hwAddress(), cloneIdentifier());
    SimClient& thief = machine(66, stolen);
    EXPECT_NE(thief.discover().address(), address);
    EXPECT_NE(thief.acquire(), address);
    thief.release(address);
    thief.decline(address);
    thief.remember(address);
    EXPECT_NE(thief.renew().type(), ACK);
    const auto record = server().lease(address);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->hw_address, second.hwText());
    EXPECT_EQ(record->client_id, toHex(stolen));
    EXPECT_EQ(second.renew().address(), address);
    EXPECT_TRUE(undisturbed(server(), first));
}

// The same with the hardware address of the victim in the packet as well: even then the forged
// identifier is derived once more, and is another identity.
TEST_F(Rule01Guarded, forgedDerivedIdentifierWithTheVictimsHardwareAddress) {
    serve(ServerSetup());
    holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    SimClient& thief = machine(2, derivedIdentifier(second.hwAddress(), cloneIdentifier()));
    EXPECT_NE(thief.acquire(), address);
    EXPECT_EQ(second.renew().address(), address);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
