// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_STALE_LEASES_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_STALE_LEASES_H

#include <tests/histories/rules/journal.h>
#include <tests/histories/rules/network.h>

#include <map>
#include <set>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

struct RuleContext;

/// @brief Excuses what a pair in Kea's high availability cannot prevent: a server that returns brings back leases that
/// its partner has deleted meanwhile.
///
/// A host may have several leases then. Kea uses the first one that it finds, even if that one has expired, as long as
/// there are several. Stock Kea does the same: HaSplit.stockKeaBringsBackWhatWasReleased.
class StaleLeasesRule {
public:
    explicit StaleLeasesRule(RuleContext& context) : context_(context) {}

    /// @brief Records a lease that a returning server has brought back.
    void onServerReturn(const Change& change);

    /// @brief Sets the leases that a returning server has kept, and that do not count: in load balancing the other one
    /// decides on their addresses. The server that has them still uses them for the clients that it answers.
    void setCopies(const std::vector<Row>& copies);

    /// @brief Records a change: a lease that a server writes again is no longer stale.
    void onChange(const Change& change);

    /// @brief Checks whether a lease was brought back and has not been written since.
    bool isStale(Address address) const {
        return (stale_.count(address) != 0 || copies_.count(address) != 0);
    }

    /// @brief Checks whether a stale lease has given a host several leases, and the host still has several.
    bool hasSeveralLeases(const Host& host);

    /// @brief Counts a message that is excused for this reason.
    void excuse() {
        ++excused_;
    }

    uint64_t excused() const {
        return (excused_);
    }

private:
    std::set<Address> leasesOf(const Host& host, bool own) const;
    void update(const Host& host);
    void updateAll();

    RuleContext& context_;
    std::set<Address> stale_;
    std::map<Address, Row> copies_;  ///< stale leases that do not count
    std::set<unsigned>
        several_leases_;  ///< hosts with several leases under their identifiers, of any owner
    std::set<unsigned> several_leases_of_own_;  ///< hosts with several leases of their own
    uint64_t excused_ = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_STALE_LEASES_H
