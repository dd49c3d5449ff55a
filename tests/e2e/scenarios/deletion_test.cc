// SPDX-License-Identifier: MPL-2.0
//
// The command clone-guard-conflict-del: an operator ends a conflict, and no lease changes by it (R9).

#include <tests/e2e/harness/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

class Deletion : public E2eTest {
protected:
    Json get(const Json& more = Json::object()) {
        return (command("clone-guard-conflict-get", more));
    }

    Json del(const Json& more = Json::object()) {
        return (command("clone-guard-conflict-del", more));
    }

    /// @brief The hardware addresses of all claimants that are listed.
    std::set<std::string> listed() {
        std::set<std::string> claimants;
        const Json answer = server().command("clone-guard-conflict-get-all");
        for (const Json& conflict : answer["arguments"]["conflicts"]) {
            for (const Json& claimant : conflict["claimants"]) {
                claimants.insert(claimant["hw-address"].get<std::string>());
            }
        }
        return (claimants);
    }

    /// @brief The clone of a number with an address of its own.
    SimClient& claimant(uint32_t number, uint32_t subnet = 1) {
        SimClient& client = clone(number, subnet);
        EXPECT_FALSE(client.acquire().isZero());
        return (client);
    }

    /// @brief Both renew until the conflict is confirmed.
    void confirm(SimClient& one, SimClient& other) {
        for (int round = 0; round < 2; ++round) {
            one.renew();
            other.renew();
        }
        EXPECT_EQ(server().audit("conflict-confirmed").size(), 1U);
    }

    static ServerSetup twoNetworks() {
        auto setup = guarded("mac-fallback");
        setup.subnets = {subnet(1), subnet(2)};
        return (setup);
    }

private:
    Json command(const std::string& name, const Json& more) {
        Json arguments = {{"client-id", cloneIdentifierText()}};
        arguments.update(more);
        return (server().command(name, arguments));
    }
};

}  // namespace

// R9, R4: no lease changes, everybody goes on as before, and the conflict is listed no more.
TEST_F(Deletion, rule09ChangesNoLease) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = claimant(2);
    SimClient& third = claimant(3);
    confirm(first, second);
    const auto before = server().file("leases.csv");
    const Json answer = del();
    EXPECT_EQ(answer["result"], 0) << answer;
    EXPECT_EQ(answer["text"], "1 conflict(s) deleted.");
    EXPECT_EQ(answer["arguments"]["conflicts"][0]["claimants"].size(), 2U);
    EXPECT_EQ(server().file("leases.csv"), before);
    EXPECT_EQ(listed(), std::set<std::string>());
    EXPECT_EQ(get()["result"], 3);
    EXPECT_EQ(del()["result"], 3) << "there is nothing left to delete";
    for (SimClient* client : {&first, &second, &third}) {
        expectKept(*client);
    }
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
    EXPECT_TRUE(setAside(server(), third));
}

// R9, R11: who still presents the identifier after that is a claimant as before, and is reported as the first time.
TEST_F(Deletion, rule09WhoIsHeardAgainIsListedAgain) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = claimant(2);
    SimClient& third = claimant(3);
    confirm(first, second);
    ASSERT_EQ(server().audit("conflict-suspected").size(), 2U);
    del();
    // The third was sealed: its record as a claimant is there, the machine asks with an identifier of its own.
    third.setIdentifier(cloneIdentifier(77));
    third.acquire();
    second.renew();
    EXPECT_EQ(listed(), std::set<std::string>{second.hwText()});
    const auto told = server().audit("conflict-suspected");
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told.back()["hw_address"], second.hwText());
    EXPECT_EQ(get()["arguments"]["conflicts"][0]["level"], "suspected");
}

// R9: in a confirmed conflict a claimant keeps its identity, until the conflict is deleted: with its next DISCOVER it
// returns to its identifier.
TEST_F(Deletion, rule09ClaimantReturns) {
    serve(guarded("mac-fallback"), true);
    SimClient& first = holder();
    SimClient& second = claimant(2);
    confirm(first, second);
    SimClient& third = claimant(3);
    const Address shared = first.address();
    const Address own = second.address();
    // The first is switched off, its lease runs out; the others renew in time, so the conflict is not over.
    for (int round = 0; round < 3; ++round) {
        server().advanceClock(1500);
        expectKept(second);
        expectKept(third);
    }
    EXPECT_EQ(second.acquire(), own) << "the conflict is confirmed";
    EXPECT_EQ(del()["result"], 0);
    EXPECT_EQ(second.renew().address(), own) << "no REQUEST alone returns";
    EXPECT_EQ(second.acquire(), shared);
    EXPECT_TRUE(undisturbed(server(), second));
    EXPECT_EQ(server().audit("identity-moved").size(), 1U);
    expectKept(second);
    expectKept(third);
    EXPECT_NE(clone(1).acquire(), shared) << "it is the claimant now";
}

// R11: it is in both logs, with who did it.
TEST_F(Deletion, rule11IsLogged) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    claimant(2);
    del();
    const auto records = server().audit("conflict-ended");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["reason"], "deleted by command");
    EXPECT_EQ(records[0]["client_id"], cloneIdentifierText());
    EXPECT_EQ(records[0]["subnet_id"], 1);
    EXPECT_EQ(records[0]["holder"]["hw_address"], first.hwText());
    EXPECT_FALSE(records[0].contains("remedy"));
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_DELETED").size(), 1U);
}

// R2: with a subnet it is about that network alone, without one about all.
TEST_F(Deletion, rule02OneNetworkOrAll) {
    serve(twoNetworks());
    for (const uint32_t network : {1U, 2U}) {
        holder(network);
        claimant(network * 10, network);
    }
    EXPECT_EQ(get()["arguments"]["count"], 2);
    EXPECT_EQ(get({{"subnet-id", 2}})["arguments"]["conflicts"][0]["subnet-id"], 2);
    EXPECT_EQ(del({{"subnet-id", 2}})["arguments"]["count"], 1);
    EXPECT_EQ(get({{"subnet-id", 2}})["result"], 3);
    EXPECT_EQ(get({{"subnet-id", 1}})["arguments"]["count"], 1);
    server().kill();
    server().start();
    EXPECT_EQ(get()["arguments"]["count"], 2) << "memory is gone, the leases tell of both";
    EXPECT_EQ(del()["arguments"]["count"], 2);
    EXPECT_EQ(listed(), std::set<std::string>());
}

// R10: after a kill, when nobody has been heard yet, a conflict is found in the leases, on whatever page it is.
TEST_F(Deletion, rule10FoundInTheLeases) {
    serve(guarded("mac-fallback"));
    for (const uint32_t number : {100U, 101U, 102U, 103U}) {
        machine(number, cloneIdentifier(number)).acquire();
    }
    holder();
    claimant(2);
    claimant(3);
    server().kill();
    server().start();
    EXPECT_EQ(get()["arguments"]["conflicts"][0]["claimants"].size(), 2U);
    std::set<std::string> claimants;
    std::string from = "start";
    for (unsigned pages = 0; !from.empty() && pages < 100; ++pages) {
        const Json page = get({{"from", from}, {"limit", 2}});
        const bool found = page["arguments"]["count"] != 0;
        EXPECT_EQ(page["result"], found ? 0 : 3) << page;
        if (found) {
            for (const Json& claimant : page["arguments"]["conflicts"][0]["claimants"]) {
                claimants.insert(claimant["hw-address"].get<std::string>());
            }
        }
        from = page["arguments"].value("next", "");
    }
    EXPECT_EQ(claimants, (std::set<std::string>{toHex(virtualMac(2)), toHex(virtualMac(3))}));
    const Json none = del({{"limit", 2}});
    EXPECT_EQ(none["result"], 3) << "it is not on this page";
    EXPECT_TRUE(none["arguments"].contains("next")) << none;
    EXPECT_EQ(listed().size(), 2U);
}

// R7: refused claimants have no lease and are in memory alone; that is forgotten too.
TEST_F(Deletion, rule07RefusedClaimants) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_EQ(del()["result"], 0);
    EXPECT_EQ(listed(), std::set<std::string>());
    EXPECT_TRUE(second.discover().isSilence()) << "the holder is still there";
    EXPECT_EQ(listed(), std::set<std::string>{second.hwText()});
    EXPECT_TRUE(undisturbed(server(), first));
}

}  // namespace test
}  // namespace clone_guard
