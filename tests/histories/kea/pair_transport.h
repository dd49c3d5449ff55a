// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_TRANSPORT_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_TRANSPORT_H

#include <tests/e2e/harness/net/link.h>
#include <tests/histories/player/server.h>

#include <functional>
#include <map>
#include <set>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief The way to two servers in high availability: relays send everything to both, and one answers.
class PairWire {
public:
    /// @brief What it needs to know about the servers.
    struct Servers {
        std::function<bool(unsigned)> up;       ///< whether a server runs
        std::function<void(unsigned)> barrier;  ///< waits until it has done with what it has begun with
        std::function<bool()> agree;            ///< whether both have written what the other has
        std::function<void()> differ;           ///< called where they do not come to that
        bool divided = false;                   ///< whether it depends on who asks which of them answers
    };

    PairWire(Link& link, Servers servers) : link_(link), servers_(std::move(servers)) {}

    /// @brief Who answers a message that goes to both, as far as that depends on who asks.
    ///
    /// Found by asking, and the same for ever.
    unsigned scopeOf(const Packet& packet);

    void send(const std::vector<Query>& queries);

    /// @brief Sends a message to a server that is expected to leave it to the other one.
    void sendInVain(const Query& query);

    /// @brief See @ref Server::collect.
    std::vector<Answer> collect(const std::function<bool(const Query&)>& owed);

    /// @brief Takes what a server left behind that is no more.
    std::vector<Answer> leftovers();

    /// @brief How often one answered that had to leave it to the other.
    unsigned wrongAnswers() const {
        return (wrong_answers_);
    }

private:
    Packet question(const Bytes& hw_address);
    unsigned answerer(const Packet& packet);
    Bytes bystander(unsigned server);
    void settle(std::vector<Answer>& answers);
    void awaitSentinels(std::vector<Answer>& answers);
    void awaitAgreement();
    void take(const Packet& packet, std::vector<Answer>& answers);
    bool anyOwed(const std::function<bool(const Query&)>& owed) const;
    void turnToBoth();

    Link& link_;
    Servers servers_;
    std::map<Bytes, unsigned> scopes_;      ///< by what Kea divides the work
    std::map<unsigned, Bytes> bystanders_;  ///< one whom each server answers
    std::map<uint32_t, Query> sent_;        ///< not answered, of this batch and of earlier ones
    std::set<uint32_t> waiting_;            ///< transactions of this batch that want a reply
    std::map<unsigned, uint32_t> latest_;   ///< of each host
    std::set<uint32_t> in_vain_;            ///< transactions that nobody was to answer
    std::set<uint32_t> sentinels_;          ///< on their way
    bool unanswerable_ = false;             ///< whether there is in this batch what is never answered
    unsigned wrong_answers_ = 0;
    uint32_t last_question_ = 0x30000000;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_TRANSPORT_H
