// SPDX-License-Identifier: MPL-2.0
//
// R6: a reservation for a machine's own hardware address applies to that machine, holder or claimant. A reservation for
// the identifier or its DUID applies to the holder.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief Makes a reservation by one kind of identifier.
Json
reserved(const std::string& kind, const Bytes& identifier, Address address,
         const Json& more = Json::object()) {
    Json entry = {{kind, toHex(identifier)}, {"ip-address", address.toText()}};
    entry.update(more);
    return (entry);
}

Json
reservations(const std::vector<Json>& entries) {
    return (Json{{"reservations", entries}});
}

/// @brief The place of the reserved addresses, and the number of the server's threads.
struct Reserved {
    const char* name;
    bool in_pool;
    unsigned threads;
};

class Rule06Reservations : public E2eTest, public ::testing::WithParamInterface<Reserved> {
protected:
    ServerSetup with(const std::vector<Json>& entries, const char* policy = "mac-fallback") const {
        ServerSetup setup = guarded(policy);
        setup.threads = GetParam().threads;
        setup.subnets = {subnet(1, reservations(entries))};
        return (setup);
    }

    /// @brief Returns a reserved address; within the pool, one that the server would allocate next.
    static Address place(uint8_t number) {
        return (GetParam().in_pool ? addressIn(1, 1, number) : addressIn(1, 200, number));
    }

    /// @brief Expects that a machine gets and keeps an address other than the reserved one.
    void expectElsewhere(SimClient& client, Address reserved) {
        EXPECT_EQ(client.request(reserved).type(), NAK);
        const Address address = client.acquire();
        EXPECT_FALSE(address.isZero());
        EXPECT_NE(address, reserved);
        expectKept(client);
        EXPECT_TRUE(hasDerivedLease(server(), client));
    }
};

INSTANTIATE_TEST_SUITE_P(Reserved, Rule06Reservations,
                         ::testing::Values(Reserved{"inPool", true, 0}, Reserved{"outOfPool", false, 0},
                                           Reserved{"inPoolFourThreads", true, 4}),
                         [](const auto& info) { return (std::string(info.param.name)); });

// R6: the reservation for the holder's hardware address applies to the holder; a claimant gets another address.
TEST_P(Rule06Reservations, byHardwareAddressOfTheHolder) {
    serve(with({reserved("hw-address", virtualMac(1), place(0))}));
    SimClient& first = holder();
    EXPECT_EQ(first.address(), place(0));
    expectElsewhere(clone(2), place(0));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: the reservation for a claimant's own hardware address applies to that claimant only.
TEST_P(Rule06Reservations, byHardwareAddressOfTheClaimant) {
    serve(with({reserved("hw-address", virtualMac(2), place(0))}));
    SimClient& first = holder();
    EXPECT_NE(first.address(), place(0));
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire(), place(0));
    expectKept(second);
    EXPECT_TRUE(hasDerivedLease(server(), second));
    expectElsewhere(clone(3), place(0));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: if every clone has a reservation for its hardware address, each gets the address reserved for it, also after a
// restart and in any order.
TEST_P(Rule06Reservations, byHardwareAddressOfEveryClone) {
    std::vector<Json> entries;
    for (uint8_t number = 1; number <= 4; ++number) {
        entries.push_back(reserved("hw-address", virtualMac(number), place(number)));
    }
    serve(with(entries));
    for (const uint32_t number : {3U, 1U, 4U, 2U, 1U, 3U}) {
        EXPECT_EQ(clone(number).acquire(), place(uint8_t(number)));
    }
    server().restart();
    for (const uint32_t number : {1U, 2U, 3U, 4U}) {
        EXPECT_EQ(clone(number).initReboot(place(uint8_t(number))).address(), place(uint8_t(number)));
    }
}

// R6: the reservation for the shared identifier applies to the holder. A claimant is not offered the address, and does
// not get it by asking for it.
TEST_P(Rule06Reservations, byTheSharedIdentifier) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0))}));
    SimClient& first = holder();
    EXPECT_EQ(first.address(), place(0));
    expectElsewhere(clone(2), place(0));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: the reservation for the DUID of the shared identifier applies to the holder.
TEST_P(Rule06Reservations, byTheSharedDuid) {
    serve(with({reserved("duid", systemdDuid(7), place(0))}));
    SimClient& first = machine(1, cloneIdentifier(7));
    EXPECT_EQ(first.acquire(), place(0));
    expectElsewhere(machine(2, cloneIdentifier(7)), place(0));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: with one reservation for the shared identifier and one for the claimant's hardware address, holder and claimant
// each get their own.
TEST_P(Rule06Reservations, bySharedIdentifierAndByHardwareAddressOfTheClaimant) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0)),
                reserved("hw-address", virtualMac(2), place(1))}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(first.address(), place(0));
    EXPECT_EQ(second.acquire(), place(1));
    expectKept(second);
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R6: the other entries of a reservation apply likewise: a claimant does not get the holder's next-server.
TEST_P(Rule06Reservations, otherEntriesGoWithTheReservation) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0), {{"next-server", "10.1.0.7"}}),
                reserved("hw-address", virtualMac(2), place(1), {{"next-server", "10.1.0.8"}})}));
    const auto bootServer = [](SimClient& client) {
        client.acquire();
        return (client.renew().packet->siaddr);
    };
    EXPECT_EQ(bootServer(clone(1)), Address("10.1.0.7"));
    EXPECT_EQ(bootServer(clone(2)), Address("10.1.0.8"));
    EXPECT_TRUE(bootServer(clone(3)).isZero());
}

// R6: the reservation for the identifier applies to the next holder.
TEST_P(Rule06Reservations, bySharedIdentifierPassesToTheNextHolder) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0))}), true);
    SimClient& first = holder();
    first.release();
    server().advanceClock(60);
    SimClient& third = clone(3);
    EXPECT_EQ(third.acquire(), place(0));
    EXPECT_TRUE(hasOwnLease(server(), third));
    expectElsewhere(first, place(0));
}

// R6: a reservation made after the claimant has an address moves the claimant at its next boot, like any client. The
// holder is not affected.
TEST_P(Rule06Reservations, madeLaterMovesTheClaimantAsAnyClient) {
    serve(with({}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address before = second.acquire();
    const auto later = with({reserved("hw-address", virtualMac(2), place(9))});
    ASSERT_EQ(server().configSet(later)["result"], 0);
    EXPECT_EQ(second.acquire(), place(9));
    EXPECT_FALSE(server().lease(before));
    expectKept(second);
    EXPECT_TRUE(hasDerivedLease(server(), second));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: the claimant's address is reserved for the shared identifier while the claimant has it. The two do not share it,
// and the holder gets it after the claimant has moved.
TEST_P(Rule06Reservations, madeLaterForTheIdentifierMovesTheClaimant) {
    serve(with({}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address wanted = second.acquire();
    const auto later = with({reserved("client-id", cloneIdentifier(), wanted)});
    ASSERT_EQ(server().configSet(later)["result"], 0);
    EXPECT_NE(first.acquire(), wanted);
    EXPECT_EQ(second.renew().type(), NAK);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_NE(second.address(), wanted);
    EXPECT_EQ(first.acquire(), wanted);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R6: the same holds for global reservations.
TEST_P(Rule06Reservations, globalOnes) {
    ServerSetup setup = with({});
    setup.more["reservations-global"] = true;
    setup.more.update(reservations({reserved("client-id", cloneIdentifier(), place(0)),
                                    reserved("hw-address", virtualMac(2), place(1))}));
    serve(setup);
    SimClient& first = holder();
    EXPECT_EQ(first.address(), place(0));
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire(), place(1));
    expectKept(second);
    expectElsewhere(clone(3), place(0));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R9: a claimant with the address reserved for its hardware address keeps it, whichever machine gets the identifier.
TEST_P(Rule06Reservations, rule09ReturningClaimantKeepsItsReservedAddress) {
    ServerSetup setup = with({reserved("hw-address", virtualMac(2), place(0))});
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    holder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire(), place(0));
    for (int round = 0; round < 2; ++round) {
        server().advanceClock(60);
        EXPECT_EQ(second.renew().address(), place(0));
    }
    EXPECT_EQ(second.acquire(), place(0));
    expectKept(second);
}

// R7: under refuse a reservation for a claimant's hardware address does not get it served, and its query does not harm
// the server. The holder keeps its lease.
TEST_P(Rule06Reservations, refusedClaimantIsRefusedInSpiteOfItsReservation) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0)),
                reserved("hw-address", virtualMac(2), place(1))},
               "refuse"));
    SimClient& first = holder();
    EXPECT_EQ(first.address(), place(0));
    SimClient& second = clone(2);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_NE(second.request(place(1)).type(), ACK);
    EXPECT_NE(second.initReboot(place(1)).type(), ACK);
    EXPECT_FALSE(server().lease(place(1)));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
