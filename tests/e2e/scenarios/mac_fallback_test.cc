// SPDX-License-Identifier: MPL-2.0
//
// R6: a claimant is handled under a derived identifier and has its own address.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <set>
#include <string>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is the number of the server's threads.
class Rule06MacFallback : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    ServerSetup threaded(ServerSetup setup = guarded("mac-fallback")) const {
        setup.threads = GetParam();
        return (setup);
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule06MacFallback, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R6: every claimant gets an address of its own, and the holder's lease does not change.
TEST_P(Rule06MacFallback, claimantsGetAddressesOfTheirOwn) {
    serve(threaded());
    SimClient& first = holder();
    std::set<Address> seen{first.address()};
    for (uint32_t i = 2; i <= 12; ++i) {
        const Address address = clone(i).acquire();
        EXPECT_FALSE(address.isZero());
        EXPECT_TRUE(seen.insert(address).second) << address << " was given to two machines";
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: a claimant and the holder keep their addresses when they renew, rebind, and reboot with or without a remembered
// address.
TEST_P(Rule06MacFallback, claimantKeepsItsAddressAtEveryRenewal) {
    serve(threaded());
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    const Address held = first.address();
    for (int round = 0; round < 5; ++round) {
        for (SimClient* client : {&second, &first}) {
            const Address own = client == &first ? held : address;
            EXPECT_EQ(client->renew().address(), own);
            EXPECT_EQ(client->rebind().address(), own);
            EXPECT_EQ(client->initReboot(own).address(), own);
            EXPECT_EQ(client->acquire(), own);
        }
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6, R11: a claimant that changes its host name at a renewal keeps its address, and the holder keeps its own. The
// first sighting counts machines, not host names, so the audit log still has one record of the conflict.
TEST_P(Rule06MacFallback, claimantKeepsItsAddressUnderAnotherHostName) {
    serve(threaded());
    SimClient& first = holder();
    const Address held = first.address();
    SimClient& second = clone(2);
    second.addOption(OPTION_HOST_NAME, fromText("web-02"));
    const Address address = second.acquire();
    ASSERT_FALSE(address.isZero());
    SimClient& renamed = clone(2);
    renamed.addOption(OPTION_HOST_NAME, fromText("web-03"));
    renamed.remember(address);
    const Reply reply = renamed.renew();
    EXPECT_EQ(reply.type(), ACK) << reply;
    EXPECT_EQ(reply.address(), address) << reply;
    EXPECT_TRUE(hasDerivedLease(server(), renamed));
    EXPECT_NE(server().file("leases.csv").find("web-03"), std::string::npos)
        << server().file("leases.csv");
    const auto records = server().audit("conflict-suspected");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["hw_address"], second.hwText()) << records[0];
    EXPECT_EQ(records[0]["hostname"], "web-02") << records[0];
    EXPECT_TRUE(server().audit("conflict-confirmed").empty());
    EXPECT_EQ(first.renew().address(), held);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_EQ(server().audit("conflict-suspected").size(), 1U);
}

// R6: the decision follows from the lease database: a server without its memory decides the same.
TEST_P(Rule06MacFallback, claimantKeepsItsAddressAcrossRestartAndPowerFailure) {
    serve(threaded());
    SimClient& first = holder();
    SimClient& second = clone(2);
    SimClient& third = clone(3);
    const Address address = second.acquire();
    const Address held = first.address();
    third.acquire();
    for (const bool orderly : {true, false}) {
        if (orderly) {
            server().stop();
        } else {
            server().kill();
        }
        server().start();
        EXPECT_EQ(second.renew().address(), address);
        EXPECT_EQ(second.acquire(), address);
        EXPECT_EQ(first.renew().address(), held);
        EXPECT_EQ(third.initReboot(third.address()).type(), ACK);
        EXPECT_EQ(clone(orderly ? 4 : 5).discover().type(), OFFER);
        EXPECT_TRUE(hasOwnLease(server(), first));
    }
}

// R6: OFFER, ACK and NAK carry the option 61 that the claimant sent, byte for byte.
TEST_P(Rule06MacFallback, everyReplyCarriesTheClientsOwnIdentifier) {
    serve(threaded());
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Reply offer = second.discover();
    const Reply nak = second.request(first.address());
    const Reply ack = second.request(offer);
    ASSERT_EQ(offer.type(), OFFER);
    ASSERT_EQ(nak.type(), NAK);
    ASSERT_EQ(ack.type(), ACK);
    for (const Reply& reply : {offer, nak, ack}) {
        EXPECT_EQ(reply.packet->option(OPTION_CLIENT_IDENTIFIER), cloneIdentifier()) << reply;
    }
}

// R6: if Kea echoes no option 61, the guard adds none.
TEST_P(Rule06MacFallback, noEchoIfTheServerEchoesNone) {
    ServerSetup setup = threaded();
    setup.more["echo-client-id"] = false;
    serve(setup);
    SimClient& first = clone(1);
    first.expectEcho(SimClient::Echo::NONE);
    EXPECT_FALSE(first.acquire().isZero());
    SimClient& second = clone(2);
    second.expectEcho(SimClient::Echo::NONE);
    EXPECT_EQ(second.discover().type(), OFFER);
    EXPECT_EQ(second.request(first.address()).type(), NAK);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_NE(second.address(), first.address());
    EXPECT_EQ(second.renew().type(), ACK);
}

// R6: the lease of a claimant contains the claimant's address and identifier: 00 43 47 01, htype, hlen, chaddr,
// identifier. Lease databases in use have such leases, so a change of the format fails here.
TEST_P(Rule06MacFallback, leaseDatabaseNamesTheClaimant) {
    serve(threaded());
    holder();
    SimClient& second = clone(2);
    const auto record = server().lease(second.acquire());
    ASSERT_TRUE(record);
    EXPECT_EQ(record->hw_address, second.hwText());
    EXPECT_EQ(record->client_id, toHex(derivedIdentifier(second.hwAddress(), cloneIdentifier())));
}

// R6: an identifier that does not fit is stored as a digest, with at most 128 bytes, the limit of Kea 2.2.0. Different
// identifiers behind one hardware address have different digests.
TEST_P(Rule06MacFallback, longIdentifiersAreDistinguishedByTheirDigest) {
    serve(threaded());
    std::set<Address> seen;
    for (const uint8_t last : {1, 2}) {
        Bytes identifier = cloneIdentifier() + Bytes(100, 0x77);
        identifier.push_back(last);
        for (const uint32_t number : {1U, 2U, 3U}) {
            SimClient& client = machine(number, identifier);
            const Address address = client.acquire();
            EXPECT_TRUE(seen.insert(address).second) << address << " was given twice";
            EXPECT_EQ(client.renew().address(), address);
            const auto record = server().lease(address);
            ASSERT_TRUE(record);
            EXPECT_LE((record->client_id.size() + 1) / 3, 128U);
        }
    }
    EXPECT_EQ(seen.size(), 6U);
}

// R6: a reservation for the claimant's hardware address applies to the claimant.
TEST_P(Rule06MacFallback, reservationByTheClaimantsHardwareAddressApplies) {
    ServerSetup setup = threaded();
    setup.subnets = {subnet(
        1, {{"reservations", {{{"hw-address", toHex(virtualMac(2))}, {"ip-address", "10.1.200.2"}}}}})};
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire(), addressIn(1, 200, 2));
    EXPECT_EQ(second.renew().address(), addressIn(1, 200, 2));
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: a reservation for the shared identifier or its DUID applies to the holder, never to a claimant.
TEST_P(Rule06MacFallback, reservationByTheSharedIdentifierBelongsToTheHolder) {
    const Json by_identifier = {{"client-id", cloneIdentifierText()}, {"ip-address", "10.1.200.1"}};
    const Json by_duid = {{"duid", toHex(systemdDuid(7))}, {"ip-address", "10.1.200.7"}};
    ServerSetup setup = threaded();
    setup.subnets = {subnet(1, {{"reservations", {by_identifier, by_duid}}})};
    serve(setup);
    EXPECT_EQ(holder().address(), addressIn(1, 200, 1));
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_NE(second.address(), addressIn(1, 200, 1));
    const Address reserved = machine(3, cloneIdentifier(7)).acquire();
    EXPECT_EQ(reserved, addressIn(1, 200, 7));
    const Address other = machine(4, cloneIdentifier(7)).acquire();
    EXPECT_FALSE(other.isZero());
    EXPECT_NE(other, reserved);
    EXPECT_NE(other, addressIn(1, 200, 7));
}

// R6: with a quarantine pool for the class CLONE_CONFLICT, claimants get addresses from it and other clients do not.
TEST_P(Rule06MacFallback, claimantsJoinTheClassAndItsPool) {
    ServerSetup setup = threaded();
    setup.more["client-classes"] = {
        {{"name", "CLONE_CONFLICT"}},
        {{"name", "SOUND"},
         {"test", "(member('KNOWN') or member('UNKNOWN')) and not member('CLONE_CONFLICT')"}}};
    setup.subnets = {
        subnet(1, {{"pools",
                    {{{"pool", "10.1.1.0 - 10.1.9.255"}, {"client-class", "SOUND"}},
                     {{"pool", "10.1.99.0 - 10.1.99.255"}, {"client-class", "CLONE_CONFLICT"}}}}})};
    serve(setup);
    EXPECT_LT(holder().address(), addressIn(1, 10, 0));
    EXPECT_LT(machine(50, macIdentifier(virtualMac(50))).acquire(), addressIn(1, 10, 0));
    for (uint32_t i = 2; i <= 5; ++i) {
        SimClient& claimant = clone(i);
        EXPECT_EQ(claimant.acquire().value & 0xffffff00U, addressIn(1, 99, 0).value);
        EXPECT_EQ(claimant.renew().type(), ACK);
    }
}

// R6: the class can have another name.
TEST_P(Rule06MacFallback, theClassNameIsAParameter) {
    ServerSetup setup = threaded();
    setup.guard = Json{{"client-class", "TWINS"}};
    setup.more["client-classes"] = {{{"name", "TWINS"}}};
    setup.subnets = {subnet(1, {{"pools",
                                 {{{"pool", "10.1.1.0 - 10.1.1.0"}},
                                  {{"pool", "10.1.99.0 - 10.1.99.9"}, {"client-class", "TWINS"}}}}})};
    serve(setup);
    EXPECT_EQ(holder().address(), addressIn(1, 1, 0));
    EXPECT_EQ(clone(2).acquire().value & 0xffffff00U, addressIn(1, 99, 0).value);
    EXPECT_TRUE(machine(9, macIdentifier(virtualMac(9))).acquire().isZero());
}

// R6: two identifiers behind one hardware address (ipvlan, dual boot, PXE and operating system) are two identities,
// even if one of them is a claimant's.
TEST_P(Rule06MacFallback, twoIdentifiersBehindOneHardwareAddressStayTwo) {
    serve(threaded());
    SimClient& first = holder();
    SimClient& cloned = clone(2);
    SimClient& neighbour = machine(2, cloneIdentifier(99));
    SimClient& firmware = machine(2, macIdentifier(virtualMac(2)));
    const std::set<Address> addresses{first.address(), cloned.acquire(), neighbour.acquire(),
                                      firmware.acquire()};
    EXPECT_EQ(addresses.size(), 4U);
    for (SimClient* client : {&cloned, &neighbour, &firmware}) {
        const Address address = client->address();
        EXPECT_EQ(client->renew().address(), address);
        EXPECT_EQ(client->acquire(), address);
    }
    EXPECT_TRUE(hasOwnLease(server(), neighbour));
}

// R6: a sealed clone has its own identifier and is an ordinary client. It may get one NAK for its former address.
TEST_P(Rule06MacFallback, sealedCloneIsAnOrdinaryClientAfterAtMostOneNak) {
    serve(threaded());
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address before = second.acquire();
    second.setIdentifier(cloneIdentifier(42));
    const Reply reply = second.initReboot(before);
    EXPECT_NE(reply.type(), ACK) << reply;
    const Address after = second.acquire();
    EXPECT_FALSE(after.isZero());
    const auto record = server().lease(after);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->client_id, toHex(cloneIdentifier(42)));
    EXPECT_EQ(second.renew().address(), after);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
