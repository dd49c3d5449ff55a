// SPDX-License-Identifier: MPL-2.0
//
// R11, R13: a flood of forged identities and forged conflicts. Tables and logs stay bounded, honest machines keep their
// addresses, and the log names the source of the flood once.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

constexpr uint32_t FORGED_CONFLICTS = 1500;
constexpr size_t MAX_CLAIMS = 1024;
constexpr size_t MAX_CONFLICTS = 20;

/// @brief The parameter is the number of threads.
class Rule13Flood : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    /// @brief Sends DISCOVERs of two machines for each of many identifiers, from the network of another relay.
    void flood() {
        for (uint32_t i = 0; i < FORGED_CONFLICTS; ++i) {
            for (const uint32_t machine : {0x200000 + i, 0x300000 + i}) {
                SimClient forged(link(), virtualMac(machine), cloneIdentifier(0x5000000000000000 + i),
                                 relayOf(2));
                forged.discover();
            }
        }
    }
};

/// @brief The parameter is whether the conflict is confirmed before the flood.
class Rule11Flood : public E2eTest, public ::testing::WithParamInterface<bool> {};

INSTANTIATE_TEST_SUITE_P(Threads, Rule13Flood, ::testing::Values(0U, 4U),
                         [](const auto& info) { return (std::to_string(info.param)); });
INSTANTIATE_TEST_SUITE_P(Levels, Rule11Flood, ::testing::Bool(),
                         [](const auto& info) { return (info.param ? "confirmed" : "suspected"); });

// R13: both tables are full of forged entries.
TEST_P(Rule13Flood, forgedConflicts) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = GetParam();
    setup.subnets = {subnet(1), subnet(2)};
    setup.guard->update(
        {{"max-claims", MAX_CLAIMS}, {"claim-window", 3600}, {"max-conflicts", MAX_CONFLICTS}});
    serve(setup);
    std::vector<SimClient*> honest;
    for (uint32_t number = 1; number <= 20; ++number) {
        honest.push_back(&machine(number, cloneIdentifier(number)));
        ASSERT_FALSE(honest.back()->acquire().isZero());
    }
    flood();
    for (SimClient* client : honest) {
        expectKept(*client);
        EXPECT_TRUE(hasOwnLease(server(), *client));
    }
    const Json status = server().command("clone-guard-status-get")["arguments"];
    EXPECT_LE(status["claims"]["count"], MAX_CLAIMS) << status;
    EXPECT_LE(status["conflicts"]["count"], MAX_CONFLICTS) << status;
    EXPECT_EQ(status["conflicts"]["confirmed"], 0) << status;
    // One line and one audit record for each conflict in the table, and one for each table that is full.
    EXPECT_LE(server().operatorLog("CLONE_GUARD_CONFLICT_").size(), MAX_CONFLICTS);
    EXPECT_LE(server().audit().size(), MAX_CONFLICTS + 2);
    const auto lines = server().operatorLog("CLONE_GUARD_DEGRADED");
    ASSERT_EQ(lines.size(), 2U);
    for (const auto& line : lines) {
        EXPECT_NE(line.find("relay " + relayOf(2).toText() + ", hardware address bc:24:11:"),
                  std::string::npos)
            << line;
        EXPECT_NE(line.find("client identifier ff:ca:53:09:5a:00:02:00:00:ab:11:50:00:00:00"),
                  std::string::npos)
            << line;
    }
}

// R11: forged machines with the identifier of a live lease fill neither log. The line about a real clone that appears in
// the middle of them is written.
TEST_P(Rule11Flood, forgedMachinesOfOneConflict) {
    constexpr uint32_t REPORTED_AT_ONCE = 4096;
    constexpr uint32_t FORGED_MACHINES = REPORTED_AT_ONCE + 300;
    serve(guarded("mac-fallback"));
    auto& holder = machine(1, cloneIdentifier(1));
    ASSERT_FALSE(holder.acquire().isZero());
    if (GetParam()) {
        auto& known = machine(3, cloneIdentifier(1));
        ASSERT_FALSE(known.acquire().isZero());
        for (int round = 0; round < 2; ++round) {
            EXPECT_EQ(holder.renew().address(), holder.address());
            EXPECT_EQ(known.renew().address(), known.address());
        }
    }
    const std::string level = GetParam() ? "CONFIRMED" : "SUSPECTED";
    const std::string event = GetParam() ? "conflict-confirmed" : "conflict-suspected";
    const size_t before = GetParam() ? 1 : 0;
    ASSERT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_" + level).size(), before);
    for (uint32_t i = 0; i < FORGED_MACHINES; ++i) {
        SimClient forged(link(), virtualMac(0x200000 + i), cloneIdentifier(1), relayOf(1));
        forged.discover();
    }
    auto& clone = machine(2, cloneIdentifier(1));
    ASSERT_FALSE(clone.acquire().isZero());
    expectKept(holder);
    expectKept(clone);
    EXPECT_NE(holder.address(), clone.address());
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_" + level).size(),
              server().audit(event).size());
    EXPECT_GT(server().audit(event).size(), REPORTED_AT_ONCE - 100);
    EXPECT_LT(server().audit(event).size(), REPORTED_AT_ONCE + 100);
    EXPECT_EQ(server().operatorLog("claimed by " + clone.hwText()).size(), 1U);
    const auto lines = server().operatorLog("CLONE_GUARD_DEGRADED");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(
        lines[0].find("too many machines appear in conflicts at once to log each of them; the query "
                      "that was not logged came from interface "),
        std::string::npos)
        << lines[0];
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
