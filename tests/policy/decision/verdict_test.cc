// SPDX-License-Identifier: MPL-2.0

#include <core/decision/verdict.h>

#include <gtest/gtest.h>

#include <vector>

namespace clone_guard {
namespace test {

namespace {

struct VerdictCase {
    int line;
    Policy policy;
    Message message;
    bool harms;
    Verdict verdict;
};

}  // namespace

// R5, R6, R7, R8: the verdict of each policy on each message of a claimant.
TEST(VerdictTest, rule05WholeTable) {
    std::vector<VerdictCase> cases;
    for (const auto message :
         {Message::DISCOVER, Message::REQUEST, Message::RELEASE, Message::DECLINE}) {
        for (const bool harms : {false, true}) {
            cases.push_back({__LINE__, Policy::OFF, message, harms, Verdict::PASS});
            cases.push_back({__LINE__, Policy::MONITOR, message, harms, Verdict::REPORT});
            cases.push_back({__LINE__, Policy::MAC_FALLBACK, message, harms, Verdict::DERIVE});
        }
    }
    const auto refuse = Policy::REFUSE;
    cases.push_back({__LINE__, refuse, Message::DISCOVER, false, Verdict::DROP});
    cases.push_back({__LINE__, refuse, Message::DISCOVER, true, Verdict::DROP});
    // R7: a query for an earlier lease is dropped, so that the lease expires. Any other REQUEST gets the server's own
    // answer.
    cases.push_back({__LINE__, refuse, Message::REQUEST, true, Verdict::DROP});
    cases.push_back({__LINE__, refuse, Message::REQUEST, false, Verdict::REFUSE});
    // R8: every policy that acts blocks the message by the derived identifier.
    for (const auto message : {Message::RELEASE, Message::DECLINE}) {
        for (const bool harms : {false, true}) {
            cases.push_back({__LINE__, refuse, message, harms, Verdict::REFUSE});
        }
    }
    ASSERT_EQ(cases.size(), 4U * 4U * 2U);
    for (const auto& one : cases) {
        SCOPED_TRACE("line " + std::to_string(one.line) + ", message " +
                     std::to_string(static_cast<int>(one.message)));
        EXPECT_EQ(decide(one.policy, one.message, one.harms), one.verdict);
    }
}

// R7: only a REQUEST in INIT-REBOOT that the server handles under the derived identifier needs a NAK, and never one of
// firmware.
TEST(VerdictTest, rule07NeedsNak) {
    for (const auto stage : {Stage::DISCOVERING, Stage::SELECTING, Stage::REBOOTING, Stage::RENEWING}) {
        for (const auto verdict :
             {Verdict::PASS, Verdict::REPORT, Verdict::DERIVE, Verdict::REFUSE, Verdict::DROP}) {
            const bool handled = verdict == Verdict::DERIVE || verdict == Verdict::REFUSE;
            EXPECT_EQ(needsNak(verdict, stage, false), handled && stage == Stage::REBOOTING);
            EXPECT_FALSE(needsNak(verdict, stage, true));
        }
    }
}

// R11: the audit field `action` names the action in the words of the configuration.
TEST(VerdictTest, actionText) {
    EXPECT_EQ(actionText(Verdict::PASS), "none");
    EXPECT_EQ(actionText(Verdict::REPORT), "none");
    EXPECT_EQ(actionText(Verdict::DERIVE), "mac-fallback");
    EXPECT_EQ(actionText(Verdict::REFUSE), "refuse");
    EXPECT_EQ(actionText(Verdict::DROP), "refuse");
}

}  // namespace test
}  // namespace clone_guard
