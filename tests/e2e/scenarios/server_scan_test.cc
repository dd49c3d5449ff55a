// SPDX-License-Identifier: MPL-2.0
//
// `clone-guard scan --socket` finds clones in the leases of a running server, whatever its lease database is.

#include <tests/e2e/harness/fixtures/database_fixture.h>

#include <tests/policy/tool/command_runner.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

class ServerScanScenario : public DatabaseTest {
protected:
    /// @brief Scans the server, and returns what the command prints for programs.
    Json scan(int status) {
        const auto outcome = run("scan --json --socket '" + server().directory() + "/control'");
        EXPECT_EQ(outcome.status, status) << outcome.out;
        return (Json::parse(outcome.out));
    }

    static std::set<std::string> machinesOf(const Json& finding) {
        std::set<std::string> machines;
        for (const auto& machine : finding["machines"]) {
            machines.insert(machine["hw_address"].get<std::string>());
        }
        return (machines);
    }
};

INSTANTIATE_TEST_SUITE_P(BackEnds, ServerScanScenario,
                         ::testing::Values("memfile", "postgresql", "mysql"), nameOf);

}  // namespace

// R12: the command finds the clones in the leases of the server, and nothing else.
TEST_P(ServerScanScenario, rule12ClonesInEachLeaseDatabase) {
    ServerSetup setup = guarded("mac-fallback");
    keepLeases(setup);
    serve(setup);
    for (const uint32_t number : {20U, 21U, 22U}) {
        ASSERT_FALSE(machine(number, cloneIdentifier(number)).acquire().isZero());
    }
    const auto before = scan(0);
    EXPECT_TRUE(before["clones"].empty()) << before;
    EXPECT_EQ(before["files"][0]["records"], 3);
    std::set<std::string> clones;
    for (const uint32_t number : {1U, 2U, 3U}) {
        ASSERT_FALSE(clone(number).acquire().isZero());
        clones.insert(clone(number).hwText());
    }
    const auto found = scan(1);
    ASSERT_EQ(found["clones"].size(), 1U) << found;
    EXPECT_EQ(found["clones"][0]["client_id"], cloneIdentifierText());
    EXPECT_EQ(machinesOf(found["clones"][0]), clones);
    EXPECT_NE(found["clones"][0]["remedy"].get<std::string>().find("/etc/machine-id"),
              std::string::npos);
    EXPECT_TRUE(found["moved"].empty() && found["apart"].empty()) << found;
    EXPECT_EQ(found["files"][0]["format"], "server");
    EXPECT_EQ(found["files"][0]["records"], 6);
}

}  // namespace test
}  // namespace clone_guard
