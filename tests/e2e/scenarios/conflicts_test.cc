// SPDX-License-Identifier: MPL-2.0
//
// R10: the command clone-guard-conflict-get-all returns the same list after a kill, a restart and a reconfiguration.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

const char* const CONFLICT_GET_ALL = "clone-guard-conflict-get-all";

class ConflictsTest : public E2eTest {
protected:
    /// @brief Reads all pages of the list, and joins the claimants of each conflict.
    ///
    /// @return a line for each machine: network, identifier, "holder" or "claimant", hardware address, address.
    std::set<std::string> list(unsigned limit = 1000) {
        std::set<std::string> lines;
        pages_ = 0;
        for (std::string from = "start"; !from.empty();) {
            const Json answer = server().command(CONFLICT_GET_ALL, {{"from", from}, {"limit", limit}});
            EXPECT_TRUE(answer["result"] == 0 || answer["result"] == 3) << answer;
            const Json& arguments = answer["arguments"];
            EXPECT_EQ(arguments["count"], arguments["conflicts"].size());
            for (const Json& conflict : arguments["conflicts"]) {
                addLines(lines, conflict);
            }
            from = arguments.value("next", "");
            if (++pages_ > 1000) {
                ADD_FAILURE() << "the list has no last page";
                break;
            }
        }
        return (lines);
    }

    static void addLines(std::set<std::string>& lines, const Json& conflict) {
        const auto about = std::to_string(conflict.value("subnet-id", 0)) + " " +
                           conflict["client-id"].get<std::string>();
        const auto add = [&](const char* role, const Json& machine) {
            lines.insert(about + " " + role + " " + machine["hw-address"].get<std::string>() + " " +
                         machine.value("ip-address", "-"));
        };
        if (conflict.contains("holder")) {
            add("holder", conflict["holder"]);
        }
        for (const Json& claimant : conflict["claimants"]) {
            add("claimant", claimant);
        }
    }

    static std::string line(const SimClient& client, const char* role, unsigned subnet = 1) {
        const auto address = client.address().isZero() ? "-" : client.address().toText();
        return (std::to_string(subnet) + " " + toHex(client.identifier()) + " " + role + " " +
                client.hwText() + " " + address);
    }

    /// @brief Makes two conflicts: one of three machines, one of two in another network.
    void populate() {
        SimClient& first = holder();
        expected_ = {line(first, "holder")};
        for (const uint32_t number : {2U, 3U}) {
            SimClient& claimant = clone(number);
            claimant.acquire();
            expected_.insert(line(claimant, "claimant"));
        }
        SimClient& other = machine(11, cloneIdentifier(7), 2);
        SimClient& claimant = machine(12, cloneIdentifier(7), 2);
        other.acquire();
        claimant.acquire();
        expected_.insert(line(other, "holder", 2));
        expected_.insert(line(claimant, "claimant", 2));
        // Machines without a conflict, one of them with an identifier from another network.
        machine(21, cloneIdentifier(9)).acquire();
        machine(22, cloneIdentifier(), 2).acquire();
    }

    static ServerSetup twoNetworks(const std::string& policy) {
        auto setup = guarded(policy);
        setup.subnets = {subnet(1), subnet(2)};
        return (setup);
    }

    std::set<std::string> expected_;
    unsigned pages_ = 0;
};

}  // namespace

// R10: after a kill, a restart and a new configuration the list has the same identifiers, holders and claimants.
TEST_F(ConflictsTest, rule10SameListAfterKillAndReload) {
    const auto setup = twoNetworks("mac-fallback");
    serve(setup);
    EXPECT_EQ(server().command(CONFLICT_GET_ALL)["result"], 3) << "no conflict yet";
    populate();
    EXPECT_EQ(list(), expected_);
    server().kill();
    server().start();
    EXPECT_EQ(list(), expected_);
    EXPECT_EQ(server().command("config-reload")["result"], 0);
    EXPECT_EQ(list(), expected_);
    EXPECT_EQ(server().configSet(setup)["result"], 0);
    EXPECT_EQ(list(), expected_);
}

// R10: the pages add up to the same list, however small they are.
TEST_F(ConflictsTest, rule10PagesAddUp) {
    serve(twoNetworks("mac-fallback"));
    populate();
    for (const unsigned limit : {1U, 2U, 3U, 5U, 7U}) {
        EXPECT_EQ(list(limit), expected_) << "limit " << limit;
        EXPECT_GT(pages_, 1U);
    }
}

// R7, R10: refused claimants have no lease; they are listed from the conflict table.
TEST_F(ConflictsTest, rule10RefusedClaimants) {
    serve(twoNetworks("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_TRUE(second.discover().isSilence());
    const std::set<std::string> expected{line(first, "holder"), line(second, "claimant")};
    EXPECT_EQ(list(), expected);
    EXPECT_EQ(list(1), expected);
}

// R12: a listed conflict has all that an operator needs to act on it.
TEST_F(ConflictsTest, rule12ListedConflictIsExplained) {
    auto setup = guarded("mac-fallback");
    setup.subnets = {};
    setup.shared_networks = {sharedNetwork("lab", {subnet(1)})};
    serve(setup);
    SimClient& first = holder();
    clone(2).acquire();
    const Json answer = server().command(CONFLICT_GET_ALL);
    EXPECT_EQ(answer["text"], "1 conflict found.");
    const Json conflict = answer["arguments"]["conflicts"][0];
    EXPECT_EQ(conflict["network"], "lab");
    EXPECT_EQ(conflict["level"], "suspected");
    EXPECT_EQ(conflict["policy"], "mac-fallback");
    EXPECT_EQ(conflict["holder"]["ip-address"], first.address().toText());
    EXPECT_EQ(conflict["holder"]["expired"], false);
    EXPECT_GT(conflict["holder"]["cltt"], 0);
    EXPECT_NE(conflict["remedy"].get<std::string>().find("/etc/machine-id"), std::string::npos);
}

// A wrong argument is rejected with its name, its value and the rule.
TEST_F(ConflictsTest, wrongArguments) {
    serve(guarded("mac-fallback"));
    const auto says = [this](const Json& arguments) {
        const Json answer = server().command(CONFLICT_GET_ALL, arguments);
        EXPECT_EQ(answer["result"], 1);
        return (answer["text"].get<std::string>());
    };
    EXPECT_EQ(says({{"limit", 0}}), "invalid limit: '0', must be an integer from 1 to 10000");
    EXPECT_EQ(says({{"limit", "ten"}}), "invalid limit: 'ten', must be an integer from 1 to 10000");
    EXPECT_EQ(says({{"from", 7}}),
              "invalid from: '7', must be \"start\" or the value of next in the previous page");
    for (const char* from : {"", "nowhere", "::1", "memory:zz"}) {
        EXPECT_EQ(says({{"from", from}}).rfind("invalid from: '" + std::string(from) + "'", 0), 0U);
    }
    EXPECT_EQ(says({{"client-id", "ff"}}), "unknown argument 'client-id', must be one of from, limit");
}

}  // namespace test
}  // namespace clone_guard
