// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_CLAIM_RULES_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_CLAIM_RULES_H

#include <tests/histories/rules/rule_context.h>

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Checks that each server, network, identifier and claim window has one winner (R3, R6).
///
/// The first host that presents an identifier without a live lease, after a time without claims, has the claim. Until
/// the claim expires no other host gets a lease of this identifier, and no claimant gets the address of an expired one.
class ClaimRule {
public:
    explicit ClaimRule(RuleContext& context) : context_(context) {}

    /// @brief Records the claims of messages that are sent together.
    void beforeSend(const std::vector<Query>& queries);

    /// @brief Records that a stranger is about to present an identifier: it may win the claim.
    void recordStranger(const std::string& identifier, const std::string& hw_address);

    void onChange(const Change& change);

    /// @brief Forgets the claims of one server, or of all: a new instance of the library has none.
    void forget(unsigned server);

private:
    struct ClaimState {
        std::map<std::string, uint64_t>
            asked;  ///< when each hardware address presented the identifier last
        /// @brief When each hardware address has presented the identifier first since it had a lease of it.
        std::map<std::string, uint64_t> asked_first;
        std::string winner;
        uint64_t until = 0;
    };
    /// @brief Server, network and identifier: a claim is in the memory of one server.
    using Key = std::tuple<unsigned, unsigned, std::string>;

    bool passes(const Key& key, const Host& host) const;
    void endClaim(const Query& query);
    const ClaimState* claimOfAnother(const Key& key, const std::string& hw_address) const;

    RuleContext& context_;
    std::map<Key, ClaimState> claims_;
    /// @brief The last server of a host, by hardware address and identifier as in its lease.
    std::map<std::pair<std::string, std::string>, unsigned> last_server_;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_CLAIM_RULES_H
