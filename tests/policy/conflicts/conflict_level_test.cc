// SPDX-License-Identifier: MPL-2.0
//
// R10: when a conflict is confirmed, what a confirmation protects, and when a conflict is over.

#include <tests/policy/support.h>

#include <core/conflicts/conflict_registry.h>

#include <gtest/gtest.h>

#include <set>
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

    /// @brief Returns the machines that have been silent for the window.
    std::vector<HardwareAddress> silent(uint32_t sender, double when) {
        std::vector<HardwareAddress> addresses;
        last_.clear();
        const auto machines =
            registry_.silentMachines(NETWORK, cloneIdentifier(), mac(sender), WINDOW, WINDOW, at(when));
        for (const auto& machine : machines.value_or(std::vector<ConflictRegistry::SilentMachine>())) {
            addresses.push_back(machine.address);
            last_.push_back(machine);
        }
        return (addresses);
    }

    /// @brief Marks all machines of the last check as absent.
    void markAbsent(Absence absence) {
        for (const auto& machine : last_) {
            EXPECT_TRUE(registry_.markAbsent(NETWORK, cloneIdentifier(), machine, absence));
        }
    }

    bool isClaimant(const std::string& network, ByteView identifier,
                    const HardwareAddress& address) const {
        const auto conflict = registry_.view(network, identifier);
        return (conflict && conflict->claimants.count(address) > 0);
    }

    ConflictRegistry registry_{10, std::chrono::seconds(86400)};
    std::vector<ConflictRegistry::SilentMachine> last_;
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

// R10: only silent machines are checked, and not more often than the interval.
TEST_F(ConflictLevelTest, rule10SilentMachines) {
    play("2b 3b 1b");
    EXPECT_TRUE(silent(1, 10).empty()) << "the last check was ten seconds ago";
    EXPECT_EQ(silent(1, 32), (std::vector<HardwareAddress>{mac(2), mac(3)}));
    EXPECT_TRUE(silent(1, 33).empty()) << "the last check was a second ago";
    record(2, Activity::BOOT);
    registry_.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::BOOT, at(60));
    EXPECT_EQ(silent(1, 89), (std::vector<HardwareAddress>{mac(2), mac(3)}));
    EXPECT_EQ(registry_.silentMachines("elsewhere", cloneIdentifier(), mac(1), WINDOW, WINDOW, at(999)),
              std::nullopt);
}

// R10: a machine is absent until its next message, and a message between check and mark counts.
TEST_F(ConflictLevelTest, rule10AbsentUntilTheNextMessage) {
    play("2b 3b 1b");
    EXPECT_EQ(silent(1, 100).size(), 2U);
    markAbsent(Absence::SEALED);
    EXPECT_FALSE(registry_.markAbsent(NETWORK, cloneIdentifier(), last_.front(), Absence::SEALED))
        << "it is sealed already";
    EXPECT_TRUE(silent(1, 200).empty());
    record(2, Activity::BOOT);
    EXPECT_EQ(registry_.view(NETWORK, cloneIdentifier())->claimants.at(mac(2)).absence, Absence::NONE);
    EXPECT_EQ(silent(1, 300), (std::vector<HardwareAddress>{mac(2)}));
    record(2, Activity::BOOT);
    EXPECT_FALSE(registry_.markAbsent(NETWORK, cloneIdentifier(), last_.front(), Absence::SEALED));
    EXPECT_EQ(registry_.closeIfOver(NETWORK, cloneIdentifier()), std::nullopt);
}

// R10: a conflict is over if all machines but one are absent. The reason says what they did.
TEST_F(ConflictLevelTest, rule10EndAndReason) {
    const auto endAfter = [this](Absence second, Absence third, bool second_released) {
        play("2b 3b 1b");
        EXPECT_EQ(registry_.closeIfOver(NETWORK, cloneIdentifier()), std::nullopt);
        if (second_released) {
            registry_.markReleased(NETWORK, cloneIdentifier(), mac(2), at(time_));
        }
        time_ += 100;
        EXPECT_EQ(silent(1, time_).size(), 2U);
        EXPECT_TRUE(registry_.markAbsent(NETWORK, cloneIdentifier(), last_.at(0), second));
        EXPECT_EQ(registry_.closeIfOver(NETWORK, cloneIdentifier()), std::nullopt);
        EXPECT_TRUE(registry_.markAbsent(NETWORK, cloneIdentifier(), last_.at(1), third));
        const auto end = registry_.closeIfOver(NETWORK, cloneIdentifier());
        EXPECT_TRUE(end && end->left == mac(1));
        EXPECT_FALSE(registry_.hasConflict(cloneIdentifier()));
        return (end ? toText(end->reason) : std::string());
    };
    EXPECT_EQ(endAfter(Absence::SEALED, Absence::SEALED, false), "sealed");
    EXPECT_EQ(endAfter(Absence::GONE, Absence::SEALED, true), "off");
    EXPECT_EQ(endAfter(Absence::GONE, Absence::GONE, false), "expired");
    EXPECT_EQ(endAfter(Absence::GONE, Absence::GONE, true), "off or expired");
    EXPECT_TRUE(record(2, Activity::BOOT).first);
}

// R10: many silent machines are checked in several portions.
TEST_F(ConflictLevelTest, rule10Portions) {
    std::set<HardwareAddress> seen;
    for (uint32_t claimant = 2; claimant < 2 + 2 * ConflictRegistry::MAX_SILENT_MACHINES; ++claimant) {
        record(claimant, Activity::BOOT);
    }
    for (const double when : {1000.0, 1030.0}) {
        const auto portion = silent(1, when);
        EXPECT_EQ(portion.size(), ConflictRegistry::MAX_SILENT_MACHINES);
        seen.insert(portion.begin(), portion.end());
    }
    EXPECT_EQ(seen.size(), 2 * ConflictRegistry::MAX_SILENT_MACHINES);
}

// R11: the reports about a machine are not repeated if it is the holder for a while.
TEST_F(ConflictLevelTest, rule11ReportsOutlastARoleOfHolder) {
    play("1b");
    EXPECT_TRUE(record(2, Activity::BOOT).first);
    registry_.recordHolder(NETWORK, cloneIdentifier(), mac(2), Activity::BOOT, at(10));
    const auto other =
        registry_.recordClaimant(NETWORK, cloneIdentifier(), mac(2), mac(1), Activity::BOOT, at(11));
    EXPECT_TRUE(other.report && other.first);
    registry_.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::BOOT, at(12));
    EXPECT_FALSE(record(2, Activity::BOOT).report);
}

// R13: a conflict about a live lease gets the room of conflicts in which no machine has a lease.
TEST_F(ConflictLevelTest, rule13RealConflictAmongForgedOnes) {
    for (uint32_t i = 0; i < 20; ++i) {
        const auto decision = registry_.recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2),
                                                       Activity::BOOT, at(0));
        EXPECT_EQ(decision.recorded, i < 10);
    }
    const auto real =
        registry_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(1),
                                 ConflictRegistry::Opening::ON_RECORD);
    EXPECT_TRUE(real.recorded && real.report);
    EXPECT_FALSE(registry_.hasConflict(identifierNumber(0)));
    for (uint32_t i = 0; i < 20; ++i) {
        registry_.recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2), Activity::BOOT, at(2));
    }
    EXPECT_TRUE(registry_.hasConflict(cloneIdentifier()));
    EXPECT_EQ(registry_.size(), 10U);
}

// The list is ordered, continues after its last entry, and keeps the networks of one identifier together.
TEST_F(ConflictLevelTest, list) {
    for (uint32_t i = 0; i < 5; ++i) {
        registry_.recordClaimant(NETWORK, identifierNumber(i), mac(1), mac(2), Activity::BOOT, at(0));
    }
    registry_.recordClaimant("subnet 2", identifierNumber(1), mac(1), mac(3), Activity::BOOT, at(0));
    const auto page = registry_.list({}, 3);
    ASSERT_EQ(page.size(), 3U);
    EXPECT_EQ(page[0].identifier, identifierNumber(0));
    EXPECT_EQ(page[2].network, "subnet 2");
    ASSERT_EQ(page[2].claimants.size(), 1U);
    EXPECT_EQ(page[2].claimants.at(mac(3)).last, at(0));
    EXPECT_EQ(registry_.list({page.back().identifier, "subnet 2", mac(3)}, 100).size(), 3U);
    EXPECT_TRUE(registry_.list({identifierNumber(4), NETWORK, mac(2)}, 100).empty());
    EXPECT_EQ(registry_.view(NETWORK, identifierNumber(3))->holder, mac(1));
    EXPECT_EQ(registry_.view("subnet 2", identifierNumber(3)), std::nullopt);
    EXPECT_EQ(registry_.views(identifierNumber(1)).size(), 2U);
    EXPECT_TRUE(registry_.views(identifierNumber(9)).empty());
}

// R14: a list continues within a conflict, after the last claimant of the previous list.
TEST_F(ConflictLevelTest, rule14ListContinuesWithinAConflict) {
    for (uint32_t claimant = 2; claimant < 12; ++claimant) {
        record(claimant, Activity::BOOT);
    }
    registry_.recordClaimant("subnet 2", cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(0));
    const auto identifier = cloneIdentifier();
    const auto page = registry_.list({identifier, "", {}}, 4, &identifier);
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].claimants.size(), 4U);
    EXPECT_EQ(page[0].claimant_count, 10U);
    EXPECT_EQ(page[0].holder, mac(1));
    const auto last = page[0].claimants.rbegin()->first;
    const auto rest = registry_.list({identifier, NETWORK, last}, 100, &identifier);
    ASSERT_EQ(rest.size(), 2U);
    EXPECT_EQ(rest[0].claimants.size(), 6U);
    EXPECT_EQ(rest[0].claimants.count(last), 0U);
    EXPECT_EQ(rest[1].network, "subnet 2");
    EXPECT_TRUE(registry_.list({identifier, "subnet 2", mac(2)}, 100).empty());
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
