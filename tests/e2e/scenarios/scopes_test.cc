// SPDX-License-Identifier: MPL-2.0
//
// R1, R2, R5, R6, R8: which rules apply in which shared networks and subnets, and where identifiers are matched.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief Makes the guard's user-context of a subnet or shared network.
Json
scope(const Json& settings) {
    return (Json{{"user-context", {{"clone-guard", settings}}}});
}

Json
unmatched(uint32_t id) {
    return (subnet(id, {{"match-client-id", false}}));
}

/// @brief Makes a pool of this number of addresses from 10.id.1.0 on, at most 256.
Json
smallPool(uint32_t id, unsigned addresses) {
    const std::string first = "10." + std::to_string(id) + ".1.";
    const std::string range = first + "0 - " + first + std::to_string(addresses - 1);
    return (Json{{"pools", Json::array({{{"pool", range}}})}});
}

uint32_t
subnetOf(Address address) {
    return (address.value >> 16 & 0xff);
}

/// @brief The parameter is the number of the server's threads.
class Scopes : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    ServerSetup network(const std::vector<Json>& subnets, const Json& more = Json::object(),
                        const std::string& policy = "mac-fallback") const {
        ServerSetup setup = guarded(policy);
        setup.threads = GetParam();
        setup.subnets.clear();
        setup.shared_networks = {sharedNetwork("floor", subnets, more)};
        return (setup);
    }

    /// @brief Boots and renews two clones behind two relays, and notes the replies for the comparison.
    void twoClones(uint32_t one_subnet, uint32_t other_subnet) {
        SimClient& one = clone(1, one_subnet);
        SimClient& other = clone(2, other_subnet);
        for (SimClient* client : {&one, &other, &one, &other}) {
            note(client->request(note(client->discover())));
            note(client->rebind());
        }
        other.release();
        note(one.rebind());
    }

    /// @brief Expects that a machine keeps its address and has a lease. Kea does not store the identifier if it does
    /// not match identifiers.
    void expectKeptAndRecorded(SimClient& client) {
        expectKept(client);
        const auto record = server().lease(client.address());
        ASSERT_TRUE(record) << client.address();
        EXPECT_EQ(record->hw_address, client.hwText());
        EXPECT_EQ(record->state, 0);
    }

    /// @brief Expects reports of the conflict without any effect.
    void expectReportedOnly() {
        EXPECT_FALSE(server().audit().empty());
        for (const auto& record : server().audit()) {
            EXPECT_EQ(record["action"], "none") << record;
        }
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, Scopes, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R5: a shared network's policy applies through each of its relays; other networks have the global policy.
TEST_P(Scopes, rule05PolicyOfASharedNetworkHoldsInEachOfItsSubnets) {
    ServerSetup setup = network({subnet(1), subnet(2)}, withPolicy("refuse"));
    setup.subnets = {subnet(3)};
    serve(setup);
    SimClient& first = holder(1);
    EXPECT_TRUE(clone(2, 1).discover().isSilence());
    EXPECT_TRUE(clone(3, 2).discover().isSilence());
    EXPECT_EQ(clone(3, 2).request(first.address()).type(), NAK);
    ASSERT_FALSE(clone(4, 3).acquire().isZero());
    SimClient& claimant = clone(5, 3);
    EXPECT_FALSE(claimant.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), claimant));
    EXPECT_TRUE(hasOwnLease(server(), first));
    for (const auto& record : server().audit("conflict-suspected")) {
        EXPECT_EQ(record["policy"], record.contains("network") ? "refuse" : "mac-fallback") << record;
    }
}

// R5: under off a shared network is served as by stock Kea, whatever the global policy.
TEST_P(Scopes, rule05SharedNetworkSwitchedOffIsStockKea) {
    expectSameAsStock(network({subnet(1), subnet(2)}, withPolicy("off"), "refuse"),
                      [this] { twoClones(1, 2); });
    EXPECT_TRUE(server().audit().empty());
}

// R5: under monitor a shared network is served as by stock Kea, and the conflict is reported.
TEST_P(Scopes, rule05SharedNetworkUnderMonitorIsOnlyReported) {
    expectSameAsStock(network({subnet(1), subnet(2)}, withPolicy("monitor"), "refuse"),
                      [this] { twoClones(1, 2); });
    expectReportedOnly();
    EXPECT_EQ(server().audit("conflict-suspected").front()["network"], "floor");
}

// R5: a shared network can have its own takeover and class name.
TEST_P(Scopes, rule05SharedNetworkHasTakeoverAndClassOfItsOwn) {
    ServerSetup setup =
        network({subnet(1)}, scope({{"takeover", "never"}, {"client-class", "FLOOR_CLONE"}}));
    setup.more["client-classes"] =
        Json::array({{{"name", "FLOOR_CLONE"}, {"next-server", "10.1.0.9"}}, {{"name", "OTHER"}}});
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    SimClient& first = holder();
    const Address held = first.address();
    server().advanceClock(200);
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), second));
    EXPECT_EQ(second.renew().packet->siaddr, Address("10.1.0.9"));
    EXPECT_EQ(first.acquire(), held);
    EXPECT_TRUE(first.renew().packet->siaddr.isZero());
}

// R5: a server does not start with a policy on a subnet inside a shared network, not even with an equal one. Its last
// message says where to put the policy. An empty user-context is rejected as well, since it has no effect.
TEST_P(Scopes, rule05PolicyOnASubnetInsideIsRejectedAtStart) {
    for (const Json& inside :
         {withPolicy("refuse"), scope({{"takeover", "never"}}), scope(Json::object())}) {
        KeaServer server(network({subnet(1), subnet(2, inside)}, withPolicy("refuse")));
        const std::string said = server.startAndFail();
        for (const char* word :
             {"10.2.0.0/16", "must be in the user-context of shared network 'floor'"}) {
            EXPECT_NE(said.find(word), std::string::npos) << word << " is not in: " << said;
        }
    }
}

// R5: the policy of a separate subnet is accepted, and rejected once the subnet is moved into a shared network.
TEST_P(Scopes, rule05SubnetLosesItsPolicyOnlyWhenItIsMovedInside) {
    ServerSetup alone = guarded("mac-fallback");
    alone.subnets = {subnet(1, withPolicy("refuse"))};
    serve(alone);
    holder();
    EXPECT_TRUE(clone(2).discover().isSilence());
    EXPECT_EQ(server().configSet(network({subnet(1, withPolicy("refuse"))}))["result"], 1);
    EXPECT_TRUE(clone(2).discover().isSilence());
    EXPECT_EQ(server().configSet(network({subnet(1)}))["result"], 0);
    EXPECT_FALSE(clone(2).acquire().isZero());
}

// R6: the leases of holder and claimants may be in different subnets of one shared network.
TEST_P(Scopes, rule06LeasesOfOneConflictMayBeInTwoSubnets) {
    serve(network({subnet(1, smallPool(1, 2)), subnet(2)}));
    SimClient& first = holder(1);
    SimClient& second = clone(2, 1);
    SimClient& third = clone(3, 1);
    EXPECT_EQ(subnetOf(first.address()), 1U);
    EXPECT_EQ(subnetOf(second.acquire()), 1U);
    EXPECT_EQ(subnetOf(third.acquire()), 2U);
    for (int round = 0; round < 2; ++round) {
        for (SimClient* client : {&third, &first, &second}) {
            expectKept(*client);
        }
        server().restart();
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
    EXPECT_TRUE(hasDerivedLease(server(), third));
}

// R2, R4: a machine in the second subnet is a claimant of the holder in the first, through either relay.
TEST_P(Scopes, rule04HolderIsProtectedThroughEveryRelayOfItsNetwork) {
    serve(network({subnet(1), subnet(2)}));
    SimClient& first = holder(2);
    SimClient& second = clone(2, 1);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), second));
    second.setRelay(relayOf(2));
    expectKept(second);
    first.setRelay(relayOf(1));
    expectKept(first);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R1: if no subnet of a shared network matches identifiers, Kea distinguishes clones by hardware address, and the guard
// only reports.
TEST_P(Scopes, rule01SharedNetworkWithoutMatchingIsOnlyReported) {
    expectSameAsStock(network({unmatched(1), unmatched(2)}), [this] { twoClones(1, 2); });
    expectReportedOnly();
}

// R1: the same holds if match-client-id is false globally.
TEST_P(Scopes, rule01ServerWithoutMatchingIsOnlyReported) {
    ServerSetup setup = network({subnet(1), subnet(2)}, Json::object(), "refuse");
    setup.more["match-client-id"] = false;
    expectSameAsStock(setup, [this] { twoClones(1, 2); });
    expectReportedOnly();
}

// R1: one subnet that matches is enough, through either relay, at once or an hour apart. (The first machine's lease may
// lack the identifier; then the second machine is the holder, and the first keeps its lease.)
TEST_P(Scopes, rule01OneMatchingSubnetIsEnoughThroughEitherRelay) {
    for (const unsigned apart : {0U, 600U}) {
        serve(network({unmatched(1), subnet(2)}), true);
        uint32_t number = 0;
        for (const uint32_t firsts : {1U, 2U}) {
            for (const uint32_t seconds : {1U, 2U}) {
                SCOPED_TRACE(std::to_string(firsts) + " and " + std::to_string(seconds) + ", " +
                             std::to_string(apart) + " s apart");
                const Bytes identifier = cloneIdentifier(++number);
                SimClient& first = machine(number * 10 + 1, identifier, firsts);
                EXPECT_FALSE(first.acquire().isZero());
                server().advanceClock(apart);
                SimClient& second = machine(number * 10 + 2, identifier, seconds);
                EXPECT_FALSE(second.acquire().isZero());
                EXPECT_NE(second.address(), first.address());
                expectKeptAndRecorded(first);
                expectKeptAndRecorded(second);
                expectKeptAndRecorded(first);
            }
        }
        endServer();
    }
}

// R1, R2: if one network matches identifiers and another does not, each is handled as it would be alone.
TEST_P(Scopes, rule01NetworksMatchSeparately) {
    ServerSetup setup = network({subnet(1), subnet(2)}, Json::object(), "refuse");
    setup.subnets = {unmatched(3)};
    serve(setup);
    SimClient& here = holder(1);
    SimClient& there = clone(3, 3);
    SimClient& apart = clone(4, 3);
    EXPECT_FALSE(there.acquire().isZero());
    EXPECT_FALSE(apart.acquire().isZero());
    EXPECT_NE(there.address(), apart.address());
    EXPECT_TRUE(clone(2, 2).discover().isSilence());
    for (SimClient* client : {&here, &there, &apart}) {
        expectKeptAndRecorded(*client);
    }
}

// R8: RELEASE and DECLINE across networks are blocked in both directions, for the holder and for a claimant there,
// through either relay. Each machine can still release its own lease.
TEST_P(Scopes, rule08NoReleaseAcrossNetworks) {
    ServerSetup setup = network({subnet(1), subnet(2)});
    setup.subnets = {subnet(3)};
    serve(setup);
    SimClient& here = holder(1);
    SimClient& there = clone(2, 3);
    ASSERT_FALSE(there.acquire().isZero());
    SimClient& claimant = clone(4, 3);
    ASSERT_FALSE(claimant.acquire().isZero());
    for (SimClient* stranger : {&there, &claimant}) {
        for (const uint32_t relay : {3U, 2U}) {
            stranger->setRelay(relayOf(relay));
            stranger->release(here.address());
            stranger->decline(here.address());
            EXPECT_TRUE(hasOwnLease(server(), here)) << stranger->hwText() << " by relay " << relay;
        }
        stranger->setRelay(relayOf(3));
    }
    here.release(there.address());
    here.decline(there.address());
    here.release(claimant.address());
    EXPECT_TRUE(hasOwnLease(server(), there));
    EXPECT_TRUE(hasDerivedLease(server(), claimant));
    EXPECT_GT(server().statistic("clone-guard-release-blocked"), 0);
    EXPECT_GT(server().statistic("clone-guard-decline-blocked"), 0);
    const Address own = claimant.address();
    claimant.release();
    EXPECT_FALSE(server().lease(own));
    expectKept(there);
    expectKept(here);
}

// R8: a machine with a lease in each of two networks can release each from the other, as in stock Kea. Identifier and
// hardware address are its own.
TEST_P(Scopes, rule08MachineReleasesItsOwnLeaseFromAnotherNetwork) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = GetParam();
    setup.subnets = {subnet(1), subnet(2)};
    expectSameAsStock(setup, [this] {
        SimClient& roaming = clone(1, 1);
        const Address here = note(roaming.request(note(roaming.discover()))).address();
        roaming.setRelay(relayOf(2));
        note(roaming.request(note(roaming.discover())));
        roaming.release(here);
        note(roaming.rebind());
    });
    EXPECT_TRUE(server().audit().empty());
}

// R9: a machine with the identifier in another network does not prevent a return; one in another subnet of the same
// shared network does.
TEST_P(Scopes, rule09ClaimantReturnsInItsOwnNetwork) {
    ServerSetup setup = network({subnet(1, smallPool(1, 1)), subnet(2)});
    setup.subnets = {subnet(3)};
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    SimClient& first = holder(1);
    SimClient& second = clone(2, 1);
    SimClient& elsewhere = clone(3, 3);
    EXPECT_EQ(subnetOf(second.acquire()), 2U);
    ASSERT_FALSE(elsewhere.acquire().isZero());
    server().advanceClock(60);
    for (SimClient* client : {&first, &second, &elsewhere}) {
        EXPECT_EQ(client->rebind().type(), ACK);
        EXPECT_FALSE(client->acquire().isZero());
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
    server().advanceClock(60);
    EXPECT_EQ(second.rebind().type(), ACK);
    EXPECT_EQ(elsewhere.rebind().type(), ACK);
    server().advanceClock(60);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), second));
    expectKept(elsewhere);
    const auto moves = server().audit("identity-moved");
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_EQ(moves[0]["network"], "floor");
    EXPECT_EQ(moves[0]["hw_address"], second.hwText());
}

// R2: subnets behind one relay that are selected by class are two networks, also outside a shared network.
TEST_P(Scopes, rule02NetworksSelectedByClass) {
    ServerSetup setup = guarded("refuse");
    setup.threads = GetParam();
    setup.more["client-classes"] =
        Json::array({{{"name", "phones"}, {"test", "option[60].text == 'phone'"}},
                     {{"name", "desks"}, {"test", "not member('phones')"}}});
    const Json one_relay = {{"ip-addresses", Json::array({relayOf(1).toText()})}};
    setup.subnets = {subnet(1, {{"client-class", "desks"}}),
                     subnet(2, {{"client-class", "phones"}, {"relay", one_relay}})};
    serve(setup);
    SimClient& desk = holder();
    SimClient& phone = clone(2);
    phone.addOption(OPTION_VENDOR_CLASS, fromText("phone"));
    EXPECT_EQ(subnetOf(phone.acquire()), 2U);
    expectKept(phone);
    expectKept(desk);
    EXPECT_TRUE(hasOwnLease(server(), desk));
    EXPECT_TRUE(hasOwnLease(server(), phone));
    EXPECT_TRUE(server().audit().empty());
    EXPECT_TRUE(clone(3).discover().isSilence());
    SimClient& second_phone = clone(4);
    second_phone.addOption(OPTION_VENDOR_CLASS, fromText("phone"));
    EXPECT_TRUE(second_phone.discover().isSilence());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
