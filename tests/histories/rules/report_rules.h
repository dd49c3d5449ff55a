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

    /// @brief Records that a stranger is about to present an identifier, in whatever network.
    void recordStranger(const Query& query, const Bytes& identifier, const std::string& hw_address);

    /// @brief Records whether the next messages are sent together: a lease may begin while they are handled.
    void beginBatch(bool together) {
        together_ = together;
    }

    /// @brief Checks an audit record.
    void checkAuditRecord(const Json& record);

    /// @brief Checks a conflict that clone-guard-conflict-get-all lists.
    void checkListedConflict(const Json& conflict);

private:
    void allowForgedIdentifier(unsigned network, const Bytes& forged, const Bytes& hw_address);
    void checkPresented(const std::string& identifier, unsigned network, std::set<std::string> named,
                        const Json& record);

    void recordRenewal(const Query& query, const std::string& identifier, const std::string& hw_address);
    void checkProof(const Json& record);

    RuleContext& context_;
    bool together_ = false;
    using Machines = std::map<std::pair<unsigned, std::string>, std::set<std::string>>;

    Machines presented_;  ///< the hardware addresses that presented an identifier in a network
    Machines renewed_;    ///< those that renewed a live lease of it, or a live lease of their own
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_REPORT_RULES_H
