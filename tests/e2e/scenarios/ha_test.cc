// SPDX-License-Identifier: MPL-2.0
//
// Two servers in Kea's own high availability, both with the guard: whichever of them answers, the decision is
// the same, and nobody loses an address when one of them is lost.

#include <tests/e2e/harness/fixtures/ha_fixture.h>

#include <map>

namespace clone_guard {
namespace test {

namespace {

class HaPairTest : public HaTest {
protected:
    /// @brief The identifier of each lease on a server, by address.
    std::map<std::string, std::string> identifiersOn(unsigned number) {
        std::map<std::string, std::string> identifiers;
        for (const Json& lease : leasesOf(number)) {
            identifiers[lease["ip-address"]] = lease.value("client-id", "");
        }
        return (identifiers);
    }
};

INSTANTIATE_TEST_SUITE_P(Modes, HaPairTest, ::testing::Values("hot-standby", "load-balancing"), modeOf);

// R6: derived identifiers travel with Kea's lease updates, byte for byte, and so does all else of a lease.
TEST_P(HaPairTest, rule06DerivedIdentifiersTravel) {
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

// R3, R4, R6: the server that answers the clones is lost in the middle of their conflict. On the other one
// everybody keeps the address that it had, and so again when the first has come back.
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
    // What the lost one has offered can be had no more; the same address as before is for who boots again.
    EXPECT_TRUE(booting.request(offer).isSilence());
    EXPECT_FALSE(booting.acquire().isZero());
    machines.push_back(&booting);
    SimClient& fresh = clone(5);
    EXPECT_FALSE(fresh.acquire().isZero());
    machines.push_back(&fresh);
    EXPECT_TRUE(undisturbed(server(survivor), *machines[0]));
    for (const SimClient* claimant : {machines[1], machines[2], &booting, &fresh}) {
        EXPECT_TRUE(setAside(server(survivor), *claimant));
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

// R3: nobody's address is decided by what one server remembers: asked in turn, both say the same.
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

// R4: a claimant that reaches for what the holder had does not take it from the partner's memory either. (Where the
// server refuses a lease by a library's word it tells other libraries that it was deleted.)
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
