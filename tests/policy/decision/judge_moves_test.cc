// SPDX-License-Identifier: MPL-2.0
//
// R9, R10: which machine may take an identifier over or return to it.

#include <tests/policy/decision/fake_lease_lookup.h>
#include <tests/policy/support.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

constexpr auto DISCOVERING = Stage::DISCOVERING;
constexpr auto SELECTING = Stage::SELECTING;
constexpr auto RENEWING = Stage::RENEWING;

class JudgeMovesTest : public ::testing::Test {
protected:
    JudgeMovesTest() {
        lookup_.place_ = behindRelay(1);
    }

    GuardedQuery query(uint32_t machine, double when, Stage stage) {
        return {identifier_, mac(machine), at(when), stage, false};
    }

    Judgement ask(uint32_t machine, double when, Stage stage) {
        return (judge_.judge(query(machine, when, stage), lookup_));
    }

    /// @brief Opens a conflict in which machine 1 is the holder and machine 2 a claimant.
    void suspect() {
        conflicts_.recordClaimant(KEY, identifier_, mac(1), mac(2), Activity::BOOT, at(0));
    }

    void confirm() {
        suspect();
        conflicts_.recordHolder(KEY, identifier_, mac(1), Activity::BOOT, at(1));
        conflicts_.recordClaimant(KEY, identifier_, mac(1), mac(2), Activity::RENEWAL, at(2));
        conflicts_.recordHolder(KEY, identifier_, mac(1), Activity::RENEWAL, at(3));
        ASSERT_TRUE(conflicts_.isConfirmed(KEY, identifier_));
    }

    void takeoverNever() {
        lookup_.networks_.at(1).settings.takeover = Takeover::NEVER;
    }

    static constexpr const char* KEY = "subnet 1";
    const Bytes identifier_ = cloneIdentifier();
    ClaimTable claims_{std::chrono::seconds(30), 1024};
    ConflictRegistry conflicts_{10, std::chrono::seconds(86400)};
    Judge judge_{claims_, conflicts_};
    FakeLeaseLookup lookup_;
};

}  // namespace

// R9: a claimant returns with its next DISCOVER if no other machine has a live lease. The REQUEST that follows passes
// too.
TEST_F(JudgeMovesTest, rule09ReturnsByDiscover) {
    suspect();
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {live(2)};
    const auto offered = ask(2, 100, DISCOVERING);
    EXPECT_EQ(offered.role, PASSES);
    EXPECT_TRUE(offered.moved);
    EXPECT_EQ(offered.holder.address, mac(1));
    const auto requested = ask(2, 129, SELECTING);
    EXPECT_EQ(requested.role, PASSES);
    EXPECT_TRUE(requested.moved);
}

// R9: a claimant with an address of its own keeps it after the holder's lease was deleted: a return would only change
// the address. A DISCOVER that asks for that address, and one of a claimant of an earlier conflict, are looked up.
TEST_F(JudgeMovesTest, rule09NoRecordToReturnTo) {
    lookup_.asks_for_address_ = true;
    for (const auto& own : {live(2), expired(2)}) {
        lookup_.derived_ = {own};
        EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
    }
    lookup_.asks_for_address_ = false;
    EXPECT_EQ(conflicts_
                  .recordClaimant(KEY, identifier_, {}, mac(2), Activity::NONE, at(101),
                                  ConflictRegistry::Opening::DENIED)
                  .report,
              false);
    EXPECT_EQ(ask(2, 200, DISCOVERING).role, CLAIMANT);
    lookup_.reserved_for_identifier_ = true;
    EXPECT_EQ(ask(2, 250, DISCOVERING).role, PASSES) << "of the reserved address";
    lookup_.derived_.clear();
    EXPECT_EQ(ask(3, 300, DISCOVERING).role, PASSES);
}

// R10: a released lease binds the machines of a confirmed conflict: holder and claimant come back in any order, each to
// its own. It binds no machine of a suspected conflict.
TEST_F(JudgeMovesTest, rule10ReleasedLeasesBindInAConfirmedConflict) {
    lookup_.leases_ = {released(1)};
    lookup_.derived_of_[mac(2)] = {released(2)};
    EXPECT_EQ(ask(3, 0, DISCOVERING).role, PASSES) << "no conflict";
    suspect();
    const auto taken = ask(2, 100, DISCOVERING);
    EXPECT_EQ(taken.role, PASSES);
    EXPECT_FALSE(taken.moved);
    confirm();
    const auto first = ask(2, 200, DISCOVERING);
    EXPECT_EQ(first.role, CLAIMANT);
    EXPECT_EQ(first.holder.address, mac(1));
    EXPECT_EQ(ask(3, 200, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(1, 200, DISCOVERING).role, PASSES);
    EXPECT_EQ(ask(1, 201, SELECTING).role, PASSES);
    lookup_.leases_ = {live(1)};
    EXPECT_EQ(ask(2, 202, DISCOVERING).role, CLAIMANT);
}

// R9: a REQUEST without a DISCOVER does not return: neither a renewal nor a reboot, nor a REQUEST after the claim has
// expired.
TEST_F(JudgeMovesTest, rule09RequestAloneDoesNotReturn) {
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {live(2)};
    EXPECT_EQ(ask(2, 100, RENEWING).role, CLAIMANT);
    EXPECT_EQ(ask(2, 100, SELECTING).role, CLAIMANT);
    EXPECT_EQ(ask(2, 101, DISCOVERING).role, PASSES);
    EXPECT_EQ(ask(2, 102, RENEWING).role, CLAIMANT) << "of the lease that it has";
    EXPECT_EQ(ask(2, 103, Stage::REBOOTING).role, CLAIMANT) << "with the address that it has";
    EXPECT_EQ(ask(2, 104, SELECTING).role, PASSES) << "of what it was offered";
    EXPECT_EQ(ask(2, 135, SELECTING).role, CLAIMANT) << "the claim has run out";
}

// R9: a claimant does not return while another hardware address has a live lease.
TEST_F(JudgeMovesTest, rule09HolderIsThere) {
    lookup_.leases_ = {live(1)};
    lookup_.derived_ = {live(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
}

// R9, R6: a claimant does not return while its lease has the address that is reserved for its hardware address.
TEST_F(JudgeMovesTest, rule09ReservedAddressKeepsIt) {
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {live(2)};
    lookup_.reserved_ = live(2).ip;
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
    lookup_.derived_ = {expired(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, PASSES);
}

// R9: a machine that has returned is the holder, although it still has a lease as a claimant.
TEST_F(JudgeMovesTest, rule09WhoReturnedIsTheHolder) {
    lookup_.leases_ = {expired(2)};
    lookup_.derived_ = {expired(2)};
    for (const auto stage : {RENEWING, SELECTING, Stage::REBOOTING, DISCOVERING}) {
        const auto judgement = ask(2, 100, stage);
        EXPECT_EQ(judgement.role, PASSES);
        EXPECT_FALSE(judgement.moved);
    }
    confirm();
    EXPECT_EQ(ask(2, 200, RENEWING).role, PASSES);
    // The machine was the holder first, and a claimant later.
    lookup_.derived_.front().last_seen += 1;
    EXPECT_EQ(ask(2, 300, RENEWING).role, CLAIMANT);
}

// R9, R13: a machine that gets no offer when it returns, as with a full pool, is a claimant again when it asks once
// more. A DISCOVER that arrives by two relays counts once.
TEST_F(JudgeMovesTest, rule09NothingToReturnTo) {
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {live(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, PASSES);
    EXPECT_EQ(ask(2, 100.01, DISCOVERING).role, PASSES);
    EXPECT_EQ(ask(2, 102, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(2, 103, SELECTING).role, CLAIMANT) << "of what it has as a claimant";
    EXPECT_EQ(ask(2, 110, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(2, 131, DISCOVERING).role, PASSES);
}

// R9: in a confirmed conflict a claimant keeps its role until an operator deletes the conflict. Then the claimant
// returns as in a suspected conflict.
TEST_F(JudgeMovesTest, rule09ReturnsAfterTheConflictIsDeleted) {
    confirm();
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {live(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
    conflicts_.remove(KEY, identifier_);
    EXPECT_EQ(ask(2, 200, RENEWING).role, CLAIMANT) << "of the lease that it has";
    EXPECT_EQ(ask(2, 201, DISCOVERING).role, PASSES);
    EXPECT_EQ(ask(2, 202, SELECTING).role, PASSES);
}

// R4: to delete a conflict does not affect an active holder.
TEST_F(JudgeMovesTest, rule04HolderStaysAfterTheConflictIsDeleted) {
    confirm();
    lookup_.leases_ = {live(1)};
    lookup_.derived_ = {live(2)};
    conflicts_.remove(KEY, identifier_);
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(1, 101, RENEWING).role, PASSES);
}

// R9: of two claimants that return in the same instant, one succeeds.
TEST_F(JudgeMovesTest, rule09OneReturns) {
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {expired(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, PASSES);
    EXPECT_EQ(ask(3, 100, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(1, 100, DISCOVERING).role, CLAIMANT);
}

// R6, R9: a claim that a claimant took for the address of an expired lease does not make the claimant return.
TEST_F(JudgeMovesTest, rule09ClaimForAnAddressIsNoReturn) {
    lookup_.derived_ = {expired(2)};
    const auto asked = query(2, 100, SELECTING);
    EXPECT_TRUE(judge_.tryClaim(asked, lookup_, lookup_.networks_.at(1)));
    EXPECT_EQ(ask(2, 101, SELECTING).role, CLAIMANT);
}

// R9: in a confirmed conflict no machine returns or takes the identifier over while the holder's lease exists.
TEST_F(JudgeMovesTest, rule09ConfirmedKeepsEverybody) {
    confirm();
    lookup_.leases_ = {expired(1)};
    lookup_.derived_of_[mac(2)] = {expired(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(3, 100, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(1, 100, DISCOVERING).role, PASSES);
}

// R9: after the holder's lease was deleted, a claimant keeps its own identifier, and a newcomer gets the shared one.
TEST_F(JudgeMovesTest, rule09ConfirmedAndTheRecordIsGone) {
    confirm();
    lookup_.derived_of_[mac(2)] = {expired(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(3, 100, DISCOVERING).role, PASSES);
}

// R9: with takeover `never` no machine takes the identifier over while the lease exists, with or without a lease of its
// own.
TEST_F(JudgeMovesTest, rule09TakeoverNever) {
    takeoverNever();
    lookup_.leases_ = {expired(1)};
    lookup_.derived_of_[mac(2)] = {live(2)};
    EXPECT_EQ(ask(2, 100, DISCOVERING).role, CLAIMANT);
    EXPECT_EQ(ask(3, 100, DISCOVERING).role, CLAIMANT);
    lookup_.leases_.clear();
    EXPECT_EQ(ask(3, 200, DISCOVERING).role, PASSES);
}

// R9: to take over the expired lease of another machine is a move. To renew one's own expired lease is not.
TEST_F(JudgeMovesTest, rule09WhatIsAMove) {
    lookup_.leases_ = {expired(1)};
    EXPECT_FALSE(ask(1, 100, SELECTING).moved);
    EXPECT_TRUE(ask(2, 200, SELECTING).moved);
    lookup_.leases_ = {live(2)};
    EXPECT_FALSE(ask(2, 201, RENEWING).moved);
    lookup_.leases_ = {expired(2), expired(1)};
    EXPECT_FALSE(ask(2, 300, SELECTING).moved);
}

// R9, R11: a move is reported once, however often the REQUEST is sent.
TEST_F(JudgeMovesTest, rule09MoveIsToldOnce) {
    lookup_.leases_ = {expired(1)};
    EXPECT_FALSE(judge_.shouldReportMove(query(2, 99, SELECTING)))
        << "without a claim there is no move to report";
    ask(2, 100, SELECTING);
    EXPECT_TRUE(judge_.shouldReportMove(query(2, 100, SELECTING)));
    ask(2, 120, SELECTING);
    EXPECT_FALSE(judge_.shouldReportMove(query(2, 120, SELECTING)));
    ask(2, 151, SELECTING);
    EXPECT_TRUE(judge_.shouldReportMove(query(2, 151, SELECTING)));
}

// R10, R3: a claimant whose conflict is over keeps its role, and does not open a conflict.
TEST_F(JudgeMovesTest, rule10LeftOver) {
    lookup_.leases_ = {expired(1)};
    lookup_.derived_ = {live(2)};
    const auto judgement = ask(2, 100, RENEWING);
    EXPECT_EQ(judgement.role, CLAIMANT);
    EXPECT_TRUE(judgement.leftOver());
    lookup_.leases_ = {live(1)};
    EXPECT_FALSE(ask(2, 200, RENEWING).leftOver());
}

}  // namespace test
}  // namespace clone_guard
