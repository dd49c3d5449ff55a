// SPDX-License-Identifier: MPL-2.0
//
// R9: an identifier moves to another hardware address, because a network card was replaced or the other machine has
// gone, or it stays.

#include <tests/e2e/harness/fixtures/e2e_test.h>

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

    /// @brief Starts a server with a holder and a claimant that has its own address.
    void serveTwo(const ServerSetup& setup = guarded("mac-fallback")) {
        serveShortLeases(setup);
        first_ = &holder();
        second_ = &clone(2);
        EXPECT_FALSE(second_->acquire().isZero());
        held_ = first_->address();
        own_ = second_->address();
        EXPECT_NE(held_, own_);
    }

    /// @brief Lets the first machine's lease expire; the others keep theirs.
    ///
    /// The others send INIT-REBOOT: if two of them renewed, they would confirm the conflict.
    void expireLeaseOfTheFirst(const std::vector<SimClient*>& others) {
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

    /// @brief Makes the server reclaim the expired lease, and keep or remove its record.
    void reclaim(bool remove) {
        EXPECT_EQ(server().command("leases-reclaim", {{"remove", remove}})["result"], 0);
    }

    /// @brief Expects this number of reported moves, the last of them between these machines.
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

// R3: the holder's lease has expired, the claimant's has not. The claimant stays a claimant whatever it REQUESTs, and
// the holder gets its address back.
TEST_F(Rule09Return, claimantThatOnlyRequestsStaysAClaimant) {
    serveTwo();
    expireLeaseOfTheFirst({second_});
    EXPECT_EQ(second_->rebind().address(), own_);
    EXPECT_EQ(second_->initReboot(own_).address(), own_);
    EXPECT_EQ(second_->request(own_).address(), own_);
    EXPECT_TRUE(hasDerivedLease(server(), *second_));
    EXPECT_EQ(first_->acquire(), held_);
    EXPECT_TRUE(hasOwnLease(server(), *first_));
    expectRenewed(*second_);
    expectMoves(0);
}

// R3: the holder returns without a boot, with a lease that has expired, and gets its address.
TEST_F(Rule09Return, holderReturnsWithoutABoot) {
    for (const char* state : {"renewing", "initReboot"}) {
        serveTwo();
        expireLeaseOfTheFirst({second_});
        const Reply reply =
            std::string(state) == "renewing" ? first_->renew() : first_->initReboot(held_);
        EXPECT_EQ(reply.address(), held_) << state;
        EXPECT_TRUE(hasOwnLease(server(), *first_));
        expectRenewed(*second_);
        expectMoves(0);
        endServer();
    }
}

// R3: a claimant that only REQUESTs also stays a claimant after the holder's record was reclaimed or removed.
TEST_F(Rule09Return, claimantThatOnlyRequestsStaysAClaimantIfTheRecordIsReclaimed) {
    for (const bool remove : {false, true}) {
        serveTwo();
        expireLeaseOfTheFirst({second_});
        reclaim(remove);
        EXPECT_EQ(!server().lease(held_), remove);
        expectRenewed(*second_);
        EXPECT_EQ(second_->initReboot(own_).address(), own_);
        EXPECT_TRUE(hasDerivedLease(server(), *second_));
        EXPECT_FALSE(first_->acquire().isZero());
        EXPECT_TRUE(hasOwnLease(server(), *first_));
        expectRenewed(*second_);
        expectMoves(0);
        endServer();
    }
}

// R9: with its next DISCOVER the claimant returns to its identifier. The move is reported once, when it has the lease
// and not at the offer. Its derived lease expires, and the former holder becomes a claimant.
TEST_F(Rule09Return, claimantReturnsWithItsNextDiscover) {
    serveTwo();
    expireLeaseOfTheFirst({second_});
    const Reply offer = second_->discover();
    EXPECT_EQ(offer.address(), held_);
    expectMoves(0);
    EXPECT_EQ(second_->request(offer).address(), held_);
    expectMoves(1, second_, first_);
    EXPECT_TRUE(hasOwnLease(server(), *second_));
    EXPECT_TRUE(server().lease(own_)) << "the derived lease expires by itself";
    expectRenewed(*second_);
    EXPECT_FALSE(first_->acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), *first_));
    EXPECT_EQ(second_->acquire(), held_);
    expectMoves(1);
}

// R9: after its return the machine is the holder. When its lease has expired, it gets it again by any message, although
// its derived lease still exists. That is not another move.
TEST_F(Rule09Return, returnedMachineComesBackAsTheHolder) {
    for (const char* state : {"renewing", "initReboot", "discovering"}) {
        serveTwo();
        expireLeaseOfTheFirst({second_});
        EXPECT_EQ(second_->acquire(), held_);
        server().advanceClock(SHORT_LIFETIME * 2);
        const std::string way = state;
        EXPECT_EQ(way == "renewing"     ? second_->renew().address()
                  : way == "initReboot" ? second_->initReboot(held_).address()
                                        : second_->acquire(),
                  held_)
            << state;
        EXPECT_TRUE(hasOwnLease(server(), *second_)) << state;
        expectMoves(1, second_, first_);
        endServer();
    }
}

// R9: a claimant also returns if the expired record was reclaimed. If the record was removed, the claimant keeps the
// address that it has: after a reload of the configuration too, and whether it asks for that address or not.
TEST_F(Rule09Return, claimantReturnsOnlyToARecord) {
    for (const bool remove : {false, true}) {
        serveTwo();
        expireLeaseOfTheFirst({second_});
        reclaim(remove);
        EXPECT_FALSE(second_->acquire().isZero());
        EXPECT_EQ(bool(hasOwnLease(server(), *second_)), !remove);
        EXPECT_EQ(second_->address() == own_, remove);
        expectMoves(remove ? 0 : 1);
        endServer();
    }
}

TEST_F(Rule09Return, addressOfItsOwnIsKeptWithoutARecord) {
    for (const bool asks : {true, false}) {
        serveTwo();
        expireLeaseOfTheFirst({second_});
        reclaim(true);
        EXPECT_EQ(server().command("config-reload")["result"], 0);
        if (asks) {
            second_->addOption(OPTION_REQUESTED_ADDRESS, bigEndian(own_.value));
        } else {
            expectRenewed(*second_);
        }
        EXPECT_EQ(second_->discover().address(), own_);
        EXPECT_TRUE(hasDerivedLease(server(), *second_));
        expectMoves(0);
        endServer();
    }
}

// R9: with "takeover": "never" it does not return while the record exists.
TEST_F(Rule09Return, notIfTakeoverIsNever) {
    serveTwo(takeover("never"));
    expireLeaseOfTheFirst({second_});
    EXPECT_EQ(second_->acquire(), own_);
    reclaim(false);
    EXPECT_EQ(second_->acquire(), own_);
    expectMoves(0);
}

// R9: no machine returns while another has a live lease of the identifier, whichever machine that is.
TEST_F(Rule09Return, noReturnWhileAnotherLeaseIsLive) {
    serveTwo();
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    expireLeaseOfTheFirst({second_, &third});
    EXPECT_EQ(second_->acquire(), held_);
    const Address own = third.address();
    for (int round = 0; round < 3; ++round) {
        server().advanceClock(SHORT_LIFETIME / 2);
        EXPECT_EQ(third.acquire(), own);
        EXPECT_EQ(second_->acquire(), held_);
    }
    EXPECT_TRUE(hasDerivedLease(server(), third));
    expectMoves(1, second_, first_);
}

// R9: holder and claimants ask at the same instant for an identifier without a live lease: exactly one gets it.
TEST_F(Rule09Return, oneOfThoseThatAskAtOnceReturns) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = 4;
    serveTwo(setup);
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    for (int round = 0; round < 10; ++round) {
        server().advanceClock(SHORT_LIFETIME * 2);
        std::vector<SimClient::ClientQuery> discovers;
        for (SimClient* client : {first_, second_, &third}) {
            discovers.push_back({client, client->packet(DISCOVER)});
        }
        std::vector<SimClient::ClientQuery> requests;
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
            holders += hasOwnLease(server(), *client) ? 1 : 0;
        }
        EXPECT_EQ(held.size(), 3U) << "round " << round;
        EXPECT_EQ(holders, 1U) << "round " << round;
    }
}

// R7, R9: a refused machine takes over only after the holder's lease has expired; then the former holder is refused.
// This is how a replaced card recovers under refuse.
TEST_F(Rule09Return, refusedMachineTakesOverAfterTheLeaseHasExpired) {
    serveShortLeases(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    for (int time = 0; time < 2; ++time) {
        EXPECT_TRUE(second.discover().isSilence());
        server().advanceClock(SHORT_LIFETIME * 6 / 10);
    }
    EXPECT_EQ(second.acquire(), first.address());
    EXPECT_TRUE(hasOwnLease(server(), second));
    expectMoves(1, &second, &first);
    EXPECT_TRUE(first.discover().isSilence());
    EXPECT_EQ(second.renew().type(), ACK);
    expectMoves(1);
}

/// @brief The parameters: takeover, and whether the DUID has a reservation.
using Replacement = std::tuple<std::string, bool>;

/// @brief A test of a machine whose network card is replaced: it has a new hardware address, and the old one stays
/// silent.
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

    /// @brief Expects that the new card has the identifier and the address of that identifier. If no record of the
    /// identifier was left, it returns only to a reserved address.
    void expectTakenOver() {
        if (never() && !reserved()) {
            EXPECT_TRUE(hasDerivedLease(server(), *second_));
            expectMoves(0);
            return;
        }
        EXPECT_TRUE(hasOwnLease(server(), *second_));
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

// R9: the new card asks after the old one's lease has expired, and takes it over. If takeover is never, it does so
// after the record has been removed, and only to a reserved address.
TEST_P(Rule09ReplacedCard, asksAfterTheLeaseHasExpired) {
    serveMachine();
    server().advanceClock(SHORT_LIFETIME * 2);
    const Address given = second_->acquire();
    EXPECT_EQ(given == held_, !never());
    if (never()) {
        EXPECT_TRUE(hasDerivedLease(server(), *second_));
        expectMoves(0);
        reclaim(true);
        EXPECT_FALSE(second_->acquire().isZero());
    }
    expectTakenOver();
}

// R9: the new card asks at once and is a claimant. It returns with its next boot after the old card's lease has
// expired. If takeover is never, it returns after the record has been removed, and only to a reserved address.
TEST_P(Rule09ReplacedCard, asksAtOnce) {
    serveMachine();
    EXPECT_FALSE(second_->acquire().isZero());
    EXPECT_NE(second_->address(), held_);
    EXPECT_TRUE(hasDerivedLease(server(), *second_));
    EXPECT_EQ(server().audit("conflict-suspected").size(), 1U);
    expireLeaseOfTheFirst({second_});
    expectMoves(0);
    if (never()) {
        const Address own = second_->address();
        EXPECT_EQ(second_->acquire(), own);
        reclaim(true);
    }
    EXPECT_FALSE(second_->acquire().isZero());
    expectTakenOver();
}

// R4, R9: the old card was unplugged for a short time. It returns and gets its own lease.
TEST_P(Rule09ReplacedCard, oldCardComesBackInTime) {
    serveMachine();
    EXPECT_FALSE(second_->acquire().isZero());
    server().advanceClock(SHORT_LIFETIME / 2);
    EXPECT_EQ(first_->acquire(), held_);
    EXPECT_TRUE(hasOwnLease(server(), *first_));
    EXPECT_TRUE(hasDerivedLease(server(), *second_));
    expectMoves(0);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
