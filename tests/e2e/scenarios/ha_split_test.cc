// SPDX-License-Identifier: MPL-2.0
//
// Two servers in Kea's high availability lose their connection while both run: each is in partner-down state and
// answers all clients. These tests show what Kea does then, and the effect on clones.

#include <tests/e2e/harness/fixtures/ha_fixture.h>

#include <iostream>
#include <set>

namespace clone_guard {
namespace test {

namespace {

class HaSplit : public HaTest {
protected:
    /// @brief Boots a machine on one side of the split, and lets some time pass.
    void bootOn(unsigned number, SimClient& machine) {
        turnTo(number);
        EXPECT_FALSE(machine.acquire().isZero()) << machine.hwText();
        server().advanceClock(3);
    }

    /// @brief Renews all machines, and boots those that get a NAK, as happens until T2 at most.
    ///
    /// @return the number of machines that kept their address.
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

    /// @brief Expects that one renewal of each machine after the reunion gives all machines their own address.
    ///
    /// @param most the largest number of machines that may have to move.
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

    /// @brief Makes a client of stock Kea release its lease and get another one while the server of the first lease
    /// is down. Then brings that server back.
    ///
    /// @param seconds time between the two leases.
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

// R4, R6: machines keep their addresses on both sides of the split, and after the reunion.
TEST_P(HaSplit, rule04MachinesKeepTheirAddresses) {
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

// R6: two clones that boot on two sides of a split are claimants on both, and may get the same address.
TEST_P(HaSplit, rule06NewClaimantsOnBothSides) {
    serveBoth(guarded("mac-fallback"), true);
    Machines machines = populate();
    pair().cut();
    SimClient& one = clone(4);
    SimClient& other = clone(5);
    bootOn(1, one);
    bootOn(2, other);
    EXPECT_TRUE(hasDerivedLease(server(1), one));
    EXPECT_TRUE(hasDerivedLease(server(2), other));
    EXPECT_EQ(one.address(), other.address());
    pair().reunite();
    turnToBoth();
    machines.push_back(&one);
    machines.push_back(&other);
    expectRightAfterOneRenewal(machines, 1);
}

// R3: a new identifier gets a holder on each side.
TEST_P(HaSplit, rule03OneHolderOnEachSide) {
    serveBoth(guarded("mac-fallback"), true);
    Machines machines = populate();
    pair().cut();
    SimClient& one = machine(21, cloneIdentifier(21));
    SimClient& other = machine(22, cloneIdentifier(21));
    bootOn(1, one);
    turnTo(2);
    const Address another{one.address().value + 7};
    EXPECT_EQ(other.request(another).address(), another);
    EXPECT_TRUE(hasOwnLease(server(1), one));
    EXPECT_TRUE(hasOwnLease(server(2), other));
    pair().reunite();
    turnToBoth();
    machines.insert(machines.end(), {&one, &other});
    expectRightAfterOneRenewal(machines, 1);
}

// Stock Kea alone can give one address to two unrelated clients during a split.
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

// Stock Kea alone: a returning server still has leases that its partner has deleted. A client that moved from such a
// lease to another has two, and may be sent back to the first.
TEST_P(HaSplit, stockKeaBringsBackWhatWasReleased) {
    const auto moved = moveWhileOneIsLost(0);
    EXPECT_TRUE(server(moved.lost).lease(moved.first));
    EXPECT_EQ(leasesOf(moved.lost).size(), 2U);
    EXPECT_EQ(leasesOf(HaPair::other(moved.lost)).size(), 1U);
    EXPECT_EQ(moved.host->renew().type(), NAK);
    EXPECT_EQ(moved.host->acquire(), moved.first);
}

// Stock Kea alone: a returning server uses such a lease again even if it has expired.
TEST_P(HaSplit, stockKeaUsesAnExpiredLeaseAgain) {
    const auto moved = moveWhileOneIsLost(4000);
    EXPECT_EQ(moved.host->renew().type(), NAK);
    EXPECT_EQ(moved.host->discover().address(), moved.first);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
