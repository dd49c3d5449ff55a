// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/conflicts/deleted_conflicts.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R9: a deletion covers machines that were last seen before it, and not machines that were seen later.
TEST(DeletedConflictsTest, rule09CoversWhatWasSeenBefore) {
    DeletedConflicts deleted(10);
    EXPECT_FALSE(deleted.covers(cloneIdentifier(), NETWORK, 100));
    deleted.insert(cloneIdentifier(), NETWORK, 100);
    EXPECT_TRUE(deleted.covers(cloneIdentifier(), NETWORK, 99));
    EXPECT_TRUE(deleted.covers(cloneIdentifier(), NETWORK, 100));
    EXPECT_FALSE(deleted.covers(cloneIdentifier(), NETWORK, 101));
    EXPECT_FALSE(deleted.covers(identifierNumber(2), NETWORK, 99));
}

// R2: a conflict is deleted in one network, or in all if no network was named.
TEST(DeletedConflictsTest, rule02InOneNetworkOrInAll) {
    DeletedConflicts deleted(10);
    deleted.insert(identifierNumber(1), NETWORK, 100);
    EXPECT_FALSE(deleted.covers(identifierNumber(1), OTHER_NETWORK, 50));
    deleted.insert(identifierNumber(2), "", 100);
    EXPECT_TRUE(deleted.covers(identifierNumber(2), NETWORK, 50));
    EXPECT_TRUE(deleted.covers(identifierNumber(2), OTHER_NETWORK, 50));
}

// R13: the number of deletions is bounded, and the oldest is erased first.
TEST(DeletedConflictsTest, rule13Bounded) {
    DeletedConflicts deleted(3);
    for (uint32_t number = 1; number <= 5; ++number) {
        deleted.insert(identifierNumber(number), NETWORK, 100 + number);
        EXPECT_LE(deleted.size(), 3U);
    }
    EXPECT_FALSE(deleted.covers(identifierNumber(2), NETWORK, 50));
    EXPECT_TRUE(deleted.covers(identifierNumber(3), NETWORK, 50));
    EXPECT_TRUE(deleted.covers(identifierNumber(5), NETWORK, 50));
}

}  // namespace test
}  // namespace clone_guard
