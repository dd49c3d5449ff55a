// SPDX-License-Identifier: MPL-2.0
//
// R6: two servers in Kea's high availability that differ: only one has the guard, or only one got an operator's
// command.

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

    /// @brief Boots the machines that have lost their address by a NAK.
    static void bootThoseWithoutAddress(const Machines& machines) {
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

// R6: if the surviving server has no guard, it acts as stock Kea: claimants get a NAK at their first renewal, and then
// the holder's address. After the guarded server has returned, they are apart again at their next renewal. The address
// that they shared stays with the last machine that renewed it.
TEST_P(HaLopsided, rule06OnlyOneHasTheGuard) {
    serveBoth(guarded("mac-fallback"), guarded("mac-fallback").withoutGuard());
    Machines machines = populate();
    ASSERT_EQ(serverOf(*machines[0]), 1U)
        << "without the guard the clones would share an address from the start";
    const SimClient* const unique = machines.back();
    machines.pop_back();
    const Address shared = machines[0]->address();
    const Address own = machines[1]->address();
    pair().kill(1);
    renewAll(machines);
    EXPECT_EQ(machines[0]->address(), shared);
    EXPECT_TRUE(machines[1]->address().isZero());
    EXPECT_TRUE(machines[2]->address().isZero());
    bootThoseWithoutAddress(machines);
    EXPECT_EQ(addressesOf(machines), std::set<Address>{shared});
    EXPECT_EQ(server(2).lease(own)->client_id,
              toHex(derivedIdentifier(machines[1]->hwAddress(), cloneIdentifier())))
        << "the claimants' leases do not change";
    pair().bringBack(1);
    renewAll(machines);
    EXPECT_TRUE(machines[0]->address().isZero());
    bootThoseWithoutAddress(machines);
    EXPECT_EQ(addressesOf(machines).size(), machines.size());
    EXPECT_EQ(machines[1]->address(), own);
    EXPECT_EQ(machines[2]->address(), shared);
    EXPECT_EQ(server(1).lease(unique->address())->hw_address, unique->hwText());
    expectAllKept(machines, "both up, one with the guard, after one renewal of each");
}

// R10: both servers list a conflict, each from its own leases; an operator ends it on both.
TEST_P(HaLopsided, rule10ConflictIsEndedOnEachServer) {
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
