// SPDX-License-Identifier: MPL-2.0
//
// R9: an identifier goes to another hardware address, because a network card was replaced or a rival is
// gone, or it stays where it is.

#include <tests/e2e/harness/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

class Moves : public E2eTest {
protected:
    void serveShortLeases(ServerSetup setup = guarded("mac-fallback")) {
        setup.more["valid-lifetime"] = SHORT_LIFETIME;
        setup.more["renew-timer"] = SHORT_LIFETIME / 4;
        setup.more["rebind-timer"] = SHORT_LIFETIME / 2;
        serve(setup, true);
    }

    static ServerSetup takeover(const char* when) {
        ServerSetup setup = guarded("mac-fallback");
        setup.guard->update({{"takeover", when}});
        return (setup);
    }

    /// @brief A server with a holder and a claimant that has an address of its own.
    void serveTwo(const ServerSetup& setup = guarded("mac-fallback")) {
        serveShortLeases(setup);
        first_ = &holder();
        second_ = &clone(2);
        EXPECT_FALSE(second_->acquire().isZero());
        held_ = first_->address();
        own_ = second_->address();
        EXPECT_NE(held_, own_);
    }

    /// @brief The first machine is silent until its lease has run out; the others keep theirs.
    ///
    /// They do so by INIT-REBOOT: had two of them renewed, the conflict would be a confirmed one.
    void lapseOfTheFirst(const std::vector<SimClient*>& others) {
        for (int time = 0; time < 2; ++time) {
            server().advanceClock(SHORT_LIFETIME * 6 / 10);
            for (SimClient* client : others) {
                const Address own = client->address();
                EXPECT_EQ(client->initReboot(own).address(), own) << client->hwText();
            }
        }
    }

    void expectRenewed(SimClient& client) {
        const Address own = client.address();
        EXPECT_EQ(client.renew().address(), own) << client.hwText();
    }

    /// @brief The record is reclaimed: still there, or gone altogether.
    void reclaim(bool remove) {
        EXPECT_EQ(server().command("leases-reclaim", {{"remove", remove}})["result"], 0);
    }

    /// @brief So many moves were reported, the last of them from one machine to another.
    void expectMoves(size_t count, const SimClient* to = nullptr, const SimClient* from = nullptr) {
        const auto records = server().audit("identity-moved");
        ASSERT_EQ(records.size(), count) << server().file("audit.log");
        EXPECT_EQ(server().operatorLog("CLONE_GUARD_IDENTITY_MOVED").size(), count);
        EXPECT_EQ(server().statistic("clone-guard-moved"), int64_t(count));
        if (to != nullptr) {
            EXPECT_EQ(records.back()["hw_address"], to->hwText());
        }
        if (from != nullptr) {
            EXPECT_EQ(records.back()["holder"]["hw_address"], from->hwText());
        }
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
    Address held_;
    Address own_;
};

using Rule09Return = Moves;

// R3: the holder's lease has run out, the claimant's has not: whatever it REQUESTs, it stays what it is,
// and the holder gets its own address back.
TEST_F(Rule09Return, claimantThatOnlyRequestsStaysWhatItIs) {
    serveTwo();
    lapseOfTheFirst({second_});
    EXPECT_EQ(second_->rebind().address(), own_);
    EXPECT_EQ(second_->initReboot(own_).address(), own_);
    EXPECT_EQ(second_->request(own_).address(), own_);
    EXPECT_TRUE(setAside(server(), *second_));
    EXPECT_EQ(first_->acquire(), held_);
    EXPECT_TRUE(undisturbed(server(), *first_));
    expectRenewed(*second_);
    expectMoves(0);
}

// R3: the same when the holder does not boot but still believes in its lease.
TEST_F(Rule09Return, holderComesBackForItsAddressWithoutABoot) {
    for (const char* state : {"renewing", "initReboot"}) {
        serveTwo();
        lapseOfTheFirst({second_});
        const Reply reply =
            std::string(state) == "renewing" ? first_->renew() : first_->initReboot(held_);
        EXPECT_EQ(reply.address(), held_) << state;
        EXPECT_TRUE(undisturbed(server(), *first_));
        expectRenewed(*second_);
        expectMoves(0);
        endServer();
    }
}

// R3: the same when the holder's record was reclaimed, and when it was removed.
TEST_F(Rule09Return, claimantThatOnlyRequestsStaysWhatItIsWhenTheRecordIsReclaimed) {
    for (const bool remove : {false, true}) {
        serveTwo();
        lapseOfTheFirst({second_});
        reclaim(remove);
        EXPECT_EQ(!server().lease(held_), remove);
        expectRenewed(*second_);
        EXPECT_EQ(second_->initReboot(own_).address(), own_);
        EXPECT_TRUE(setAside(server(), *second_));
        EXPECT_FALSE(first_->acquire().isZero());
        EXPECT_TRUE(undisturbed(server(), *first_));
        expectRenewed(*second_);
        expectMoves(0);
        endServer();
    }
}

// R9: with its next DISCOVER the claimant returns to its identifier; reported once, when it has it, not
// when it was offered. Its record as a claimant is left to run out, and the former holder is one now.
TEST_F(Rule09Return, claimantReturnsWithItsNextDiscover) {
    serveTwo();
    lapseOfTheFirst({second_});
    const Reply offer = second_->discover();
    EXPECT_EQ(offer.address(), held_);
    expectMoves(0);
    EXPECT_EQ(second_->request(offer).address(), held_);
    expectMoves(1, second_, first_);
    EXPECT_TRUE(undisturbed(server(), *second_));
    EXPECT_TRUE(server().lease(own_)) << "runs out by itself";
    expectRenewed(*second_);
    EXPECT_FALSE(first_->acquire().isZero());
    EXPECT_TRUE(setAside(server(), *first_));
    EXPECT_EQ(second_->acquire(), held_);
    expectMoves(1);
}

// R9: after its return it is the holder: when its lease has run out it comes back for what it has, in
// whatever way, although its record as a claimant is still there. That is no other move.
TEST_F(Rule09Return, whoReturnedComesBackAsTheHolder) {
    for (const char* state : {"renewing", "initReboot", "discovering"}) {
        serveTwo();
        lapseOfTheFirst({second_});
        EXPECT_EQ(second_->acquire(), held_);
        server().advanceClock(SHORT_LIFETIME * 2);
        const std::string way = state;
        EXPECT_EQ(way == "renewing"     ? second_->renew().address()
                  : way == "initReboot" ? second_->initReboot(held_).address()
                                        : second_->acquire(),
                  held_)
            << state;
        EXPECT_TRUE(undisturbed(server(), *second_)) << state;
        expectMoves(1, second_, first_);
        endServer();
    }
}

// R9: an expired record that was reclaimed is no obstacle either, nor one that is gone.
TEST_F(Rule09Return, claimantReturnsWhereTheRecordIsReclaimed) {
    for (const bool remove : {false, true}) {
        serveTwo();
        lapseOfTheFirst({second_});
        reclaim(remove);
        EXPECT_FALSE(second_->acquire().isZero());
        EXPECT_TRUE(undisturbed(server(), *second_));
        expectMoves(1, second_);
        endServer();
    }
}

// R9: with "takeover": "never" it returns only once the record is gone.
TEST_F(Rule09Return, whereTakeoverIsNeverOnlyARemovedRecordMakesRoom) {
    for (const bool remove : {false, true}) {
        serveTwo(takeover("never"));
        lapseOfTheFirst({second_});
        EXPECT_EQ(second_->acquire(), own_);
        expectMoves(0);
        reclaim(remove);
        EXPECT_EQ(second_->acquire() == own_, !remove);
        EXPECT_EQ(bool(undisturbed(server(), *second_)), remove);
        expectMoves(remove ? 1 : 0);
        endServer();
    }
}

// R9: nobody returns while another machine has a live record of the identifier, whoever that is by now.
TEST_F(Rule09Return, nobodyReturnsWhileAnotherLives) {
    serveTwo();
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    lapseOfTheFirst({second_, &third});
    EXPECT_EQ(second_->acquire(), held_);
    const Address own = third.address();
    for (int round = 0; round < 3; ++round) {
        server().advanceClock(SHORT_LIFETIME / 2);
        EXPECT_EQ(third.acquire(), own);
        EXPECT_EQ(second_->acquire(), held_);
    }
    EXPECT_TRUE(setAside(server(), third));
    expectMoves(1, second_, first_);
}

// R9: holder and claimants ask in one instant for the identifier that nobody has a live record of: one
// of them gets it.
TEST_F(Rule09Return, oneReturnsOfThoseWhoAskAtOnce) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = 4;
    serveTwo(setup);
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    for (int round = 0; round < 10; ++round) {
        server().advanceClock(SHORT_LIFETIME * 2);
        std::vector<SimClient::Turn> discovers;
        for (SimClient* client : {first_, second_, &third}) {
            discovers.push_back({client, client->packet(DISCOVER)});
        }
        std::vector<SimClient::Turn> requests;
        for (const Reply& offer : SimClient::exchangeTogether(discovers)) {
            SimClient* client = discovers[requests.size()].client;
            requests.push_back({client, client->selecting(offer.address())});
        }
        std::set<Address> held;
        unsigned holders = 0;
        for (const Reply& reply : SimClient::exchangeTogether(requests)) {
            EXPECT_EQ(reply.type(), ACK) << reply;
            held.insert(reply.address());
        }
        for (SimClient* client : {first_, second_, &third}) {
            holders += undisturbed(server(), *client) ? 1 : 0;
        }
        EXPECT_EQ(held.size(), 3U) << "round " << round;
        EXPECT_EQ(holders, 1U) << "round " << round;
    }
}

// R7, R9: a machine that was refused takes over once the holder's lease has run out, and not before; then
// the former holder is refused. So much for a replaced card where claimants are not served.
TEST_F(Rule09Return, refusedMachineTakesOverOnceTheLeaseHasRunOut) {
    serveShortLeases(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    for (int time = 0; time < 2; ++time) {
        EXPECT_TRUE(second.discover().isSilence());
        server().advanceClock(SHORT_LIFETIME * 6 / 10);
    }
    EXPECT_EQ(second.acquire(), first.address());
    EXPECT_TRUE(undisturbed(server(), second));
    expectMoves(1, &second, &first);
    EXPECT_TRUE(first.discover().isSilence());
    EXPECT_EQ(second.renew().type(), ACK);
    expectMoves(1);
}

/// @brief The parameters: takeover, and whether the DUID has a reservation.
using Replacement = std::tuple<std::string, bool>;

/// @brief A machine whose network card is replaced: a new hardware address, the old one is never heard
/// again.
class Rule09ReplacedCard : public Moves, public ::testing::WithParamInterface<Replacement> {
protected:
    bool never() const {
        return (std::get<0>(GetParam()) == "never");
    }

    bool reserved() const {
        return (std::get<1>(GetParam()));
    }

    void serveMachine() {
        ServerSetup setup = takeover(std::get<0>(GetParam()).c_str());
        if (reserved()) {
            const Json reservation = {{"duid", toHex(systemdDuid(5))}, {"ip-address", "10.1.200.5"}};
            setup.subnets = {subnet(1, {{"reservations", {reservation}}})};
        }
        serveShortLeases(setup);
        first_ = &machine(1, cloneIdentifier(5));
        held_ = first_->acquire();
        EXPECT_EQ(held_ == addressIn(1, 200, 5), reserved());
        second_ = &machine(2, cloneIdentifier(5));
    }

    /// @brief The new card has the identifier, and the address that goes with it.
    void expectTakenOver() {
        EXPECT_TRUE(undisturbed(server(), *second_));
        if (reserved()) {
            EXPECT_EQ(second_->address(), held_);
        }
        expectMoves(1, second_);
        const Address own = second_->address();
        EXPECT_EQ(second_->renew().address(), own);
        EXPECT_EQ(second_->acquire(), own);
        EXPECT_TRUE(server().audit("conflict-confirmed").empty());
    }
};

INSTANTIATE_TEST_SUITE_P(Takeover, Rule09ReplacedCard,
                         ::testing::Combine(::testing::Values("expired", "never"), ::testing::Bool()),
                         [](const auto& info) {
                             return (std::get<0>(info.param) +
                                     (std::get<1>(info.param) ? "Reserved" : "Unreserved"));
                         });

// R9: the new card asks when the lease of the old one has run out: it takes over what the old one had,
// unless takeover is never; then it does once the record is removed.
TEST_P(Rule09ReplacedCard, asksWhenTheLeaseHasRunOut) {
    serveMachine();
    server().advanceClock(SHORT_LIFETIME * 2);
    const Address given = second_->acquire();
    EXPECT_EQ(given == held_, !never());
    if (never()) {
        EXPECT_TRUE(setAside(server(), *second_));
        expectMoves(0);
        reclaim(true);
        EXPECT_FALSE(second_->acquire().isZero());
    }
    expectTakenOver();
}

// R9: the new card asks at once. It is a claimant until the lease of the old one has run out; then, or
// where takeover is never once the record is removed, it returns with its next boot.
TEST_P(Rule09ReplacedCard, asksAtOnce) {
    serveMachine();
    EXPECT_FALSE(second_->acquire().isZero());
    EXPECT_NE(second_->address(), held_);
    EXPECT_TRUE(setAside(server(), *second_));
    EXPECT_EQ(server().audit("conflict-suspected").size(), 1U);
    lapseOfTheFirst({second_});
    expectMoves(0);
    if (never()) {
        const Address own = second_->address();
        EXPECT_EQ(second_->acquire(), own);
        reclaim(true);
    }
    EXPECT_FALSE(second_->acquire().isZero());
    expectTakenOver();
}

// R4, R9: the old card was only unplugged for a while. It comes back and finds what it had.
TEST_P(Rule09ReplacedCard, oldCardComesBackInTime) {
    serveMachine();
    EXPECT_FALSE(second_->acquire().isZero());
    server().advanceClock(SHORT_LIFETIME / 2);
    EXPECT_EQ(first_->acquire(), held_);
    EXPECT_TRUE(undisturbed(server(), *first_));
    EXPECT_TRUE(setAside(server(), *second_));
    expectMoves(0);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
