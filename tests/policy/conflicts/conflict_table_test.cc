// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/conflicts/conflict_table.h>

#include <gtest/gtest.h>

#include <thread>

namespace clone_guard {
namespace test {

namespace {

constexpr double HOUR = 3600;

class ConflictTableTest : public ::testing::Test {
protected:
    ReportDecision note(uint32_t claimant, double when, ReportKind kind = ReportKind::SUSPECTED) {
        return (table_.recordBlocked(kind, NETWORK, cloneIdentifier(), mac(1), mac(claimant), at(when)));
    }

    ConflictTable table_{10, std::chrono::seconds(86400)};
};

}  // namespace

// R9, R13: that there was a conflict is remembered, of as many as there may be at a time: the oldest goes first.
TEST_F(ConflictTableTest, rule09PastConflicts) {
    const auto identifier = [](uint32_t number) { return (identifierNumber(number)); };
    for (uint32_t number = 0; number < 11; ++number) {
        table_.recordClaimant(NETWORK, identifier(number), mac(1), mac(2), Activity::BOOT, at(number));
        EXPECT_FALSE(table_.hadConflict(identifier(number)));
        EXPECT_TRUE(table_.remove(NETWORK, identifier(number)));
        EXPECT_TRUE(table_.hadConflict(identifier(number)));
        EXPECT_FALSE(table_.hasConflict(identifier(number)));
    }
    EXPECT_FALSE(table_.hadConflict(identifier(0)));
    EXPECT_TRUE(table_.hadConflict(identifier(1)));
}

// R11: the first message of a claimant is told, and then none for a day; the next one says how many
// were held back.
TEST_F(ConflictTableTest, rule11OncePerClaimantAndRepeatTime) {
    const auto first = note(2, 0);
    EXPECT_TRUE(first.report);
    EXPECT_TRUE(first.first);
    EXPECT_TRUE(first.known);
    EXPECT_EQ(first.claimants, 1U);
    EXPECT_EQ(first.suppressed, 0U);
    EXPECT_FALSE(note(2, 10).report);
    EXPECT_FALSE(note(2, DAY - 1).report);
    const auto again = note(2, DAY);
    EXPECT_TRUE(again.report);
    EXPECT_FALSE(again.first);
    EXPECT_EQ(again.suppressed, 2U);
    EXPECT_FALSE(note(2, DAY + 1).report);
    EXPECT_EQ(note(2, 2 * DAY).suppressed, 1U);
}

// R11: never one a packet. 10,000 messages of one claimant are told once and counted.
TEST_F(ConflictTableTest, rule11TenThousandMessagesAreOneRecord) {
    size_t told = 0;
    for (int i = 0; i < 10000; ++i) {
        told += note(2, i * 0.01).report ? 1 : 0;
    }
    EXPECT_EQ(told, 1U);
    EXPECT_EQ(note(2, DAY).suppressed, 9999U);
}

// R11: each claimant is told of, and with which number it is.
TEST_F(ConflictTableTest, rule11EachClaimantCounts) {
    for (uint32_t claimant = 2; claimant < 50; ++claimant) {
        const auto notice = note(claimant, 0);
        EXPECT_TRUE(notice.first);
        EXPECT_EQ(notice.claimants, claimant - 1);
    }
    EXPECT_EQ(table_.size(), 1U);
}

// R11: a blocked release does not use up the word about the conflict, nor the other way round.
TEST_F(ConflictTableTest, rule11KindsAreLimitedOnTheirOwn) {
    EXPECT_TRUE(note(2, 0, ReportKind::RELEASE_BLOCKED).report);
    EXPECT_TRUE(note(2, 0, ReportKind::SUSPECTED).report);
    EXPECT_TRUE(note(2, 0, ReportKind::DECLINE_BLOCKED).report);
    EXPECT_FALSE(note(2, 1, ReportKind::RELEASE_BLOCKED).report);
    EXPECT_FALSE(note(2, 1, ReportKind::SUSPECTED).report);
    EXPECT_FALSE(note(2, 1, ReportKind::DECLINE_BLOCKED).report);
}

// R11: a repeat time of 0 means that nothing is ever repeated.
TEST_F(ConflictTableTest, rule11RepeatTimeOfZero) {
    ConflictTable table(10, std::chrono::seconds(0));
    const auto tell = [&table](double when) {
        return (table
                    .recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), mac(1), mac(2),
                                   at(when))
                    .report);
    };
    EXPECT_TRUE(tell(0));
    EXPECT_FALSE(tell(0));
    EXPECT_FALSE(tell(100 * DAY));
}

// R2: one identifier has a conflict of its own in each network.
TEST_F(ConflictTableTest, rule02NetworksAreApart) {
    note(2, 0);
    EXPECT_TRUE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_FALSE(table_.isClaimant(OTHER_NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_FALSE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(1)));
    EXPECT_FALSE(table_.isClaimant(NETWORK, identifierNumber(1), mac(2)));
    EXPECT_EQ(table_.holder(OTHER_NETWORK, cloneIdentifier()), std::nullopt);
    table_.recordBlocked(ReportKind::SUSPECTED, OTHER_NETWORK, cloneIdentifier(), mac(7), mac(8), at(0));
    EXPECT_EQ(table_.holder(NETWORK, cloneIdentifier()), mac(1));
    EXPECT_EQ(table_.holder(OTHER_NETWORK, cloneIdentifier()), mac(7));
    EXPECT_EQ(table_.size(), 2U);
}

// R11: the holder is whoever it was when the conflict was first seen.
TEST_F(ConflictTableTest, rule11FirstSeenStaysTheHolder) {
    EXPECT_FALSE(table_.hasConflict(cloneIdentifier()));
    EXPECT_EQ(table_.holder(NETWORK, cloneIdentifier()), std::nullopt);
    note(2, 0);
    table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), mac(2), mac(1), at(1));
    EXPECT_EQ(table_.holder(NETWORK, cloneIdentifier()), mac(1));
    EXPECT_TRUE(table_.hasConflict(cloneIdentifier()));
    EXPECT_FALSE(table_.hasConflict(identifierNumber(1)));
}

// A holder that nobody knows (a forged identifier) is none.
TEST_F(ConflictTableTest, unknownHolder) {
    table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), HardwareAddress(), mac(2),
                         at(0));
    EXPECT_EQ(table_.holder(NETWORK, cloneIdentifier()), std::nullopt);
    EXPECT_TRUE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(2)));
}

// R13: the table is bounded; the conflict that has been quiet the longest goes first, not the oldest.
TEST_F(ConflictTableTest, rule13QuietestGoesFirst) {
    for (uint32_t i = 0; i < 10; ++i) {
        table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(i), mac(1), mac(2), at(i));
    }
    table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(0), mac(1), mac(2), at(20));
    table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(10), mac(1), mac(2),
                         at(HOUR + 1));
    EXPECT_EQ(table_.size(), 10U);
    EXPECT_EQ(table_.capacity(), 10U);
    EXPECT_TRUE(table_.hasConflict(identifierNumber(0)));
    EXPECT_FALSE(table_.hasConflict(identifierNumber(1)));
    EXPECT_TRUE(table_.hasConflict(identifierNumber(10)));
}

// R11, R13: conflicts that there is no room for do not take turns with those that there are, each time told as
// new.
TEST_F(ConflictTableTest, rule11NoTurnsInAFullTable) {
    int told = 0;
    for (uint32_t round = 0; round < 20; ++round) {
        for (uint32_t i = 0; i < 11; ++i) {
            const auto notice = table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(i),
                                                     mac(1), mac(2), at(round * 900.0));
            told += notice.report ? 1 : 0;
            EXPECT_EQ(notice.known, i < 10);
        }
    }
    EXPECT_EQ(told, 10);
}

// R13: a flood of conflicts costs no more memory than the bound allows.
TEST_F(ConflictTableTest, rule13FloodOfConflicts) {
    for (uint32_t i = 0; i < 5000; ++i) {
        const auto notice = table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(i),
                                                 mac(1), mac(i + 2), at(0));
        EXPECT_EQ(notice.known, i < 10);
    }
    EXPECT_EQ(table_.size(), 10U);
}

// R13: neither does a flood of hardware addresses with one identifier: those that there is no room
// for are unknown and not told of.
TEST_F(ConflictTableTest, rule13FloodOfClaimants) {
    size_t told = 0;
    for (uint32_t i = 0; i < 10000; ++i) {
        const auto notice = note(i + 2, 0);
        told += notice.report ? 1 : 0;
        EXPECT_EQ(notice.known, notice.report);
    }
    EXPECT_EQ(told, 4096U);
    EXPECT_TRUE(note(2, DAY).known);
}

// R13: for the claimants of an active conflict room is made at the cost of the quietest one.
TEST_F(ConflictTableTest, rule13RoomForClaimants) {
    table_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(1), mac(1), mac(2), at(0));
    for (uint32_t i = 0; i < 4095; ++i) {
        ASSERT_TRUE(note(i + 2, 1).known);
    }
    EXPECT_TRUE(table_.hasConflict(identifierNumber(1)));
    EXPECT_FALSE(note(5000, 2).known) << "the other has not been quiet for long";
    EXPECT_TRUE(note(5000, HOUR).known);
    EXPECT_FALSE(table_.hasConflict(identifierNumber(1)));
    EXPECT_FALSE(note(5001, HOUR).known);
    // What went made room for exactly as much as it took.
    EXPECT_EQ(table_.size(), 1U);
}

// R11: the address that a claimant got is told once, another one not before the repeat time.
TEST_F(ConflictTableTest, rule11AddressAssigned) {
    const auto assigned = [this](uint32_t ip, double when) {
        return (table_.recordAddress(NETWORK, cloneIdentifier(), mac(2), ip, at(when)));
    };
    EXPECT_FALSE(assigned(1, 0)) << "of a claimant that nobody knows";
    note(2, 0);
    EXPECT_TRUE(assigned(1, 0));
    EXPECT_FALSE(assigned(1, 1));
    EXPECT_FALSE(assigned(1, 2 * DAY)) << "nothing new";
    EXPECT_TRUE(assigned(2, 2 * DAY + 1));
    EXPECT_FALSE(assigned(3, 2 * DAY + 2));
    EXPECT_FALSE(table_.recordAddress(NETWORK, cloneIdentifier(), mac(3), 4, at(3)));
    EXPECT_FALSE(table_.recordAddress(OTHER_NETWORK, cloneIdentifier(), mac(2), 4, at(3)));
}

// Several threads note and ask at once: nothing is lost, nothing is told twice.
TEST_F(ConflictTableTest, rule11Threads) {
    std::atomic<size_t> told{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (uint32_t claimant = 2; claimant < 202; ++claimant) {
                told += note(claimant, 0).report ? 1 : 0;
                told += table_.recordAddress(NETWORK, cloneIdentifier(), mac(claimant), claimant, at(0))
                            ? 1
                            : 0;
                EXPECT_TRUE(table_.hasConflict(cloneIdentifier()));
                EXPECT_TRUE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(claimant)));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(told, 400U);
    for (uint32_t claimant = 2; claimant < 202; ++claimant) {
        EXPECT_EQ(note(claimant, DAY).suppressed, 3U);
    }
}

}  // namespace test
}  // namespace clone_guard
