// SPDX-License-Identifier: MPL-2.0
//
// The turns of a machine that woke up with another's memory: R4, R6, R7 and R8.

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief So much later the lease database alone speaks for the holder.
const unsigned CLAIM_IS_OVER = 600;

/// @brief A policy, and whether the server is authoritative.
using Variant = std::tuple<std::string, bool>;

std::string
nameOfVariant(const ::testing::TestParamInfo<Variant>& info) {
    return (std::string(std::get<0>(info.param) == "refuse" ? "refuse" : "macFallback") +
            (std::get<1>(info.param) ? "Authoritative" : ""));
}

/// @brief A server, a holder, and clones whose lease file is a copy of somebody else's.
class WokenClone : public E2eTest, public ::testing::WithParamInterface<Variant> {
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

    /// @brief What a claimant does once it has been told that its address is not its own.
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
        EXPECT_TRUE(undisturbed(server(), first));
        EXPECT_EQ(first.renew().address(), held);
    }
};

INSTANTIATE_TEST_SUITE_P(Policies, WokenClone,
                         ::testing::Combine(::testing::Values("mac-fallback", "refuse"),
                                            ::testing::Bool()),
                         nameOfVariant);

// R4, R7: a clone that boots with the lease file of its template asks for the holder's address, and is
// answered as a client that Kea does not know: silence, and NAK where the server is authoritative.
TEST_P(WokenClone, initRebootWithAClonedLeaseFile) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.initReboot(first.address()).type(), authoritative() ? NAK : 0);
    expectUndisturbed(first);
    startOver(second, first);
    expectUndisturbed(first);
}

// R6: once it has an address of its own, the server knows it, and says NAK to the copied one.
TEST_P(WokenClone, initRebootWithAClonedLeaseFileOfAKnownClaimant) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.acquire();
    const bool told = authoritative() || !refuses();
    EXPECT_EQ(second.initReboot(first.address()).type(), told ? NAK : 0);
    startOver(second, first);
    expectUndisturbed(first);
}

// R4: an instant clone wakes up bound and renews the holder's address. It is told so by one NAK.
TEST_P(WokenClone, instantCloneRenewsTheHoldersAddress) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.remember(first.address());
    EXPECT_EQ(second.renew().type(), NAK);
    expectUndisturbed(first);
    startOver(second, first);
    expectUndisturbed(first);
}

// R4: the same when it was asleep for so long that it rebinds.
TEST_P(WokenClone, instantCloneRebindsTheHoldersAddress) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.remember(first.address());
    EXPECT_EQ(second.rebind().type(), NAK);
    expectUndisturbed(first);
    startOver(second, first);
    expectUndisturbed(first);
}

// R8: and when it is shut down before it ever renewed: what it gives back or declines is not its own.
TEST_P(WokenClone, instantCloneReleasesAndDeclinesTheHoldersAddress) {
    SimClient& first = serveHolder();
    SimClient& second = clone(2);
    second.release(first.address());
    expectUndisturbed(first);
    second.decline(first.address());
    expectUndisturbed(first);
    startOver(second, first);
}

/// @brief A server with a holder and two claimants that have addresses of their own.
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

    /// @brief Each renews: nobody has lost an address.
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

// R6: a clone of a claimant wakes up with the claimant's address, which is not its own either.
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

// R8: a claimant with a lease of its own cannot release or decline that of the holder, nor that of
// another claimant; and it keeps its own.
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
    EXPECT_TRUE(undisturbed(server(), *first_));
}

// R8: nor can the holder those of its claimants.
TEST_F(Rule08Claimants, holderReleasesAndDeclinesOnlyItsOwn) {
    serveThree();
    first_->release(second_->address());
    first_->decline(third_->address());
    expectAllRenew();
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
}

// R8: a machine that never had a lease, whatever it sends as option 61, gives back nobody's.
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

// R8: what the holder gives back or declines is its own alone: the claimants go on, and the holder
// comes back under its own identifier.
TEST_F(Rule08Claimants, holdersReleaseAndDeclineLeaveTheClaimantsAlone) {
    serveThree();
    first_->release();
    second_->renew();
    third_->renew();
    ASSERT_FALSE(first_->acquire().isZero());
    EXPECT_TRUE(undisturbed(server(), *first_));
    first_->decline();
    EXPECT_EQ(server().statistic("declined-addresses"), 1);
    second_->renew();
    third_->renew();
    ASSERT_FALSE(first_->acquire().isZero());
    EXPECT_TRUE(undisturbed(server(), *first_));
    expectAllRenew();
}

// R8: a claimant that is refused releases the lease that it has from before; the other one's stays.
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
    EXPECT_TRUE(undisturbed(server(), *first_));
}

/// @brief The parameter is the message in which the sealed clone still asks for its old address.
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

// R6: a clone that is sealed later comes with a new identifier and the same hardware address. It hears
// NAK once at most, and is a client like any other from then on; the holder's sealing is no different.
TEST_P(Rule06Sealed, sealedCloneHearsAtMostOneNak) {
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
