// SPDX-License-Identifier: MPL-2.0
//
// R6: classes and quarantine pools. R4, R13: a full pool.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

Json
pool(const std::string& range, const std::string& only_for = "") {
    Json entry = {{"pool", range}};
    if (!only_for.empty()) {
        entry["client-class"] = only_for;
    }
    return (entry);
}

/// @brief The parameter is the number of the server's threads.
class Rule06Quarantine : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    /// @brief Makes an ordinary pool for other clients, and one of two addresses for claimants.
    ServerSetup quarantine() const {
        ServerSetup setup = classes();
        setup.subnets = {
            subnet(1, {{"pools", Json::array({pool("10.1.1.0 - 10.1.9.255", "SOUND"),
                                              pool("10.1.99.0 - 10.1.99.1", "CLONE_CONFLICT")})}})};
        return (setup);
    }

    ServerSetup classes() const {
        ServerSetup setup = guarded("mac-fallback");
        setup.threads = GetParam();
        setup.more["client-classes"] = Json::array(
            {{{"name", "CLONE_CONFLICT"}, {"valid-lifetime", 300}},
             {{"name", "SOUND"},
              {"test", "(member('KNOWN') or member('UNKNOWN')) and not member('CLONE_CONFLICT')"}}});
        return (setup);
    }

    static bool isQuarantined(const SimClient& client) {
        return (client.address().value >> 8 == addressIn(1, 99, 0).value >> 8);
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule06Quarantine, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R6: a claimant is quarantined at its first boot and stays in its pool at every renewal, after a restart and after a
// reconfiguration. The holder is never quarantined.
TEST_P(Rule06Quarantine, claimantStaysInItsPool) {
    serve(quarantine());
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    for (int round = 0; round < 3; ++round) {
        expectKept(second);
        EXPECT_TRUE(isQuarantined(second)) << second.address();
        EXPECT_TRUE(hasDerivedLease(server(), second));
        expectKept(first);
        EXPECT_FALSE(isQuarantined(first)) << first.address();
        EXPECT_TRUE(hasOwnLease(server(), first));
        if (round == 0) {
            server().restart();
        } else {
            EXPECT_EQ(server().configSet(quarantine())["result"], 0);
        }
    }
}

// R6: if the quarantine is full, a claimant is answered as any client of a full pool. It gets no ordinary address, and
// the other clients are served.
TEST_P(Rule06Quarantine, fullQuarantineGivesNoOrdinaryAddress) {
    serve(quarantine(), true);
    SimClient& first = holder();
    SimClient& second = clone(2);
    SimClient& third = clone(3);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_FALSE(third.acquire().isZero());
    SimClient& fourth = clone(4);
    EXPECT_TRUE(fourth.discover().isSilence());
    EXPECT_EQ(fourth.request(addressIn(1, 1, 77)).type(), NAK);
    EXPECT_FALSE(server().lease(addressIn(1, 1, 77)));
    EXPECT_FALSE(machine(9, macIdentifier(virtualMac(9))).acquire().isZero());
    second.release();
    server().advanceClock(2);  // some releases keep a released lease that expires now
    EXPECT_FALSE(fourth.acquire().isZero());
    EXPECT_TRUE(isQuarantined(fourth));
    expectKept(third);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: a clone that had its address before the quarantine was configured moves there at its next boot, and leaves it
// after it is sealed.
TEST_P(Rule06Quarantine, claimantIsMovedInAndLeavesWhenSealed) {
    ServerSetup before = quarantine();
    before.subnets = {subnet(1)};
    serve(before);
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    ASSERT_FALSE(isQuarantined(second)) << second.address();
    ASSERT_EQ(server().configSet(quarantine())["result"], 0);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(isQuarantined(second)) << second.address();
    EXPECT_TRUE(hasDerivedLease(server(), second));
    second.setIdentifier(cloneIdentifier(2));
    second.remember(Address());
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_FALSE(isQuarantined(second)) << second.address();
    EXPECT_TRUE(hasOwnLease(server(), second));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R6: a subnet of a shared network can be the quarantine. Claimants behind the relay of the other subnet get addresses
// from it, also after a restart.
TEST_P(Rule06Quarantine, subnetOfASharedNetworkForClaimants) {
    ServerSetup setup = classes();
    setup.subnets.clear();
    setup.shared_networks = {sharedNetwork(
        "floor", {subnet(1, {{"pools", Json::array({pool("10.1.1.0 - 10.1.1.255", "SOUND")})}}),
                  subnet(2, {{"client-class", "CLONE_CONFLICT"}})})};
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(second.address().value >> 16, addressIn(2, 0, 0).value >> 16) << second.address();
        EXPECT_EQ(first.address().value >> 16, addressIn(1, 0, 0).value >> 16) << first.address();
        expectKept(second);
        expectKept(first);
        server().restart();
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R6: a separate subnet behind the same relay can be the quarantine. A claimant stays in it when it renews, even if the
// holder's lease has expired in the meantime.
TEST_P(Rule06Quarantine, subnetOfItsOwnForClaimants) {
    ServerSetup setup = classes();
    setup.more["valid-lifetime"] = 200;
    const Json one_relay = {{"ip-addresses", Json::array({relayOf(2).toText()})}};
    // Kea takes the first matching subnet, so that of the claimants comes first.
    setup.subnets = {subnet(1, {{"client-class", "CLONE_CONFLICT"}, {"relay", one_relay}}), subnet(2)};
    serve(setup, true);
    SimClient& first = holder(2);
    SimClient& second = clone(2, 2);
    second.acquire();
    EXPECT_EQ(second.address().value >> 16, addressIn(1, 0, 0).value >> 16) << second.address();
    expectKept(second);
    expectKept(first);
    EXPECT_EQ(first.address().value >> 16, addressIn(2, 0, 0).value >> 16) << first.address();
    server().advanceClock(250);
    const Address address = second.address();
    EXPECT_EQ(second.rebind().address(), address);
    EXPECT_EQ(second.initReboot(address).address(), address);
    EXPECT_EQ(second.renew().address(), address);
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R6: the lifetime of the class applies to claimants only.
TEST_P(Rule06Quarantine, lifetimeOfTheClass) {
    serve(quarantine());
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    EXPECT_EQ(second.renew().packet->numberOption(OPTION_LEASE_TIME), 300U);
    EXPECT_EQ(first.renew().packet->numberOption(OPTION_LEASE_TIME), 3600U);
}

class FullPool : public E2eTest {
protected:
    /// @brief Makes a server with this number of addresses.
    static ServerSetup with(unsigned addresses, const std::string& policy = "mac-fallback") {
        ServerSetup setup = guarded(policy);
        const std::string range = "10.1.1.1 - 10.1.1." + std::to_string(addresses);
        setup.subnets = {subnet(1, {{"pools", Json::array({pool(range)})}})};
        return (setup);
    }

    /// @brief Returns the server's answers to a client without a lease.
    std::vector<unsigned> answersTo(SimClient& client, Address anothers) {
        std::vector<unsigned> types{client.discover().type(), client.request(anothers).type(),
                                    client.request(addressIn(1, 7, 7)).type(),
                                    client.initReboot(addressIn(1, 7, 7)).type()};
        client.remember(anothers);
        types.push_back(client.renew().type());
        client.remember(anothers);
        types.push_back(client.rebind().type());
        return (types);
    }
};

// R6: in a full pool a claimant gets the same answer to each message as any new client, and the holder keeps its
// address.
TEST_F(FullPool, rule06ClaimantIsAnsweredLikeAnyNewClient) {
    serve(with(1));
    SimClient& first = holder();
    const auto newcomers = answersTo(machine(9, cloneIdentifier(9)), first.address());
    EXPECT_EQ(newcomers.front(), 0U);
    EXPECT_EQ(answersTo(clone(2), first.address()), newcomers);
    EXPECT_TRUE(hasOwnLease(server(), first));
    expectKept(first);
    EXPECT_EQ(server().leases().size(), 1U);
}

// R4: the holder keeps its lease while claimants fill the pool and ask for more.
TEST_F(FullPool, rule04HolderKeepsItsOwnWhileClaimantsFillThePool) {
    serve(with(4));
    SimClient& first = holder();
    unsigned served = 0;
    for (uint32_t number = 2; number <= 7; ++number) {
        served += clone(number).acquire().isZero() ? 0 : 1;
    }
    EXPECT_EQ(served, 3U);
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_EQ(server().leases().size(), 4U);
}

// R6: an address that becomes free goes to the claimant that asks for it next, and only to that one.
TEST_F(FullPool, rule06ClaimantGetsTheAddressThatBecomesFree) {
    serve(with(2), true);
    SimClient& first = holder();
    SimClient& other = machine(9, cloneIdentifier(9));
    const Address freed = other.acquire();
    SimClient& second = clone(2);
    EXPECT_TRUE(second.discover().isSilence());
    other.release();
    server().advanceClock(2);
    EXPECT_EQ(second.acquire(), freed);
    EXPECT_EQ(other.request(freed).type(), NAK);
    EXPECT_TRUE(hasDerivedLease(server(), second));
    expectKept(second);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R3, R6: all leases have expired in a pool with room for half of the clones: no two machines share an address.
TEST_F(FullPool, rule03ExpiredLeasesInAFullPoolAreNotShared) {
    ServerSetup setup = with(3);
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    for (const uint32_t start : {1U, 4U, 2U, 6U}) {
        std::map<Address, std::string> taken;
        for (uint32_t number = start; number < start + 6; ++number) {
            const Address address = clone(number % 6 + 1).acquire();
            EXPECT_TRUE(address.isZero() || taken.emplace(address, toHex(virtualMac(number))).second)
                << address << " was given to two machines";
        }
        EXPECT_EQ(taken.size(), 3U);
        server().advanceClock(200);
    }
}

// R9: in a full pool a claimant keeps its address after the holder's lease is gone.
TEST_F(FullPool, rule09ClaimantKeepsItsAddress) {
    serve(with(2), true);
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    first.release();
    server().advanceClock(2);
    EXPECT_FALSE(machine(9, cloneIdentifier(9)).acquire().isZero());
    server().advanceClock(40);
    EXPECT_EQ(second.acquire(), address);
    expectKept(second);
}

// R7: under refuse claimants take no address from a full pool.
TEST_F(FullPool, rule07RefusedClaimantsTakeNoAddress) {
    serve(with(2, "refuse"));
    SimClient& first = holder();
    for (uint32_t number = 2; number <= 4; ++number) {
        EXPECT_TRUE(clone(number).discover().isSilence());
        EXPECT_NE(clone(number).request(addressIn(1, 1, 2)).type(), ACK);
    }
    EXPECT_EQ(machine(9, cloneIdentifier(9)).acquire(), addressIn(1, 1, 2));
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
