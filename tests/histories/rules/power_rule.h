// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_POWER_RULE_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_POWER_RULE_H

#include <tests/e2e/harness/servers/server_setup.h>
#include <tests/histories/rules/rule_context.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Checks that no conflict ends because machines are switched off (I8, R10).
///
/// While a confirmed conflict is open, a host that comes back gets the address that it had, if its lease is still on
/// record. And no machine is reported as new twice within `audit-repeat`.
class PowerRule {
public:
    explicit PowerRule(RuleContext& context) : context_(context) {}

    /// @brief Records that a host is switched off.
    void switchOff(unsigned host);

    /// @brief Checks whether a host comes back with this message and has a lease on record.
    bool comesBack(const Query& query) const;

    /// @brief Records the address that a host has to get.
    ///
    /// @param audit The audit records of the server that gets the message, so far.
    /// @param alone Whether the message is sent alone: otherwise another host can take an expired lease.
    void beforeSend(const Query& query, const std::vector<Json>& audit, bool alone);

    /// @brief Checks a message of a host without a reply.
    void onSilence(const Query& query);

    /// @brief Checks a reply to a host.
    void onReply(const Query& query, const Packet& reply);

    /// @brief Records that the library of a server is a new instance: it reports each machine once more.
    ///
    /// @param audit The audit records of the server so far.
    void beginInstance(unsigned server, const std::vector<Json>& audit);

    /// @brief Checks the audit records of the last instance on a server.
    void finish(unsigned server, const std::vector<Json>& audit);

    /// @brief Returns the number of hosts that came back to a confirmed conflict and had a lease on record.
    uint64_t returns() const {
        return (returns_);
    }

    /// @brief Returns how many of these had a lease that they had released.
    uint64_t returnsAfterRelease() const {
        return (returns_after_release_);
    }

private:
    bool isConfirmed(const Query& query, const std::vector<Json>& audit) const;
    std::optional<Address> recordedAddress(const Host& host) const;
    void checkSightings(unsigned server, const std::vector<Json>& audit);

    RuleContext& context_;
    std::map<unsigned, Address> off_;  ///< hosts that are off, and the addresses that they had
    std::map<uint32_t, Address>
        expected_;  ///< transactions, and the addresses that the hosts have to get
    /// @brief The number of audit records of earlier instances, by server. Servers do not share what they know.
    std::map<unsigned, size_t> instances_;
    uint64_t returns_ = 0;
    uint64_t returns_after_release_ = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_POWER_RULE_H
