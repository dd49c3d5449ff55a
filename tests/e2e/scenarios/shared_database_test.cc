// SPDX-License-Identifier: MPL-2.0
//
// Two servers that share a lease database, PostgreSQL or MariaDB.

#include <tests/e2e/harness/fixtures/database_fixture.h>

#include <set>
#include <vector>

namespace clone_guard {
namespace test {

namespace {

class SharedDatabaseTest : public DatabaseTest {
protected:
    /// @brief Expects that each machine has an address of its own and keeps it.
    void expectEachItsOwn(const std::vector<SimClient*>& machines) {
        std::set<Address> addresses;
        for (SimClient* machine : machines) {
            if (machine->address().isZero()) {
                machine->acquire();  // a machine that got NAK boots
            }
            expectKept(*machine);
            EXPECT_TRUE(addresses.insert(machine->address()).second)
                << machine->address() << " is shared by two machines";
        }
    }

    /// @brief Checks that of all leases only that of one machine has a lifetime.
    ::testing::AssertionResult onlyLiveRecordIs(const SimClient& machine) {
        for (const auto& lease : database().leases()) {
            if (lease.valid_lifetime > 0 && lease.address != machine.address()) {
                return (::testing::AssertionFailure() << lease.address << " of " << lease.hw_address);
            }
        }
        return (::testing::AssertionSuccess());
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, SharedDatabaseTest, ::testing::Values("postgresql", "mysql"), nameOf);

// R3, R4, R6: clones that alternate between the servers are kept apart by both, and keep their addresses.
TEST_P(SharedDatabaseTest, rule03ClonesThatAlternate) {
    serveBoth();
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    SimClient& third = clone(3);
    first.acquire();
    turnTo(2);
    second.acquire();
    turnTo(1);
    third.acquire();
    EXPECT_EQ(identifierOnRecord(first), cloneIdentifierText());
    for (unsigned round = 0; round < 3; ++round) {
        for (SimClient* machine : {&first, &second, &third}) {
            turnTo(1 + (round + machine->hwAddress().back()) % 2);
            expectKept(*machine);
        }
    }
    for (const SimClient* machine : {&second, &third}) {
        EXPECT_EQ(identifierOnRecord(*machine),
                  toHex(derivedIdentifier(machine->hwAddress(), machine->identifier())));
    }
    EXPECT_EQ(database().leases().size(), 3U);
}

// R3: clones send to both servers at the same instant, and each ends with its own address. The offers are made without
// a lease. The first REQUEST makes one, which decides on the other server.
TEST_P(SharedDatabaseTest, rule03ClonesThatBootAtTheSameTime) {
    serveBoth();
    std::vector<SimClient*> machines;
    std::vector<Reply> offers;
    for (unsigned number = 1; number <= 6; ++number) {
        machines.push_back(&clone(number));
        turnTo(1 + number % 2);
        offers.push_back(machines.back()->discover());
    }
    for (unsigned number = 1; number <= 6; ++number) {
        turnTo(1 + number % 2);
        machines[number - 1]->request(offers[number - 1]);
    }
    expectEachItsOwn(machines);
}

// R3: a clone boots with server 2 while the holder has only an offer of server 1, and gets the identifier. The machine
// with the first lease is the holder for both servers, and the other gets its own address.
TEST_P(SharedDatabaseTest, rule03OfferIsKnownToOneServerOnly) {
    serveBoth();
    SimClient& slow = clone(1);
    SimClient& fast = clone(2);
    const Reply offer = slow.discover();
    turnTo(2);
    ASSERT_FALSE(fast.acquire().isZero());
    turnTo(1);
    slow.request(offer);
    EXPECT_EQ(identifierOnRecord(fast), cloneIdentifierText());
    expectEachItsOwn({&fast, &slow});
    EXPECT_NE(identifierOnRecord(slow), cloneIdentifierText());
}

// R6: one server is killed. All machines renew, rebind and reboot with their addresses through the other server, and
// through the first again after it has returned.
TEST_P(SharedDatabaseTest, rule06MachinesKeepTheirAddressesThroughTheOtherServer) {
    serveBoth();
    std::vector<SimClient*> machines;
    for (unsigned number = 1; number <= 10; ++number) {
        machines.push_back(&clone(number));
        ASSERT_FALSE(machines.back()->acquire().isZero());
    }
    server(1).kill();
    turnTo(2);
    expectEachItsOwn(machines);
    server(1).start();
    turnTo(1);
    expectEachItsOwn(machines);
}

// R9: the holder's lease has expired, and two machines ask both servers for it at once: exactly one gets it.
TEST_P(SharedDatabaseTest, rule09HoldersLeaseHasExpired) {
    serve(setupOf(1), true);
    serveBeside(setupOf(2), true);
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    const Address address = first.acquire();
    ASSERT_FALSE(address.isZero());
    ASSERT_FALSE(second.acquire().isZero());
    server(1).advanceClock(5000);
    const Reply again = first.discover();
    turnTo(2);
    const Reply other = second.discover();
    second.request(other);
    turnTo(1);
    first.request(again);
    expectEachItsOwn({&first, &second});
}

// R8: through the other server, a claimant cannot release the holder's lease, but it can release its own.
TEST_P(SharedDatabaseTest, rule08ReleaseThroughTheOtherServer) {
    serveBoth();
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    first.acquire();
    second.acquire();
    turnTo(2);
    first.discover();  // makes the client remember its server
    second.discover();
    second.release(first.address());
    second.settle();
    EXPECT_EQ(database().leases().size(), 2U);
    EXPECT_EQ(server(2).statistic("clone-guard-release-blocked"), 1);
    second.release();
    second.settle();
    EXPECT_EQ(identifierOnRecord(first), cloneIdentifierText());
    EXPECT_TRUE(onlyLiveRecordIs(first));
}

// R10: both servers list the same conflict, and each ends it separately.
TEST_P(SharedDatabaseTest, rule10BothServersListTheConflict) {
    serveBoth();
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    first.acquire();
    second.acquire();
    for (const unsigned number : {1U, 2U}) {
        const Json answer =
            server(number).command("clone-guard-conflict-get-all", {{"from", "start"}, {"limit", 10}});
        ASSERT_EQ(answer["result"], 0) << answer;
        EXPECT_EQ(answer["arguments"]["conflicts"].size(), 1U) << answer;
        EXPECT_EQ(answer["arguments"]["conflicts"][0]["claimants"][0]["hw-address"], second.hwText());
        const Json one =
            server(number).command("clone-guard-conflict-get", {{"client-id", cloneIdentifierText()}});
        EXPECT_EQ(one["result"], 0) << one;
    }
    const Json gone =
        server(2).command("clone-guard-conflict-del", {{"client-id", cloneIdentifierText()}});
    EXPECT_EQ(gone["result"], 0) << gone;
}

// A scan through either server finds the leases of both.
TEST_P(SharedDatabaseTest, scanFindsTheLeasesOfBothServers) {
    serveBoth();
    for (unsigned number = 1; number <= 4; ++number) {
        turnTo(1 + number % 2);
        clone(number).acquire();
    }
    for (const unsigned number : {1U, 2U}) {
        const Json answer =
            server(number).command("clone-guard-scan", {{"from", "start"}, {"limit", 100}});
        EXPECT_EQ(answer["result"], 0) << answer;
        EXPECT_NE(answer.dump().find(clone(4).hwText()), std::string::npos) << answer;
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
