// SPDX-License-Identifier: MPL-2.0
//
// R1: clones with a malformed client identifier. The server handles them as stock Kea does, and the log names each of
// them once.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

constexpr unsigned REPEAT = 3600;

/// @brief The parameter is the number of threads.
class Rule01Malformed : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    static ServerSetup setup() {
        ServerSetup setup = guarded("mac-fallback");
        setup.threads = GetParam();
        setup.guard->update({{"audit-repeat", REPEAT}});
        setup.more["valid-lifetime"] = 10 * REPEAT;
        return (setup);
    }

    /// @brief Returns an identifier that systemd-networkd 249 sends on each machine with DUIDType=link-layer.
    static Bytes shortIdentifier() {
        return (fromHex("ff:00:00:00:00:00:03"));
    }

    /// @brief Makes a machine with that identifier and a host name.
    SimClient& make(uint32_t number) {
        SimClient& made = machine(number, shortIdentifier());
        made.addOption(OPTION_HOST_NAME, fromText("web-" + std::to_string(number)));
        return (made);
    }

    size_t lines(uint32_t number) {
        return (server()
                    .operatorLog("CLONE_GUARD_MALFORMED client " + toHex(virtualMac(number)) +
                                 " (host name web-" + std::to_string(number) + ")")
                    .size());
    }

    void expectLines(size_t each) {
        for (const uint32_t number : {1U, 2U, 3U}) {
            EXPECT_EQ(lines(number), each) << "machine " << number;
        }
        EXPECT_EQ(server().operatorLog("CLONE_GUARD_MALFORMED").size(), 3 * each);
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule01Malformed, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R1: the machines share an address, as in stock Kea. Each is reported once, and again after audit-repeat.
TEST_P(Rule01Malformed, eachMachineIsReportedOnce) {
    serve(setup(), true);
    std::vector<SimClient*> machines{&make(1), &make(2), &make(3)};
    for (int round = 0; round < 3; ++round) {
        for (SimClient* client : machines) {
            EXPECT_FALSE(client->acquire().isZero());
            EXPECT_EQ(client->renew().type(), ACK);
        }
    }
    EXPECT_EQ(machines[0]->address(), machines[1]->address());
    expectLines(1);
    EXPECT_EQ(server().statistic("clone-guard-malformed"), 27);
    server().advanceClock(REPEAT + 1);
    for (SimClient* client : machines) {
        EXPECT_EQ(client->renew().type(), ACK);
        EXPECT_EQ(client->rebind().type(), ACK);
    }
    expectLines(2);
    EXPECT_TRUE(server().audit().empty());
}

// R1: client-id-types "all" keeps the machines apart.
TEST_P(Rule01Malformed, keptApartIfAllTypesAreGuarded) {
    ServerSetup all = setup();
    all.guard->update({{"client-id-types", "all"}});
    serve(all);
    std::vector<SimClient*> machines{&make(1), &make(2), &make(3)};
    for (SimClient* client : machines) {
        EXPECT_FALSE(client->acquire().isZero());
    }
    for (SimClient* client : machines) {
        expectKept(*client);
    }
    EXPECT_TRUE(hasOwnLease(server(), *machines[0]));
    EXPECT_TRUE(hasDerivedLease(server(), *machines[1]));
    EXPECT_TRUE(hasDerivedLease(server(), *machines[2]));
    expectLines(0);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
