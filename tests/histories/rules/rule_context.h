// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_RULE_CONTEXT_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_RULE_CONTEXT_H

#include <tests/histories/rules/concurrent_servers.h>
#include <tests/histories/rules/journal.h>
#include <tests/histories/rules/network.h>
#include <tests/histories/rules/stale_leases.h>

#include <set>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief The state that the rules read, and the violations that they find.
struct RuleContext {
    SimulatedNetwork network;
    Journal journal;
    std::string policy;
    std::string takeover;
    /// @brief Whether the rules apply now. A history of a guarding policy that switches to "monitor" or "off" for a
    /// while suspends them for that time.
    bool enforced = true;
    /// @brief Whether only strangers have sent the present messages.
    bool strangers_only = false;
    /// @brief Addresses that Kea has just allocated twice in a race that the guard does not see.
    std::set<Address> races;
    /// @brief The exceptions for two servers on one database.
    ConcurrentServersRule concurrent_servers{*this};
    /// @brief The exceptions for a pair in Kea's high availability.
    StaleLeasesRule stale_leases{*this};
    std::vector<std::string> violations;

    const Host& hostOf(const Query& query) const {
        return (network.hosts().at(query.host));
    }

    /// @brief Checks whether a row is a lease of the host, under its own identifier or its derived identifier.
    bool isLeaseOf(const Row& row, const Host& host) const;

    /// @brief Checks whether the identifier of a row imitates the derived identifier of another machine.
    ///
    /// Only a forger under a policy without guarding gets such a lease, and it has no right to the lease.
    static bool isForged(const Row& row);

    /// @brief Returns the rule that a harm to a host breaks: I7 if only strangers can have caused it.
    std::string ruleOr(const std::string& rule) const {
        return (strangers_only ? "I7" : rule);
    }

    void addViolation(const std::string& text) {
        violations.push_back(text);
    }
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_RULE_CONTEXT_H
