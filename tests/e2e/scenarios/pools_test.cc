// SPDX-License-Identifier: MPL-2.0
//
// R6: classes and quarantine pools. R4, R13: a pool that is full.

#include <tests/e2e/harness/e2e_test.h>

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
    /// @brief An ordinary pool for the sound and one of two addresses for claimants.
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

// A claimant is quarantined at its first boot and stays where it is at every renewal, after a restart,
// and after a reconfiguration; the holder is never.
TEST_P(Rule06Quarantine, claimantStaysInItsPool) {
    serve(quarantine());
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    for (int round = 0; round < 3; ++round) {
        expectKept(second);
        EXPECT_TRUE(isQuarantined(second)) << second.address();
        EXPECT_TRUE(setAside(server(), second));
        expectKept(first);
        EXPECT_FALSE(isQuarantined(first)) << first.address();
        EXPECT_TRUE(undisturbed(server(), first));
        if (round == 0) {
            server().restart();
        } else {
            EXPECT_EQ(server().configSet(quarantine())["result"], 0);
        }
    }
}

// When the quarantine is full a claimant is answered as anyone who finds a full pool; it is not let in
// among the sound, who are served as ever.
TEST_P(Rule06Quarantine, fullQuarantineLetsNobodyOut) {
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
    server().advanceClock(2);  // a released lease may stay on record as one that runs out now
    EXPECT_FALSE(fourth.acquire().isZero());
    EXPECT_TRUE(isQuarantined(fourth));
    expectKept(third);
    EXPECT_TRUE(undisturbed(server(), first));
}

// A clone that had its address before the quarantine was made is moved there at its next boot; sealed,
// it comes out again.
TEST_P(Rule06Quarantine, claimantIsMovedInAndComesOutWhenSealed) {
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
    EXPECT_TRUE(setAside(server(), second));
    second.setIdentifier(cloneIdentifier(2));
    second.remember(Address());
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_FALSE(isQuarantined(second)) << second.address();
    EXPECT_TRUE(undisturbed(server(), second));
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
}

// A whole subnet of a shared network can be the quarantine: claimants that come by the relay of the
// other are in it, after a restart too.
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
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
}

// So can a subnet that stands alone beside the sound one, behind the same relay. A claimant stays in it when it
// renews, also when the holder's lease has run out meanwhile.
TEST_P(Rule06Quarantine, subnetOfItsOwnForClaimants) {
    ServerSetup setup = classes();
    setup.more["valid-lifetime"] = 200;
    const Json one_relay = {{"ip-addresses", Json::array({relayOf(2).toText()})}};
    // Kea takes the first that fits, so that of claimants stands first.
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
    EXPECT_TRUE(setAside(server(), second));
}

// The lifetime of the class is the claimants' alone.
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
    /// @brief A server with so many addresses.
    static ServerSetup with(unsigned addresses, const std::string& policy = "mac-fallback") {
        ServerSetup setup = guarded(policy);
        const std::string range = "10.1.1.1 - 10.1.1." + std::to_string(addresses);
        setup.subnets = {subnet(1, {{"pools", Json::array({pool(range)})}})};
        return (setup);
    }

    /// @brief What the server answers to one who has no lease.
    std::vector<unsigned> answersTo(SimClient& client, Address anothers) {
        std::vector<unsigned> types{client.discover().type(), client.request(anothers).type(),
                                    client.request(addressIn(1, 7, 7)).type(),
                                    client.initReboot(anothers).type()};
        client.remember(anothers);
        types.push_back(client.renew().type());
        client.remember(anothers);
        types.push_back(client.rebind().type());
        return (types);
    }
};

// R6: in a full pool a claimant gets what any newcomer gets, message by message, and the holder keeps
// its own.
TEST_F(FullPool, Rule06ClaimantIsAnsweredLikeAnyNewcomer) {
    serve(with(1));
    SimClient& first = holder();
    const auto newcomers = answersTo(machine(9, cloneIdentifier(9)), first.address());
    EXPECT_EQ(newcomers.front(), 0U);
    EXPECT_EQ(answersTo(clone(2), first.address()), newcomers);
    EXPECT_TRUE(undisturbed(server(), first));
    expectKept(first);
    EXPECT_EQ(server().leases().size(), 1U);
}

// R4: the holder is served from its own lease while claimants fill the pool and ask for more.
TEST_F(FullPool, Rule04HolderKeepsItsOwnWhileClaimantsFillThePool) {
    serve(with(4));
    SimClient& first = holder();
    unsigned served = 0;
    for (uint32_t number = 2; number <= 7; ++number) {
        served += clone(number).acquire().isZero() ? 0 : 1;
    }
    EXPECT_EQ(served, 3U);
    expectKept(first);
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_EQ(server().leases().size(), 4U);
}

// R6: an address that comes free goes to the claimant that asks for it next, and to it alone.
TEST_F(FullPool, Rule06ClaimantGetsTheAddressThatComesFree) {
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
    EXPECT_TRUE(setAside(server(), second));
    expectKept(second);
    EXPECT_TRUE(undisturbed(server(), first));
}

// R3, R6: all leases have run out in a pool with room for half of the clones: nobody shares.
TEST_F(FullPool, Rule03LapsedLeasesInAFullPoolAreNotShared) {
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

// R9, R13: where a returning claimant finds no address it is served with the one that it has, when it asks again.
TEST_F(FullPool, Rule09ReturningClaimantIsNotLockedOut) {
    serve(with(2), true);
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    first.release();
    server().advanceClock(2);
    EXPECT_FALSE(machine(9, cloneIdentifier(9)).acquire().isZero());
    server().advanceClock(40);  // the claim of the first has run out
    EXPECT_TRUE(second.discover().isSilence()) << "there is no address under its identifier";
    server().advanceClock(2);
    EXPECT_EQ(second.acquire(), address);
    expectKept(second);
}

// R7: under refuse claimants take no address from a full pool's rightful owners.
TEST_F(FullPool, Rule07RefusedClaimantsTakeNoAddress) {
    serve(with(2, "refuse"));
    SimClient& first = holder();
    for (uint32_t number = 2; number <= 4; ++number) {
        EXPECT_TRUE(clone(number).discover().isSilence());
        EXPECT_NE(clone(number).request(addressIn(1, 1, 2)).type(), ACK);
    }
    EXPECT_EQ(machine(9, cloneIdentifier(9)).acquire(), addressIn(1, 1, 2));
    EXPECT_TRUE(undisturbed(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
