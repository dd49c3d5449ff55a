// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/decision/fake_lease_lookup.h>
#include <tests/policy/support.h>

#include <core/identity/derived_identifier.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

class JudgeTest : public ::testing::Test {
protected:
    Judgement ask(uint32_t machine, double when, uint32_t relay = 1, bool forged = false) {
        lookup_.place_ = behindRelay(relay);
        const GuardedQuery question{cloneIdentifier(), mac(machine), at(when), Stage::SELECTING, forged};
        return (judge_.judge(question, lookup_));
    }

    /// @brief What the reporter does with a claimant.
    void note(const Judgement& judgement, uint32_t claimant) {
        conflicts_.recordBlocked(ReportKind::SUSPECTED, judgement.network.key, cloneIdentifier(),
                                 judgement.holder.address, mac(claimant), at(0));
    }

    ClaimTable claims_{std::chrono::seconds(30), 1024};
    ConflictRegistry conflicts_{10, std::chrono::seconds(86400)};
    Judge judge_{claims_, conflicts_};
    FakeLeaseLookup lookup_;
};

}  // namespace

// R3: a query that was judged a claimant's makes no claim: nothing that it sends keeps a third out.
TEST_F(JudgeTest, rule03ClaimantMakesNoClaim) {
    lookup_.leases_ = {live(1)};
    EXPECT_EQ(ask(2, 0).role, CLAIMANT);
    EXPECT_EQ(ask(2, 1, 1, true).role, CLAIMANT);
    EXPECT_EQ(claims_.size(), 0U);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(3, 2).role, PASSES);
}

// R14: while nobody has a record and no conflict is known, a boot costs one look-up a message: had the machine a record
// as a claimant, it would return with this very boot. Whoever comes without one is looked up.
TEST_F(JudgeTest, rule14BootCostsOneLookUpEach) {
    GuardedQuery question{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_EQ(judge_.judge(question, lookup_).role, PASSES);
    question.now = at(1);
    question.stage = Stage::SELECTING;
    EXPECT_EQ(judge_.judge(question, lookup_).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 0);
    EXPECT_EQ(lookup_.asked_leases_, 2) << "who holds the identifier is asked each time";
    question.stage = Stage::REBOOTING;
    EXPECT_EQ(judge_.judge(question, lookup_).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 1);
}

// R9, R14: who still asks when it has had the claim for a while may be one that has no address to return to, and is
// looked up as a claimant; so is who would lose an address that is reserved for it.
TEST_F(JudgeTest, rule09BootThatMayNotReturnIsLookedUp) {
    EXPECT_EQ(ask(1, 0).role, PASSES);
    EXPECT_EQ(ask(1, 2).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 1);
    lookup_.has_reservation_ = true;
    EXPECT_EQ(ask(2, 100).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 2);
}

// R14: a claimant costs one look-up while somebody else has a live record: what it has itself changes nothing.
TEST_F(JudgeTest, rule14ClaimantCostsOneLookUp) {
    lookup_.place_ = behindRelay(1);
    lookup_.leases_ = {live(1)};
    for (const auto stage : {Stage::DISCOVERING, Stage::SELECTING, Stage::REBOOTING, Stage::RENEWING}) {
        const GuardedQuery question{cloneIdentifier(), mac(2), at(0), stage, false};
        EXPECT_EQ(judge_.judge(question, lookup_).role, CLAIMANT);
    }
    EXPECT_EQ(lookup_.asked_leases_, 4);
    EXPECT_EQ(lookup_.asked_derived_, 0);
}

// R6, R9: a claimant that has the claim, to be given the address of an expired record, does not pass by it.
TEST_F(JudgeTest, rule06ClaimOfAClaimantIsNoPass) {
    lookup_.derived_ = {live(2)};
    const GuardedQuery question{cloneIdentifier(), mac(2), at(0), Stage::SELECTING, false};
    EXPECT_TRUE(judge_.tryClaim(question, lookup_, lookup_.networks_.at(1)));
    EXPECT_EQ(ask(2, 1).role, CLAIMANT);
}

// R3: a holder whose lease may end before a claim does renews its claim with every pass, so nobody
// slips in when the lease ends.
TEST_F(JudgeTest, rule03HolderRenewsItsClaim) {
    lookup_.leases_ = {live(1)};
    EXPECT_EQ(ask(1, 0).role, PASSES);
    EXPECT_EQ(ask(1, 29).role, PASSES);
    lookup_.leases_.clear();
    const auto judgement = ask(2, 40);
    EXPECT_EQ(judgement.role, CLAIMANT);
    EXPECT_EQ(judgement.holder.address, mac(1));
    EXPECT_TRUE(judgement.holder.ip.isUnspecified());
    EXPECT_EQ(ask(2, 59).role, PASSES);
}

// R3: the holder with a live record makes another's claim give way, and then that one is a claimant
// even before the database says so.
TEST_F(JudgeTest, rule03DatabaseBeatsMemory) {
    EXPECT_EQ(ask(2, 0).role, PASSES);
    lookup_.leases_ = {live(1)};
    const auto judgement = ask(1, 1);
    EXPECT_EQ(judgement.role, PASSES);
    EXPECT_TRUE(judgement.conflicting);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(2, 2).role, CLAIMANT);
}

// R3: one identifier may hold a claim in each of two networks, and each is defended there.
TEST_F(JudgeTest, rule03ClaimInEachNetwork) {
    EXPECT_EQ(ask(1, 0, 1).role, PASSES);
    EXPECT_EQ(ask(2, 0, 2).role, PASSES);
    EXPECT_EQ(ask(2, 1, 1).role, CLAIMANT);
    EXPECT_EQ(ask(1, 1, 2).role, CLAIMANT);
    EXPECT_EQ(ask(3, 1, 1).holder.address, mac(1));
    EXPECT_EQ(ask(3, 1, 2).holder.address, mac(2));
}

// R3: two relays of one network are two places and one network.
TEST_F(JudgeTest, rule03PlacesOfOneNetwork) {
    lookup_.networks_.at(2) = lookup_.networks_.at(1);
    EXPECT_EQ(ask(1, 0, 1).role, PASSES);
    EXPECT_EQ(ask(2, 0, 2).role, CLAIMANT);
}

// R3: of several live records the server's own look-up comes to that of the first subnet that
// matches identifiers and is open to the client, in whatever order the database has them.
TEST_F(JudgeTest, rule03FirstInTheServersOrder) {
    auto& network = lookup_.networks_.at(1);
    lookup_.leases_ = {live(1, 11), live(2, 12)};
    network.subnets = {{12, true, true}, {11, true, true}};
    EXPECT_EQ(ask(1, 0).role, CLAIMANT);
    EXPECT_EQ(ask(2, 0).role, PASSES);
    network.subnets = {{12, false, true}, {11, true, true}};
    EXPECT_EQ(ask(1, 1).role, PASSES);
    EXPECT_EQ(ask(2, 1).role, CLAIMANT);
    network.subnets = {{12, true, false}, {11, true, true}};
    EXPECT_EQ(ask(1, 2).role, PASSES);
    EXPECT_EQ(ask(2, 2).role, CLAIMANT);
    // A record in a subnet that is closed to the client is one of the network's nevertheless.
    lookup_.leases_ = {live(2, 12)};
    EXPECT_EQ(ask(1, 60).role, CLAIMANT);
}

// R2, R3: a live record in another network spares nobody the claim in this one.
TEST_F(JudgeTest, rule03LiveElsewhere) {
    EXPECT_EQ(ask(2, 0).role, PASSES);
    lookup_.leases_ = {live(1, 2)};
    EXPECT_EQ(ask(1, 1).role, CLAIMANT);
    EXPECT_EQ(ask(1, 31).role, PASSES);
}

// R2: where networks cannot be told apart the server is one.
TEST_F(JudgeTest, rule02WholeServer) {
    for (auto& [relay, network] : lookup_.networks_) {
        network.whole_server = true;
        network.key = "server";
        network.subnets.clear();
    }
    lookup_.leases_ = {live(1, 77)};
    EXPECT_EQ(ask(2, 0, 2).role, CLAIMANT);
    EXPECT_EQ(ask(1, 0, 2).role, PASSES);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(2, 1, 1).role, CLAIMANT) << "the claim was made behind the other relay";
}

// R6: a quarantine pool may be in another network; a claimant is known by its record there.
TEST_F(JudgeTest, rule06RecordInTheClaimantsNetwork) {
    lookup_.derived_ = {live(1, 9)};
    EXPECT_EQ(ask(1, 0).role, PASSES);
    Network quarantine;
    quarantine.key = "subnet 9";
    quarantine.subnets = {{9, true, true}};
    lookup_.claimant_networks_.emplace(1, quarantine);
    const auto judgement = ask(1, 60);
    EXPECT_EQ(judgement.role, CLAIMANT);
    EXPECT_EQ(judgement.network.key, "subnet 1");
    ASSERT_EQ(judgement.own.size(), 1U);
    EXPECT_EQ(judgement.own.front().subnet_id, 9U);
}

// R5: where the policy is off nothing is said, not even of a clone.
TEST_F(JudgeTest, rule05Off) {
    lookup_.networks_.at(1).settings.policy = Policy::OFF;
    lookup_.leases_ = {live(1)};
    const auto judgement = ask(2, 0);
    EXPECT_EQ(judgement.role, PASSES);
    EXPECT_FALSE(judgement.conflicting);
    EXPECT_EQ(ask(2, 0, 1, true).role, PASSES);
}

// R11: under monitor the server moves the lease to whoever asked last; who was seen first stays the
// holder.
TEST_F(JudgeTest, rule11MonitorRemembersTheFirst) {
    lookup_.networks_.at(1).settings.policy = Policy::MONITOR;
    lookup_.leases_ = {live(1)};
    auto judgement = ask(2, 0);
    EXPECT_EQ(judgement.role, CLAIMANT);
    note(judgement, 2);
    lookup_.leases_ = {live(2)};
    EXPECT_EQ(ask(2, 1).role, CLAIMANT);
    EXPECT_EQ(ask(2, 1).holder.address, mac(1));
    EXPECT_EQ(ask(1, 2).role, PASSES);
    // In the other network nothing is known of it.
    lookup_.networks_.at(2).settings.policy = Policy::MONITOR;
    lookup_.leases_ = {live(2, 2)};
    EXPECT_EQ(ask(2, 3, 2).role, PASSES);
}

// Under the policies that act the database decides, whatever was remembered.
TEST_F(JudgeTest, rule03MemoryOfConflictsDecidesNothing) {
    lookup_.leases_ = {live(1)};
    note(ask(2, 0), 2);
    lookup_.leases_ = {live(2)};
    EXPECT_EQ(ask(2, 40).role, PASSES);
    EXPECT_EQ(ask(1, 41).role, CLAIMANT);
}

// R1: a network in which nobody looks identifiers up is only watched.
TEST_F(JudgeTest, rule01IdentifiersIgnored) {
    lookup_.networks_.at(1).subnets = {{1, false, true}};
    lookup_.leases_ = {live(1)};
    const auto judgement = ask(2, 0);
    EXPECT_EQ(judgement.role, CLAIMANT);
    EXPECT_EQ(judgement.network.policy(), Policy::MONITOR);
}

// R14: who is in no conflict costs one look-up, a new host two, and no selection of subnets.
TEST_F(JudgeTest, rule14OneLookUp) {
    lookup_.leases_ = {live(1)};
    ask(1, 0);
    EXPECT_EQ(lookup_.asked_leases_, 1);
    EXPECT_EQ(lookup_.asked_derived_, 0);
    EXPECT_EQ(lookup_.asked_networks_, 0);
    lookup_ = FakeLeaseLookup();
    ask(1, 1);
    EXPECT_EQ(lookup_.asked_leases_, 1);
    EXPECT_EQ(lookup_.asked_derived_, 1);
    EXPECT_EQ(lookup_.asked_networks_, 0);
}

// R14: the renewal of a lease that nobody disputes is known by that lease alone.
TEST_F(JudgeTest, rule14UndisputedRenewal) {
    const GuardedQuery question{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_FALSE(judge_.renewsUndisputed(question, lookup_));
    lookup_.renews_lasting_lease_ = true;
    EXPECT_TRUE(judge_.renewsUndisputed(question, lookup_));
    EXPECT_EQ(lookup_.asked_leases_ + lookup_.asked_derived_ + lookup_.asked_networks_, 0);
    EXPECT_EQ(claims_.size(), 0U);
}

// R3: in a known conflict, and with a forged identifier, all is looked at: that lease alone says nothing.
TEST_F(JudgeTest, rule03DisputedRenewal) {
    lookup_.renews_lasting_lease_ = true;
    const GuardedQuery forged{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, true};
    EXPECT_FALSE(judge_.renewsUndisputed(forged, lookup_));
    lookup_.leases_ = {live(2)};
    note(ask(1, 0), 1);
    const GuardedQuery question{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_FALSE(judge_.renewsUndisputed(question, lookup_));
    const auto another = identifierNumber(1);
    const GuardedQuery other{another, mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_TRUE(judge_.renewsUndisputed(other, lookup_));
}

// R13: without room for a claim the database alone decides, and it is said so.
TEST_F(JudgeTest, rule13ClaimsFull) {
    for (uint32_t i = 0; i < 1024; ++i) {
        claims_.take(identifierNumber(i), mac(1), behindRelay(1), at(0));
    }
    EXPECT_TRUE(ask(1, 0).claims_full);
    EXPECT_EQ(ask(1, 0).role, PASSES);
    lookup_.leases_ = {expired(2)};
    EXPECT_EQ(ask(1, 0).role, PASSES);
    EXPECT_TRUE(ask(1, 0).claims_full);
    lookup_.leases_ = {live(2)};
    EXPECT_EQ(ask(1, 0).role, CLAIMANT);
    lookup_.leases_.clear();
    EXPECT_FALSE(ask(1, 31).claims_full);
}

// R6: an expired record of the identifier goes to a claimant only if it wins the claim, once.
TEST_F(JudgeTest, rule06WinsClaim) {
    const auto wins = [this](uint32_t machine, double when, uint32_t relay = 1) {
        lookup_.place_ = behindRelay(relay);
        const GuardedQuery question{cloneIdentifier(), mac(machine), at(when), Stage::DISCOVERING,
                                    false};
        return (judge_.tryClaim(question, lookup_, lookup_.networks_.at(relay)));
    };
    EXPECT_EQ(ask(1, 0).role, PASSES);
    EXPECT_FALSE(wins(2, 1));
    EXPECT_TRUE(wins(2, 1, 2)) << "in another network";
    EXPECT_TRUE(wins(2, 31));
    EXPECT_FALSE(wins(3, 32));
    EXPECT_EQ(ask(1, 33).role, CLAIMANT) << "the returning holder comes too late";
}

// R8: whose lease does a RELEASE or DECLINE name?
TEST_F(JudgeTest, rule08NamedLease) {
    const auto& own = cloneIdentifier();
    const auto derived = derive(mac(2), own);
    EXPECT_EQ(judgeNamedLease(own, mac(1), own, mac(1)), NamedLease::NO_CONCERN);
    EXPECT_EQ(judgeNamedLease(own, mac(2), own, mac(1)), NamedLease::HOLDERS);
    EXPECT_EQ(judgeNamedLease(own, mac(2), own, HardwareAddress()), NamedLease::NO_CONCERN);
    EXPECT_EQ(judgeNamedLease(own, mac(2), derived, mac(2)), NamedLease::CLAIMANTS);
    EXPECT_EQ(judgeNamedLease(own, mac(3), derived, mac(2)), NamedLease::NO_CONCERN);
    EXPECT_EQ(judgeNamedLease(identifierNumber(1), mac(2), derived, mac(2)), NamedLease::NO_CONCERN);
    EXPECT_EQ(judgeNamedLease(own, mac(2), identifierNumber(1), mac(1)), NamedLease::NO_CONCERN);
    EXPECT_EQ(judgeNamedLease(own, mac(2), ByteView(), mac(1)), NamedLease::NO_CONCERN);
}

}  // namespace test
}  // namespace clone_guard
