// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_REPORT_RULES_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_REPORT_RULES_H

#include <tests/e2e/harness/servers/server_setup.h>
#include <tests/histories/rules/rule_context.h>

#include <map>
#include <set>
#include <string>
#include <utility>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Checks that every reported conflict has happened (I6).
class ReportRule {
public:
    explicit ReportRule(RuleContext& context) : context_(context) {}

    void beforeSend(const Query& query);

    /// @brief Checks an audit record.
    void checkAuditRecord(const Json& record);

    /// @brief Checks a conflict that clone-guard-conflict-get-all lists.
    void checkListedConflict(const Json& conflict);

private:
    void allowForgedIdentifier(const Query& query);
    void checkPresented(const std::string& identifier, unsigned network, std::set<std::string> named,
                        const Json& record);

    RuleContext& context_;
    std::map<std::pair<unsigned, std::string>, std::set<std::string>> presented_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_REPORT_RULES_H
