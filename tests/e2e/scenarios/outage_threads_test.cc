// SPDX-License-Identifier: MPL-2.0
//
// A server with several threads that lacks some connections to the lease database: single look-ups fail.

#include <tests/e2e/harness/fixtures/database_fixture.h>

namespace clone_guard {
namespace test {

namespace {

class OutageThreadsTest : public DatabaseTest {
protected:
    ServerSetup threads(const Json& lease_database = Json::object()) {
        ServerSetup setup = setupOf(1, lease_database);
        setup.threads = 4;
        setup.server_severity = "FATAL";
        return (setup);
    }

    LoadPlan clones() {
        LoadPlan plan;
        plan.mode = LoadMode::CLONES;
        plan.clients = 200;
        plan.identifiers = 4;
        plan.window = 20;
        plan.timeout = Milliseconds(50);
        plan.attempts = 400;
        return (plan);
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, OutageThreadsTest, ::testing::Values("postgresql", "mysql"), nameOf);

// R13, R4: the database allows fewer connections than the server has threads. Look-ups fail at times, and no clone gets
// another machine's address.
TEST_P(OutageThreadsTest, rule13TooFewConnections) {
    database().limitConnections(2);
    serve(threads());
    LoadGenerator load(link(), clones());
    const LoadResult result = load.acquire();
    const LoadResult renewed = load.renew(2);
    std::cout << result.toJson() << "\n"
              << renewed.toJson() << "\n"
              << server().statistic("clone-guard-degraded") << std::endl;
    EXPECT_EQ(result.addresses, 200U);
    EXPECT_EQ(renewed.addresses, 200U);
    EXPECT_EQ(result.shared_acks + renewed.shared_acks, 0U);
    database().liftLimit();
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
