// SPDX-License-Identifier: MPL-2.0
//
// R6: reservations. What is reserved for a machine's own hardware address is that machine's, whether it
// is holder or claimant; what is reserved for the identifier or its DUID is the holder's.

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief A reservation by one kind of identifier.
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

/// @brief Where the reserved addresses are, and the server's threads.
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

    /// @brief A reserved address: in the pool those that the server would give out next.
    static Address place(uint8_t number) {
        return (GetParam().in_pool ? addressIn(1, 1, number) : addressIn(1, 200, number));
    }

    /// @brief A second machine: it has an address of its own, which is not this one, and keeps it.
    void expectElsewhere(SimClient& client, Address reserved) {
        EXPECT_EQ(client.request(reserved).type(), NAK);
        const Address address = client.acquire();
        EXPECT_FALSE(address.isZero());
        EXPECT_NE(address, reserved);
        expectKept(client);
        EXPECT_TRUE(setAside(server(), client));
    }
};

INSTANTIATE_TEST_SUITE_P(Reserved, Rule06Reservations,
                         ::testing::Values(Reserved{"inPool", true, 0}, Reserved{"outOfPool", false, 0},
                                           Reserved{"inPoolFourThreads", true, 4}),
                         [](const auto& info) { return (std::string(info.param.name)); });

// What is reserved for the holder's hardware address is the holder's; a claimant gets another.
TEST_P(Rule06Reservations, byHardwareAddressOfTheHolder) {
    serve(with({reserved("hw-address", virtualMac(1), place(0))}));
    SimClient& first = holder();
    EXPECT_EQ(first.address(), place(0));
    expectElsewhere(clone(2), place(0));
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
}

// What is reserved for a claimant's own hardware address is the claimant's, and nobody else's.
TEST_P(Rule06Reservations, byHardwareAddressOfTheClaimant) {
    serve(with({reserved("hw-address", virtualMac(2), place(0))}));
    SimClient& first = holder();
    EXPECT_NE(first.address(), place(0));
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire(), place(0));
    expectKept(second);
    EXPECT_TRUE(setAside(server(), second));
    expectElsewhere(clone(3), place(0));
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
}

// Where every clone has a reservation for its hardware address, each has the address reserved for it,
// also after a restart and in whatever order they come.
TEST_P(Rule06Reservations, byHardwareAddressOfEveryone) {
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

// What is reserved for the shared identifier is the holder's: a claimant neither is given it nor gets
// it by asking for it.
TEST_P(Rule06Reservations, byTheSharedIdentifier) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0))}));
    SimClient& first = holder();
    EXPECT_EQ(first.address(), place(0));
    expectElsewhere(clone(2), place(0));
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
}

// The same for the DUID in it.
TEST_P(Rule06Reservations, byTheSharedDuid) {
    serve(with({reserved("duid", systemdDuid(7), place(0))}));
    SimClient& first = machine(1, cloneIdentifier(7));
    EXPECT_EQ(first.acquire(), place(0));
    expectElsewhere(machine(2, cloneIdentifier(7)), place(0));
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
}

// One reservation for the shared identifier and one for the claimant's hardware address: to each its
// own.
TEST_P(Rule06Reservations, bySharedIdentifierAndByHardwareAddressOfTheClaimant) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0)),
                reserved("hw-address", virtualMac(2), place(1))}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(first.address(), place(0));
    EXPECT_EQ(second.acquire(), place(1));
    expectKept(second);
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
}

// Everything else in a reservation goes the same way: the holder's next-server is not the claimant's.
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

// Whoever comes to hold the identifier has what is reserved for it.
TEST_P(Rule06Reservations, bySharedIdentifierPassesToTheNextHolder) {
    serve(with({reserved("client-id", cloneIdentifier(), place(0))}), true);
    SimClient& first = holder();
    first.release();
    server().advanceClock(60);
    SimClient& third = clone(3);
    EXPECT_EQ(third.acquire(), place(0));
    EXPECT_TRUE(undisturbed(server(), third));
    expectElsewhere(first, place(0));
}

// A reservation that is made when the claimant has an address already moves it at its next boot, as it
// moves any client; the holder is not touched.
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
    EXPECT_TRUE(setAside(server(), second));
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
}

// The claimant's address is reserved for the shared identifier while the claimant has it: nobody shares
// it, and once the claimant has been sent away it is the holder's.
TEST_P(Rule06Reservations, madeLaterForTheIdentifierSendsTheClaimantAway) {
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
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
}

// Reservations for all subnets at once (R6): the same rules.
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
    EXPECT_TRUE(undisturbed(server(), first));
}

// R9: a claimant that has the address reserved for its hardware address has it whoever the identifier goes to.
TEST_P(Rule06Reservations, Rule09ReturningClaimantKeepsWhatIsReservedForIt) {
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

// R7: under refuse a reservation for its hardware address does not get a claimant in, and its query
// does not hurt the server; the holder has its own.
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
    EXPECT_TRUE(undisturbed(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
