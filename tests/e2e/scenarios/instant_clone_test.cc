// SPDX-License-Identifier: MPL-2.0
//
// R4, R6, R7, R8: a machine resumes with another machine's memory, and what it does then.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief Seconds after which the holder has no claim, and only its lease counts.
const unsigned CLAIM_IS_OVER = 600;

/// @brief A policy, and whether the server is authoritative.
using Variant = std::tuple<std::string, bool>;

std::string
nameOfVariant(const ::testing::TestParamInfo<Variant>& info) {
    return (std::string(std::get<0>(info.param) == "refuse" ? "refuse" : "macFallback") +
            (std::get<1>(info.param) ? "Authoritative" : ""));
}

/// @brief A test with a holder and clones that have a copy of its lease.
class InstantClone : public E2eTest, public ::testing::WithParamInterface<Variant> {
protected:
    bool refuses() const {
        return (std::get<0>(GetParam()) == "refuse");
    }

    bool authoritative() const {
        return (std::get<1>(GetParam()));
    }

    SimClient& serveHolder() {
        ServerSetup setup = guarded(std::get<0>(GetParam()));
        setup.more["authoritative"] = authoritative();
        serve(setup, true);
        SimClient& first = holder();
        server().advanceClock(CLAIM_IS_OVER);
        return (first);
    }

    /// @brief Boots a claimant after the NAK for its copied address.
    void startOver(SimClient& client, const SimClient& first) {
        EXPECT_EQ(client.acquire().isZero(), refuses());
        EXPECT_NE(client.address(), first.address());
        if (!refuses()) {
            const Address own = client.address();
            EXPECT_EQ(client.renew().address(), own);
            EXPECT_EQ(client.rebind().address(), own);
            EXPECT_EQ(client.initReboot(own).address(), own);
        }
    }

    void expectUndisturbed(SimClient& first) {
        const Address held = first.address();
        EXPECT_TRUE(hasOwnLease(server(), first));
        EXPECT_EQ(first.renew().address(), held);
    }
};

INSTANTIATE_TEST_SUITE_P(Policies, InstantClone,
                         ::testing::Combine(::testing::Values("mac-fallback", "refuse"),
                                            ::testing::Bool()),
                         nameOfVariant);

// R4, R7: a clone boots with the lease file of its template, asks for the holder's address, and gets NAK.
TEST_P(InstantClone, initRebootWithAClonedLeaseFile) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.initReboot(first.address()).type(), NAK);
    expectUndisturbed(first);
    startOver(second, first);
    expectUndisturbed(first);
}

// R6: a clone that has been on the network gets NAK for the copied address, too.
TEST_P(InstantClone, initRebootWithAClonedLeaseFileOfAKnownClaimant) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.acquire();
    EXPECT_EQ(second.initReboot(first.address()).type(), NAK);
    startOver(second, first);
    expectUndisturbed(first);
}

// R4: an instant clone resumes bound, renews the holder's address, and gets one NAK.
TEST_P(InstantClone, instantCloneRenewsTheHoldersAddress) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.remember(first.address());
    EXPECT_EQ(second.renew().type(), NAK);
    expectUndisturbed(first);
    startOver(second, first);
    expectUndisturbed(first);
}

// R4: an instant clone that was suspended until its rebind time gets one NAK.
TEST_P(InstantClone, instantCloneRebindsTheHoldersAddress) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.remember(first.address());
    EXPECT_EQ(second.rebind().type(), NAK);
    expectUndisturbed(first);
    startOver(second, first);
    expectUndisturbed(first);
}

// R8: an instant clone that is shut down before its first renewal can neither release nor decline the holder's address.
TEST_P(InstantClone, instantCloneReleasesAndDeclinesTheHoldersAddress) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.release(first.address());
    expectUndisturbed(first);
    second.decline(first.address());
    expectUndisturbed(first);
    startOver(second, first);
}

/// @brief A test with a holder and two claimants that have their own addresses.
class Claimants : public E2eTest {
protected:
    void serveThree(const ServerSetup& setup = guarded("mac-fallback")) {
        serve(setup, true);
        first_ = &holder();
        server().advanceClock(CLAIM_IS_OVER);
        second_ = &clone(2);
        third_ = &clone(3);
        ASSERT_FALSE(second_->acquire().isZero());
        ASSERT_FALSE(third_->acquire().isZero());
    }

    /// @brief Renews each machine, and expects that it keeps its address.
    void expectAllRenew() {
        for (SimClient* client : {first_, second_, third_}) {
            const Address own = client->address();
            EXPECT_EQ(client->renew().address(), own) << client->hwText();
        }
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
    SimClient* third_ = nullptr;
};

using Rule06Claimants = Claimants;
using Rule08Claimants = Claimants;

// R6: a clone of a claimant resumes with the claimant's address and does not get it either.
TEST_F(Rule06Claimants, cloneOfAClaimantNeverGetsTheClaimantsAddress) {
    serveThree();
    const Address anothers = second_->address();
    for (uint32_t number = 10; number < 14; ++number) {
        SimClient& fourth = clone(number);
        fourth.remember(anothers);
        const Reply reply = number == 10   ? fourth.renew()
                            : number == 11 ? fourth.rebind()
                            : number == 12 ? fourth.initReboot(anothers)
                                           : fourth.request(anothers);
        EXPECT_NE(reply.type(), ACK) << reply;
        EXPECT_NE(fourth.acquire(), anothers);
    }
    expectAllRenew();
}

// R8: a claimant with its own lease cannot release or decline that of the holder or of another claimant, and keeps its
// own.
TEST_F(Rule08Claimants, claimantReleasesAndDeclinesOnlyItsOwn) {
    serveThree();
    for (const Address anothers : {first_->address(), third_->address()}) {
        second_->release(anothers);
        expectAllRenew();
        second_->decline(anothers);
        expectAllRenew();
    }
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
    const Address own = second_->address();
    second_->release();
    EXPECT_FALSE(server().lease(own));
    EXPECT_TRUE(hasOwnLease(server(), *first_));
}

// R8: the holder cannot release or decline the leases of its claimants.
TEST_F(Rule08Claimants, holderReleasesAndDeclinesOnlyItsOwn) {
    serveThree();
    first_->release(second_->address());
    first_->decline(third_->address());
    expectAllRenew();
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
}

// R8: a machine that never had a lease releases and declines none, whatever it sends as option 61.
TEST_F(Rule08Claimants, machineThatNeverHadALeaseReleasesAndDeclinesNothing) {
    serveThree();
    SimClient& unsealed = clone(20);
    SimClient& stranger = machine(21, cloneIdentifier(21));
    SimClient& silent = machine(22, std::nullopt);
    for (SimClient* client : {&unsealed, &stranger, &silent}) {
        for (const Address anothers : {first_->address(), second_->address()}) {
            client->release(anothers);
            client->decline(anothers);
        }
    }
    expectAllRenew();
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
    EXPECT_EQ(server().leases().size(), 3U);
}

// R8: the holder releases and declines only its own lease: the claimants continue, and the holder returns under its own
// identifier.
TEST_F(Rule08Claimants, holdersReleaseAndDeclineLeaveTheClaimantsAlone) {
    serveThree();
    first_->release();
    second_->renew();
    third_->renew();
    ASSERT_FALSE(first_->acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), *first_));
    first_->decline();
    EXPECT_EQ(server().statistic("declined-addresses"), 1);
    second_->renew();
    third_->renew();
    ASSERT_FALSE(first_->acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), *first_));
    expectAllRenew();
}

// R8: a refused claimant can release its earlier lease, and the other machine's lease stays.
TEST_F(Rule08Claimants, refusedClaimantReleasesItsLeaseFromBefore) {
    serveThree();
    ASSERT_EQ(server().configSet(guarded("refuse"))["result"], 0);
    const Address own = second_->address();
    third_->release(own);
    EXPECT_TRUE(server().lease(own));
    second_->release();
    EXPECT_FALSE(server().lease(own));
    const Address declined = third_->address();
    third_->decline();
    const auto record = server().lease(declined);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->state, 1);
    EXPECT_TRUE(hasOwnLease(server(), *first_));
}

/// @brief The parameter is the message in which the sealed clone still asks for its former address.
class Rule06Sealed : public Claimants, public ::testing::WithParamInterface<const char*> {
protected:
    static Reply askForTheOldAddress(SimClient& client) {
        const std::string state = GetParam();
        const Address old = client.address();
        return (state == "renewing"     ? client.renew()
                : state == "rebinding"  ? client.rebind()
                : state == "initReboot" ? client.initReboot(old)
                                        : client.discover());
    }
};

INSTANTIATE_TEST_SUITE_P(States, Rule06Sealed,
                         ::testing::Values("renewing", "rebinding", "initReboot", "discovering"),
                         [](const auto& info) { return (std::string(info.param)); });

// R6: a clone that is sealed later has a new identifier and the same hardware address. It gets one NAK at most, and is
// an ordinary client from then on. The same holds for a holder that is sealed.
TEST_P(Rule06Sealed, sealedCloneGetsAtMostOneNak) {
    serveThree();
    for (SimClient* client : {second_, first_}) {
        const Address before = client->address();
        const Bytes fresh = cloneIdentifier(client == first_ ? 71 : 72);
        client->setIdentifier(fresh);
        EXPECT_NE(askForTheOldAddress(*client).type(), ACK);
        const Reply offer = client->discover();
        EXPECT_EQ(client->request(offer).type(), ACK);
        EXPECT_NE(client->address(), before);
        const auto record = server().lease(client->address());
        ASSERT_TRUE(record);
        EXPECT_EQ(record->client_id, toHex(fresh));
        EXPECT_EQ(record->hw_address, client->hwText());
    }
    expectAllRenew();
    EXPECT_EQ(server().audit("conflict-suspected").size(), 2U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
