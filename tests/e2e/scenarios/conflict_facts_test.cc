// SPDX-License-Identifier: MPL-2.0
//
// R10, R12: what a list of conflicts shows about each machine: its address, host name and last message, under each policy.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Rule12Facts : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    void serveNamed(const char* policy) {
        ServerSetup setup = guarded(policy);
        setup.threads = GetParam();
        serve(setup, true);
        first_ = &named(1, "web-01");
        second_ = &named(2, "web-02");
        first_->acquire();
        second_->acquire();
    }

    SimClient& named(uint32_t number, const std::string& name) {
        SimClient& client = clone(number);
        client.addOption(OPTION_HOST_NAME, fromText(name));
        return (client);
    }

    /// @brief Returns the only listed conflict. Both lists have to agree.
    Json conflict() {
        const Json all = server().command("clone-guard-conflict-get-all");
        const Json one =
            server().command("clone-guard-conflict-get", {{"client-id", cloneIdentifierText()}});
        EXPECT_EQ(all["arguments"]["conflicts"], one["arguments"]["conflicts"]);
        EXPECT_EQ(all["arguments"]["conflicts"].size(), 1U) << all;
        return (all["arguments"]["conflicts"].empty() ? Json() : all["arguments"]["conflicts"][0]);
    }

    /// @brief Expects a machine's host name, and that its last message is known.
    static void expectKnown(const Json& machine, const SimClient& client, const std::string& name) {
        EXPECT_EQ(machine.value("hw-address", ""), client.hwText());
        EXPECT_EQ(machine.value("hostname", ""), name) << machine;
        EXPECT_GT(machine.value("last-seen", 0), 0) << machine;
    }

    SimClient* first_ = nullptr;
    SimClient* second_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule12Facts, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R5, R12: under monitor the server writes the lease for the machine that renewed last. The list shows that lease, and
// the host name and last message of both machines.
TEST_P(Rule12Facts, monitorAfterTheClaimantRenewed) {
    serveNamed("monitor");
    const Json begun = conflict();
    expectKnown(begun["holder"], *first_, "web-01");
    EXPECT_EQ(begun["lease"].value("hw-address", ""), second_->hwText());
    for (SimClient* last : {second_, first_, second_}) {
        last->remember(first_->address());
        server().advanceClock(10);
        EXPECT_EQ(last->renew().type(), ACK);
        const Json listed = conflict();
        EXPECT_EQ(listed["lease"].value("ip-address", ""), first_->address().toText()) << listed;
        EXPECT_EQ(listed["lease"].value("hw-address", ""), last->hwText());
        expectKnown(listed["holder"], *first_, "web-01");
        expectKnown(listed["claimants"][0], *second_, "web-02");
        const Json& owner = last == first_ ? listed["holder"] : listed["claimants"][0];
        const Json& other = last == first_ ? listed["claimants"][0] : listed["holder"];
        EXPECT_EQ(owner.value("ip-address", ""), first_->address().toText());
        EXPECT_GE(owner.value("last-seen", 0), other.value("last-seen", 0) + 10);
    }
}

// R7, R12: a refused claimant has no lease. The list shows its host name and its last message, and the holder's address.
TEST_P(Rule12Facts, refuseAfterTheClaimantAsked) {
    serveNamed("refuse");
    server().advanceClock(10);
    second_->remember(first_->address());
    EXPECT_NE(second_->renew().type(), ACK);
    const Json listed = conflict();
    EXPECT_FALSE(listed.contains("lease")) << listed;
    expectKnown(listed["holder"], *first_, "web-01");
    EXPECT_EQ(listed["holder"].value("ip-address", ""), first_->address().toText());
    expectKnown(listed["claimants"][0], *second_, "web-02");
    EXPECT_FALSE(listed["claimants"][0].contains("ip-address"));
    EXPECT_GE(listed["claimants"][0].value("last-seen", 0), listed["holder"].value("last-seen", 0) + 10);
}

// R6, R12: under mac-fallback each machine has its own lease, which the list shows as before.
TEST_P(Rule12Facts, macFallback) {
    serveNamed("mac-fallback");
    server().advanceClock(10);
    EXPECT_EQ(second_->renew().type(), ACK);
    const Json listed = conflict();
    EXPECT_FALSE(listed.contains("lease")) << listed;
    expectKnown(listed["holder"], *first_, "web-01");
    EXPECT_EQ(listed["holder"].value("ip-address", ""), first_->address().toText());
    expectKnown(listed["claimants"][0], *second_, "web-02");
    EXPECT_EQ(listed["claimants"][0].value("ip-address", ""), second_->address().toText());
    EXPECT_GE(listed["claimants"][0].value("last-seen", 0), listed["holder"].value("last-seen", 0) + 10);
}

// R12: a machine that stops sending a host name keeps the one that it sent, and a later one replaces it.
TEST_P(Rule12Facts, lastHostNameThatWasSent) {
    serveNamed("refuse");
    EXPECT_TRUE(clone(2).discover().isSilence());
    expectKnown(conflict()["claimants"][0], *second_, "web-02");
    EXPECT_TRUE(named(2, "web-22").discover().isSilence());
    expectKnown(conflict()["claimants"][0], *second_, "web-22");
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
