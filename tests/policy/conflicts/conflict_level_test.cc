// SPDX-License-Identifier: MPL-2.0
//
// R10: when a conflict is confirmed, what that protects, and when it is over.

#include <tests/policy/support.h>

#include <core/conflicts/conflict_table.h>

#include <gtest/gtest.h>

#include <sstream>

namespace clone_guard {
namespace test {

namespace {

constexpr std::chrono::seconds WINDOW{30};

class ConflictLevelTest : public ::testing::Test {
protected:
    /// @brief Machine 1 is the holder, the others are claimants.
    ReportDecision hear(uint32_t machine, Activity activity) {
        time_ += 1;
        if (machine == 1) {
            return (table_.recordHolder(NETWORK, cloneIdentifier(), mac(1), activity, at(time_)));
        }
        return (table_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(machine), activity,
                                      at(time_)));
    }

    /// @brief Messages in turn: "1b 2b 1r" is a boot of 1, a boot of 2, a renewal of 1.
    void play(const std::string& messages) {
        std::istringstream stream(messages);
        for (std::string message; stream >> message;) {
            hear(static_cast<uint32_t>(std::stoul(message)),
                 message.back() == 'r' ? Activity::RENEWAL : Activity::BOOT);
        }
    }

    bool confirmed() const {
        return (table_.isConfirmed(NETWORK, cloneIdentifier()));
    }

    std::optional<std::vector<HardwareAddress>> idleMembers(uint32_t speaker, double when) {
        return (table_.idleMembers(NETWORK, cloneIdentifier(), mac(speaker), WINDOW, WINDOW, at(when)));
    }

    ConflictTable table_{10, std::chrono::seconds(86400)};
    double time_ = 0;
};

struct Turn {
    int line;
    const char* messages;
    bool confirmed;
};

}  // namespace

// R10: two machines are proven alive when each has renewed after a message of the other, and by nothing less.
TEST(ConflictLevelScenariosTest, rule10Confirmed) {
    const std::vector<Turn> turns{
        {__LINE__, "2b", false},
        // A, B, A, B with boots: one machine between dock and radio.
        {__LINE__, "2b 1b 2b 1b 2b 1b", false},
        // A, then only B: a new network card.
        {__LINE__, "2b 2r 2r 2r 2r", false},
        {__LINE__, "2b 1b 2b 2r 2r 2r", false},
        {__LINE__, "2b 2r 2r 1b 1r 1r 2b 2r", false},
        // A renewal across a message of the other is half of it.
        {__LINE__, "2b 1b 2r 2r", false},
        {__LINE__, "2b 3r 2r", false},
        {__LINE__, "2b 3b 3r 2r", false},
        {__LINE__, "2b 1b 2r 1r", true},
        {__LINE__, "2b 1r 2r 1r 2r", true},
        {__LINE__, "2r 1r 2r 1r", true},
        {__LINE__, "1b 2b 2r 1b 2r 1r 2r 1r", true},
        // What was before a boot proves nothing about the machine after it.
        {__LINE__, "2b 1b 2r 1b 1r", false},
        // Two claimants are two machines too.
        {__LINE__, "2b 3b 2r 3r", true},
        {__LINE__, "2b 3b 4b 2r 3r 4r", true},
        // Each was up together with a third, but not with each other.
        {__LINE__, "2b 3b 2r 4b 4r 3b", false},
    };
    for (const auto& turn : turns) {
        SCOPED_TRACE("conflict_level_test.cc:" + std::to_string(turn.line) + ": " + turn.messages);
        class Played : public ConflictLevelTest {
            void TestBody() override {}

        public:
            bool confirms(const char* messages) {
                play(messages);
                return (confirmed());
            }
        };
        EXPECT_EQ(Played().confirms(turn.messages), turn.confirmed);
    }
}

// R10, R11: the message that confirms a conflict tells it, once for each claimant.
TEST_F(ConflictLevelTest, rule11ConfirmedIsToldOnceAClaimant) {
    const auto suspected = hear(2, Activity::BOOT);
    EXPECT_TRUE(suspected.report);
    EXPECT_EQ(suspected.level, Level::SUSPECTED);
    play("1b 3b");
    EXPECT_FALSE(hear(2, Activity::RENEWAL).report);
    const auto notice = hear(1, Activity::RENEWAL);
    EXPECT_TRUE(notice.report && notice.first);
    EXPECT_EQ(notice.level, Level::CONFIRMED);
    EXPECT_EQ(notice.claimant, mac(2)) << "the one with which it was confirmed";
    EXPECT_FALSE(hear(2, Activity::RENEWAL).report);
    EXPECT_FALSE(hear(1, Activity::RENEWAL).report);
    EXPECT_TRUE(hear(3, Activity::RENEWAL).report);
    EXPECT_FALSE(hear(3, Activity::RENEWAL).report);
    time_ += DAY;
    const auto again = hear(2, Activity::RENEWAL);
    EXPECT_TRUE(again.report && !again.first);
    EXPECT_EQ(again.suppressed, 1U);
}

// R13: no flood of new conflicts pushes a confirmed one out; they push each other out.
TEST_F(ConflictLevelTest, rule13ConfirmedIsNotPushedOut) {
    play("2b 1b 2r 1r");
    ASSERT_TRUE(confirmed());
    for (uint32_t i = 0; i < 1000; ++i) {
        EXPECT_TRUE(table_
                        .recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2), Activity::BOOT,
                                        at(3600.0 * i))
                        .known);
    }
    EXPECT_TRUE(confirmed());
    EXPECT_EQ(table_.size(), 10U);
    EXPECT_FALSE(table_.hasConflict(identifierNumber(0)));
    EXPECT_TRUE(table_.hasConflict(identifierNumber(999)));
}

// R13: where all conflicts are confirmed a new one finds no room, and says so.
TEST_F(ConflictLevelTest, rule13NoRoomBesideConfirmedOnes) {
    for (uint32_t i = 0; i < 10; ++i) {
        for (int message = 0; message < 4; ++message) {
            const Activity activity = message < 2 ? Activity::BOOT : Activity::RENEWAL;
            table_.recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2 + message % 2), activity,
                                  at(message));
        }
        ASSERT_TRUE(table_.isConfirmed(NETWORK, identifierNumber(i)));
    }
    EXPECT_FALSE(hear(2, Activity::BOOT).known);
    EXPECT_EQ(table_.size(), 10U);
}

// R9: when the identifier has moved, the newcomer is the holder and no claimant any more.
TEST_F(ConflictLevelTest, rule09MovedToAClaimant) {
    play("2b 3b");
    table_.recordHolder(NETWORK, cloneIdentifier(), mac(2), Activity::BOOT, at(10));
    EXPECT_EQ(table_.holder(NETWORK, cloneIdentifier()), mac(2));
    EXPECT_FALSE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_TRUE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(3)));
}

// R10: whether a conflict is over is worth a look once everybody else is silent, and not all the time.
TEST_F(ConflictLevelTest, rule10SilentOthers) {
    play("2b 3b 1b");
    EXPECT_EQ(idleMembers(1, 10), std::nullopt) << "2 was heard a moment ago";
    EXPECT_EQ(idleMembers(1, 35), (std::vector<HardwareAddress>{mac(2), mac(3)}));
    EXPECT_EQ(idleMembers(1, 36), std::nullopt) << "that was just looked at";
    EXPECT_EQ(idleMembers(2, 66), (std::vector<HardwareAddress>{mac(3)}));
    EXPECT_EQ(table_.idleMembers("elsewhere", cloneIdentifier(), mac(1), WINDOW, WINDOW, at(99)),
              std::nullopt);
}

// R10: who has given its lease up is silent at once, until it is heard again; so is a holder who has.
TEST_F(ConflictLevelTest, rule10WhoGoesIsSilent) {
    play("2b 3b 1b");
    table_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(25));
    table_.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::BOOT, at(25));
    table_.markReleased(NETWORK, cloneIdentifier(), mac(2));
    table_.markReleased(NETWORK, cloneIdentifier(), mac(1));
    EXPECT_EQ(idleMembers(3, 31), (std::vector<HardwareAddress>{mac(2)}));
    table_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(92));
    EXPECT_EQ(idleMembers(3, 93), std::nullopt) << "2 is back";
}

// R10: the conflict is closed when nobody but the speaker is left, and forgotten with all about it.
TEST_F(ConflictLevelTest, rule10Leave) {
    play("2b 3b");
    EXPECT_FALSE(table_.removeClaimants(NETWORK, cloneIdentifier(), {mac(2)}, mac(1)));
    EXPECT_FALSE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_TRUE(table_.removeClaimants(NETWORK, cloneIdentifier(), {mac(3)}, mac(1)));
    EXPECT_FALSE(table_.hasConflict(cloneIdentifier()));
    EXPECT_FALSE(table_.removeClaimants(NETWORK, cloneIdentifier(), {mac(3)}, mac(1)));
    EXPECT_EQ(table_.size(), 0U);
    EXPECT_TRUE(hear(2, Activity::BOOT).first);
}

// R10: so many claimants that it takes several looks.
TEST_F(ConflictLevelTest, rule10LeaveInPortions) {
    for (uint32_t claimant = 2; claimant < 2 + 2 * ConflictTable::MAX_SILENT; ++claimant) {
        hear(claimant, Activity::BOOT);
    }
    double when = 1000;
    const auto first = idleMembers(1, when);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->size(), ConflictTable::MAX_SILENT);
    EXPECT_FALSE(table_.removeClaimants(NETWORK, cloneIdentifier(), *first, mac(1)));
    const auto second = idleMembers(1, when + 30);
    ASSERT_TRUE(second);
    EXPECT_TRUE(table_.removeClaimants(NETWORK, cloneIdentifier(), *second, mac(1)));
}

// The list is ordered, goes on where it ended, and keeps the networks of one identifier together.
TEST_F(ConflictLevelTest, list) {
    for (uint32_t i = 0; i < 5; ++i) {
        table_.recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2), Activity::BOOT, at(0));
    }
    table_.recordClaimant("subnet 2", identifierNumber(1), mac(1), mac(3), Activity::BOOT, at(0));
    const auto page = table_.list({}, 2);
    ASSERT_EQ(page.size(), 3U);
    EXPECT_EQ(page[0].identifier, identifierNumber(0));
    EXPECT_EQ(page[2].network, "subnet 2");
    EXPECT_EQ(page[2].claimants, (std::map<HardwareAddress, Instant>{{mac(3), at(0)}}));
    EXPECT_EQ(table_.list(page.back().identifier, 100).size(), 3U);
    EXPECT_TRUE(table_.list(identifierNumber(4), 100).empty());
    EXPECT_EQ(table_.view(NETWORK, identifierNumber(3))->holder, mac(1));
    EXPECT_EQ(table_.view("subnet 2", identifierNumber(3)), std::nullopt);
    EXPECT_EQ(table_.views(identifierNumber(1)).size(), 2U);
    EXPECT_TRUE(table_.views(identifierNumber(9)).empty());
}

// R9, R13: a conflict goes when it is removed, a confirmed one too, and takes its claimants along; who is heard next
// opens it again, as suspected, and it is told as the first time.
TEST_F(ConflictLevelTest, rule09Removed) {
    for (const auto* network : {"subnet 1", "subnet 2"}) {
        table_.recordClaimant(network, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(0));
        table_.recordHolder(network, cloneIdentifier(), mac(1), Activity::RENEWAL, at(1));
        table_.recordClaimant(network, cloneIdentifier(), mac(1), mac(2), Activity::RENEWAL, at(2));
        table_.recordHolder(network, cloneIdentifier(), mac(1), Activity::RENEWAL, at(3));
    }
    EXPECT_EQ(table_.confirmed(), 2U);
    EXPECT_FALSE(table_.remove("subnet 3", cloneIdentifier()));
    EXPECT_TRUE(table_.remove(NETWORK, cloneIdentifier()));
    EXPECT_FALSE(table_.remove(NETWORK, cloneIdentifier()));
    EXPECT_EQ(table_.confirmed(), 1U);
    EXPECT_EQ(table_.size(), 1U);
    EXPECT_FALSE(table_.isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_TRUE(table_.isConfirmed("subnet 2", cloneIdentifier()));
    const auto notice =
        table_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::RENEWAL, at(4));
    EXPECT_TRUE(notice.first);
    EXPECT_EQ(notice.level, Level::SUSPECTED);
}

}  // namespace test
}  // namespace clone_guard
