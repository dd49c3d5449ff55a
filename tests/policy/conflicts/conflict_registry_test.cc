// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/conflicts/conflict_registry.h>

#include <gtest/gtest.h>

#include <thread>

namespace clone_guard {
namespace test {

namespace {

constexpr double HOUR = 3600;

class ConflictRegistryTest : public ::testing::Test {
protected:
    ReportDecision block(uint32_t claimant, double when, ReportKind kind = ReportKind::SUSPECTED) {
        return (
            registry_.recordBlocked(kind, NETWORK, cloneIdentifier(), mac(1), mac(claimant), at(when)));
    }

    bool isClaimant(const std::string& network, ByteView identifier,
                    const HardwareAddress& address) const {
        const auto conflict = registry_.view(network, identifier);
        return (conflict && conflict->claimants.count(address) > 0);
    }

    ConflictRegistry registry_{10, std::chrono::seconds(86400)};
};

}  // namespace

// R9, R13: the registry remembers as many past conflicts as it may have open ones, and erases the oldest first.
TEST_F(ConflictRegistryTest, rule09PastConflicts) {
    const auto identifier = [](uint32_t number) { return (identifierNumber(number)); };
    for (uint32_t number = 0; number < 11; ++number) {
        registry_.recordClaimant(NETWORK, identifier(number), mac(1), mac(2), Activity::BOOT,
                                 at(number));
        EXPECT_FALSE(registry_.hadConflict(identifier(number)));
        EXPECT_TRUE(registry_.remove(NETWORK, identifier(number)));
        EXPECT_TRUE(registry_.hadConflict(identifier(number)));
        EXPECT_FALSE(registry_.hasConflict(identifier(number)));
    }
    EXPECT_FALSE(registry_.hadConflict(identifier(0)));
    EXPECT_TRUE(registry_.hadConflict(identifier(1)));
}

// R11: the first message of a claimant is reported, then none for a day. The next report counts the suppressed
// messages.
TEST_F(ConflictRegistryTest, rule11OncePerClaimantAndRepeatTime) {
    const auto first = block(2, 0);
    EXPECT_TRUE(first.report);
    EXPECT_TRUE(first.first);
    EXPECT_TRUE(first.recorded);
    EXPECT_EQ(first.claimants, 1U);
    EXPECT_EQ(first.suppressed, 0U);
    EXPECT_FALSE(block(2, 10).report);
    EXPECT_FALSE(block(2, DAY - 1).report);
    const auto again = block(2, DAY);
    EXPECT_TRUE(again.report);
    EXPECT_FALSE(again.first);
    EXPECT_EQ(again.suppressed, 2U);
    EXPECT_FALSE(block(2, DAY + 1).report);
    EXPECT_EQ(block(2, 2 * DAY).suppressed, 1U);
}

// R11: there is not one report for each packet. 10,000 messages of one claimant are reported once and counted.
TEST_F(ConflictRegistryTest, rule11TenThousandMessagesAreOneRecord) {
    size_t reported = 0;
    for (int i = 0; i < 10000; ++i) {
        reported += block(2, i * 0.01).report ? 1 : 0;
    }
    EXPECT_EQ(reported, 1U);
    EXPECT_EQ(block(2, DAY).suppressed, 9999U);
}

// R11: each claimant is reported, with the number of claimants so far.
TEST_F(ConflictRegistryTest, rule11EachClaimantCounts) {
    for (uint32_t claimant = 2; claimant < 50; ++claimant) {
        const auto decision = block(claimant, 0);
        EXPECT_TRUE(decision.first);
        EXPECT_EQ(decision.claimants, claimant - 1);
    }
    EXPECT_EQ(registry_.size(), 1U);
}

// R11: a report of a blocked release does not suppress a report of the conflict, and vice versa.
TEST_F(ConflictRegistryTest, rule11KindsAreLimitedOnTheirOwn) {
    EXPECT_TRUE(block(2, 0, ReportKind::RELEASE_BLOCKED).report);
    EXPECT_TRUE(block(2, 0, ReportKind::SUSPECTED).report);
    EXPECT_TRUE(block(2, 0, ReportKind::DECLINE_BLOCKED).report);
    EXPECT_FALSE(block(2, 1, ReportKind::RELEASE_BLOCKED).report);
    EXPECT_FALSE(block(2, 1, ReportKind::SUSPECTED).report);
    EXPECT_FALSE(block(2, 1, ReportKind::DECLINE_BLOCKED).report);
}

// R11: with a repeat time of 0 no report is repeated.
TEST_F(ConflictRegistryTest, rule11RepeatTimeOfZero) {
    ConflictRegistry registry(10, std::chrono::seconds(0));
    const auto due = [&registry](double when) {
        return (registry
                    .recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), mac(1), mac(2),
                                   at(when))
                    .report);
    };
    EXPECT_TRUE(due(0));
    EXPECT_FALSE(due(0));
    EXPECT_FALSE(due(100 * DAY));
}

// R2: an identifier has one conflict in each network.
TEST_F(ConflictRegistryTest, rule02NetworksAreApart) {
    block(2, 0);
    EXPECT_TRUE(isClaimant(NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_FALSE(isClaimant(OTHER_NETWORK, cloneIdentifier(), mac(2)));
    EXPECT_FALSE(isClaimant(NETWORK, cloneIdentifier(), mac(1)));
    EXPECT_FALSE(isClaimant(NETWORK, identifierNumber(1), mac(2)));
    EXPECT_EQ(registry_.holder(OTHER_NETWORK, cloneIdentifier()), std::nullopt);
    registry_.recordBlocked(ReportKind::SUSPECTED, OTHER_NETWORK, cloneIdentifier(), mac(7), mac(8),
                            at(0));
    EXPECT_EQ(registry_.holder(NETWORK, cloneIdentifier()), mac(1));
    EXPECT_EQ(registry_.holder(OTHER_NETWORK, cloneIdentifier()), mac(7));
    EXPECT_EQ(registry_.size(), 2U);
}

// R11: the holder stays the machine that was the holder when the conflict was opened.
TEST_F(ConflictRegistryTest, rule11FirstSeenStaysTheHolder) {
    EXPECT_FALSE(registry_.hasConflict(cloneIdentifier()));
    EXPECT_EQ(registry_.holder(NETWORK, cloneIdentifier()), std::nullopt);
    block(2, 0);
    registry_.recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), mac(2), mac(1), at(1));
    EXPECT_EQ(registry_.holder(NETWORK, cloneIdentifier()), mac(1));
    EXPECT_TRUE(registry_.hasConflict(cloneIdentifier()));
    EXPECT_FALSE(registry_.hasConflict(identifierNumber(1)));
}

// A conflict about a forged identifier has no holder.
TEST_F(ConflictRegistryTest, unknownHolder) {
    registry_.recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), HardwareAddress(), mac(2),
                            at(0));
    EXPECT_EQ(registry_.holder(NETWORK, cloneIdentifier()), std::nullopt);
    EXPECT_TRUE(isClaimant(NETWORK, cloneIdentifier(), mac(2)));
}

// R13: a full registry erases the conflict that has been idle the longest, not the oldest one.
TEST_F(ConflictRegistryTest, rule13IdlestIsErasedFirst) {
    for (uint32_t i = 0; i < 10; ++i) {
        registry_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(i), mac(1), mac(2),
                                at(i));
    }
    registry_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(0), mac(1), mac(2), at(20));
    registry_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(10), mac(1), mac(2),
                            at(HOUR + 1));
    EXPECT_EQ(registry_.size(), 10U);
    EXPECT_EQ(registry_.capacity(), 10U);
    EXPECT_TRUE(registry_.hasConflict(identifierNumber(0)));
    EXPECT_FALSE(registry_.hasConflict(identifierNumber(1)));
    EXPECT_TRUE(registry_.hasConflict(identifierNumber(10)));
}

// R11, R13: conflicts without room do not take turns with the conflicts in the registry, to be reported as new each
// time.
TEST_F(ConflictRegistryTest, rule11NoTurnsInAFullTable) {
    int reported = 0;
    for (uint32_t round = 0; round < 20; ++round) {
        for (uint32_t i = 0; i < 11; ++i) {
            const auto decision = registry_.recordBlocked(
                ReportKind::SUSPECTED, NETWORK, identifierNumber(i), mac(1), mac(2), at(round * 900.0));
            reported += decision.report ? 1 : 0;
            EXPECT_EQ(decision.recorded, i < 10);
        }
    }
    EXPECT_EQ(reported, 10);
}

// R13: a flood of conflicts does not exceed the bound.
TEST_F(ConflictRegistryTest, rule13FloodOfConflicts) {
    for (uint32_t i = 0; i < 5000; ++i) {
        const auto decision = registry_.recordBlocked(ReportKind::SUSPECTED, NETWORK,
                                                      identifierNumber(i), mac(1), mac(i + 2), at(0));
        EXPECT_EQ(decision.recorded, i < 10);
    }
    EXPECT_EQ(registry_.size(), 10U);
}

// R13: a flood of hardware addresses with one identifier does not exceed the bound. Claimants without room are not
// recorded and not reported.
TEST_F(ConflictRegistryTest, rule13FloodOfClaimants) {
    size_t reported = 0;
    for (uint32_t i = 0; i < 10000; ++i) {
        const auto decision = block(i + 2, 0);
        reported += decision.report ? 1 : 0;
        EXPECT_EQ(decision.recorded, decision.report);
    }
    EXPECT_EQ(reported, 4096U);
    EXPECT_TRUE(block(2, DAY).recorded);
}

// R13: the claimants of an active conflict get the room of the conflict that has been idle the longest.
TEST_F(ConflictRegistryTest, rule13RoomForClaimants) {
    registry_.recordBlocked(ReportKind::SUSPECTED, NETWORK, identifierNumber(1), mac(1), mac(2), at(0));
    for (uint32_t i = 0; i < 4095; ++i) {
        ASSERT_TRUE(block(i + 2, 1).recorded);
    }
    EXPECT_TRUE(registry_.hasConflict(identifierNumber(1)));
    EXPECT_FALSE(block(5000, 2).recorded) << "the other conflict has not been idle for long enough";
    EXPECT_TRUE(block(5000, HOUR).recorded);
    EXPECT_FALSE(registry_.hasConflict(identifierNumber(1)));
    EXPECT_FALSE(block(5001, HOUR).recorded);
    // The erased conflict had one claimant, so there is room for one.
    EXPECT_EQ(registry_.size(), 1U);
}

// R13: a table that is full of conflicts without a lease has room for a claimant that gets one.
TEST_F(ConflictRegistryTest, rule13LeaseMakesRoom) {
    ConflictRegistry registry(10, std::chrono::seconds(DAY));
    const auto claim = [&registry](uint32_t number) {
        return (registry.recordClaimant(NETWORK, identifierNumber(number), mac(1), mac(2),
                                        Activity::BOOT, at(0)));
    };
    for (uint32_t number = 0; number < 10; ++number) {
        EXPECT_TRUE(claim(number).report);
    }
    EXPECT_FALSE(claim(10).recorded);
    const auto decision = registry.recordLease(NETWORK, identifierNumber(10), mac(1), mac(2), at(1));
    EXPECT_TRUE(decision.report);
    EXPECT_EQ(decision.claimants, 1U);
    EXPECT_EQ(registry.size(), 10U);
    EXPECT_FALSE(registry.recordLease(NETWORK, identifierNumber(10), mac(1), mac(2), at(2)).report);
}

// R11: of very many machines that appear at once, so many are reported, and one more each second. The others are held
// back: each is reported with a later message, or once it has a lease.
TEST_F(ConflictRegistryTest, rule11ManyMachinesAtOnce) {
    ConflictRegistry registry(10000, std::chrono::seconds(DAY));
    const auto block = [&registry](uint32_t claimant, double when) {
        return (registry.recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), mac(1),
                                       mac(claimant), at(when)));
    };
    const auto burst = static_cast<uint32_t>(ReportBudget::BURST);
    for (uint32_t claimant = 2; claimant < 2 + burst; ++claimant) {
        ASSERT_TRUE(block(claimant, 0).report) << claimant;
    }
    const uint32_t late = 2 + burst;
    for (uint32_t claimant = late; claimant < late + 100; ++claimant) {
        const auto decision = block(claimant, 0);
        EXPECT_FALSE(decision.report);
        EXPECT_TRUE(decision.held_back);
        EXPECT_TRUE(decision.recorded) << "the conflict knows the machine";
    }
    EXPECT_FALSE(block(2, 0).held_back) << "reported already";
    const auto leased = registry.recordLease(NETWORK, cloneIdentifier(), mac(1), mac(late), at(0));
    EXPECT_TRUE(leased.report);
    EXPECT_TRUE(leased.first);
    EXPECT_EQ(leased.suppressed, 1U);
    EXPECT_FALSE(registry.recordLease(NETWORK, cloneIdentifier(), mac(1), mac(late), at(0)).report);
    EXPECT_FALSE(block(late, 1).report) << "reported when it got its lease";
    EXPECT_TRUE(block(late + 1, 1).report) << "one more each second";
    EXPECT_TRUE(block(late + 2, 1).held_back);
}

// R11: forged machines do not fill the log in a confirmed conflict either. The proof of a conflict is reported at once,
// whatever was reported before.
TEST_F(ConflictRegistryTest, rule11ManyMachinesOfConfirmedConflict) {
    ConflictRegistry registry(10000, std::chrono::seconds(DAY));
    const auto record = [&registry](uint32_t claimant, Activity activity, double when) {
        return (registry.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(claimant), activity,
                                        at(when), ConflictRegistry::Opening::ON_RECORD));
    };
    const auto burst = static_cast<uint32_t>(ReportBudget::BURST);
    size_t reported = 0;
    for (uint32_t claimant = 2; claimant < 100 + burst; ++claimant) {
        reported += record(claimant, Activity::BOOT, 0).report ? 1 : 0;
    }
    EXPECT_EQ(reported, burst);
    registry.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::RENEWAL, at(0.2));
    record(2, Activity::BOOT, 0.3);
    registry.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::RENEWAL, at(0.4));
    const auto proof = record(2, Activity::RENEWAL, 0.5);
    ASSERT_TRUE(registry.isConfirmed(NETWORK, cloneIdentifier()));
    EXPECT_TRUE(proof.report);
    for (uint32_t claimant = 200 + burst; claimant < 300 + burst; ++claimant) {
        EXPECT_TRUE(record(claimant, Activity::BOOT, 0.6).held_back);
    }
    const uint32_t late = 200 + burst;
    const auto leased = registry.recordLease(NETWORK, cloneIdentifier(), mac(1), mac(late), at(0.7));
    EXPECT_TRUE(leased.report);
    EXPECT_EQ(leased.level, Level::CONFIRMED);
    EXPECT_FALSE(registry.recordLease(NETWORK, cloneIdentifier(), mac(1), mac(late), at(0.7)).report);
    EXPECT_TRUE(record(late + 1, Activity::BOOT, 1.6).report) << "one more each second";
}

// R11: the address that a claimant got is reported once, another address not before the repeat time.
TEST_F(ConflictRegistryTest, rule11AddressAssigned) {
    const auto assigned = [this](uint32_t ip, double when) {
        return (registry_.recordAddress(NETWORK, cloneIdentifier(), mac(2), IpAddress(ip), at(when)));
    };
    EXPECT_FALSE(assigned(1, 0)) << "the claimant is unknown";
    block(2, 0);
    EXPECT_TRUE(assigned(1, 0));
    EXPECT_FALSE(assigned(1, 1));
    EXPECT_FALSE(assigned(1, 2 * DAY)) << "the address is the same";
    EXPECT_TRUE(assigned(2, 2 * DAY + 1));
    EXPECT_FALSE(assigned(3, 2 * DAY + 2));
    EXPECT_FALSE(registry_.recordAddress(NETWORK, cloneIdentifier(), mac(3), IpAddress(4), at(3)));
    EXPECT_FALSE(registry_.recordAddress(OTHER_NETWORK, cloneIdentifier(), mac(2), IpAddress(4), at(3)));
}

// R11: several threads record and ask at once. No event is lost, none is reported twice.
TEST_F(ConflictRegistryTest, rule11Threads) {
    std::atomic<size_t> reported{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (uint32_t claimant = 2; claimant < 202; ++claimant) {
                reported += block(claimant, 0).report ? 1 : 0;
                reported += registry_.recordAddress(NETWORK, cloneIdentifier(), mac(claimant),
                                                    IpAddress(claimant), at(0))
                                ? 1
                                : 0;
                EXPECT_TRUE(registry_.hasConflict(cloneIdentifier()));
                EXPECT_TRUE(isClaimant(NETWORK, cloneIdentifier(), mac(claimant)));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(reported, 400U);
    for (uint32_t claimant = 2; claimant < 202; ++claimant) {
        EXPECT_EQ(block(claimant, DAY).suppressed, 3U);
    }
}

// R12: a conflict that an operator closed, or whose machines were sealed, was cured. One that was erased was not.
TEST_F(ConflictRegistryTest, rule12CuredConflicts) {
    block(2, 0);
    EXPECT_FALSE(registry_.wasCured(cloneIdentifier()));
    EXPECT_TRUE(registry_.remove(NETWORK, cloneIdentifier()));
    EXPECT_TRUE(registry_.wasCured(cloneIdentifier()));
    EXPECT_FALSE(registry_.remove(NETWORK, identifierNumber(1))) << "as after a restart";
    EXPECT_TRUE(registry_.wasCured(identifierNumber(1)));
    for (const auto absence : {Absence::GONE, Absence::SEALED}) {
        ConflictRegistry registry(10, std::chrono::seconds(86400));
        registry.recordBlocked(ReportKind::SUSPECTED, NETWORK, cloneIdentifier(), mac(1), mac(2), at(0));
        const auto silent =
            registry.silentMachines(NETWORK, cloneIdentifier(), mac(1), std::chrono::seconds(1),
                                    std::chrono::seconds(1), at(HOUR));
        ASSERT_EQ(silent.value().size(), 1U);
        registry.markAbsent(NETWORK, cloneIdentifier(), silent->front(), absence);
        EXPECT_TRUE(registry.closeIfOver(NETWORK, cloneIdentifier()));
        EXPECT_EQ(registry.wasCured(cloneIdentifier()), absence == Absence::SEALED);
    }
}

// R12: the table keeps the last host name that each machine sent.
TEST(ConflictHostnames, rule12LastHostNameOfEachMachine) {
    ConflictRegistry registry(10, std::chrono::seconds(86400));
    const auto claimant = [&](double when, const std::string& name) {
        registry.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(when),
                                ConflictRegistry::Opening::ALLOWED, {name, "web-00", 77});
        return (registry.claimant(NETWORK, cloneIdentifier(), mac(2))->hostname);
    };
    EXPECT_EQ(claimant(0, ""), "");
    EXPECT_EQ(claimant(1, "web-02"), "web-02");
    EXPECT_EQ(claimant(2, ""), "web-02");
    EXPECT_EQ(claimant(3, "web-22"), "web-22");
    const auto holder = registry.view(NETWORK, cloneIdentifier())->holder_activity;
    EXPECT_EQ(holder.hostname, "web-00") << "of its lease, until it sends one";
    EXPECT_EQ(holder.leased, 77);
    registry.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(3.5));
    EXPECT_EQ(registry.view(NETWORK, cloneIdentifier())->holder_activity.leased, 77)
        << "the lease has another machine's hardware address now";
    registry.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::RENEWAL, at(4), "web-01");
    EXPECT_EQ(registry.view(NETWORK, cloneIdentifier())->holder_activity.hostname, "web-01");
    EXPECT_EQ(registry.view(NETWORK, cloneIdentifier())->client, "");
    registry.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(20),
                            ConflictRegistry::Opening::ALLOWED, {"", "", 0, "dhcpcd-9.4.1", {1, 3}});
    registry.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(2), Activity::BOOT, at(21));
    EXPECT_EQ(registry.view(NETWORK, cloneIdentifier())->client, "dhcpcd-9.4.1");
    EXPECT_EQ(registry.view(NETWORK, cloneIdentifier())->requested_options, (Bytes{1, 3}));
}

}  // namespace test
}  // namespace clone_guard
