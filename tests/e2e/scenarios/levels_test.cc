// SPDX-License-Identifier: MPL-2.0
//
// R10 and R11: when a conflict is suspected, when it is confirmed, when it ends, and what is told of it.

#include <tests/e2e/harness/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

const unsigned CLAIM_WINDOW = 30;

class Levels : public E2eTest {
protected:
    void serveShortLeases(ServerSetup setup = guarded("mac-fallback")) {
        setup.more["valid-lifetime"] = SHORT_LIFETIME;
        setup.more["renew-timer"] = SHORT_LIFETIME / 4;
        setup.more["rebind-timer"] = SHORT_LIFETIME / 2;
        serve(setup, true);
    }

    /// @brief A server with a holder and claimants, all of them booted.
    void serveClones(uint32_t clones, const ServerSetup& setup = guarded("mac-fallback")) {
        serveShortLeases(setup);
        machines_ = {&holder()};
        for (uint32_t number = 2; number <= clones; ++number) {
            machines_.push_back(&clone(number));
            machines_.back()->acquire();
        }
    }

    SimClient& first() {
        return (*machines_[0]);
    }

    SimClient& second() {
        return (*machines_[1]);
    }

    /// @brief Everybody renews, one after the other, and keeps its address.
    void renewAll() {
        for (SimClient* client : machines_) {
            const Address own = client->address();
            EXPECT_EQ(client->renew().address(), own) << client->hwText();
        }
    }

    /// @brief The holder and one claimant renew in turn, until both are proven to be up.
    void confirm() {
        for (int round = 0; round < 2; ++round) {
            first().renew();
            second().renew();
        }
        EXPECT_EQ(server().audit("conflict-confirmed").size(), 1U);
    }

    /// @brief How often it was told, in all three ways.
    void expectTold(const std::string& level, size_t count) {
        const bool confirmed = level == "confirmed";
        EXPECT_EQ(server().audit("conflict-" + level).size(), count);
        EXPECT_EQ(server().statistic("clone-guard-" + level), int64_t(count));
        EXPECT_EQ(server()
                      .operatorLog(confirmed ? "CLONE_GUARD_CONFLICT_CONFIRMED"
                                             : "CLONE_GUARD_CONFLICT_SUSPECTED")
                      .size(),
                  count);
    }

    /// @brief So many conflicts ended, and whom the last one left.
    void expectEnds(size_t count, const SimClient* left = nullptr) {
        const auto records = server().audit("conflict-ended");
        ASSERT_EQ(records.size(), count) << server().file("audit.log");
        if (left != nullptr) {
            EXPECT_EQ(records.back()["hw_address"], left->hwText());
        }
        EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_ENDED").size(), count);
    }

    /// @brief What the command says about the only conflict: "suspected", "confirmed" or "none".
    std::string listed() {
        const Json answer = server().command("clone-guard-conflict-get-all");
        const Json conflicts = answer["arguments"].value("conflicts", Json::array());
        return (conflicts.empty() ? "none" : conflicts[0]["level"].get<std::string>());
    }

    std::vector<SimClient*> machines_;
};

using Rule10Suspected = Levels;
using Rule10Confirmed = Levels;
using Rule10Ended = Levels;

// R10: A, B, A, B, each time with a boot, proves nothing: the first may be gone when the second comes.
TEST_F(Rule10Suspected, bootsInTurnProveNothing) {
    serveClones(2);
    for (int round = 0; round < 5; ++round) {
        for (SimClient* client : machines_) {
            const Address own = client->address();
            EXPECT_EQ(client->acquire(), own);
            EXPECT_EQ(client->initReboot(own).address(), own);
        }
    }
    expectTold("suspected", 1);
    expectTold("confirmed", 0);
    EXPECT_EQ(listed(), "suspected");
}

// R10: A, then only B, proves nothing either, however often B renews.
TEST_F(Rule10Suspected, renewalsOfOneProveNothing) {
    serveClones(2);
    first().renew();
    for (int round = 0; round < 5; ++round) {
        second().renew();
    }
    expectTold("suspected", 1);
    expectTold("confirmed", 0);
}

// R10: a laptop has one network card in the dock and one for the radio. It boots when it changes, by
// DISCOVER or by INIT-REBOOT, and renews while it stays: never confirmed.
TEST_F(Rule10Suspected, laptopBetweenDockAndRadioIsNeverConfirmed) {
    serveClones(2);
    for (int change = 0; change < 6; ++change) {
        for (SimClient* card : machines_) {
            const Address own = card->address();
            EXPECT_EQ(change % 2 == 0 ? card->acquire() : card->initReboot(own).address(), own);
            for (int time = 0; time < 3; ++time) {
                server().advanceClock(5);
                EXPECT_EQ(card->renew().address(), own);
                EXPECT_EQ(card->rebind().address(), own);
            }
        }
    }
    expectTold("suspected", 1);
    expectTold("confirmed", 0);
    EXPECT_EQ(listed(), "suspected");
}

// R9, R10: the laptop is on the radio for so long that the lease of the dock runs out, and the other way
// round: the identifier goes with it, and nothing is ever confirmed.
TEST_F(Rule10Suspected, laptopTakesItsIdentifierAlong) {
    serveClones(2);
    for (size_t change = 1; change <= 4; ++change) {
        SimClient& card = *machines_[change % 2];
        server().advanceClock(SHORT_LIFETIME * 2);
        EXPECT_FALSE(card.acquire().isZero());
        EXPECT_TRUE(undisturbed(server(), card));
        for (int time = 0; time < 3; ++time) {
            server().advanceClock(SHORT_LIFETIME / 4);
            EXPECT_EQ(card.renew().type(), ACK);
        }
        EXPECT_EQ(server().audit("identity-moved").size(), change);
    }
    expectTold("confirmed", 0);
}

// R10, R11: A, B, A, B with renewals proves it: told once, about the claimant, with the holder.
TEST_F(Rule10Confirmed, renewalsInTurnProveIt) {
    serveClones(2);
    confirm();
    for (int round = 0; round < 3; ++round) {
        renewAll();
    }
    expectTold("suspected", 1);
    expectTold("confirmed", 1);
    const auto records = server().audit("conflict-confirmed");
    ASSERT_FALSE(records.empty());
    const Json& record = records.front();
    EXPECT_EQ(record["hw_address"], second().hwText());
    EXPECT_EQ(record["holder"]["hw_address"], first().hwText());
    EXPECT_EQ(record["client_id"], cloneIdentifierText());
    EXPECT_EQ(record["action"], "mac-fallback");
    EXPECT_EQ(listed(), "confirmed");
}

// R10: it needs two renewals after a message of the other, and no boot between.
TEST_F(Rule10Confirmed, bootBetweenTheRenewalsBeginsAnew) {
    serveClones(2);
    for (int round = 0; round < 4; ++round) {
        first().renew();
        EXPECT_FALSE(first().acquire().isZero());
        second().renew();
        EXPECT_FALSE(second().acquire().isZero());
    }
    expectTold("confirmed", 0);
    confirm();
}

// R6, R10: three claimants, each with its own address, and each told of once at each level.
TEST_F(Rule10Confirmed, threeClaimants) {
    serveClones(4);
    for (int round = 0; round < 4; ++round) {
        renewAll();
    }
    expectTold("suspected", 3);
    expectTold("confirmed", 3);
    EXPECT_TRUE(undisturbed(server(), first()));
}

// R6, R10: the same with fifty.
TEST_F(Rule10Confirmed, fiftyClaimants) {
    serveClones(51);
    std::set<Address> held;
    for (const SimClient* client : machines_) {
        EXPECT_TRUE(held.insert(client->address()).second) << client->address() << " is shared";
    }
    for (int round = 0; round < 4; ++round) {
        renewAll();
    }
    expectTold("suspected", 50);
    expectTold("confirmed", 50);
    std::set<std::string> told;
    for (const auto& record : server().audit("conflict-confirmed")) {
        told.insert(record["hw_address"]);
        EXPECT_EQ(record["holder"]["hw_address"], first().hwText());
    }
    EXPECT_EQ(told.size(), 50U);
    EXPECT_TRUE(undisturbed(server(), first()));
}

// R9, R10: in a confirmed conflict that others keep open, everybody keeps the identity that it has, and
// the former holder finds its own when it comes back; a newcomer gets none of those.
TEST_F(Rule10Confirmed, everybodyKeepsItsIdentity) {
    serveClones(3);
    renewAll();
    renewAll();
    const Address held = first().address();
    for (int time = 0; time < 2; ++time) {
        server().advanceClock(SHORT_LIFETIME * 6 / 10);
        for (SimClient* client : {machines_[1], machines_[2]}) {
            const Address own = client->address();
            EXPECT_EQ(client->renew().address(), own);
            EXPECT_EQ(client->acquire(), own);
        }
    }
    SimClient& fourth = clone(4);
    EXPECT_FALSE(fourth.acquire().isZero());
    EXPECT_TRUE(setAside(server(), fourth));
    EXPECT_EQ(first().acquire(), held);
    EXPECT_TRUE(undisturbed(server(), first()));
    EXPECT_TRUE(server().audit("identity-moved").empty());
}

// R10: what was proven is memory, and gone with it: suspected again after a reconfiguration, a restart.
TEST_F(Rule10Confirmed, isSuspectedAgainAfterAReconfiguration) {
    serveClones(2);
    confirm();
    EXPECT_EQ(server().command("config-reload")["result"], 0);
    EXPECT_EQ(listed(), "suspected");
    second().renew();
    EXPECT_EQ(server().audit("conflict-suspected").size(), 2U);
    EXPECT_EQ(listed(), "suspected");
    first().renew();
    second().renew();
    first().renew();
    EXPECT_EQ(listed(), "confirmed");
    server().kill();
    server().start();
    EXPECT_EQ(listed(), "suspected");
}

// R10: under monitor and refuse as well, although there the claimant has no lease of its own.
TEST_F(Rule10Confirmed, alsoWhereClaimantsHaveNoLease) {
    for (const char* policy : {"monitor", "refuse"}) {
        serveClones(2, guarded(policy));
        for (int round = 0; round < 3; ++round) {
            second().remember(first().address());
            first().renew();
            second().renew();
            first().remember(second().address().isZero() ? first().address() : second().address());
        }
        expectTold("confirmed", 1);
        for (const auto& record : server().audit("conflict-confirmed")) {
            EXPECT_EQ(record["policy"], policy);
            EXPECT_EQ(record["hw_address"], second().hwText());
        }
        EXPECT_EQ(listed(), "confirmed") << policy;
        endServer();
        machines_.clear();
    }
}

// R10: while two have live records it goes on, window after window.
TEST_F(Rule10Ended, notWhileTwoHaveLiveRecords) {
    serveClones(2);
    for (int time = 0; time < 6; ++time) {
        server().advanceClock(CLAIM_WINDOW + 10);
        renewAll();
    }
    expectEnds(0);
    EXPECT_EQ(listed(), "confirmed");
}

// R10: the claimant has given its lease back: the holder alone is left. Told once. When the claimant comes
// back it is another conflict.
TEST_F(Rule10Ended, whenTheClaimantIsGone) {
    serveClones(2);
    confirm();
    second().release();
    server().advanceClock(CLAIM_WINDOW + 5);
    first().renew();
    expectEnds(1, &first());
    EXPECT_EQ(listed(), "none");
    server().advanceClock(CLAIM_WINDOW + 5);
    first().renew();
    expectEnds(1);
    second().acquire();
    expectTold("suspected", 2);
    EXPECT_EQ(listed(), "suspected");
}

// R9, R10: the holder is gone: the claimant alone is left, and may return to the identifier although the
// conflict had been confirmed.
TEST_F(Rule10Ended, whenTheHolderIsGone) {
    serveClones(2);
    confirm();
    const Address held = first().address();
    for (int time = 0; time < 2; ++time) {
        server().advanceClock(SHORT_LIFETIME * 6 / 10);
        EXPECT_EQ(second().renew().type(), ACK);
    }
    expectEnds(1, &second());
    EXPECT_EQ(second().acquire(), held);
    EXPECT_TRUE(undisturbed(server(), second()));
    EXPECT_EQ(server().audit("identity-moved").size(), 1U);
}

// R10: of three, one goes: two are left. Another one goes: that is the end.
TEST_F(Rule10Ended, onlyWhenTheLastRivalIsGone) {
    serveClones(3);
    machines_.back()->release();
    machines_.pop_back();
    for (int time = 0; time < 3; ++time) {
        server().advanceClock(CLAIM_WINDOW + 5);
        renewAll();
    }
    expectEnds(0);
    second().release();
    server().advanceClock(CLAIM_WINDOW + 5);
    first().renew();
    expectEnds(1);
}

// R5, R7, R10: under refuse and monitor claimants get no lease of their own. They have to be silent for as
// long as one would have lasted.
TEST_F(Rule10Ended, whereClaimantsHaveNoLeaseAfterALifetimeOfSilence) {
    for (const char* policy : {"refuse", "monitor"}) {
        serveClones(2, guarded(policy));
        for (int time = 0; time < 2; ++time) {
            server().advanceClock(CLAIM_WINDOW + 10);
            first().acquire();
            expectEnds(0);
        }
        second().discover();
        for (const unsigned seconds : {50U, 35U, 35U}) {
            expectEnds(0);
            server().advanceClock(seconds);
            first().renew();
        }
        expectEnds(1, &first());
        EXPECT_EQ(listed(), "none") << policy;
        endServer();
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
