// SPDX-License-Identifier: MPL-2.0
//
// Leases of clones end or change hands: what becomes of the name that they share (see ddns_test.cc).

#include <tests/e2e/harness/fixtures/ddns_fixture.h>

namespace clone_guard {
namespace test {

namespace {

class DdnsTurns : public DdnsTest {
protected:
    /// @brief A server whose clock can be stepped, with a holder and a claimant of one host name.
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

    /// @brief Time in which only these machines are heard; the leases of all others run out, and are reclaimed.
    ///
    /// They reboot: had two of them renewed, the conflict would be a confirmed one (R10).
    void lapseOfAllBut(const std::vector<SimClient*>& others) {
        for (int time = 0; time < 2; ++time) {
            server().advanceClock(SHORT_LIFETIME * 6 / 10);
            for (SimClient* client : others) {
                const Address own = client->address();
                EXPECT_EQ(client->initReboot(own).address(), own) << client->hwText();
            }
        }
        reclaim();
    }

    /// @brief The server looks for leases that have run out; some releases end a released one only then.
    void reclaim() {
        server().advanceClock(2);
        EXPECT_EQ(server().command("leases-reclaim", {{"remove", false}})["result"], 0);
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
    Address held_;
    Address own_;
};

using Rule04DdnsTurns = DdnsTurns;
using Rule09DdnsTurns = DdnsTurns;

// R4: a claimant releases its own lease: the server asks for the removal under the claimant's DHCID, which no record
// has, so that fails too, and everything of the holder's stays.
TEST_F(Rule04DdnsTurns, releaseOfTheClaimantLeavesTheHoldersName) {
    serveTwo();
    second_->release();
    reclaim();
    EXPECT_EQ(zone(), namesOf(*first_));
    EXPECT_EQ(outcomesOfClaimant(*second_), (Outcomes{"add failed", "remove failed"}));
    EXPECT_EQ(outcomesOf(*first_), Outcomes{"add succeeded"});
}

// R4: the same when the claimant's lease runs out.
TEST_F(Rule04DdnsTurns, expiryOfTheClaimantLeavesTheHoldersName) {
    serveTwo();
    lapseOfAllBut({first_});
    EXPECT_EQ(zone(), namesOf(*first_));
    EXPECT_EQ(outcomesOfClaimant(*second_), (Outcomes{"add failed", "remove failed"}));
    EXPECT_EQ(outcomesOf(*first_), Outcomes{"add succeeded"});
}

// R4: the same when the claimant declines its own address.
TEST_F(Rule04DdnsTurns, declineOfTheClaimantLeavesTheHoldersName) {
    serveTwo();
    second_->decline();
    EXPECT_EQ(zone(), namesOf(*first_));
    EXPECT_EQ(outcomesOf(*first_), Outcomes{"add succeeded"});
}

// A claimant that has a name of its own has it still when the holder's has gone, and the other way round.
TEST_F(Rule04DdnsTurns, eachEndRemovesOnlyWhatIsItsOwn) {
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

// The holder's lease ends and its name with it. Nobody gets the name by that: Kea asks for a name when a lease is
// made or its name changes, and the claimant's lease stays what it is.
TEST_F(Rule04DdnsTurns, nameOfAHolderThatHasGoneIsFree) {
    serveTwo();
    first_->release();
    reclaim();
    EXPECT_EQ(zone(), Names());
    EXPECT_EQ(second_->renew().address(), own_);
    EXPECT_EQ(zone(), Names());
    EXPECT_FALSE(first_->acquire().isZero());
    EXPECT_EQ(zone(), namesOf(*first_));
}

// With an update at every renewal the claimant has the free name from its next renewal on. It belongs to it then as
// it belonged to the holder: who comes back does not get it until the claimant's lease has ended.
TEST_F(Rule04DdnsTurns, updateAtRenewalGivesAFreeNameToTheClaimant) {
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

// R9: the holder's lease has run out, and the claimant, in a conflict that was never confirmed, boots: it returns to
// its identifier and to the address that goes with it, and so does the name, with the DHCID that it had. When the
// lease under the derived identifier ends, that changes nothing.
TEST_F(Rule09DdnsTurns, claimantThatReturnsTakesTheNameOver) {
    serveTwo();
    const Names before = zone();
    lapseOfAllBut({second_});
    EXPECT_EQ(zone(), Names());
    EXPECT_EQ(second_->acquire(), held_);
    EXPECT_TRUE(undisturbed(server(), *second_));
    EXPECT_EQ(zone(), before);
    lapseOfAllBut({second_});
    EXPECT_EQ(zone(), before);
    EXPECT_EQ(outcomesOfClaimant(*second_), (Outcomes{"add failed", "remove failed"}));
}

// R9: a machine with another network card takes the expired lease of its old one over, before or after the server
// has reclaimed it: identifier and address are the same, so name and DHCID are.
TEST_F(Rule09DdnsTurns, newNetworkCardKeepsTheName) {
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
        EXPECT_TRUE(undisturbed(server(), same));
        EXPECT_EQ(zone(), before);
        startOver();
    }
}

// R9: the holder comes back to its own expired lease, which was reclaimed: the name is there again.
TEST_F(Rule09DdnsTurns, holderThatComesBackHasItsName) {
    serveTwo();
    const Names before = zone();
    lapseOfAllBut({second_});
    EXPECT_EQ(zone(), Names());
    EXPECT_EQ(first_->initReboot(held_).address(), held_);
    EXPECT_EQ(zone(), before);
    EXPECT_EQ(second_->renew().address(), own_);
    EXPECT_EQ(zone(), before);
}

/// @brief Two clones booted together without the guard, and the second took the lease from the first; then the guard was
/// loaded. The second is the holder, the name says the address that the lease had first, and there the claimant is.
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
        // Its address is free: it was the other's renewal that took the lease from it.
        EXPECT_EQ(first_->renew().type(), ACK);
        EXPECT_TRUE(setAside(server(), *first_));
        EXPECT_EQ(second_->renew().type(), ACK);
        EXPECT_TRUE(undisturbed(server(), *second_));
    }

    Json resend(Address address) {
        return (server().command("lease4-resend-ddns", {{"ip-address", address.toText()}}));
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
    Names left_;
};

using Rule04NameLeftByClones = NameLeftByClones;

// R4: what clones left in the DNS before the guard came stays there as long as nobody asks for the name. Kea's command
// lease4-resend-ddns does, for the holder's lease; it mends the name, not the reverse record of the former address.
// For a claimant's lease the same command changes nothing.
TEST_F(Rule04NameLeftByClones, isMendedByTheCommandThatSendsItAgain) {
    serveAfterClones();
    EXPECT_EQ(zone(), left_);
    EXPECT_EQ(resend(first_->address())["result"], 0);
    EXPECT_EQ(zone(), left_);
    EXPECT_EQ(resend(second_->address())["result"], 0);
    EXPECT_EQ(zone(), together(reverseOf(left_), namesOf(*second_)));
}

// R4: so it is by the holder's next renewal where the server updates the DNS at renewals.
TEST_F(Rule04NameLeftByClones, isMendedByAnUpdateAtRenewal) {
    serveAfterClones(updatesAtRenewals());
    EXPECT_EQ(zone(), together(reverseOf(left_), namesOf(*second_)));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
