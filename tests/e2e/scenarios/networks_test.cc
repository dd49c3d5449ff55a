// SPDX-License-Identifier: MPL-2.0
//
// R2: an identifier has to be unique within one network only.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is the global policy.
class Rule02Networks : public E2eTest, public ::testing::WithParamInterface<const char*> {
protected:
    /// @brief Makes a client renew, rebind and reboot, and notes the replies for the comparison with stock Kea.
    void live(SimClient& client) {
        note(client.request(note(client.discover())));
        note(client.renew());
        note(client.rebind());
        note(client.initReboot(client.address()));
        note(client.request(note(client.discover())));
    }
};

INSTANTIATE_TEST_SUITE_P(Policies, Rule02Networks, ::testing::Values("mac-fallback", "refuse"),
                         [](const auto& info) {
                             return (std::string(info.param) == "refuse" ? "refuse" : "macFallback");
                         });

// R2: one identifier in two networks makes two ordinary leases, also at the same time.
TEST_P(Rule02Networks, oneIdentifierInTwoNetworksIsTwoOrdinaryLeases) {
    ServerSetup setup = guarded(GetParam());
    setup.subnets = {subnet(1), subnet(2)};
    setup.shared_networks = {sharedNetwork("floor", {subnet(3), subnet(4)})};
    expectSameAsStock(setup, [this] {
        for (int round = 0; round < 2; ++round) {
            live(clone(11, 1));
            live(clone(12, 2));
            live(clone(13, 3));
        }
    });
    EXPECT_TRUE(server().audit().empty());
}

// R2: a machine that moves from one network to another has a lease in each, as in stock Kea.
TEST_P(Rule02Networks, oneMachineInTwoNetworksIsNoConflict) {
    ServerSetup setup = guarded(GetParam());
    setup.subnets = {subnet(1), subnet(2)};
    expectSameAsStock(setup, [this] {
        for (int round = 0; round < 2; ++round) {
            live(clone(11, 1));
            live(clone(11, 2));
        }
    });
    EXPECT_TRUE(server().audit().empty());
}

// R2: the subnets of a shared network are one network, in which the identifier has to be unique.
TEST_P(Rule02Networks, subnetsOfASharedNetworkAreOneNetwork) {
    ServerSetup setup = guarded(GetParam());
    setup.subnets.clear();
    setup.shared_networks = {sharedNetwork("floor", {subnet(1), subnet(2)})};
    serve(setup);
    SimClient& first = holder(1);
    SimClient& second = clone(2, 2);
    const Address address = second.acquire();
    EXPECT_NE(address, first.address());
    EXPECT_EQ(address.isZero(), std::string(GetParam()) == "refuse");
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_EQ(server().audit("conflict-suspected").size(), 1U);
}

// R2: one DUID with two IAIDs and two hardware addresses is a multi-homed host (RFC 4361, 6.1), which gets the same
// leases as from stock Kea.
TEST_P(Rule02Networks, multiHomedHostIsNoConflict) {
    expectSameAsStock(guarded(GetParam()), [this] {
        SimClient& one = machine(21, rfc4361({0, 0, 0, 1}, systemdDuid(5)));
        SimClient& two = machine(22, rfc4361({0, 0, 0, 2}, systemdDuid(5)));
        live(one);
        live(two);
        live(one);
        live(two);
        EXPECT_NE(one.address(), two.address());
    });
    EXPECT_TRUE(server().audit().empty());
}

// R2: claims of the same instant are separate for each network, before there is a lease.
TEST_P(Rule02Networks, claimsHoldInTheirNetworkOnly) {
    ServerSetup setup = guarded(GetParam());
    setup.subnets = {subnet(1), subnet(2)};
    setup.threads = 4;
    serve(setup);
    SimClient& here = clone(1, 1);
    SimClient& there = clone(2, 2);
    const Reply offer_here = here.discover();
    const Reply offer_there = there.discover();
    EXPECT_EQ(here.request(offer_here).type(), ACK);
    EXPECT_EQ(there.request(offer_there).type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), here));
    EXPECT_TRUE(hasOwnLease(server(), there));
    EXPECT_TRUE(server().audit().empty());
}

// R2: a client that renews straight from its address is assigned to its network without a relay.
TEST_P(Rule02Networks, renewalWithoutARelayIsJudgedInItsNetwork) {
    ServerSetup setup = guarded(GetParam());
    setup.subnets = {subnet(1), subnet(2)};
    serve(setup);
    SimClient& first = holder(1);
    SimClient& elsewhere = clone(2, 2);
    ASSERT_FALSE(elsewhere.acquire().isZero());
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(first.renew().type(), ACK);
        EXPECT_EQ(elsewhere.renew().type(), ACK);
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasOwnLease(server(), elsewhere));
    EXPECT_TRUE(server().audit().empty());
}

// R2: the subnet that a relay selects (RFC 3527) decides, not the relay's own.
TEST_P(Rule02Networks, linkSelectionDecidesTheNetwork) {
    ServerSetup setup = guarded(GetParam());
    setup.subnets = {subnet(1), subnet(2)};
    serve(setup);
    SimClient& first = holder(2);
    SimClient& second = clone(2, 1);
    second.addOption(OPTION_RELAY_AGENT, Bytes{5, 4} + bigEndian(addressIn(2, 0, 0).value));
    const Address address = second.acquire();
    EXPECT_NE(address, first.address());
    if (std::string(GetParam()) == "mac-fallback") {
        EXPECT_EQ(address.value >> 16, addressIn(2, 0, 0).value >> 16);
        const auto record = server().lease(address);
        ASSERT_TRUE(record);
        EXPECT_TRUE(looksDerived(fromHex(record->client_id)));
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
}

class Rule02OneNetwork : public E2eTest {};

// R2: if the network of a query cannot be determined, the server counts as one network and logs that once. One
// identifier in two networks is then a conflict, and both machines are served.
TEST_F(Rule02OneNetwork, serverIsOneNetworkIfNetworksAreUnknown) {
    ServerSetup setup = guarded("mac-fallback");
    setup.more["early-global-reservations-lookup"] = true;
    setup.subnets = {subnet(1), subnet(2)};
    serve(setup);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_ONE_NETWORK").size(), 1U);
    SimClient& first = holder(1);
    SimClient& elsewhere = clone(2, 2);
    const Address address = elsewhere.acquire();
    ASSERT_EQ(address.value >> 16, addressIn(2, 0, 0).value >> 16);
    const auto record = server().lease(address);
    ASSERT_TRUE(record);
    EXPECT_TRUE(looksDerived(fromHex(record->client_id))) << record->client_id;
    EXPECT_EQ(elsewhere.renew().address(), address);
    EXPECT_EQ(first.renew().type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
