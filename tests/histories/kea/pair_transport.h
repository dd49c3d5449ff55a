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

/// @brief Sends messages to two servers in high availability: relays send each message to both, and one server answers.
class PairTransport {
public:
    /// @brief Access to the servers.
    struct Servers {
        std::function<bool(unsigned)> up;  ///< checks whether a server runs
        std::function<void(unsigned)>
            barrier;  ///< waits until a server has handled the messages that it has received
        std::function<bool()> agree;               ///< checks whether both servers have the same leases
        std::function<void()> report_differences;  ///< called if the servers fail to agree
        bool divided = false;                      ///< whether the client decides which server answers
    };

    PairTransport(Link& link, Servers servers) : link_(link), servers_(std::move(servers)) {}

    /// @brief Returns the server that answers a client whose messages go to both.
    ///
    /// The first call for a client sends a probe; the result does not change later.
    unsigned scopeOf(const Packet& packet);

    void send(const std::vector<Query>& queries);

    /// @brief Sends a message to a server that has to leave it to its partner.
    void sendUnanswered(const Query& query);

    /// @brief See @ref Server::collect.
    std::vector<Answer> collect(const std::function<bool(const Query&)>& owed);

    /// @brief Returns the replies that a killed server has sent.
    std::vector<Answer> leftovers();

    /// @brief Returns the number of replies from a server that had to leave the message to its partner.
    unsigned wrongAnswers() const {
        return (wrong_answers_);
    }

private:
    Packet probe(const Bytes& hw_address);
    unsigned answerer(const Packet& packet);
    Bytes probeOf(unsigned server);
    void settle(std::vector<Answer>& answers);
    void awaitSentinels(std::vector<Answer>& answers);
    void awaitAgreement();
    void take(const Packet& packet, std::vector<Answer>& answers);
    bool anyOwed(const std::function<bool(const Query&)>& owed) const;
    void turnToBoth();

    Link& link_;
    Servers servers_;
    std::map<Bytes, unsigned> scopes_;     ///< the server of a client, by the key that Kea hashes
    std::map<unsigned, Bytes> probes_;     ///< the client of each server that sends probes
    std::map<uint32_t, Query> sent_;       ///< unanswered messages of this batch and of earlier ones
    std::set<uint32_t> waiting_;           ///< transactions of this batch that may get a reply
    std::map<unsigned, uint32_t> latest_;  ///< the latest transaction of each host
    std::set<uint32_t> must_not_answer_;   ///< transactions that neither server may answer
    std::set<uint32_t> sentinels_;         ///< sentinels without a reply yet
    bool unanswerable_ = false;            ///< whether this batch has a message without a reply
    unsigned wrong_answers_ = 0;
    uint32_t last_probe_ = 0x30000000;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_PAIR_TRANSPORT_H
