// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/conflicts/activity.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

// R10: a renewal after a message of the other machine, which itself renewed after a message of this one, is the proof.
TEST(ActivityTest, rule10EachRenewsAfterAMessageOfTheOther) {
    ActivityProof proof;
    MachineActivity one;
    MachineActivity two;
    EXPECT_FALSE(proof.record(mac(1), one, Activity::BOOT, at(0), nullptr));
    EXPECT_FALSE(proof.record(mac(2), two, Activity::BOOT, at(1), nullptr));
    EXPECT_FALSE(proof.record(mac(1), one, Activity::RENEWAL, at(2), nullptr));
    EXPECT_EQ(proof.comparedWith(mac(2)), mac(1));
    EXPECT_TRUE(proof.record(mac(2), two, Activity::RENEWAL, at(3), &one));
    EXPECT_EQ(proof.comparedWith(mac(2)), mac(1));
    EXPECT_EQ(proof.renewedBefore(), mac(1));
}

// R10: a machine is not compared with itself.
TEST(ActivityTest, rule10OneMachineProvesNothing) {
    ActivityProof proof;
    MachineActivity one;
    proof.record(mac(1), one, Activity::BOOT, at(0), nullptr);
    for (int renewal = 1; renewal < 5; ++renewal) {
        EXPECT_FALSE(proof.record(mac(1), one, Activity::RENEWAL, at(renewal), &one));
    }
}

// R10: a machine is active until the timeout has passed, or until it has released its lease.
TEST(ActivityTest, rule10IsActive) {
    ActivityProof proof;
    MachineActivity machine;
    proof.record(mac(1), machine, Activity::NONE, at(0), nullptr);
    EXPECT_TRUE(machine.isActive(std::chrono::seconds(30), at(29)));
    EXPECT_FALSE(machine.isActive(std::chrono::seconds(30), at(30)));
    machine.released = true;
    EXPECT_FALSE(machine.isActive(std::chrono::seconds(30), at(1)));
    proof.record(mac(1), machine, Activity::NONE, at(2), nullptr);
    EXPECT_TRUE(machine.isActive(std::chrono::seconds(30), at(3)));
}

}  // namespace test
}  // namespace clone_guard
