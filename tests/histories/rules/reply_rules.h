// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_REPLY_RULES_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_REPLY_RULES_H

#include <tests/histories/rules/rule_context.h>

#include <map>
#include <optional>
#include <string>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Checks the replies: no two hosts share an address (I1), the holder keeps its address (I2), and so does a
/// claimant (I3). Each reply carries the client's own option 61 (I4).
class ReplyRule {
public:
    explicit ReplyRule(RuleContext& context) : context_(context) {}

    /// @brief Records the reply that the server owes to a message that is about to be sent.
    void beforeSend(const Query& query);

    /// @brief Checks the reply to a message.
    void onReply(const Query& query, const Packet& reply);

    /// @brief Checks a message without a reply.
    void onSilence(const Query& query);

    /// @brief Checks whether the server owes a reply, so that a longer wait is worthwhile.
    bool expectsReply(const Query& query) const {
        return (expected_replies_.count(query.packet.xid) != 0);
    }

    /// @brief Forgets the expected replies: a server that was stopped owes none.
    void forget() {
        expected_replies_.clear();
        missed_offers_.clear();
    }

    /// @brief Resumes the rules after "monitor" or "off".
    ///
    /// Under these policies clones share addresses as with stock Kea, and their leases cannot be repaired afterwards.
    /// A host that uses an address without its lease stops using the address.
    void enforceAgain();

    /// @brief Checks that the lease of a host agrees with the reply that the host got (I5).
    void checkLease(const Host& host);

    /// @brief Stops the use of addresses that hosts have lost in a race, as without the guard.
    void excuseRaces();

private:
    struct ExpectedReply {
        Address address;
        bool derived = false;
        bool may_return = false;  ///< R9: with this message a claimant may return to its identifier
    };

    std::optional<ExpectedReply> expectedReplyTo(const Query& query);
    bool mayReturn(const Query& query) const;
    void checkEcho(const Query& query, const Packet& reply);
    void checkShared(const Host& host);

    RuleContext& context_;
    std::map<uint32_t, ExpectedReply> expected_replies_;
    std::map<std::string, uint64_t> missed_offers_;  ///< when a claimant that may return got no offer
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_REPLY_RULES_H
