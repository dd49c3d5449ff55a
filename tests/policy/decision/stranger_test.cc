// SPDX-License-Identifier: MPL-2.0
//
// R1, R15: a query that the guard leaves alone is a stranger's if it presents the identifier of another machine's live
// lease.

#include <tests/policy/decision/fake_lease_lookup.h>

#include <core/decision/stranger.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

const StrangerKind KINDS[] = {StrangerKind::NO_HARDWARE_ADDRESS, StrangerKind::BOOTP,
                              StrangerKind::INFORM};

class StrangerTest : public ::testing::Test {
protected:
    StrangerTest() {
        lookup_.place_ = behindRelay(1);
    }

    std::optional<Judgement> ask(StrangerKind kind, uint32_t machine = 2, bool forged = false) {
        GuardedQuery query{cloneIdentifier(), mac(machine), at(0), Stage::SELECTING, forged};
        if (kind == StrangerKind::NO_HARDWARE_ADDRESS) {
            query.address = HardwareAddress(1, filled(6, 0));
        }
        return (judgeStranger(query, kind, lookup_));
    }

    FakeLeaseLookup lookup_;
};

}  // namespace

// R15: a live lease of another machine in the network of the query makes its sender a stranger.
TEST_F(StrangerTest, rule15LiveLeaseOfAnother) {
    lookup_.leases_ = {live(1)};
    for (const auto kind : KINDS) {
        const auto judgement = ask(kind);
        ASSERT_TRUE(judgement) << static_cast<int>(kind);
        EXPECT_EQ(judgement->role, CLAIMANT);
        EXPECT_EQ(judgement->holder.address, mac(1));
        EXPECT_EQ(judgement->network.subnet_id, 1U);
        EXPECT_TRUE(judgement->other_live);
    }
}

// R1: without such a lease the query is left alone: no lease, an expired one, one in another network, the sender's own.
TEST_F(StrangerTest, rule01LeftAlone) {
    for (const auto& leases : {std::vector<Lease>{}, {expired(1)}, {live(1, 2)}}) {
        lookup_.leases_ = leases;
        for (const auto kind : KINDS) {
            EXPECT_FALSE(ask(kind)) << static_cast<int>(kind);
        }
    }
    lookup_.leases_ = {live(2)};
    EXPECT_FALSE(ask(StrangerKind::BOOTP));
    EXPECT_FALSE(ask(StrangerKind::INFORM));
}

// R1: a lease without a usable hardware address is never evidence against another machine.
TEST_F(StrangerTest, rule01LeaseWithoutAddressIsNoEvidence) {
    auto bare = live(1);
    for (const auto& address : {HardwareAddress(), HardwareAddress(1, filled(6, 0))}) {
        bare.address = address;
        lookup_.leases_ = {bare};
        for (const auto kind : KINDS) {
            EXPECT_FALSE(ask(kind)) << static_cast<int>(kind);
        }
    }
}

// R1: a forged identifier is always a stranger's.
TEST_F(StrangerTest, rule01Forged) {
    for (const auto kind : KINDS) {
        EXPECT_TRUE(ask(kind, 2, true));
    }
}

// R15: a BOOTP client that has a lease as a claimant stays a claimant when the holder is gone.
TEST_F(StrangerTest, rule15BootpStaysAClaimant) {
    lookup_.leases_ = {expired(1)};
    lookup_.derived_of_[mac(2)] = {live(2)};
    EXPECT_TRUE(ask(StrangerKind::BOOTP));
    EXPECT_FALSE(ask(StrangerKind::BOOTP, 3));
    EXPECT_FALSE(ask(StrangerKind::INFORM));
    // It has returned to the identifier since.
    lookup_.leases_ = {live(2)};
    EXPECT_FALSE(ask(StrangerKind::BOOTP));
}

// R14: a query outside any conflict costs one look-up, and no selection of a network.
TEST_F(StrangerTest, rule14Cost) {
    lookup_.leases_ = {live(2)};
    EXPECT_FALSE(ask(StrangerKind::INFORM));
    EXPECT_EQ(lookup_.asked_leases_, 1);
    EXPECT_EQ(lookup_.asked_derived_, 0);
    EXPECT_EQ(lookup_.asked_networks_, 0);
}

// R1, R5: what each policy does.
TEST(StrangerVerdictTest, rule01Policies) {
    for (const auto kind : KINDS) {
        EXPECT_EQ(decideStranger(Policy::OFF, kind), Verdict::PASS);
        EXPECT_EQ(decideStranger(Policy::MONITOR, kind), Verdict::REPORT);
    }
    EXPECT_EQ(decideStranger(Policy::MAC_FALLBACK, StrangerKind::BOOTP), Verdict::DERIVE);
    EXPECT_EQ(decideStranger(Policy::REFUSE, StrangerKind::BOOTP), Verdict::DROP);
    EXPECT_EQ(decideStranger(Policy::MAC_FALLBACK, StrangerKind::INFORM), Verdict::DERIVE);
    EXPECT_EQ(decideStranger(Policy::REFUSE, StrangerKind::INFORM), Verdict::REFUSE);
    for (const auto policy : {Policy::MAC_FALLBACK, Policy::REFUSE}) {
        EXPECT_EQ(decideStranger(policy, StrangerKind::NO_HARDWARE_ADDRESS), Verdict::DROP);
    }
}

}  // namespace test
}  // namespace clone_guard
