// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_WAITING_RULE_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_WAITING_RULE_H

#include <tests/histories/rules/rule_context.h>

#include <map>
#include <set>
#include <string>
#include <utility>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Checks that asking and never taking a lease keeps no host off the network (R3).
///
/// A host that asks one server at least once in each claim window, while no machine has a lease of its identifier, is
/// served within three windows for each rival. A host that has not taken an offer itself has to wait longer.
class WaitingRule {
public:
    explicit WaitingRule(RuleContext& context) : context_(context) {}

    /// @brief Records a message of a host.
    void beforeSend(const Query& query);

    /// @brief Records that a machine presents an identifier, in a network or in all networks.
    void recordRival(const std::string& identifier, const std::string& hw_address);

    /// @brief Records a reply to a host.
    void onReply(const Query& query, const Packet& reply);

    /// @brief Checks a message of a host without a reply.
    void onSilence(const Query& query);

    /// @brief Forgets how long hosts have waited.
    void forget() {
        waiting_.clear();
        not_taken_.clear();
    }

private:
    struct Waiting {
        uint64_t since = 0;
        uint64_t latest = 0;
        std::set<std::string> rivals;
    };

    bool maySucceed(const Host& host) const;

    RuleContext& context_;
    using Machine = std::pair<std::string, std::string>;  ///< hardware address and identifier

    /// @brief The hosts without an answer, and the server that they ask: servers do not share claims.
    std::map<std::pair<unsigned, Machine>, Waiting> waiting_;
    /// @brief When each host got an offer last that it has not taken.
    std::map<Machine, uint64_t> not_taken_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_WAITING_RULE_H
