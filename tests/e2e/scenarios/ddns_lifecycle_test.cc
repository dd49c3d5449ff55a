// SPDX-License-Identifier: MPL-2.0
//
// The shared name in the DNS when leases of clones end or change hands (see ddns_test.cc).

#include <tests/e2e/harness/fixtures/ddns_fixture.h>

namespace clone_guard {
namespace test {

namespace {

class DdnsLifecycle : public DdnsTest {
protected:
    /// @brief Starts a server with a steppable clock, a holder and a claimant of one host name.
    void serveTwo(const Json& more = Json::object()) {
        Json all = {{"valid-lifetime", SHORT_LIFETIME},
                    {"renew-timer", SHORT_LIFETIME / 4},
                    {"rebind-timer", SHORT_LIFETIME / 2}};
        all.update(more);
        serveNames(guarded("mac-fallback"), all, true);
        first_ = &namedHolder();
        second_ = &namedClone(2);
        EXPECT_FALSE(second_->acquire().isZero());
        held_ = first_->address();
        own_ = second_->address();
        EXPECT_NE(held_, own_);
        EXPECT_EQ(zone(), namesOf(*first_));
    }

    /// @brief Lets the leases of all other machines expire.
    ///
    /// The machines that keep theirs reboot: if two renewed, they would confirm the conflict (R10).
    void expireLeasesOfAllBut(const std::vector<SimClient*>& others) {
        for (int time = 0; time < 2; ++time) {
            server().advanceClock(SHORT_LIFETIME * 6 / 10);
            for (SimClient* client : others) {
                const Address own = client->address();
                EXPECT_EQ(client->initReboot(own).address(), own) << client->hwText();
            }
        }
        reclaim();
    }

    /// @brief Makes the server reclaim expired leases; some releases end a released lease only then.
    void reclaim() {
        server().advanceClock(2);
        EXPECT_EQ(server().command("leases-reclaim", {{"remove", false}})["result"], 0);
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
    Address held_;
    Address own_;
};

using Rule04DdnsLifecycle = DdnsLifecycle;
using Rule09DdnsLifecycle = DdnsLifecycle;

// R4: a claimant releases its own lease. The server requests the removal under the claimant's DHCID, which no record
// has: the removal fails, and the holder's records stay.
TEST_F(Rule04DdnsLifecycle, releaseOfTheClaimantLeavesTheHoldersName) {
    serveTwo();
    second_->release();
    reclaim();
    EXPECT_EQ(zone(), namesOf(*first_));
    EXPECT_EQ(outcomesOfClaimant(*second_), (Outcomes{"add failed", "remove failed"}));
    EXPECT_EQ(outcomesOf(*first_), Outcomes{"add succeeded"});
}

// R4: the holder's records stay when the claimant's lease expires.
TEST_F(Rule04DdnsLifecycle, expiryOfTheClaimantLeavesTheHoldersName) {
    serveTwo();
    expireLeasesOfAllBut({first_});
    EXPECT_EQ(zone(), namesOf(*first_));
    EXPECT_EQ(outcomesOfClaimant(*second_), (Outcomes{"add failed", "remove failed"}));
    EXPECT_EQ(outcomesOf(*first_), Outcomes{"add succeeded"});
}

// R4: the holder's records stay when the claimant declines its own address.
TEST_F(Rule04DdnsLifecycle, declineOfTheClaimantLeavesTheHoldersName) {
    serveTwo();
    second_->decline();
    EXPECT_EQ(zone(), namesOf(*first_));
    EXPECT_EQ(outcomesOf(*first_), Outcomes{"add succeeded"});
}

// R4: a claimant with its own name keeps it after the holder's has been removed, and the holder keeps its name
// likewise.
TEST_F(Rule04DdnsLifecycle, eachEndRemovesOnlyItsOwnRecords) {
    serveTwo();
    SimClient& third = clone(3);
    third.addOption(OPTION_HOST_NAME, fromText("web-3"));
    EXPECT_FALSE(third.acquire().isZero());
    const Names of_third = namesOfClaimant(third, "web-3.lab.example");
    EXPECT_EQ(zone(), together(namesOf(*first_), of_third));
    first_->release();
    reclaim();
    EXPECT_EQ(zone(), of_third);
    EXPECT_FALSE(first_->acquire().isZero());
    EXPECT_EQ(zone(), together(namesOf(*first_), of_third));
    third.release();
    reclaim();
    EXPECT_EQ(zone(), namesOf(*first_));
}

// R4: the holder's lease and its name end. The name stays free: Kea requests a name when a lease is made or its name
// changes, and the claimant's lease does not change.
TEST_F(Rule04DdnsLifecycle, nameOfAFormerHolderIsFree) {
    serveTwo();
    first_->release();
    reclaim();
    EXPECT_EQ(zone(), Names());
    EXPECT_EQ(second_->renew().address(), own_);
    EXPECT_EQ(zone(), Names());
    EXPECT_FALSE(first_->acquire().isZero());
    EXPECT_EQ(zone(), namesOf(*first_));
}

// R4: with an update at every renewal, the claimant gets the free name at its next renewal. The returning holder does
// not get it until the claimant's lease has ended.
TEST_F(Rule04DdnsLifecycle, updateAtRenewalGivesAFreeNameToTheClaimant) {
    serveTwo(updatesAtRenewals());
    first_->release();
    reclaim();
    EXPECT_EQ(second_->renew().address(), own_);
    EXPECT_EQ(zone(), namesOfClaimant(*second_));
    EXPECT_FALSE(first_->acquire().isZero());
    EXPECT_EQ(zone(), namesOfClaimant(*second_));
    EXPECT_EQ(outcomesOf(*first_), (Outcomes{"add succeeded", "remove succeeded", "add failed"}));
    second_->release();
    reclaim();
    EXPECT_EQ(first_->renew().type(), ACK);
    EXPECT_EQ(zone(), namesOf(*first_));
}

// R9: the holder's lease has expired, and the claimant of an unconfirmed conflict boots. It returns to its identifier
// and the address of that identifier, and gets the name with its earlier DHCID. The end of the lease under the derived
// identifier changes nothing.
TEST_F(Rule09DdnsLifecycle, claimantThatReturnsTakesTheNameOver) {
    serveTwo();
    const Names before = zone();
    expireLeasesOfAllBut({second_});
    EXPECT_EQ(zone(), Names());
    EXPECT_EQ(second_->acquire(), held_);
    EXPECT_TRUE(hasOwnLease(server(), *second_));
    EXPECT_EQ(zone(), before);
    expireLeasesOfAllBut({second_});
    EXPECT_EQ(zone(), before);
    EXPECT_EQ(outcomesOfClaimant(*second_), (Outcomes{"add failed", "remove failed"}));
}

// R9: a machine with a new network card takes over the expired lease of its old one, before or after the server has
// reclaimed it. Identifier and address stay the same, and so do name and DHCID.
TEST_F(Rule09DdnsLifecycle, newNetworkCardKeepsTheName) {
    for (const bool reclaimed : {false, true}) {
        serveTwo();
        const Names before = zone();
        server().advanceClock(SHORT_LIFETIME + 20);
        if (reclaimed) {
            reclaim();
            EXPECT_EQ(zone(), Names());
        }
        SimClient& same = namedClone(4);
        EXPECT_EQ(same.acquire(), held_);
        EXPECT_TRUE(hasOwnLease(server(), same));
        EXPECT_EQ(zone(), before);
        startOver();
    }
}

// R9: the holder returns to its own expired and reclaimed lease, and gets its name again.
TEST_F(Rule09DdnsLifecycle, returningHolderGetsItsNameAgain) {
    serveTwo();
    const Names before = zone();
    expireLeasesOfAllBut({second_});
    EXPECT_EQ(zone(), Names());
    EXPECT_EQ(first_->initReboot(held_).address(), held_);
    EXPECT_EQ(zone(), before);
    EXPECT_EQ(second_->renew().address(), own_);
    EXPECT_EQ(zone(), before);
}

/// @brief A test of two clones that booted together without the guard. The second took the lease from the first, and
/// then the guard was loaded. The second is the holder; the name still has the first address, which the claimant uses.
class NameLeftByClones : public DdnsTest {
protected:
    void serveAfterClones(const Json& more = Json::object()) {
        ServerSetup setup = guarded("mac-fallback");
        setup.hooks_after["libdhcp_lease_cmds.so"] = Json();
        ddns().use(setup);
        serve(setup.withoutGuard());
        first_ = &namedClone(1);
        second_ = &namedClone(2);
        const Reply to_first = first_->discover();
        const Reply to_second = second_->discover();
        EXPECT_EQ(first_->request(to_first).type(), ACK);
        EXPECT_EQ(second_->request(to_second).type(), ACK);
        left_ = zone();
        EXPECT_EQ(left_, namesOf(*first_));
        setup.more.update(more);
        ASSERT_EQ(server().configSet(setup)["result"], 0);
        // Its address is free, since the other machine's renewal took the lease from it.
        EXPECT_EQ(first_->renew().type(), ACK);
        EXPECT_TRUE(hasDerivedLease(server(), *first_));
        EXPECT_EQ(second_->renew().type(), ACK);
        EXPECT_TRUE(hasOwnLease(server(), *second_));
    }

    Json resend(Address address) {
        return (server().command("lease4-resend-ddns", {{"ip-address", address.toText()}}));
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
    Names left_;
};

using Rule04NameLeftByClones = NameLeftByClones;

// R4: records that clones left in the DNS before the guard was loaded stay until a name is requested. Kea's command
// lease4-resend-ddns does so for the holder's lease: it corrects the name, but not the reverse record of the former
// address. For a claimant's lease the command changes nothing.
TEST_F(Rule04NameLeftByClones, isCorrectedByTheResendCommand) {
    serveAfterClones();
    EXPECT_EQ(zone(), left_);
    EXPECT_EQ(resend(first_->address())["result"], 0);
    EXPECT_EQ(zone(), left_);
    EXPECT_EQ(resend(second_->address())["result"], 0);
    EXPECT_EQ(zone(), together(reverseOf(left_), namesOf(*second_)));
}

// R4: the holder's next renewal corrects the name if the server updates the DNS at renewals.
TEST_F(Rule04NameLeftByClones, isCorrectedByAnUpdateAtRenewal) {
    serveAfterClones(updatesAtRenewals());
    EXPECT_EQ(zone(), together(reverseOf(left_), namesOf(*second_)));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
