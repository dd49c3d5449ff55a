// SPDX-License-Identifier: MPL-2.0
//
// R14: the look-ups and the answer of a page are bounded by the page, however many networks or claimants one identifier
// has.

#include <tests/e2e/harness/fixtures/database_fixture.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

constexpr unsigned LIMIT = 10;

class PagesTest : public DatabaseTest {
protected:
    /// @brief Requests one page and counts its statements.
    Json page(const std::string& command, const std::string& from, unsigned most_statements) {
        database().countStatements();
        Json arguments = {{"from", from}, {"limit", LIMIT}};
        if (command == "clone-guard-conflict-get") {
            arguments["client-id"] = cloneIdentifierText();
        }
        const Json answer = server().command(command, arguments);
        EXPECT_LE(database().statements(), most_statements) << command << " from " << from;
        return (answer.at("arguments"));
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, PagesTest, ::testing::Values("postgresql", "mysql"), nameOf);

}  // namespace

// R14: a page of the scan looks an identifier up once, even if it has a lease in each of many networks.
TEST_P(PagesTest, rule14ScanOfOneIdentifierInManyNetworks) {
    constexpr unsigned NETWORKS = 3 * LIMIT;
    // The page itself, the leases of the identifier, and the first lease of its DUID.
    constexpr unsigned STATEMENTS = 3;
    auto setup = setupOf(1);
    for (unsigned number = 2; number <= NETWORKS; ++number) {
        setup.subnets.push_back(subnet(number));
    }
    serve(setup);
    for (unsigned number = 1; number <= NETWORKS; ++number) {
        ASSERT_FALSE(clone(number, number).acquire().isZero());
    }
    std::set<std::string> found;
    for (std::string from = "start"; !from.empty();) {
        const Json answer = page("clone-guard-scan", from, STATEMENTS);
        for (const auto& finding : answer["client-ids"]) {
            EXPECT_EQ(finding["client-id"], cloneIdentifierText());
            for (const auto& lease : finding["leases"]) {
                found.insert(lease["hw-address"].get<std::string>());
            }
        }
        from = answer.value("next", "");
    }
    EXPECT_EQ(found.size(), NETWORKS);
}

// R14: a page about one conflict has a bounded number of claimants and looks each up once. The pages add up to all.
TEST_P(PagesTest, rule14ConflictWithManyClaimants) {
    constexpr unsigned CLAIMANTS = 3 * LIMIT;
    // The page itself, the holder, the check of all silent machines, and each claimant.
    constexpr unsigned STATEMENTS = 2 + 3 * LIMIT;
    serve(setupOf(1));
    holder();
    for (unsigned number = 2; number < 2 + CLAIMANTS; ++number) {
        ASSERT_FALSE(clone(number).acquire().isZero());
    }
    for (const std::string command : {"clone-guard-conflict-get-all", "clone-guard-conflict-get"}) {
        std::set<std::string> found;
        for (std::string from = "start"; !from.empty();) {
            const Json answer = page(command, from, STATEMENTS);
            for (const auto& conflict : answer["conflicts"]) {
                EXPECT_EQ(conflict["holder"]["state"], "active") << conflict;
                EXPECT_EQ(conflict["claimant-count"], CLAIMANTS);
                EXPECT_LE(conflict["claimants"].size(), LIMIT);
                for (const auto& claimant : conflict["claimants"]) {
                    found.insert(claimant["hw-address"].get<std::string>());
                }
            }
            from = answer.value("next", "");
        }
        EXPECT_EQ(found.size(), CLAIMANTS) << command;
    }
}

}  // namespace test
}  // namespace clone_guard
