// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_STRANGER_RULE_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_STRANGER_RULE_H

#include <tests/histories/rules/claim_rules.h>
#include <tests/histories/rules/report_rules.h>
#include <tests/histories/rules/waiting_rule.h>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Checks that a stranger gets no address that a host uses (I7), and informs the rules about hosts of what
/// strangers send.
///
/// The other rules check the rest of I7: after a message of a stranger each host still has its lease, and the host gets
/// an answer with its address afterwards.
class StrangerRule {
public:
    StrangerRule(RuleContext& context, ClaimRule& claims, ReportRule& reports, WaitingRule& waiting) :
        context_(context), claims_(claims), reports_(reports), waiting_(waiting) {}

    /// @brief Records the identifier that a stranger is about to send.
    void beforeSend(const Query& query);

    /// @brief Checks a reply to a stranger.
    void onReply(const Query& query, const Packet& reply);

private:
    RuleContext& context_;
    ClaimRule& claims_;
    ReportRule& reports_;
    WaitingRule& waiting_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_STRANGER_RULE_H
