// SPDX-License-Identifier: MPL-2.0
//
// R12: `clone-guard scan` counts declined addresses, and prints a script that frees them.

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/lease_lines.h>
#include <tests/policy/tool/temporary_folder.h>

#include <core/identity/derived_identifier.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <regex>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

/// The lifetime of a declined lease, which ends long after these tests.
constexpr uint32_t PROBATION = 4000000000U;

/// Makes the line that the server writes for a DECLINE: without a client.
LeaseLine
declined(int64_t at, uint32_t address, uint32_t probation = PROBATION) {
    return {at, 0, address, probation, {}, 1, 1};
}

class DeclinedTest : public ::testing::Test {
protected:
    std::string write(const std::vector<LeaseLine>& lines, const std::string& name = "leases.csv") {
        auto text = leaseFile(lines);
        // The server also removes the hardware address.
        const auto none = mac(0).toText();
        for (auto at = text.find(none); at != std::string::npos; at = text.find(none, at)) {
            text.erase(at, none.size());
        }
        return (folder_.write(name, text));
    }

    /// Returns "address cause" of each declined address.
    static std::vector<std::string> causes(const std::string& paths) {
        std::vector<std::string> found;
        const auto json = Json::parse(run("scan --json " + paths).out);
        for (const auto& subnet : json["declined"]) {
            EXPECT_EQ(subnet["count"], subnet["addresses"].size());
            for (const auto& one : subnet["addresses"]) {
                found.push_back(one["address"].get<std::string>() + " " +
                                one["cause"].get<std::string>());
            }
        }
        return (found);
    }

    using Texts = std::vector<std::string>;

    TemporaryFolder folder_;
    /// Two clones that get one address after the other, and decline each. Their last lease is for another address.
    const std::vector<LeaseLine> clones_{{0, 1, 1},  {10, 2, 1},      declined(11, 1), {12, 2, 2},
                                         {20, 1, 2}, declined(21, 2), {22, 1, 3}};
};

// R12: the report counts the addresses that clones declined, by subnet, with the times at which they are free again.
TEST_F(DeclinedTest, rule12Counted) {
    const auto path = write(clones_);
    EXPECT_EQ(causes(path), (Texts{"192.0.2.1 clones", "192.0.2.2 clones"}));
    const auto outcome = run("scan " + path);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(contains(outcome.out, "Declined: 2 addresses.")) << outcome.out;
    const auto text = std::regex_replace(outcome.out, std::regex(" +"), " ");
    EXPECT_TRUE(contains(text, "\n 1 2 2 0 0 2150-08-17 05:20:11 2150-08-17 05:20:21\n")) << text;
}

// R12: an address that was leased again, freed by command, or whose time has passed is not declined any more. The order
// of the files does not matter, nor that a file repeats what another one has.
TEST_F(DeclinedTest, rule12FreeAgain) {
    auto lines = clones_;
    lines.insert(lines.end(), {declined(21, 2, 0), {30, 3, 1, 600, identifierNumber(3)}});
    EXPECT_EQ(causes(write(lines)), Texts());
    EXPECT_EQ(causes(write({{0, 1, 1}, declined(1, 1, 86400)})), Texts());
    const auto path = write({declined(11, 1), declined(21, 2)});
    write(clones_, "leases.csv.2");
    EXPECT_EQ(causes(path), (Texts{"192.0.2.1 clones", "192.0.2.2 clones"}));
    EXPECT_EQ(causes("--no-companions " + path), (Texts{"192.0.2.1 unknown", "192.0.2.2 unknown"}));
    // Another server has leases of its own.
    const auto other = write({{500, 9, 1, 600, identifierNumber(9)}}, "other.csv");
    EXPECT_EQ(causes(path + " " + other), (Texts{"192.0.2.1 clones", "192.0.2.2 clones"}));
}

// R12: an address that another client declined may be in use by a machine without a lease, unless a clone had it.
TEST_F(DeclinedTest, rule12OtherClients) {
    auto lines = clones_;
    lines.insert(lines.end(), {{30, 3, 3, 600, identifierNumber(3)},
                               declined(31, 3),
                               {40, 4, 4, 600, identifierNumber(4)},
                               declined(41, 4),
                               {50, 5, 5, 600, {}},
                               declined(51, 5)});
    EXPECT_EQ(causes(write(lines)), (Texts{"192.0.2.1 clones", "192.0.2.2 clones", "192.0.2.3 clones",
                                           "192.0.2.4 other", "192.0.2.5 other"}));
}

// R12: the script is accepted by a shell, and frees the addresses of clones. Others are comments.
TEST_F(DeclinedTest, rule12Script) {
    auto lines = clones_;
    lines.insert(lines.end(), {{40, 4, 4, 600, identifierNumber(4)}, declined(41, 4), declined(50, 6)});
    const auto outcome = run("scan --declined --socket \"/run/it's\" " + write(lines));
    EXPECT_EQ(outcome.status, 0);
    for (const auto* part :
         {"\nfree_address 192.0.2.1  # declined until 2150-08-17 05:20:11 UTC\n",
          "\nfree_address 192.0.2.2  #", "\n#free_address 192.0.2.4  #", "\nfree_address 192.0.2.6  #",
          "# Subnet 1: 2 declined addresses of clones.\n", "# Subnet 1: 1 declined address that no",
          "\nsocket='/run/it'\\''s'\n"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
    EXPECT_EQ(runShell("sh -n " + folder_.write("free.sh", outcome.out)).status, 0);
    const auto none = run("scan --declined " + write({{0, 1, 1}}));
    EXPECT_EQ(none.status, 0);
    EXPECT_TRUE(contains(none.out, "have no declined address")) << none.out;
    EXPECT_FALSE(contains(none.out, "\nfree_address 1")) << none.out;
    EXPECT_EQ(run("scan --declined --json /dev/null").status, 2);
}

// R12: nine addresses that three real clones with dhcpcd declined on a stock server within half a minute, if their time
// has not passed yet.
TEST_F(DeclinedTest, rule12StockServer) {
    const std::string path = CLONE_GUARD_TEST_DATA "/stock-templates-leases4.csv";
    const auto later = runShell("sed 's/,86400,1795/,86400,3795/' " + path).out;
    const auto found = causes(folder_.write("later.csv", later));
    EXPECT_EQ(found.size(), 9U);
    for (const auto& one : found) {
        EXPECT_TRUE(contains(one, " clones")) << one;
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
