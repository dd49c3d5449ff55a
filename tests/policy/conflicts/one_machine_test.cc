// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/one_machine.h>
#include <core/explain/one_machine_text.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

ConflictFacts
named(const char* hostname, const char* holder) {
    ConflictFacts facts;
    facts.claimants = 1;
    facts.hostname = hostname;
    facts.holder_hostname = holder;
    return (facts);
}

}  // namespace

// R12: one claimant with the holder's host name may be the holder. Leases may have a completed name in lower case.
TEST(OneMachineTest, rule12SameHostName) {
    EXPECT_EQ(findOneMachine(named("web-01", "web-01")), OneMachine::HOST_NAME);
    EXPECT_EQ(findOneMachine(named("WEB-01", "web-01.example.org.")), OneMachine::HOST_NAME);
    for (const auto& [one, other] :
         std::vector<std::pair<const char*, const char*>>{{"web-01", "web-02"},
                                                          {"web-01", "web-011"},
                                                          {"web-01", ""},
                                                          {"", ""},
                                                          {".", "."},
                                                          {"localhost", "localhost"}}) {
        EXPECT_EQ(findOneMachine(named(one, other)), OneMachine::NONE) << one << " " << other;
    }
}

// R12: a template gives its host name to all clones, so the name says nothing about several claimants.
TEST(OneMachineTest, rule12SeveralClaimants) {
    auto facts = named("debian", "debian");
    facts.claimants = 2;
    EXPECT_EQ(findOneMachine(facts), OneMachine::NONE);
}

// R12: a bond, a bridge or a team may have each of its addresses in turn.
TEST(OneMachineTest, rule12Aggregate) {
    auto facts = named("web-01", "web-02");
    facts.aggregate = true;
    facts.claimants = 3;
    EXPECT_EQ(findOneMachine(facts), OneMachine::AGGREGATE);
}

// R10, R12: two machines that were active at the same time are two machines.
TEST(OneMachineTest, rule10ConfirmedConflict) {
    auto facts = named("web-01", "web-01");
    facts.aggregate = true;
    facts.level = Level::CONFIRMED;
    EXPECT_EQ(findOneMachine(facts), OneMachine::NONE);
}

// R12: the text for each value of the audit field. An unknown value has no reason.
TEST(OneMachineTest, rule12Text) {
    EXPECT_EQ(toText(OneMachine::NONE), "");
    EXPECT_EQ(oneMachineText(toText(OneMachine::HOST_NAME), "ens18"),
              "both may be one machine that changed its hardware address (same host name)");
    EXPECT_EQ(oneMachineText(toText(OneMachine::AGGREGATE), "bond0"),
              "both may be one machine that changed its hardware address (interface bond0)");
    EXPECT_EQ(oneMachineText("by-magic", "bond0"),
              "both may be one machine that changed its hardware address");
}

}  // namespace test
}  // namespace clone_guard
