// SPDX-License-Identifier: MPL-2.0
//
// R10: when a conflict is confirmed, what a confirmation protects, and when a conflict is over.

#include <tests/policy/support.h>

#include <core/conflicts/conflict_registry.h>

#include <gtest/gtest.h>

#include <sstream>

namespace clone_guard {
namespace test {

namespace {

constexpr std::chrono::seconds WINDOW{30};

class ConflictLevelTest : public ::testing::Test {
protected:
    /// @brief Machine 1 is the holder, the others are claimants.
    ReportDecision record(uint32_t machine, Activity activity) {
        time_ += 1;
        if (machine == 1) {
            return (registry_.recordHolder(NETWORK, cloneIdentifier(), mac(1), activity, at(time_)));
        }
        return (registry_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(machine), activity,
                                         at(time_)));
    }

    /// @brief Records messages in turn: "1b 2b 1r" is a boot of 1, a boot of 2, a renewal of 1.
    void play(const std::string& messages) {
        std::istringstream stream(messages);
        for (std::string message; stream >> message;) {
            record(static_cast<uint32_t>(std::stoul(message)),
                   message.back() == 'r' ? Activity::RENEWAL : Activity::BOOT);
        }
    }

    bool confirmed() const {
        return (registry_.isConfirmed(NETWORK, cloneIdentifier()));
    }

    std::optional<std::vector<HardwareAddress>> idleMembers(uint32_t sender, double when) {
        return (
            registry_.idleMembers(NETWORK, cloneIdentifier(), mac(sender), WINDOW, WINDOW, at(when)));
    }

    bool isClaimant(const std::string& network, ByteView identifier,
                    const HardwareAddress& address) const {
        const auto conflict = registry_.view(network, identifier);
        return (conflict && conflict->claimants.count(address) > 0);
    }

    ConflictRegistry registry_{10, std::chrono::seconds(86400)};
    double time_ = 0;
};

struct Turn {
    int line;
    const char* messages;
    bool confirmed;
};

}  // namespace

// R10: two machines are proven alive if each has renewed after a message of the other, and only then.
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
        // Messages before a boot prove nothing about the machine after the boot.
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

// R10, R11: the message that confirms a conflict is reported, once for each claimant.
TEST_F(ConflictLevelTest, rule11ConfirmationIsReportedOnceAClaimant) {
    const auto suspected = record(2, Activity::BOOT);
    EXPECT_TRUE(suspected.report);
    EXPECT_EQ(suspected.level, Level::SUSPECTED);
    play("1b 3b");
    EXPECT_FALSE(record(2, Activity::RENEWAL).report);
    const auto decision = record(1, Activity::RENEWAL);
    EXPECT_TRUE(decision.report && decision.first);
    EXPECT_EQ(decision.level, Level::CONFIRMED);
    EXPECT_EQ(decision.claimant, mac(2))
        << "the claimant that confirmed the conflict together with the holder";
    EXPECT_FALSE(record(2, Activity::RENEWAL).report);
    EXPECT_FALSE(record(1, Activity::RENEWAL).report);
    EXPECT_TRUE(record(3, Activity::RENEWAL).report);
    EXPECT_FALSE(record(3, Activity::RENEWAL).report);
    time_ += DAY;
    const auto again = record(2, Activity::RENEWAL);
    EXPECT_TRUE(again.report && !again.first);
    EXPECT_EQ(again.suppressed, 1U);
}

// R13: a flood of new conflicts does not push a confirmed one out. The new ones push each other out.
TEST_F(ConflictLevelTest, rule13ConfirmedIsNotPushedOut) {
    play("2b 1b 2r 1r");
    ASSERT_TRUE(confirmed());
    for (uint32_t i = 0; i < 1000; ++i) {
        EXPECT_TRUE(registry_
                        .recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2), Activity::BOOT,
                                        at(3600.0 * i))
                        .recorded);
    }
    EXPECT_TRUE(confirmed());
    EXPECT_EQ(registry_.size(), 10U);
    EXPECT_FALSE(registry_.hasConflict(identifierNumber(0)));
    EXPECT_TRUE(registry_.hasConflict(identifierNumber(999)));
}

// R13: if all conflicts are confirmed, there is no room for a new one, and it is not recorded.
TEST_F(ConflictLevelTest, rule13NoRoomBesideConfirmedOnes) {
    for (uint32_t i = 0; i < 10; ++i) {
        for (int message = 0; message < 4; ++message) {
            const Activity activity = message < 2 ? Activity::BOOT : Activity::RENEWAL;
            registry_.recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2 + message % 2),
                                     activity, at(message));
        }
        ASSERT_TRUE(registry_.isConfirmed(NETWORK, identifierNumber(i)));
    }
    EXPECT_FALSE(record(2, Activity::BOOT).recorded);
    EXPECT_EQ(registry_.size(), 10U);
}

// R9: after an identifier has moved to a claimant, that machine is the holder and not a claimant.
TEST_F(ConflictLevelTest, rule09MovedToAClaimant) {
    play("2b 3b");
    registry_.recordHolder(NETWORK, cloneIdentifier(), mac(2), Activity::BOOT, at(10));
    EXPECT_EQ(registry_.holder(NETWORK, cloneIdentifier()), mac(2));
    EXPECT_FALSE(isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_TRUE(isClaimant(NETWORK, cloneIdentifier(), mac(3)));
}

// R10: a conflict is checked only if all other machines are idle, and not more often than the interval.
TEST_F(ConflictLevelTest, rule10IdleMembers) {
    play("2b 3b 1b");
    EXPECT_EQ(idleMembers(1, 10), std::nullopt) << "2 has just sent a message";
    EXPECT_EQ(idleMembers(1, 35), (std::vector<HardwareAddress>{mac(2), mac(3)}));
    EXPECT_EQ(idleMembers(1, 36), std::nullopt) << "the last check was a second ago";
    EXPECT_EQ(idleMembers(2, 66), (std::vector<HardwareAddress>{mac(3)}));
    EXPECT_EQ(registry_.idleMembers("elsewhere", cloneIdentifier(), mac(1), WINDOW, WINDOW, at(99)),
              std::nullopt);
}

// R10: a machine that has released its lease is idle until its next message. This holds for holder and claimants.
TEST_F(ConflictLevelTest, rule10ReleasedIsIdle) {
    play("2b 3b 1b");
    registry_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(25));
    registry_.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::BOOT, at(25));
    registry_.markReleased(NETWORK, cloneIdentifier(), mac(2));
    registry_.markReleased(NETWORK, cloneIdentifier(), mac(1));
    EXPECT_EQ(idleMembers(3, 31), (std::vector<HardwareAddress>{mac(2)}));
    registry_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(92));
    EXPECT_EQ(idleMembers(3, 93), std::nullopt) << "2 is back";
}

// R10: the conflict is closed if no machine but the sender is left. Its reports begin anew.
TEST_F(ConflictLevelTest, rule10RemoveClaimants) {
    play("2b 3b");
    EXPECT_FALSE(registry_.removeClaimants(NETWORK, cloneIdentifier(), {mac(2)}, mac(1)));
    EXPECT_FALSE(isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_TRUE(registry_.removeClaimants(NETWORK, cloneIdentifier(), {mac(3)}, mac(1)));
    EXPECT_FALSE(registry_.hasConflict(cloneIdentifier()));
    EXPECT_FALSE(registry_.removeClaimants(NETWORK, cloneIdentifier(), {mac(3)}, mac(1)));
    EXPECT_EQ(registry_.size(), 0U);
    EXPECT_TRUE(record(2, Activity::BOOT).first);
}

// R10: many claimants are checked in several portions.
TEST_F(ConflictLevelTest, rule10RemoveClaimantsInPortions) {
    for (uint32_t claimant = 2; claimant < 2 + 2 * ConflictRegistry::MAX_IDLE_MEMBERS; ++claimant) {
        record(claimant, Activity::BOOT);
    }
    double when = 1000;
    const auto first = idleMembers(1, when);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->size(), ConflictRegistry::MAX_IDLE_MEMBERS);
    EXPECT_FALSE(registry_.removeClaimants(NETWORK, cloneIdentifier(), *first, mac(1)));
    const auto second = idleMembers(1, when + 30);
    ASSERT_TRUE(second);
    EXPECT_TRUE(registry_.removeClaimants(NETWORK, cloneIdentifier(), *second, mac(1)));
}

// The list is ordered, continues after its last entry, and keeps the networks of one identifier together.
TEST_F(ConflictLevelTest, list) {
    for (uint32_t i = 0; i < 5; ++i) {
        registry_.recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2), Activity::BOOT, at(0));
    }
    registry_.recordClaimant("subnet 2", identifierNumber(1), mac(1), mac(3), Activity::BOOT, at(0));
    const auto page = registry_.list({}, 2);
    ASSERT_EQ(page.size(), 3U);
    EXPECT_EQ(page[0].identifier, identifierNumber(0));
    EXPECT_EQ(page[2].network, "subnet 2");
    EXPECT_EQ(page[2].claimants, (std::map<HardwareAddress, Instant>{{mac(3), at(0)}}));
    EXPECT_EQ(registry_.list(page.back().identifier, 100).size(), 3U);
    EXPECT_TRUE(registry_.list(identifierNumber(4), 100).empty());
    EXPECT_EQ(registry_.view(NETWORK, identifierNumber(3))->holder, mac(1));
    EXPECT_EQ(registry_.view("subnet 2", identifierNumber(3)), std::nullopt);
    EXPECT_EQ(registry_.views(identifierNumber(1)).size(), 2U);
    EXPECT_TRUE(registry_.views(identifierNumber(9)).empty());
}

// R9, R13: a conflict of either level can be removed, together with its claimants. The next claimant opens it again, as
// suspected, and is reported as the first.
TEST_F(ConflictLevelTest, rule09Removed) {
    for (const auto* network : {"subnet 1", "subnet 2"}) {
        registry_.recordClaimant(network, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(0));
        registry_.recordHolder(network, cloneIdentifier(), mac(1), Activity::RENEWAL, at(1));
        registry_.recordClaimant(network, cloneIdentifier(), mac(1), mac(2), Activity::RENEWAL, at(2));
        registry_.recordHolder(network, cloneIdentifier(), mac(1), Activity::RENEWAL, at(3));
    }
    EXPECT_EQ(registry_.confirmed(), 2U);
    EXPECT_FALSE(registry_.remove("subnet 3", cloneIdentifier()));
    EXPECT_TRUE(registry_.remove(NETWORK, cloneIdentifier()));
    EXPECT_FALSE(registry_.remove(NETWORK, cloneIdentifier()));
    EXPECT_EQ(registry_.confirmed(), 1U);
    EXPECT_EQ(registry_.size(), 1U);
    EXPECT_FALSE(isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_TRUE(registry_.isConfirmed("subnet 2", cloneIdentifier()));
    const auto decision =
        registry_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::RENEWAL, at(4));
    EXPECT_TRUE(decision.first);
    EXPECT_EQ(decision.level, Level::SUSPECTED);
}

}  // namespace test
}  // namespace clone_guard
