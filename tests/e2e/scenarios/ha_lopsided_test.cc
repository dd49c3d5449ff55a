// SPDX-License-Identifier: MPL-2.0
//
// Two servers in Kea's own high availability that differ: only one of them has the guard, or only one was told
// something by an operator.

#include <tests/e2e/harness/fixtures/ha_fixture.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

class HaLopsided : public HaTest {
protected:
    static void renewAll(const Machines& machines) {
        for (SimClient* machine : machines) {
            machine->renew();
        }
    }

    /// @brief Whoever was told that its address is not its own boots.
    static void bootWhoHasNone(const Machines& machines) {
        for (SimClient* machine : machines) {
            if (machine->address().isZero()) {
                EXPECT_FALSE(machine->acquire().isZero()) << machine->hwText();
            }
        }
    }

    static std::set<Address> addressesOf(const Machines& machines) {
        std::set<Address> addresses;
        for (const SimClient* machine : machines) {
            addresses.insert(machine->address());
        }
        return (addresses);
    }

    size_t conflictsOn(unsigned number) {
        const Json answer = server(number).command("clone-guard-conflict-get-all");
        return (answer["arguments"]["conflicts"].size());
    }

    int deleteConflictOn(unsigned number) {
        return (server(number).command("clone-guard-conflict-del",
                                       {{"client-id", cloneIdentifierText()}})["result"]);
    }
};

INSTANTIATE_TEST_SUITE_P(Modes, HaLopsided, ::testing::Values("hot-standby", "load-balancing"), modeOf);

// Where the survivor has no guard it does what stock Kea does: claimants are told at their first renewal that their
// address is another's, and get the holder's. Once the guarded one is back they are apart again at their next
// renewal, but the address that they shared stays with the last of them who renewed it.
TEST_P(HaLopsided, onlyOneHasTheGuard) {
    serveBoth(guarded("mac-fallback"), guarded("mac-fallback").withoutGuard());
    Machines machines = populate();
    ASSERT_EQ(serverOf(*machines[0]), 1U)
        << "without the guard they would be together from the beginning";
    const SimClient* const unique = machines.back();
    machines.pop_back();
    const Address shared = machines[0]->address();
    const Address own = machines[1]->address();
    pair().kill(1);
    renewAll(machines);
    EXPECT_EQ(machines[0]->address(), shared);
    EXPECT_TRUE(machines[1]->address().isZero());
    EXPECT_TRUE(machines[2]->address().isZero());
    bootWhoHasNone(machines);
    EXPECT_EQ(addressesOf(machines), std::set<Address>{shared});
    EXPECT_EQ(server(2).lease(own)->client_id,
              toHex(derivedIdentifier(machines[1]->hwAddress(), cloneIdentifier())))
        << "the claimants' leases are left alone";
    pair().bringBack(1);
    renewAll(machines);
    EXPECT_TRUE(machines[0]->address().isZero());
    bootWhoHasNone(machines);
    EXPECT_EQ(addressesOf(machines).size(), machines.size());
    EXPECT_EQ(machines[1]->address(), own);
    EXPECT_EQ(machines[2]->address(), shared);
    EXPECT_EQ(server(1).lease(unique->address())->hw_address, unique->hwText());
    expectAllKept(machines, "both up, one with the guard, after one renewal of each");
}

// Each server lists a conflict by the leases that it has, so both do; an operator ends it on both.
TEST_P(HaLopsided, conflictIsEndedOnEachServer) {
    serveBoth();
    populate();
    ASSERT_TRUE(eventually([this] { return (leasesAgree()); }));
    EXPECT_EQ(conflictsOn(1), 1U);
    EXPECT_EQ(conflictsOn(2), 1U);
    EXPECT_EQ(deleteConflictOn(1), 0);
    EXPECT_EQ(conflictsOn(1), 0U);
    EXPECT_EQ(conflictsOn(2), 1U);
    EXPECT_EQ(deleteConflictOn(2), 0);
    EXPECT_EQ(conflictsOn(2), 0U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
