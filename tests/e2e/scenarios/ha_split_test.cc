// SPDX-License-Identifier: MPL-2.0
//
// Two servers in Kea's own high availability that lose each other while both live: each believes that it is
// alone and answers everybody. What Kea does about that by itself, and what clones notice.

#include <tests/e2e/harness/fixtures/ha_fixture.h>

#include <iostream>
#include <set>

namespace clone_guard {
namespace test {

namespace {

class HaSplit : public HaTest {
protected:
    /// @brief A machine boots on one side of the split; then some time goes by.
    void bootOn(unsigned number, SimClient& machine) {
        turnTo(number);
        EXPECT_FALSE(machine.acquire().isZero()) << machine.hwText();
        server().advanceClock(3);
    }

    /// @brief Each machine renews, and whoever is told to begin anew boots: what happens until T2 at most.
    ///
    /// @return how many kept their address.
    static size_t renewOrBoot(const Machines& machines) {
        size_t kept = 0;
        for (SimClient* machine : machines) {
            const Address address = machine->address();
            if (machine->renew().address() == address) {
                ++kept;
            } else {
                EXPECT_FALSE(machine->acquire().isZero()) << machine->hwText();
            }
        }
        return (kept);
    }

    static size_t addressesOf(const Machines& machines) {
        std::set<Address> addresses;
        for (const SimClient* machine : machines) {
            addresses.insert(machine->address());
        }
        return (addresses.size());
    }

    /// @brief After the reunion one renewal of each puts everybody right.
    ///
    /// @param most how many have to move at most.
    void expectRightAfterOneRenewal(const Machines& machines, size_t most) {
        const size_t moved = machines.size() - renewOrBoot(machines);
        std::cout << GetParam() << ", reunited: " << moved << " of " << machines.size()
                  << " clients had to move" << std::endl;
        EXPECT_LE(moved, most);
        EXPECT_EQ(addressesOf(machines), machines.size());
        expectAllKept(machines, "after one renewal of each");
    }

    struct Moved {
        SimClient* host;
        Address first;
        unsigned lost;
    };

    /// @brief A host of stock Kea releases its first lease and gets another one while the server that gave the first
    /// is lost; then that one is back.
    ///
    /// @param seconds between the two leases.
    Moved moveWhileOneIsLost(unsigned seconds) {
        serveBoth(ServerSetup().withoutGuard());
        SimClient& host = machine(7, cloneIdentifier(7));
        const Address first = host.acquire();
        const unsigned lost = serverOf(host);
        pair().kill(lost);
        turnTo(HaPair::other(lost));
        host.release();
        server().advanceClock(seconds);
        const Address second{first.value + 5};
        EXPECT_EQ(host.request(second).address(), second);
        pair().bringBack(lost);
        turnToBoth();
        return (Moved{&host, first, lost});
    }
};

INSTANTIATE_TEST_SUITE_P(Modes, HaSplit, ::testing::Values("hot-standby", "load-balancing"), modeOf);

// R4, R6: whoever has an address keeps it, whichever side answers, and when the two are reunited.
TEST_P(HaSplit, rule04WhoeverHasAnAddressKeepsIt) {
    serveBoth(guarded("mac-fallback"), true);
    const Machines machines = populate();
    pair().cut();
    turnTo(1);
    expectAllKept(machines, "split, server 1");
    turnTo(2);
    expectAllKept(machines, "split, server 2");
    pair().reunite();
    turnToBoth();
    expectAllKept(machines, "reunited");
    EXPECT_TRUE(eventually([this] { return (leasesAgree()); })) << leasesOf(1) << leasesOf(2);
}

// R6: two clones that boot on two sides of a split are claimants on both and may be given one address.
TEST_P(HaSplit, rule06NewClaimantsOnBothSides) {
    serveBoth(guarded("mac-fallback"), true);
    Machines machines = populate();
    pair().cut();
    SimClient& one = clone(4);
    SimClient& other = clone(5);
    bootOn(1, one);
    bootOn(2, other);
    EXPECT_TRUE(setAside(server(1), one));
    EXPECT_TRUE(setAside(server(2), other));
    EXPECT_EQ(one.address(), other.address());
    pair().reunite();
    turnToBoth();
    machines.push_back(&one);
    machines.push_back(&other);
    expectRightAfterOneRenewal(machines, 1);
}

// R3: an identifier that nobody had before has a holder on each side.
TEST_P(HaSplit, rule03AHolderOnEachSide) {
    serveBoth(guarded("mac-fallback"), true);
    Machines machines = populate();
    pair().cut();
    SimClient& one = machine(21, cloneIdentifier(21));
    SimClient& other = machine(22, cloneIdentifier(21));
    bootOn(1, one);
    turnTo(2);
    const Address another{one.address().value + 7};
    EXPECT_EQ(other.request(another).address(), another);
    EXPECT_TRUE(undisturbed(server(1), one));
    EXPECT_TRUE(undisturbed(server(2), other));
    pair().reunite();
    turnToBoth();
    machines.insert(machines.end(), {&one, &other});
    expectRightAfterOneRenewal(machines, 1);
}

// What Kea does by itself: two hosts that have nothing in common are given one address just so.
TEST_P(HaSplit, stockKeaGivesOneAddressToTwo) {
    serveBoth(ServerSetup().withoutGuard(), true);
    Machines machines{&machine(7, cloneIdentifier(7)), &machine(8, cloneIdentifier(8))};
    pair().cut();
    bootOn(1, *machines[0]);
    bootOn(2, *machines[1]);
    EXPECT_EQ(machines[0]->address(), machines[1]->address());
    pair().reunite();
    turnToBoth();
    expectRightAfterOneRenewal(machines, 1);
}

// What Kea does by itself: a server that comes back still has what the other deleted meanwhile. A host that moved
// from such a lease to another one has two, and may be sent back to the first.
TEST_P(HaSplit, stockKeaBringsBackWhatWasReleased) {
    const auto moved = moveWhileOneIsLost(0);
    EXPECT_TRUE(server(moved.lost).lease(moved.first));
    EXPECT_EQ(leasesOf(moved.lost).size(), 2U);
    EXPECT_EQ(leasesOf(HaPair::other(moved.lost)).size(), 1U);
    EXPECT_EQ(moved.host->renew().type(), NAK);
    EXPECT_EQ(moved.host->acquire(), moved.first);
}

// What Kea does by itself: it goes on with the record that came back even when that has run out.
TEST_P(HaSplit, stockKeaGoesOnWithWhatRanOut) {
    const auto moved = moveWhileOneIsLost(4000);
    EXPECT_EQ(moved.host->renew().type(), NAK);
    EXPECT_EQ(moved.host->discover().address(), moved.first);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
