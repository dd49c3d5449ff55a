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
        const GuardedQuery query{cloneIdentifier(), mac(machine), at(when), Stage::SELECTING, forged};
        return (judge_.judge(query, lookup_));
    }

    /// @brief Records a claimant as the reporter does.
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

// R3: a claimant's query takes no claim, so it cannot keep a third machine out.
TEST_F(JudgeTest, rule03ClaimantMakesNoClaim) {
    lookup_.leases_ = {live(1)};
    EXPECT_EQ(ask(2, 0).role, CLAIMANT);
    EXPECT_EQ(ask(2, 1, 1, true).role, CLAIMANT);
    EXPECT_EQ(claims_.size(), 0U);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(3, 2).role, PASSES);
}

// R1: a machine that the configuration declares to be the holder passes, with a lease of the holder or a claim, and under
// monitor. A forged identifier stays a claimant's.
TEST_F(JudgeTest, rule01SameMachineByItsReservation) {
    lookup_.reserved_together_ = mac(1);
    lookup_.leases_ = {live(1)};
    EXPECT_EQ(ask(2, 0).role, PASSES);
    EXPECT_FALSE(ask(2, 1).conflicting);
    EXPECT_EQ(ask(2, 2, 1, true).role, CLAIMANT);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(1, 40).role, PASSES);
    EXPECT_EQ(ask(2, 41).role, PASSES);
    lookup_.reserved_together_ = mac(7);
    EXPECT_EQ(ask(2, 42).role, CLAIMANT);
}

// R1: the former claimant of such a pair that has an own lease and meets an expired one keeps what it has.
TEST_F(JudgeTest, rule01SameMachineKeepsItsLeaseAsAClaimant) {
    lookup_.reserved_together_ = mac(1);
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {live(2)};
    EXPECT_EQ(ask(2, 0).role, CLAIMANT);
}

// R14: reservations are looked up for claimants only.
TEST_F(JudgeTest, rule14ReservationsAreLookedUpForClaimantsOnly) {
    ask(1, 0);
    lookup_.leases_ = {live(1)};
    ask(1, 1);
    note(ask(2, 2), 2);
    EXPECT_EQ(lookup_.asked_together_, 1);
    ask(1, 3);
    EXPECT_EQ(lookup_.asked_together_, 1);
}

// R14: while no machine has a lease and no conflict is known, a boot costs one look-up a message. If the machine had a
// lease as a claimant, it would return with this boot. A REQUEST without a DISCOVER costs the second look-up.
TEST_F(JudgeTest, rule14BootCostsOneLookUpEach) {
    GuardedQuery query{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_EQ(judge_.judge(query, lookup_).role, PASSES);
    query.now = at(1);
    query.stage = Stage::SELECTING;
    EXPECT_EQ(judge_.judge(query, lookup_).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 0);
    EXPECT_EQ(lookup_.asked_leases_, 2) << "who holds the identifier is asked each time";
    query.stage = Stage::REBOOTING;
    EXPECT_EQ(judge_.judge(query, lookup_).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 1);
}

// R9, R14: the leases as a claimant are looked up for a client that still asks some time after it got the claim,
// because it may have no address to return to, and for a client that would lose a reserved address.
TEST_F(JudgeTest, rule09BootThatMayNotReturnIsLookedUp) {
    EXPECT_EQ(ask(1, 0).role, PASSES);
    EXPECT_EQ(ask(1, 2).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 1);
    lookup_.has_reservation_ = true;
    EXPECT_EQ(ask(2, 100).role, PASSES);
    EXPECT_EQ(lookup_.asked_derived_, 2);
}

// R14: a claimant costs one look-up while another machine has a live lease. Its own leases would change nothing.
TEST_F(JudgeTest, rule14ClaimantCostsOneLookUp) {
    lookup_.place_ = behindRelay(1);
    lookup_.leases_ = {live(1)};
    for (const auto stage : {Stage::DISCOVERING, Stage::SELECTING, Stage::REBOOTING, Stage::RENEWING}) {
        const GuardedQuery query{cloneIdentifier(), mac(2), at(0), stage, false};
        EXPECT_EQ(judge_.judge(query, lookup_).role, CLAIMANT);
    }
    EXPECT_EQ(lookup_.asked_leases_, 4);
    EXPECT_EQ(lookup_.asked_derived_, 0);
}

// R10, R14: a REQUEST with ciaddr is a renewal only if ciaddr is a live lease of the identifier or of the claimant. The
// look-up is made only for a query in conflict.
TEST_F(JudgeTest, rule10RenewalOfALiveLease) {
    lookup_.place_ = behindRelay(1);
    lookup_.leases_ = {live(1)};
    const auto activityOf = [this](uint32_t machine, Stage stage) {
        const GuardedQuery query{cloneIdentifier(), mac(machine), at(0), stage, false};
        return (judge_.judge(query, lookup_, true).activity);
    };
    EXPECT_EQ(activityOf(2, Stage::DISCOVERING), Activity::BOOT);
    EXPECT_EQ(activityOf(2, Stage::REBOOTING), Activity::BOOT);
    EXPECT_EQ(lookup_.asked_live_renewal_, 0);
    EXPECT_EQ(activityOf(2, Stage::RENEWING), Activity::RENEWAL);
    EXPECT_EQ(activityOf(1, Stage::RENEWING), Activity::RENEWAL);
    lookup_.renews_live_lease_ = false;
    EXPECT_EQ(activityOf(2, Stage::RENEWING), Activity::NONE);
    EXPECT_EQ(activityOf(1, Stage::RENEWING), Activity::NONE);
    EXPECT_EQ(lookup_.asked_live_renewal_, 4);
    lookup_.leases_.clear();
    const Bytes unique = identifierNumber(1);
    const GuardedQuery clean{unique, mac(3), at(0), Stage::RENEWING, false};
    EXPECT_FALSE(judge_.judge(clean, lookup_).conflicting);
    EXPECT_EQ(lookup_.asked_live_renewal_, 4);
}

// R6, R9: a claimant that has the claim for the address of an expired lease does not pass with it.
TEST_F(JudgeTest, rule06ClaimOfAClaimantIsNoPass) {
    lookup_.derived_ = {live(2)};
    const GuardedQuery query{cloneIdentifier(), mac(2), at(0), Stage::SELECTING, false};
    EXPECT_TRUE(judge_.tryClaim(query, lookup_, lookup_.networks_.at(1)));
    EXPECT_EQ(ask(2, 1).role, CLAIMANT);
}

// R3: a holder whose lease may expire before a claim renews its claim with every pass, so that no other machine gets it
// when the lease expires.
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

// R3: a holder with a live lease overrules the claim of another machine. That machine is a claimant from then on,
// before the database shows it.
TEST_F(JudgeTest, rule03DatabaseBeatsMemory) {
    EXPECT_EQ(ask(2, 0).role, PASSES);
    lookup_.leases_ = {live(1)};
    const auto judgement = ask(1, 1);
    EXPECT_EQ(judgement.role, PASSES);
    EXPECT_TRUE(judgement.conflicting);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(2, 2).role, CLAIMANT);
}

// R3: one identifier may have a claim in each of two networks, and each is contested in its own.
TEST_F(JudgeTest, rule03ClaimInEachNetwork) {
    EXPECT_EQ(ask(1, 0, 1).role, PASSES);
    EXPECT_EQ(ask(2, 0, 2).role, PASSES);
    EXPECT_EQ(ask(2, 1, 1).role, CLAIMANT);
    EXPECT_EQ(ask(1, 1, 2).role, CLAIMANT);
    EXPECT_EQ(ask(3, 1, 1).holder.address, mac(1));
    EXPECT_EQ(ask(3, 1, 2).holder.address, mac(2));
}

// R3: two relays of one network are two places in one network.
TEST_F(JudgeTest, rule03PlacesOfOneNetwork) {
    lookup_.networks_.at(2) = lookup_.networks_.at(1);
    EXPECT_EQ(ask(1, 0, 1).role, PASSES);
    EXPECT_EQ(ask(2, 0, 2).role, CLAIMANT);
}

// R3: of several live leases, the one in the first subnet that matches identifiers and is open to the client counts, in
// any order of the database. The server's own look-up finds that one first.
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
    // A lease in a subnet that is closed to the client is in the network, too.
    lookup_.leases_ = {live(2, 12)};
    EXPECT_EQ(ask(1, 60).role, CLAIMANT);
}

// R2, R3: a live lease in another network does not replace the claim in this one.
TEST_F(JudgeTest, rule03LiveElsewhere) {
    EXPECT_EQ(ask(2, 0).role, PASSES);
    lookup_.leases_ = {live(1, 2)};
    EXPECT_EQ(ask(1, 1).role, CLAIMANT);
    EXPECT_EQ(ask(1, 31).role, PASSES);
}

// R2: if networks cannot be distinguished, the whole server is one.
TEST_F(JudgeTest, rule02WholeServer) {
    for (auto& [relay, network] : lookup_.networks_) {
        network.whole_server = true;
        network.key = "server";
        network.subnets = {};
    }
    lookup_.leases_ = {live(1, 77)};
    EXPECT_EQ(ask(2, 0, 2).role, CLAIMANT);
    EXPECT_EQ(ask(1, 0, 2).role, PASSES);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(2, 1, 1).role, CLAIMANT) << "the claim was made behind the other relay";
}

// R2, R15: if two machines have live leases of the identifier, the holder is the one in the subnet that the server
// probably selects.
TEST_F(JudgeTest, rule15TwoHoldersOnWholeServer) {
    for (auto& [relay, network] : lookup_.networks_) {
        network.whole_server = true;
        network.key = "server";
    }
    lookup_.leases_ = {live(1, 77), live(2, 1)};
    EXPECT_EQ(ask(1, 0, 1).role, CLAIMANT);
    EXPECT_EQ(ask(2, 0, 1).role, Role::HOLDER);
}

// R6: a quarantine pool may be in another network. A claimant is recognised by its lease there.
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

// R5: under the policy off no clone is reported.
TEST_F(JudgeTest, rule05Off) {
    lookup_.networks_.at(1).settings.policy = Policy::OFF;
    lookup_.leases_ = {live(1)};
    const auto judgement = ask(2, 0);
    EXPECT_EQ(judgement.role, PASSES);
    EXPECT_FALSE(judgement.conflicting);
    EXPECT_EQ(ask(2, 0, 1, true).role, PASSES);
}

// R11: under monitor the server moves the lease to the machine that asked last. The machine that was seen first stays
// the holder.
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
    // The other network has no conflict.
    lookup_.networks_.at(2).settings.policy = Policy::MONITOR;
    lookup_.leases_ = {live(2, 2)};
    EXPECT_EQ(ask(2, 3, 2).role, PASSES);
}

// Under the policies that act, the database decides, not the recorded holder.
TEST_F(JudgeTest, rule03MemoryOfConflictsDecidesNothing) {
    lookup_.leases_ = {live(1)};
    note(ask(2, 0), 2);
    lookup_.leases_ = {live(2)};
    EXPECT_EQ(ask(2, 40).role, PASSES);
    EXPECT_EQ(ask(1, 41).role, CLAIMANT);
}

// R1: in a network that ignores client identifiers, conflicts are only reported.
TEST_F(JudgeTest, rule01IdentifiersIgnored) {
    lookup_.networks_.at(1).subnets = {{1, false, true}};
    lookup_.leases_ = {live(1)};
    const auto judgement = ask(2, 0);
    EXPECT_EQ(judgement.role, CLAIMANT);
    EXPECT_EQ(judgement.network.policy(), Policy::MONITOR);
}

// R14: a client without a conflict costs one look-up, a new host two, and neither selects subnets.
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

// R14: a query is undisputed while no conflict about its identifier is known. To find that out costs no look-up and no
// claim.
TEST_F(JudgeTest, rule14Undisputed) {
    const GuardedQuery query{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_FALSE(judge_.isDisputed(query));
    EXPECT_EQ(lookup_.asked_leases_ + lookup_.asked_derived_ + lookup_.asked_networks_, 0);
    EXPECT_EQ(claims_.size(), 0U);
}

// R3: a query in a known conflict, or with a forged identifier, is disputed and needs a judgement.
TEST_F(JudgeTest, rule03Disputed) {
    const GuardedQuery forged{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, true};
    EXPECT_TRUE(judge_.isDisputed(forged));
    lookup_.leases_ = {live(2)};
    note(ask(1, 0), 1);
    const GuardedQuery query{cloneIdentifier(), mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_TRUE(judge_.isDisputed(query));
    const auto another = identifierNumber(1);
    const GuardedQuery other{another, mac(1), at(0), Stage::DISCOVERING, false};
    EXPECT_FALSE(judge_.isDisputed(other));
}

// R13: if the table of claims is full, the database alone decides, and the judgement says so.
TEST_F(JudgeTest, rule13ClaimsFull) {
    for (uint32_t i = 0; i < 1024; ++i) {
        claims_.takeIfAlone(identifierNumber(i), mac(1), behindRelay(1), at(0));
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

// R6: a claimant gets the address of an expired lease of the identifier only if it wins the claim.
TEST_F(JudgeTest, rule06WinsClaim) {
    const auto wins = [this](uint32_t machine, double when, uint32_t relay = 1) {
        lookup_.place_ = behindRelay(relay);
        const GuardedQuery query{cloneIdentifier(), mac(machine), at(when), Stage::DISCOVERING, false};
        return (judge_.tryClaim(query, lookup_, lookup_.networks_.at(relay)));
    };
    EXPECT_EQ(ask(1, 0).role, PASSES);
    EXPECT_FALSE(wins(2, 1));
    EXPECT_TRUE(wins(2, 1, 2)) << "in another network";
    EXPECT_TRUE(wins(2, 31));
    EXPECT_FALSE(wins(3, 32));
    EXPECT_EQ(ask(1, 33).role, CLAIMANT) << "the returning holder comes too late";
}

// R8: the owner of the lease that a RELEASE or DECLINE names.
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
