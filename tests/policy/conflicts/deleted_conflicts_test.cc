// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/conflicts/deleted_conflicts.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {}  // namespace

// R9: what was seen before a conflict was deleted is covered, what was seen later is not.
TEST(DeletedConflictsTest, rule09CoversWhatWasSeenBefore) {
    DeletedConflicts deleted(10);
    EXPECT_FALSE(deleted.covers(cloneIdentifier(), NETWORK, 100));
    deleted.note(cloneIdentifier(), NETWORK, 100);
    EXPECT_TRUE(deleted.covers(cloneIdentifier(), NETWORK, 99));
    EXPECT_TRUE(deleted.covers(cloneIdentifier(), NETWORK, 100));
    EXPECT_FALSE(deleted.covers(cloneIdentifier(), NETWORK, 101));
    EXPECT_FALSE(deleted.covers(identifierNumber(2), NETWORK, 99));
}

// R2: it was deleted in one network, or, where none was named, in all.
TEST(DeletedConflictsTest, rule02InOneNetworkOrInAll) {
    DeletedConflicts deleted(10);
    deleted.note(identifierNumber(1), NETWORK, 100);
    EXPECT_FALSE(deleted.covers(identifierNumber(1), OTHER_NETWORK, 50));
    deleted.note(identifierNumber(2), "", 100);
    EXPECT_TRUE(deleted.covers(identifierNumber(2), NETWORK, 50));
    EXPECT_TRUE(deleted.covers(identifierNumber(2), OTHER_NETWORK, 50));
}

// R13: however many are deleted, so many are remembered, and the oldest is forgotten.
TEST(DeletedConflictsTest, rule13Bounded) {
    DeletedConflicts deleted(3);
    for (uint32_t number = 1; number <= 5; ++number) {
        deleted.note(identifierNumber(number), NETWORK, 100 + number);
        EXPECT_LE(deleted.size(), 3U);
    }
    EXPECT_FALSE(deleted.covers(identifierNumber(2), NETWORK, 50));
    EXPECT_TRUE(deleted.covers(identifierNumber(3), NETWORK, 50));
    EXPECT_TRUE(deleted.covers(identifierNumber(5), NETWORK, 50));
}

}  // namespace test
}  // namespace clone_guard
