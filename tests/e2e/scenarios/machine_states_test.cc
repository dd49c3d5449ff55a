// SPDX-License-Identifier: MPL-2.0
//
// R10: the states of the machines of a conflict, what a shutdown changes, and when a conflict is over.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <map>

namespace clone_guard {
namespace test {

namespace {

const unsigned ONE_DAY = 86400;

using States = std::map<std::string, std::string>;

/// @brief The parameter is the number of the server's threads.
class Rule10States : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    /// @brief Starts a server with short leases, a holder and claimants, all of them booted.
    void serveClones(uint32_t clones, ServerSetup setup = guarded("mac-fallback")) {
        setup.threads = GetParam();
        setup.more["valid-lifetime"] = SHORT_LIFETIME;
        setup.more["renew-timer"] = SHORT_LIFETIME / 4;
        setup.more["rebind-timer"] = SHORT_LIFETIME / 2;
        serve(setup, true);
        machines_ = {&holder()};
        for (uint32_t number = 2; number <= clones; ++number) {
            machines_.push_back(&clone(number));
            machines_.back()->acquire();
        }
    }

    SimClient& first() {
        return (*machines_.at(0));
    }

    SimClient& second() {
        return (*machines_.at(1));
    }

    /// @brief Makes the holder and one claimant renew in turn until both are proven active.
    void confirm() {
        for (int round = 0; round < 2; ++round) {
            for (SimClient* client : machines_) {
                const Address own = client->address();
                EXPECT_EQ(client->renew().address(), own) << client->hwText();
            }
        }
        EXPECT_EQ(server().audit("conflict-confirmed").size(), machines_.size() - 1);
    }

    /// @brief Lets time pass while one machine renews its lease.
    void passTime(SimClient& client, unsigned seconds) {
        for (unsigned passed = 0; passed < seconds; passed += SHORT_LIFETIME / 2) {
            server().advanceClock(SHORT_LIFETIME / 2);
            EXPECT_EQ(client.renew().type(), ACK) << client.hwText();
        }
    }

    /// @brief Lets a day pass in which no machine sends a message, and one boots then.
    void passADay(SimClient& client) {
        server().advanceClock(ONE_DAY + 2 * SHORT_LIFETIME);
        EXPECT_FALSE(client.acquire().isZero());
    }

    /// @brief Returns the states of the listed machines by their hardware addresses.
    States states() {
        States found;
        const Json answer = server().command("clone-guard-conflict-get-all");
        for (const Json& conflict : answer["arguments"].value("conflicts", Json::array())) {
            if (conflict.contains("holder")) {
                found[conflict["holder"]["hw-address"]] = conflict["holder"]["state"];
            }
            for (const Json& claimant : conflict["claimants"]) {
                found[claimant["hw-address"]] = claimant["state"];
            }
        }
        return (found);
    }

    void expectEnded(const std::string& reason, const SimClient& left) {
        const auto records = server().audit("conflict-ended");
        ASSERT_EQ(records.size(), 1U) << server().file("audit.log");
        EXPECT_EQ(records[0].value("reason", ""), reason);
        EXPECT_EQ(records[0].value("hw_address", ""), left.hwText());
        EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_ENDED").size(), 1U);
        expectNoConflict();
    }

    /// @brief Expects that all commands agree that there is no conflict.
    void expectNoConflict() {
        const Json about{{"client-id", cloneIdentifierText()}};
        EXPECT_EQ(states(), States());
        EXPECT_EQ(server().command("clone-guard-conflict-get", about)["result"], 3);
        EXPECT_EQ(server().command("clone-guard-conflict-del", about)["result"], 3);
    }

    /// @brief Expects one first sighting of each claimant at each level.
    void expectSeenOnce() {
        for (const char* level : {"suspected", "confirmed"}) {
            EXPECT_EQ(server().statistic(std::string("clone-guard-") + level),
                      int64_t(machines_.size()) - 1)
                << level;
        }
    }

    std::vector<SimClient*> machines_;
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule10States, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R10, R11: a claimant that shuts down with a RELEASE is off. The conflict goes on, and its return is not seen as new.
TEST_P(Rule10States, claimantThatIsShutDownIsOff) {
    serveClones(2);
    confirm();
    const Address own = second().address();
    for (int night = 0; night < 3; ++night) {
        second().release();
        const bool has_record = server().lease(own).has_value();
        EXPECT_EQ(states(), (States{{first().hwText(), "active"}, {second().hwText(), "off"}}));
        passTime(first(), 4 * SHORT_LIFETIME);
        EXPECT_EQ(states()[second().hwText()], "off");
        EXPECT_FALSE(second().acquire().isZero());
        EXPECT_TRUE(hasDerivedLease(server(), second()));
        EXPECT_TRUE(!has_record || second().address() == own);
        EXPECT_EQ(states()[second().hwText()], "active");
    }
    expectSeenOnce();
    EXPECT_TRUE(server().audit("conflict-ended").empty());
    expectKept(first());
    expectKept(second());
}

// R10: all machines are shut down, and come back in any order. Where the server keeps released leases, each machine has
// its address again and keeps its role; everywhere no two machines share an address.
TEST_P(Rule10States, allAreShutDownAndReturnInAnyOrder) {
    for (const bool holder_first : {true, false}) {
        serveClones(2);
        confirm();
        const Address held = first().address();
        const Address own = second().address();
        for (int night = 0; night < 2; ++night) {
            first().release();
            second().release();
            const bool has_record = server().lease(held).has_value();
            server().advanceClock(10 * SHORT_LIFETIME);
            (holder_first ? first() : second()).acquire();
            (holder_first ? second() : first()).acquire();
            EXPECT_NE(first().address(), second().address());
            if (has_record) {
                EXPECT_EQ(first().address(), held);
                EXPECT_EQ(second().address(), own);
                EXPECT_TRUE(hasOwnLease(server(), first()));
                expectSeenOnce();
            }
            expectKept(first());
            expectKept(second());
        }
        EXPECT_TRUE(server().audit("conflict-ended").empty());
        endServer();
    }
}

// R10: the holder is shut down, and the claimant renews and reboots. The claimant stays one, and the holder returns.
TEST_P(Rule10States, claimantRebootsWhileTheHolderIsOff) {
    serveClones(2);
    confirm();
    const Address held = first().address();
    const Address own = second().address();
    first().release();
    const bool has_record = server().lease(held).has_value();
    EXPECT_EQ(states()[first().hwText()], "off");
    passTime(second(), 2 * SHORT_LIFETIME);
    EXPECT_EQ(second().acquire(), own);
    EXPECT_TRUE(hasDerivedLease(server(), second()));
    EXPECT_FALSE(first().acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), first()));
    EXPECT_TRUE(!has_record || first().address() == held);
    EXPECT_TRUE(server().audit("identity-moved").empty());
    EXPECT_TRUE(server().audit("conflict-ended").empty());
    expectSeenOnce();
    expectKept(second());
}

// R10: a conflict is over when all machines but one have been off for a day. The commands agree.
TEST_P(Rule10States, overAfterADayOff) {
    serveClones(3);
    confirm();
    second().release();
    machines_[2]->release();
    passTime(first(), 2 * SHORT_LIFETIME);
    EXPECT_EQ(states().size(), 3U);
    passADay(first());
    expectEnded("off", first());
    expectKept(first());
}

// R10: the same holds for leases that ran out, of the holder here.
TEST_P(Rule10States, overAfterADayExpired) {
    serveClones(2);
    confirm();
    passTime(second(), 3 * SHORT_LIFETIME);
    EXPECT_EQ(states(), (States{{first().hwText(), "expired"}, {second().hwText(), "active"}}));
    EXPECT_TRUE(server().audit("conflict-ended").empty());
    passADay(second());
    expectEnded("expired", second());
    EXPECT_EQ(second().renew().type(), ACK);
}

// R10, R11: a clone that returns with an identifier of its own is sealed: one line, one record, and a statistic. With
// the last one the conflict is over.
TEST_P(Rule10States, sealedMachines) {
    serveClones(3);
    confirm();
    for (const uint32_t number : {1U, 2U}) {
        SimClient& clone = *machines_[number];
        clone.release();
        server().advanceClock(5);
        clone.setIdentifier(cloneIdentifier(number + 10));
        EXPECT_FALSE(clone.acquire().isZero());
        EXPECT_EQ(states().at(clone.hwText()), "off");
        passTime(first(), SHORT_LIFETIME);
        if (number == 1) {
            EXPECT_EQ(machines_[2]->renew().type(), ACK);
        }
        passTime(first(), SHORT_LIFETIME);
        const auto records = server().audit("machine-sealed");
        ASSERT_EQ(records.size(), number);
        EXPECT_EQ(records.back()["hw_address"], clone.hwText());
        EXPECT_EQ(records.back()["address"], clone.address().toText());
        EXPECT_EQ(records.back()["client_id"], cloneIdentifierText());
        EXPECT_EQ(records.back()["holder"]["hw_address"], first().hwText());
        EXPECT_EQ(server().operatorLog("CLONE_GUARD_MACHINE_SEALED").size(), number);
        EXPECT_EQ(server().statistic("clone-guard-sealed"), number);
        if (number == 1) {
            EXPECT_EQ(states().at(clone.hwText()), "sealed");
        }
    }
    expectEnded("sealed", first());
    expectSeenOnce();
}

// R10: all machines are sealed, so none of them sends the shared identifier any more. The list finds it out.
TEST_P(Rule10States, listFindsThatAllAreSealed) {
    serveClones(2);
    confirm();
    for (const uint32_t number : {0U, 1U}) {
        machines_[number]->setIdentifier(cloneIdentifier(number + 10));
    }
    server().advanceClock(5);
    first().acquire();
    second().acquire();
    server().advanceClock(SHORT_LIFETIME * 6 / 10);
    EXPECT_EQ(states().size(), 2U);
    server().advanceClock(SHORT_LIFETIME);
    expectNoConflict();
    EXPECT_EQ(server().audit("machine-sealed").size(), 2U);
    const auto ended = server().audit("conflict-ended");
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0]["reason"], "sealed");
    EXPECT_FALSE(ended[0].contains("hw_address"));
}

// R10: a machine with a second identifier, as with ipvlan or PXE, is not sealed while it sends both.
TEST_P(Rule10States, secondIdentifierInUseSealsNoMachine) {
    serveClones(2);
    confirm();
    SimClient& neighbour = machine(2, cloneIdentifier(20));
    EXPECT_FALSE(neighbour.acquire().isZero());
    for (int time = 0; time < 8; ++time) {
        server().advanceClock(SHORT_LIFETIME / 2);
        for (SimClient* client : {&first(), &second(), &neighbour}) {
            EXPECT_EQ(client->renew().type(), ACK);
        }
    }
    EXPECT_TRUE(server().audit("machine-sealed").empty());
    EXPECT_EQ(states()[second().hwText()], "active");
}

// R5, R7, R10: under refuse and monitor claimants have no lease of their own. They count as expired after a lease
// lifetime of silence, and the conflict is over a day later.
TEST_P(Rule10States, claimantsWithoutALease) {
    for (const char* policy : {"refuse", "monitor"}) {
        serveClones(2, guarded(policy));
        second().discover();
        EXPECT_EQ(states()[second().hwText()], "active") << policy;
        passTime(first(), 2 * SHORT_LIFETIME);
        EXPECT_EQ(states()[second().hwText()], "expired") << policy;
        EXPECT_TRUE(server().audit("conflict-ended").empty());
        passADay(first());
        expectEnded("expired", first());
        endServer();
    }
}

// R10: after a reload the states come from the leases.
TEST_P(Rule10States, afterAReloadTheLeasesHaveTheStates) {
    serveClones(3);
    confirm();
    second().release();
    const bool has_record = server().lease(second().address()).has_value();
    server().advanceClock(SHORT_LIFETIME / 2);
    first().renew();
    EXPECT_EQ(server().command("config-reload")["result"], 0);
    States expected{{first().hwText(), "active"}, {machines_[2]->hwText(), "active"}};
    if (has_record) {
        expected[second().hwText()] = "off";
    }
    EXPECT_EQ(states(), expected);
    server().advanceClock(SHORT_LIFETIME * 6 / 10);
    expected[machines_[2]->hwText()] = "expired";
    EXPECT_EQ(states(), expected);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
