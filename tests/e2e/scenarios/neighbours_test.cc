// SPDX-License-Identifier: MPL-2.0
//
// R6: several identities behind one hardware address, one of them in a conflict: ipvlan, and PXE before an operating
// system. R7: firmware under the policy refuse.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

class Neighbours : public E2eTest {
protected:
    /// @brief Expects that each client gets an address of its own and keeps it whatever the others do.
    void expectEachItsOwn(const std::vector<SimClient*>& clients) {
        for (int round = 0; round < 2; ++round) {
            for (SimClient* client : clients) {
                EXPECT_FALSE(client->acquire().isZero()) << client->hwText();
            }
            std::set<Address> addresses;
            for (SimClient* client : clients) {
                expectKept(*client);
                EXPECT_TRUE(addresses.insert(client->address()).second)
                    << client->address() << " was given to " << client->hwText() << " too";
            }
            server().restart();
        }
    }

    /// @brief Makes a machine with PXE firmware, with or without an identifier.
    SimClient& firmware(uint32_t number, const std::optional<Bytes>& identifier) {
        SimClient& client = machine(number, identifier);
        client.addOption(OPTION_VENDOR_CLASS, fromText("PXEClient:Arch:00007:UNDI:003016"));
        return (client);
    }

    SimClient& firmware(uint32_t number) {
        return (firmware(number, macIdentifier(virtualMac(number))));
    }
};

/// @brief The parameter is the number of the server's threads.
class Rule06Neighbours : public Neighbours, public ::testing::WithParamInterface<unsigned> {
protected:
    void serveThreaded(const Json& more = Json::object()) {
        ServerSetup setup = guarded("mac-fallback");
        setup.guard->update(more);
        setup.threads = GetParam();
        serve(setup);
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule06Neighbours, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R6: with ipvlan, a claimant comes first, then a neighbour without a conflict behind the same hardware address.
TEST_P(Rule06Neighbours, ipvlanClaimantFirst) {
    serveThreaded();
    SimClient& first = holder();
    SimClient& claimant = clone(2);
    SimClient& neighbour = machine(2, cloneIdentifier(99));
    expectEachItsOwn({&first, &claimant, &neighbour});
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), claimant));
    EXPECT_TRUE(hasOwnLease(server(), neighbour));
}

// R6: with ipvlan, the neighbour without a conflict comes first, then the claimant.
TEST_P(Rule06Neighbours, ipvlanNeighbourFirst) {
    serveThreaded();
    SimClient& first = holder();
    SimClient& neighbour = machine(2, cloneIdentifier(99));
    SimClient& claimant = clone(2);
    expectEachItsOwn({&neighbour, &claimant, &first});
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), claimant));
    EXPECT_TRUE(hasOwnLease(server(), neighbour));
}

// R6: with ipvlan, the holder has neighbours.
TEST_P(Rule06Neighbours, ipvlanHolder) {
    serveThreaded();
    SimClient& neighbour = machine(1, cloneIdentifier(99));
    SimClient& first = clone(1);
    SimClient& late = machine(1, cloneIdentifier(98));
    SimClient& claimant = clone(2);
    expectEachItsOwn({&neighbour, &first, &late, &claimant});
    for (SimClient* client : {&neighbour, &first, &late}) {
        EXPECT_TRUE(hasOwnLease(server(), *client));
    }
    EXPECT_TRUE(hasDerivedLease(server(), claimant));
}

// R6: with ipvlan, the host was cloned with all identities behind it.
TEST_P(Rule06Neighbours, ipvlanHostCloned) {
    serveThreaded();
    SimClient& one = machine(1, cloneIdentifier(11));
    SimClient& two = machine(1, cloneIdentifier(12));
    SimClient& one_again = machine(2, cloneIdentifier(11));
    SimClient& two_again = machine(2, cloneIdentifier(12));
    expectEachItsOwn({&one, &two, &two_again, &one_again});
    for (SimClient* client : {&one, &two}) {
        EXPECT_TRUE(hasOwnLease(server(), *client));
    }
    for (SimClient* client : {&one_again, &two_again}) {
        EXPECT_TRUE(hasDerivedLease(server(), *client));
    }
}

// R8: a claimant's release does not release its neighbours' leases, and theirs does not release the claimant's.
TEST_P(Rule06Neighbours, rule08ReleaseIsOneIdentitysAlone) {
    serveThreaded();
    SimClient& first = holder();
    SimClient& claimant = clone(2);
    SimClient& neighbour = machine(2, cloneIdentifier(99));
    claimant.acquire();
    neighbour.acquire();
    claimant.release(neighbour.address());
    claimant.decline(neighbour.address());
    neighbour.release(claimant.address());
    neighbour.decline(claimant.address());
    EXPECT_TRUE(hasOwnLease(server(), neighbour));
    EXPECT_TRUE(hasDerivedLease(server(), claimant));
    const Address given_back = claimant.address();
    claimant.release();
    EXPECT_FALSE(server().lease(given_back));
    expectKept(neighbour);
    EXPECT_TRUE(hasOwnLease(server(), neighbour));
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: PXE sends its hardware address (type 1), and the operating system after it is a claimant. They are two
// identities, as in stock Kea, also at the next boot.
TEST_P(Rule06Neighbours, pxeByTypeOneThenASystemInConflict) {
    serveThreaded();
    SimClient& first = holder();
    SimClient& rom = firmware(2);
    SimClient& system = clone(2);
    expectEachItsOwn({&first, &rom, &system});
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasOwnLease(server(), rom));
    EXPECT_TRUE(hasDerivedLease(server(), system));
}

// R6: the lease of PXE without an identifier matches any client with that hardware address, as in stock Kea. The
// operating system may continue with the firmware's address, but not with another machine's.
TEST_P(Rule06Neighbours, pxeWithoutIdentifierThenASystemInConflict) {
    serveThreaded();
    SimClient& first = holder();
    SimClient& other = clone(3);
    other.acquire();
    SimClient& rom = firmware(2, std::nullopt);
    SimClient& system = clone(2);
    for (int boot = 0; boot < 3; ++boot) {
        EXPECT_FALSE(rom.acquire().isZero());
        EXPECT_FALSE(system.acquire().isZero());
        for (SimClient* client : {&rom, &system}) {
            EXPECT_NE(client->address(), first.address());
            EXPECT_NE(client->address(), other.address());
        }
        EXPECT_EQ(system.renew().type(), ACK);
        EXPECT_TRUE(hasDerivedLease(server(), system));
        expectKept(other);
        expectKept(first);
        EXPECT_TRUE(hasOwnLease(server(), first));
    }
}

// R6: firmware is cloned, with the UUID of its board as identifier. It is guarded only if all identifier types are.
TEST_P(Rule06Neighbours, pxeWithAClonedUuidIsGuardedIfAllTypesAre) {
    serveThreaded({{"client-id-types", "all"}});
    const Bytes uuid = Bytes{0} + fromHex("564d1234567890abcdef1234567890ab");
    SimClient& one = firmware(1, uuid);
    SimClient& other = firmware(2, uuid);
    expectEachItsOwn({&one, &other});
    EXPECT_TRUE(hasOwnLease(server(), one));
    EXPECT_TRUE(hasDerivedLease(server(), other));
}

// R6: machines behind one circuit of a relay agent (macvlan, bridges) are distinguished by their hardware addresses
// only, whatever else the relay sends.
TEST_P(Rule06Neighbours, machinesBehindOneCircuit) {
    serveThreaded();
    std::vector<SimClient*> clones;
    for (uint32_t number = 1; number <= 4; ++number) {
        clones.push_back(&clone(number));
        clones.back()->addOption(OPTION_RELAY_AGENT, Bytes{1, 4} + fromText("eth7"));
    }
    expectEachItsOwn(clones);
    EXPECT_TRUE(hasOwnLease(server(), *clones.front()));
    EXPECT_TRUE(hasDerivedLease(server(), *clones.back()));
}

class Rule07Firmware : public Neighbours {};

// R7: under refuse the firmware of a claimant's machine is served and its operating system refused. The system gets
// silence, or NAK where Kea sends one, since it is no longer a PXE client.
TEST_F(Rule07Firmware, pxeIsServedAndTheSystemAfterItRefused) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& rom = firmware(2);
    EXPECT_FALSE(rom.acquire().isZero());
    SimClient& system = clone(2);
    EXPECT_TRUE(system.discover().isSilence());
    EXPECT_EQ(system.request(first.address()).type(), NAK);
    EXPECT_EQ(system.request(rom.address()).type(), NAK);
    expectKept(rom);
    EXPECT_TRUE(hasOwnLease(server(), rom));
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R7: firmware that is itself a claimant gets silence for every message, never NAK.
TEST_F(Rule07Firmware, refusedFirmwareGetsSilenceNeverNak) {
    ServerSetup setup = guarded("refuse");
    setup.guard->update({{"client-id-types", "all"}});
    serve(setup);
    const Bytes uuid = Bytes{0} + fromHex("564d1234567890abcdef1234567890ab");
    SimClient& one = firmware(1, uuid);
    ASSERT_FALSE(one.acquire().isZero());
    SimClient& other = firmware(2, uuid);
    EXPECT_TRUE(other.discover().isSilence());
    EXPECT_TRUE(other.request(one.address()).isSilence());
    EXPECT_TRUE(other.request(addressIn(1, 5, 5)).isSilence());
    EXPECT_TRUE(other.initReboot(one.address()).isSilence());
    other.remember(one.address());
    EXPECT_TRUE(other.rebind().isSilence());
    EXPECT_EQ(server().leases().size(), 1U);
    EXPECT_TRUE(hasOwnLease(server(), one));
}

// R7: a refused operating system cannot extend its firmware's lease: the lease without an identifier counts as its own,
// and its renewal gets silence.
TEST_F(Rule07Firmware, renewalOfTheFirmwaresLeaseGetsSilence) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& rom = firmware(2, std::nullopt);
    SimClient& system = clone(2);
    system.remember(rom.acquire());
    const auto before = server().lease(rom.address());
    EXPECT_TRUE(system.renew().isSilence());
    EXPECT_TRUE(system.rebind().isSilence());
    const auto after = server().lease(rom.address());
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->expires, before->expires);
    EXPECT_EQ(after->client_id, "");
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
