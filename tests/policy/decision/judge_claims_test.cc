// SPDX-License-Identifier: MPL-2.0
//
// R3: a claim without a lease ends, and so does the claim of a machine that gives its lease up.

#include <tests/policy/decision/fake_lease_lookup.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

class JudgeClaimsTest : public ::testing::Test {
protected:
    Judgement ask(uint32_t machine, double when, uint32_t relay = 1, Stage stage = Stage::DISCOVERING) {
        lookup_.place_ = behindRelay(relay);
        const auto judgement = judge_.judge(query(machine, when, stage), lookup_);
        if (judgement.role == CLAIMANT) {
            conflicts_.recordBlocked(ReportKind::SUSPECTED, judgement.network.key, cloneIdentifier(),
                                     judgement.holder.address, mac(machine), at(when));
        }
        return (judgement);
    }

    static GuardedQuery query(uint32_t machine, double when, Stage stage) {
        return {cloneIdentifier(), mac(machine), at(when), stage, false};
    }

    ClaimTable claims_{std::chrono::seconds(30), 1024};
    ConflictRegistry conflicts_{10, std::chrono::seconds(86400)};
    Judge judge_{claims_, conflicts_};
    FakeLeaseLookup lookup_;
};

}  // namespace

// R3: a machine that only asks gives way to another one that asks, within three windows.
TEST_F(JudgeClaimsTest, rule03AskingWithoutTaking) {
    EXPECT_EQ(ask(2, 0).role, PASSES);
    double when = 1;
    while (ask(1, when).role == CLAIMANT && when < 1000) {
        ask(2, when + 10);
        when += 20;
    }
    EXPECT_LE(when, 91);
    // The lease that follows counts from now on.
    lookup_.leases_ = {live(1)};
    EXPECT_EQ(ask(2, when + 1).role, CLAIMANT);
    EXPECT_EQ(ask(1, when + 100).role, PASSES);
}

// R3: REQUESTs that no lease follows do not prolong the claim either.
TEST_F(JudgeClaimsTest, rule03RequestsWithoutALease) {
    EXPECT_EQ(ask(2, 0).role, PASSES);
    double when = 1;
    while (ask(1, when).role == CLAIMANT && when < 1000) {
        ask(2, when + 1, 1, Stage::SELECTING);
        ask(2, when + 2, 1, Stage::REBOOTING);
        when += 5;
    }
    EXPECT_LE(when, 91);
}

// R3: a machine with a lease passes, however often it asks and others ask.
TEST_F(JudgeClaimsTest, rule03HolderIsNeverExhausted) {
    EXPECT_EQ(ask(1, 0).role, PASSES);
    EXPECT_EQ(ask(2, 1).role, CLAIMANT);
    lookup_.leases_ = {live(1)};
    for (double when = 2; when < 600; when += 5) {
        EXPECT_EQ(ask(1, when).role, PASSES) << when;
        EXPECT_EQ(ask(2, when + 1).role, CLAIMANT) << when;
    }
}

// R2, R3: a machine that asks in another network makes no machine give way.
TEST_F(JudgeClaimsTest, rule02OtherNetworkDoesNotCount) {
    for (double when = 0; when < 300; when += 10) {
        EXPECT_EQ(ask(2, when).role, PASSES) << when;
        EXPECT_EQ(ask(1, when + 1, 2).role, PASSES) << when;
    }
}

// R3: after the RELEASE of the machine with the claim the next one passes, in the network of the lease only.
TEST_F(JudgeClaimsTest, rule03ClaimEndsWithTheRelease) {
    EXPECT_EQ(ask(1, 0).role, PASSES);
    const auto release = query(1, 1, Stage::RENEWING);
    EXPECT_TRUE(judge_.hasClaim(release));
    judge_.endClaim(release, lookup_, lookup_.networks_.at(2));
    EXPECT_EQ(ask(2, 1).role, CLAIMANT);
    judge_.endClaim(release, lookup_, lookup_.networks_.at(1));
    EXPECT_FALSE(judge_.hasClaim(release));
    EXPECT_EQ(ask(2, 2).role, PASSES);
    EXPECT_EQ(ask(1, 3).role, CLAIMANT);
}

// R14: the place of a rival in another network is resolved once.
TEST_F(JudgeClaimsTest, rule14RivalsAreResolvedOnce) {
    EXPECT_EQ(ask(1, 0, 1).role, PASSES);
    EXPECT_EQ(ask(2, 1, 2).role, PASSES);
    const int before = lookup_.asked_networks_;
    EXPECT_EQ(ask(2, 2, 2).role, PASSES);
    EXPECT_EQ(lookup_.asked_networks_, before + 1) << "its own place";
}

}  // namespace test
}  // namespace clone_guard
