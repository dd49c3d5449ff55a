// SPDX-License-Identifier: MPL-2.0
//
// R10 and R11: when a conflict is suspected and confirmed, and what is reported.

#include <tests/e2e/harness/fixtures/e2e_test.h>

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

    /// @brief Starts a server with a holder and claimants, all of them booted.
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

    /// @brief Renews all machines in turn, and expects that each keeps its address.
    void renewAll() {
        for (SimClient* client : machines_) {
            const Address own = client->address();
            EXPECT_EQ(client->renew().address(), own) << client->hwText();
        }
    }

    /// @brief Makes the holder and one claimant renew in turn until both are proven active.
    void confirm() {
        for (int round = 0; round < 2; ++round) {
            first().renew();
            second().renew();
        }
        EXPECT_EQ(server().audit("conflict-confirmed").size(), 1U);
    }

    /// @brief Expects this number of reports in both logs and in the statistics.
    void expectReported(const std::string& level, size_t count) {
        const bool confirmed = level == "confirmed";
        EXPECT_EQ(server().audit("conflict-" + level).size(), count);
        EXPECT_EQ(server().statistic("clone-guard-" + level), int64_t(count));
        EXPECT_EQ(server()
                      .operatorLog(confirmed ? "CLONE_GUARD_CONFLICT_CONFIRMED"
                                             : "CLONE_GUARD_CONFLICT_SUSPECTED")
                      .size(),
                  count);
    }

    /// @brief Returns the level of the only listed conflict: "suspected", "confirmed" or "none".
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

// R10: A, B, A, B, each with a boot, prove nothing: the first may be off when the second boots.
TEST_F(Rule10Suspected, bootsInTurnProveNothing) {
    serveClones(2);
    for (int round = 0; round < 5; ++round) {
        for (SimClient* client : machines_) {
            const Address own = client->address();
            EXPECT_EQ(client->acquire(), own);
            EXPECT_EQ(client->initReboot(own).address(), own);
        }
    }
    expectReported("suspected", 1);
    expectReported("confirmed", 0);
    EXPECT_EQ(listed(), "suspected");
}

// R10: A and then only B prove nothing, however often B renews.
TEST_F(Rule10Suspected, renewalsOfOneProveNothing) {
    serveClones(2);
    first().renew();
    for (int round = 0; round < 5; ++round) {
        second().renew();
    }
    expectReported("suspected", 1);
    expectReported("confirmed", 0);
}

// R10: a laptop has one network card in its dock and another for the radio. It boots when it changes, by DISCOVER or
// INIT-REBOOT, and renews while it stays: the conflict is never confirmed.
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
    expectReported("suspected", 1);
    expectReported("confirmed", 0);
    EXPECT_EQ(listed(), "suspected");
}

// R9, R10: the laptop uses the radio until the lease of the dock has expired, and the other way round. The identifier
// moves with it, and the conflict is never confirmed.
TEST_F(Rule10Suspected, laptopTakesItsIdentifierAlong) {
    serveClones(2);
    for (size_t change = 1; change <= 4; ++change) {
        SimClient& card = *machines_[change % 2];
        server().advanceClock(SHORT_LIFETIME * 2);
        EXPECT_FALSE(card.acquire().isZero());
        EXPECT_TRUE(hasOwnLease(server(), card));
        for (int time = 0; time < 3; ++time) {
            server().advanceClock(SHORT_LIFETIME / 4);
            EXPECT_EQ(card.renew().type(), ACK);
        }
        EXPECT_EQ(server().audit("identity-moved").size(), change);
    }
    expectReported("confirmed", 0);
}

// R10, R11: A, B, A, B with renewals confirm the conflict: one report, about the claimant, with the holder.
TEST_F(Rule10Confirmed, renewalsInTurnProveIt) {
    serveClones(2);
    confirm();
    for (int round = 0; round < 3; ++round) {
        renewAll();
    }
    expectReported("suspected", 1);
    expectReported("confirmed", 1);
    const auto records = server().audit("conflict-confirmed");
    ASSERT_FALSE(records.empty());
    const Json& record = records.front();
    EXPECT_EQ(record["hw_address"], second().hwText());
    EXPECT_EQ(record["holder"]["hw_address"], first().hwText());
    EXPECT_EQ(record["client_id"], cloneIdentifierText());
    EXPECT_EQ(record["action"], "mac-fallback");
    EXPECT_EQ(listed(), "confirmed");
}

// R10: confirmation needs two renewals, each after a message of the other machine and without a boot in between.
TEST_F(Rule10Confirmed, bootBetweenTheRenewalsBeginsAnew) {
    serveClones(2);
    for (int round = 0; round < 4; ++round) {
        first().renew();
        EXPECT_FALSE(first().acquire().isZero());
        second().renew();
        EXPECT_FALSE(second().acquire().isZero());
    }
    expectReported("confirmed", 0);
    confirm();
}

// R6, R10: three claimants have three addresses, and one report each at each level.
TEST_F(Rule10Confirmed, threeClaimants) {
    serveClones(4);
    for (int round = 0; round < 4; ++round) {
        renewAll();
    }
    expectReported("suspected", 3);
    expectReported("confirmed", 3);
    EXPECT_TRUE(hasOwnLease(server(), first()));
}

// R6, R10: the same holds for fifty claimants.
TEST_F(Rule10Confirmed, fiftyClaimants) {
    serveClones(51);
    std::set<Address> held;
    for (const SimClient* client : machines_) {
        EXPECT_TRUE(held.insert(client->address()).second)
            << client->address() << " is shared by two machines";
    }
    for (int round = 0; round < 4; ++round) {
        renewAll();
    }
    expectReported("suspected", 50);
    expectReported("confirmed", 50);
    std::set<std::string> reported;
    for (const auto& record : server().audit("conflict-confirmed")) {
        reported.insert(record["hw_address"]);
        EXPECT_EQ(record["holder"]["hw_address"], first().hwText());
    }
    EXPECT_EQ(reported.size(), 50U);
    EXPECT_TRUE(hasOwnLease(server(), first()));
}

// R9, R10: in a confirmed conflict that others keep open, all machines keep their identity. The returning holder gets
// its own again, and a new machine gets none of these.
TEST_F(Rule10Confirmed, machinesKeepTheirIdentity) {
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
    EXPECT_TRUE(hasDerivedLease(server(), fourth));
    EXPECT_EQ(first().acquire(), held);
    EXPECT_TRUE(hasOwnLease(server(), first()));
    EXPECT_TRUE(server().audit("identity-moved").empty());
}

// R10: the proof is kept in memory only: after a reconfiguration or a restart the conflict is suspected again.
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

// R10: a conflict is also confirmed under monitor and refuse, although the claimant has no lease there.
TEST_F(Rule10Confirmed, alsoIfClaimantsHaveNoLease) {
    for (const char* policy : {"monitor", "refuse"}) {
        serveClones(2, guarded(policy));
        for (int round = 0; round < 3; ++round) {
            second().remember(first().address());
            first().renew();
            second().renew();
            first().remember(second().address().isZero() ? first().address() : second().address());
        }
        expectReported("confirmed", 1);
        for (const auto& record : server().audit("conflict-confirmed")) {
            EXPECT_EQ(record["policy"], policy);
            EXPECT_EQ(record["hw_address"], second().hwText());
        }
        EXPECT_EQ(listed(), "confirmed") << policy;
        endServer();
        machines_.clear();
    }
}

// R10: a conflict continues while two machines have live leases, for any number of windows.
TEST_F(Rule10Ended, notWhileTwoHaveLiveRecords) {
    serveClones(2);
    for (int time = 0; time < 6; ++time) {
        server().advanceClock(CLAIM_WINDOW + 10);
        renewAll();
    }
    EXPECT_TRUE(server().audit("conflict-ended").empty());
    EXPECT_EQ(listed(), "confirmed");
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
