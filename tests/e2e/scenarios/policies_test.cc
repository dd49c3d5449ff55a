// SPDX-License-Identifier: MPL-2.0
//
// R5: the four policies, global, of a shared network and of a subnet.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Rule05Policies : public E2eTest {
protected:
    /// @brief Boots, renews and releases clones and other clients, and notes each reply.
    void ordinaryDay() {
        SimClient& first = clone(1);
        SimClient& second = clone(2);
        SimClient& other = machine(30, cloneIdentifier(30));
        for (SimClient* client : {&first, &second, &other}) {
            note(client->request(note(client->discover())));
            note(client->renew());
        }
        note(first.renew());
        note(second.rebind());
        note(first.initReboot(first.address()));
        second.release();
        note(first.renew());
        note(second.request(note(second.discover())));
        first.decline();
        note(second.discover());
    }

    /// @brief Returns what a claimant gets in a subnet: "own", "shared" or "nothing".
    std::string outcomeForAClaimant(uint32_t subnet) {
        SimClient& first = clone(subnet * 100 + 1, subnet);
        SimClient& second = clone(subnet * 100 + 2, subnet);
        EXPECT_FALSE(first.acquire().isZero());
        const Address address = second.acquire();
        return (address.isZero() ? "nothing" : address == first.address() ? "shared" : "own");
    }
};

// R5: under off the server answers and stores leases as without the guard, and nothing is logged.
TEST_F(Rule05Policies, offIsStockKeaWithoutALine) {
    expectSameAsStock(guarded("off"), [this] { ordinaryDay(); });
    EXPECT_TRUE(server().audit().empty());
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").empty());
    EXPECT_EQ(server().statistic("clone-guard-suspected"), 0);
}

// R5: under monitor the server answers and stores leases as without the guard; logs and statistics report the conflict.
TEST_F(Rule05Policies, monitorIsStockKeaWithLogsAndCounters) {
    expectSameAsStock(guarded("monitor"), [this] { ordinaryDay(); });
    const auto records = server().audit("conflict-suspected");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["action"], "none");
    EXPECT_EQ(records[0]["policy"], "monitor");
    EXPECT_EQ(records[0]["hw_address"], toHex(virtualMac(2)));
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
    EXPECT_EQ(server().statistic("clone-guard-suspected"), 1);
}

// R5: under monitor the first machine stays the holder for reports, although Kea rewrites the lease at each renewal.
// The two machines are not reported in turn.
TEST_F(Rule05Policies, monitorKeepsTheFirstMachineAsHolderForReports) {
    serve(guarded("monitor"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    for (int round = 0; round < 5; ++round) {
        first.renew();
        second.renew();
    }
    for (const auto& record : server().audit("conflict-suspected")) {
        EXPECT_EQ(record["hw_address"], second.hwText()) << record;
        EXPECT_EQ(record["holder"]["hw_address"], first.hwText()) << record;
    }
}

// R5: the default policy is mac-fallback.
TEST_F(Rule05Policies, macFallbackIsTheDefault) {
    serve(ServerSetup());
    EXPECT_EQ(outcomeForAClaimant(1), "own");
}

// R5: a policy in the user-context of a subnet overrides the global policy for that subnet.
TEST_F(Rule05Policies, subnetsHavePoliciesOfTheirOwn) {
    ServerSetup setup = guarded("refuse");
    setup.subnets = {subnet(1), subnet(2, withPolicy("mac-fallback")), subnet(3, withPolicy("monitor")),
                     subnet(4, withPolicy("off"))};
    serve(setup);
    EXPECT_EQ(outcomeForAClaimant(1), "nothing");
    EXPECT_EQ(outcomeForAClaimant(2), "own");
    EXPECT_EQ(outcomeForAClaimant(3), "shared");
    EXPECT_EQ(outcomeForAClaimant(4), "shared");
    std::map<std::string, int> by_policy;
    for (const auto& record : server().audit("conflict-suspected")) {
        ++by_policy[record["policy"]];
    }
    const std::map<std::string, int> expected{{"refuse", 1}, {"mac-fallback", 1}, {"monitor", 1}};
    EXPECT_EQ(by_policy, expected);
}

// R5: the guard may be off globally and active in one subnet only.
TEST_F(Rule05Policies, offGloballyAndActiveInOneSubnet) {
    ServerSetup setup = guarded("off");
    setup.subnets = {subnet(1), subnet(2, withPolicy("mac-fallback"))};
    serve(setup);
    EXPECT_EQ(outcomeForAClaimant(1), "shared");
    EXPECT_EQ(outcomeForAClaimant(2), "own");
}

// R5: a policy in the user-context of a shared network holds in all its subnets.
TEST_F(Rule05Policies, sharedNetworksHavePoliciesOfTheirOwn) {
    ServerSetup setup = guarded("mac-fallback");
    setup.subnets = {subnet(1)};
    setup.shared_networks = {sharedNetwork("upstairs", {subnet(2), subnet(3)}, withPolicy("refuse")),
                             sharedNetwork("downstairs", {subnet(4), subnet(5)})};
    serve(setup);
    EXPECT_EQ(outcomeForAClaimant(1), "own");
    EXPECT_EQ(outcomeForAClaimant(2), "nothing");
    EXPECT_EQ(outcomeForAClaimant(4), "own");
}

// R5: a policy on a subnet inside a shared network is rejected, and the message says to move it to the shared network.
TEST_F(Rule05Policies, policyOnASubnetInASharedNetworkIsRejected) {
    serve(guarded("mac-fallback"));
    ServerSetup wrong = guarded("mac-fallback");
    wrong.shared_networks = {sharedNetwork("upstairs", {subnet(2, withPolicy("refuse")), subnet(3)})};
    const Json answer = server().configSet(wrong);
    EXPECT_EQ(answer["result"], 1) << answer;
    const std::string text = answer["text"];
    for (const char* word : {"clone-guard", "10.2.0.0/16", "upstairs"}) {
        EXPECT_NE(text.find(word), std::string::npos) << word << " is not in: " << text;
    }
    EXPECT_EQ(outcomeForAClaimant(1), "own");
}

// R5: the policy can be changed while the server runs; existing leases do not change.
TEST_F(Rule05Policies, changesOfPolicyTakeEffectAtOnce) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    ASSERT_EQ(server().configSet(guarded("refuse"))["result"], 0);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_EQ(first.renew().type(), ACK);
    ASSERT_EQ(server().configSet(guarded("mac-fallback"))["result"], 0);
    EXPECT_EQ(second.acquire(), address);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
