// SPDX-License-Identifier: MPL-2.0
//
// Two servers in Kea's high availability, both with the guard: both decide the same, and no machine loses its address
// when one server fails.

#include <tests/e2e/harness/fixtures/ha_fixture.h>

#include <map>

namespace clone_guard {
namespace test {

namespace {

class HaPairTest : public HaTest {
protected:
    /// @brief Returns the identifier of each lease on a server, by address.
    std::map<std::string, std::string> identifiersOn(unsigned number) {
        std::map<std::string, std::string> identifiers;
        for (const Json& lease : leasesOf(number)) {
            identifiers[lease["ip-address"]] = lease.value("client-id", "");
        }
        return (identifiers);
    }
};

INSTANTIATE_TEST_SUITE_P(Modes, HaPairTest, ::testing::Values("hot-standby", "load-balancing"), modeOf);

// R6: Kea's lease updates transfer derived identifiers byte for byte, and all other data of a lease.
TEST_P(HaPairTest, rule06DerivedIdentifiersAreTransferred) {
    serveBoth();
    const Machines machines = populate();
    EXPECT_TRUE(eventually([this] { return (leasesAgree()); })) << leasesOf(1) << leasesOf(2);
    for (const unsigned number : {1U, 2U}) {
        const auto identifiers = identifiersOn(number);
        EXPECT_EQ(identifiers.size(), machines.size());
        EXPECT_EQ(identifiers.at(machines[0]->address().toText()), cloneIdentifierText());
        for (const SimClient* claimant : {machines[1], machines[2]}) {
            EXPECT_EQ(identifiers.at(claimant->address().toText()),
                      toHex(derivedIdentifier(claimant->hwAddress(), claimant->identifier())));
        }
    }
    machines[1]->release();
    EXPECT_TRUE(eventually([this] { return (leasesAgree()); })) << leasesOf(1) << leasesOf(2);
}

// R3, R4, R6: the server that answers the clones fails in the middle of their conflict. All machines keep their address
// on the other server, and again after the first has returned.
TEST_P(HaPairTest, rule06FailoverInTheMiddleOfAConflict) {
    serveBoth();
    Machines machines = populate();
    SimClient& booting = clone(4);
    machines[0]->renew();
    machines[1]->rebind();
    const Reply offer = booting.discover();
    ASSERT_EQ(offer.type(), OFFER);
    const unsigned lost = serverOf(*machines[0]);
    const unsigned survivor = HaPair::other(lost);
    pair().kill(lost);
    // The failed server's offer is no longer available. A machine that boots again gets the same address as before.
    EXPECT_TRUE(isSilent([&] { return (booting.request(offer)); }));
    EXPECT_FALSE(booting.acquire().isZero());
    machines.push_back(&booting);
    SimClient& fresh = clone(5);
    EXPECT_FALSE(fresh.acquire().isZero());
    machines.push_back(&fresh);
    EXPECT_TRUE(hasOwnLease(server(survivor), *machines[0]));
    for (const SimClient* claimant : {machines[1], machines[2], &booting, &fresh}) {
        EXPECT_TRUE(hasDerivedLease(server(survivor), *claimant));
    }
    expectAllKept(machines, "failover");
    const auto before = identifiersOn(survivor);
    pair().bringBack(lost);
    EXPECT_TRUE(eventually([this] { return (leasesAgree()); })) << leasesOf(1) << leasesOf(2);
    EXPECT_EQ(identifiersOn(lost), before);
    expectAllKept(machines, "failback");
    EXPECT_EQ(serverOf(*machines[0]), lost);
    EXPECT_EQ(identifiersOn(survivor), before);
}

// R3: no decision depends on the memory of one server: both give the same answers in turn.
TEST_P(HaPairTest, rule03BothDecideTheSame) {
    serveBoth();
    const Machines machines = populate();
    const auto before = identifiersOn(1);
    for (const unsigned lost : {1U, 2U}) {
        pair().kill(lost);
        expectAllKept(machines, "without server " + std::to_string(lost));
        EXPECT_EQ(identifiersOn(HaPair::other(lost)), before);
        pair().bringBack(lost);
    }
}

// R4: a claimant that asks for the holder's address does not remove the lease on the partner. (When a library refuses a
// lease, the server notifies other libraries of a deletion.)
TEST_P(HaPairTest, rule04RefusedLeasesAreNotDeletedAtThePartner) {
    serveBoth();
    const Machines machines = populate();
    SimClient& first = *machines[0];
    SimClient& second = *machines[1];
    const Address address = first.address();
    server().advanceClock(4000);
    pair().awaitNormal();
    const Reply offer = first.discover();
    ASSERT_EQ(offer.address(), address);
    second.discover();
    EXPECT_EQ(second.request(address).type(), NAK);
    EXPECT_TRUE(eventually([this] { return (leasesAgree()); })) << leasesOf(1) << leasesOf(2);
    EXPECT_EQ(first.request(offer).address(), address);
    EXPECT_TRUE(eventually([this] { return (leasesAgree()); })) << leasesOf(1) << leasesOf(2);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
