// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_CONCURRENT_SERVERS_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_CONCURRENT_SERVERS_H

#include <tests/histories/rules/network.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

struct RuleContext;

/// @brief Excuses what two servers on one lease database cannot prevent, and checks how long it lasts.
///
/// A collision: REQUESTs of several hosts with one identifier arrive at both servers at the same time, and there is no
/// live lease of the identifier. Each server reads the database before the other one has written, finds no lease, and
/// lets its host pass. Kea goes by the identifier, so both hosts are one client for Kea. Then the hosts may share an
/// address, one host may lose its lease to the other, or each host has a lease of the identifier. The effect on a host
/// has to end with the next message of its own that is answered, outside of a collision.
class ConcurrentServersRule {
public:
    explicit ConcurrentServersRule(RuleContext& context) : context_(context) {}

    /// @brief Finds collisions among messages that are sent together.
    void beforeSend(const std::vector<Query>& queries);

    /// @brief Finds the hosts that a collision affects, and those that have recovered.
    void afterReplies();

    /// @brief Records a reply before the host gets it.
    void onReply(const Query& query, const Packet& reply);

    /// @brief Checks whether the owner of a lease takes part in the present collision.
    bool excuses(const std::string& hw_address, const std::string& client_id) const;

    /// @brief Checks whether a host takes part in the present collision, or is still affected by an earlier one.
    bool excuses(const Host& host) const {
        return (colliding_.count(host.number) != 0 || isAffected(host));
    }

    /// @brief Checks whether a collision has left several leases of a host's identifier, live or expired.
    ///
    /// Kea uses the first lease that it finds, even if that one has expired.
    bool hasDuplicates(const Host& host) const {
        return (duplicates_.count({host.network, host.identifierText()}) != 0);
    }

    bool isAffected(const Host& host) const {
        return (affected_.count(host.number) != 0);
    }

    /// @brief Accepts the present leases: several owners of one identifier are not the result of a collision.
    void forgetLeases();

    uint64_t collisions() const {
        return (collisions_);
    }

    /// @brief Returns the number of hosts that a collision has affected.
    uint64_t affected() const {
        return (affected_total_);
    }

    /// @brief Returns the longest time in seconds of the servers' clock until an affected host recovered.
    uint64_t longest() const {
        return (longest_);
    }

    /// @brief Returns the number of hosts that lost their lease because of another lease of their identifier.
    uint64_t displaced() const {
        return (displaced_);
    }

    /// @brief Returns the longest time in seconds between a collision and the loss of a lease.
    uint64_t latest() const {
        return (latest_);
    }

private:
    using Identity = std::pair<unsigned, std::string>;  ///< network, identifier

    bool isFree(const Identity& identity, const std::vector<Query>& queries) const;
    bool usesOwnLease(const Host& host) const;
    void checkLeases();
    void recordRecovery(unsigned host);

    RuleContext& context_;
    std::map<unsigned, Identity> colliding_;   ///< hosts with messages in the present collision
    std::map<unsigned, uint64_t> affected_;    ///< hosts, and since when
    std::set<unsigned> answered_;              ///< hosts with a reply to one of the present messages
    std::map<Identity, uint64_t> duplicates_;  ///< identifiers with several leases, and since when
    uint64_t collisions_ = 0;
    uint64_t affected_total_ = 0;
    uint64_t longest_ = 0;
    uint64_t displaced_ = 0;
    uint64_t latest_ = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_CONCURRENT_SERVERS_H
