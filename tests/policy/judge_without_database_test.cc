// SPDX-License-Identifier: MPL-2.0

#include "fake_evidence.h"
#include "support.h"

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

using Standing = Judgement::Standing;

class JudgeWithoutDatabaseTest : public ::testing::Test {
protected:
    Judgement ask(uint32_t machine, uint32_t relay = 1, bool forged = false) {
        evidence_.place_ = behindRelay(relay);
        const Question question{cloneIdentifier(), mac(machine), at(10), Stage::DISCOVERING, forged};
        return (judge_.judgeFromMemory(question, evidence_));
    }

    void remember(uint32_t holder, uint32_t claimant) {
        conflicts_.note(Told::SUSPECTED, "subnet 1", cloneIdentifier(), mac(holder), mac(claimant),
                        at(0));
    }

    ClaimTable claims_{std::chrono::seconds(30), 1024};
    ConflictTable conflicts_{10, std::chrono::seconds(86400)};
    Judge judge_{claims_, conflicts_};
    FakeEvidence evidence_;
};

}  // namespace

// R13: everybody who is not known as a claimant passes, at no cost.
TEST_F(JudgeWithoutDatabaseTest, rule13UnknownPasses) {
    EXPECT_EQ(ask(1).standing, Standing::PASSES);
    EXPECT_EQ(evidence_.asked_renewal_ + evidence_.asked_records_ + evidence_.asked_derived_ +
                  evidence_.asked_networks_,
              0);
    remember(1, 2);
    EXPECT_EQ(ask(1).standing, Standing::PASSES);
    EXPECT_EQ(ask(3).standing, Standing::PASSES);
    EXPECT_EQ(evidence_.asked_renewal_ + evidence_.asked_records_ + evidence_.asked_derived_, 0)
        << "the database is not asked again";
}

// R13: a known claimant stays one, in the network where it is one.
TEST_F(JudgeWithoutDatabaseTest, rule13ClaimantStaysOne) {
    remember(1, 2);
    const auto judgement = ask(2);
    EXPECT_EQ(judgement.standing, Standing::CLAIMANT);
    EXPECT_TRUE(judgement.conflicting);
    EXPECT_EQ(judgement.holder.address, mac(1));
    EXPECT_EQ(judgement.network.key, "subnet 1");
    EXPECT_EQ(ask(2, 2).standing, Standing::PASSES);
}

// R1: a derived identifier from the wire is not believed now either.
TEST_F(JudgeWithoutDatabaseTest, rule01Forged) {
    EXPECT_EQ(ask(1, 1, true).standing, Standing::CLAIMANT);
}

// R5: off is off.
TEST_F(JudgeWithoutDatabaseTest, rule05Off) {
    remember(1, 2);
    evidence_.networks_.at(1).settings.policy = Policy::OFF;
    EXPECT_EQ(ask(2).standing, Standing::PASSES);
    EXPECT_EQ(ask(1, 1, true).standing, Standing::PASSES);
}

}  // namespace test
}  // namespace clone_guard
