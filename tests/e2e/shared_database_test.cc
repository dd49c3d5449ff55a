// SPDX-License-Identifier: MPL-2.0
//
// Two servers that share a lease database, PostgreSQL or MariaDB.

#include "database_test.h"

namespace clone_guard {
namespace test {

namespace {

class SharedDatabaseTest : public DatabaseTest {};

INSTANTIATE_TEST_SUITE_P(Engines, SharedDatabaseTest, ::testing::Values("postgresql", "mysql"), nameOf);

// R3, R4, R6: clones that turn to one server and to the other are told apart by both, and keep what they have.
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

}  // namespace

}  // namespace test
}  // namespace clone_guard
