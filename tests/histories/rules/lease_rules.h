// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_LEASE_RULES_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_LEASE_RULES_H

#include <tests/histories/rules/rule_context.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Finds the addresses that Kea itself has allocated twice.
///
/// Kea with several threads allocates an expired lease to every client that requests the address in the same instant:
/// no lock spans the look-up and the update. With stock Kea this affects clients that have nothing in common. The guard
/// can prevent it only if two of the clients present the identifier of the lease.
std::set<Address> findRaces(const std::vector<Change>& changes, uint64_t now);

/// @brief Checks the changes of leases: only the owner ends or changes its live lease (I2, I3, I5), and with takeover
/// "never" no host takes over an expired lease (R9).
class LeaseRule {
public:
    explicit LeaseRule(RuleContext& context) : context_(context) {}

    /// @brief Records the leases that their owners give up with messages that are sent together.
    void beforeSend(const std::vector<Query>& queries);

    void onChange(const Change& change);

private:
    bool hasAnonymous(const std::string& hw_address) const;
    void checkTakeover(const Change& change);

    using Owners = std::set<std::pair<Address, std::string>>;

    RuleContext& context_;
    Owners given_up_;
    Owners given_up_before_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_LEASE_RULES_H
