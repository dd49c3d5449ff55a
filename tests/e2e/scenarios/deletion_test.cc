// SPDX-License-Identifier: MPL-2.0
//
// R9: with the command clone-guard-conflict-del an operator ends a conflict, and no lease changes.

#include <tests/e2e/harness/fixtures/e2e_test.h>

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

    /// @brief Returns the hardware addresses of all listed claimants.
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

    /// @brief Makes the clone of a number and gives it its own address.
    SimClient& claimant(uint32_t number, uint32_t subnet = 1) {
        SimClient& client = clone(number, subnet);
        EXPECT_FALSE(client.acquire().isZero());
        return (client);
    }

    /// @brief Makes both machines renew until the conflict is confirmed.
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

// R9, R4: no lease changes, all machines continue as before, and the conflict is no longer listed.
TEST_F(Deletion, rule09ChangesNoLease) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = claimant(2);
    SimClient& third = claimant(3);
    confirm(first, second);
    const auto before = server().file("leases.csv");
    const Json answer = del();
    EXPECT_EQ(answer["result"], 0) << answer;
    EXPECT_EQ(answer["text"], "1 conflict deleted.");
    EXPECT_EQ(answer["arguments"]["conflicts"][0]["claimants"].size(), 2U);
    EXPECT_EQ(server().file("leases.csv"), before);
    EXPECT_EQ(listed(), std::set<std::string>());
    EXPECT_EQ(get()["result"], 3);
    EXPECT_EQ(del()["result"], 3) << "no conflict is left";
    for (SimClient* client : {&first, &second, &third}) {
        expectKept(*client);
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
    EXPECT_TRUE(hasDerivedLease(server(), third));
}

// R9, R11: a machine that still presents the identifier afterwards is a claimant, and is reported as a first sighting.
TEST_F(Deletion, rule09ActiveClaimantIsListedAgain) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = claimant(2);
    SimClient& third = claimant(3);
    confirm(first, second);
    ASSERT_EQ(server().audit("conflict-suspected").size(), 2U);
    del();
    // The third machine was sealed: its derived lease exists, and it asks with its own identifier.
    third.setIdentifier(cloneIdentifier(77));
    third.acquire();
    second.renew();
    EXPECT_EQ(listed(), std::set<std::string>{second.hwText()});
    const auto reported = server().audit("conflict-suspected");
    ASSERT_EQ(reported.size(), 3U);
    EXPECT_EQ(reported.back()["hw_address"], second.hwText());
    EXPECT_EQ(get()["arguments"]["conflicts"][0]["level"], "suspected");
}

// R9: in a confirmed conflict a claimant keeps its identity. After the conflict is deleted, its next DISCOVER returns
// it to its identifier.
TEST_F(Deletion, rule09ClaimantReturns) {
    serve(guarded("mac-fallback"), true);
    SimClient& first = holder();
    SimClient& second = claimant(2);
    confirm(first, second);
    SimClient& third = claimant(3);
    const Address shared = first.address();
    const Address own = second.address();
    // The first is switched off and its lease expires; the others renew in time, so the conflict is not over.
    for (int round = 0; round < 3; ++round) {
        server().advanceClock(1500);
        expectKept(second);
        expectKept(third);
    }
    EXPECT_EQ(second.acquire(), own) << "the conflict is confirmed";
    EXPECT_EQ(del()["result"], 0);
    EXPECT_EQ(second.renew().address(), own) << "a REQUEST does not return";
    EXPECT_EQ(second.acquire(), shared);
    EXPECT_TRUE(hasOwnLease(server(), second));
    EXPECT_EQ(server().audit("identity-moved").size(), 1U);
    expectKept(second);
    expectKept(third);
    EXPECT_NE(clone(1).acquire(), shared) << "the former holder is the claimant";
}

// R11: the deletion is in both logs, with the operator's command.
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

// R2: with a subnet the command ends the conflict in that network, without one in all networks.
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
    EXPECT_EQ(get()["arguments"]["count"], 2) << "after a restart the leases show both conflicts";
    EXPECT_EQ(del()["arguments"]["count"], 2);
    EXPECT_EQ(listed(), std::set<std::string>());
}

// R10: after a kill and before the first query, a conflict is found in the leases, on whatever page it is.
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
    EXPECT_EQ(none["result"], 3) << "the page does not contain the conflict";
    EXPECT_TRUE(none["arguments"].contains("next")) << none;
    EXPECT_EQ(listed().size(), 2U);
}

// R7: refused claimants have no lease and are only in the conflict table; the command removes them there.
TEST_F(Deletion, rule07RefusedClaimants) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_EQ(del()["result"], 0);
    EXPECT_EQ(listed(), std::set<std::string>());
    EXPECT_TRUE(second.discover().isSilence()) << "the holder is still there";
    EXPECT_EQ(listed(), std::set<std::string>{second.hwText()});
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace test
}  // namespace clone_guard
