// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_KEA_TRANSPORT_H
#define CLONE_GUARD_TESTS_HISTORIES_KEA_TRANSPORT_H

#include <tests/e2e/harness/net/link.h>
#include <tests/histories/player/server.h>

#include <functional>
#include <map>
#include <set>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Sends messages together and waits for the replies.
///
/// A probe replaces a long wait for a missing reply: once the server answers the probe, an INFORM of a client of its own,
/// it has taken all messages before. With several threads it may handle some of them still; the barrier waits for these.
/// Each of two servers gets a probe of its own.
class Transport {
public:
    /// @param threaded Whether a later message may be answered first.
    /// @param barrier Waits until the server has handled all queries that it has started.
    Transport(Link& link, bool threaded, std::function<void()> barrier) :
        link_(link), threaded_(threaded), barrier_(std::move(barrier)) {}

    void send(const std::vector<Query>& queries);

    /// @brief Waits until each message is answered, or has been handled without a reply.
    ///
    /// @param owed Returns true for a message whose reply is worth a longer wait.
    /// @throw std::runtime_error if the server no longer answers.
    std::vector<Answer> collect(const std::function<bool(const Query&)>& owed);

    /// @brief Returns the replies that a killed server has sent.
    std::vector<Answer> leftovers();

    /// @brief Returns the replies that have arrived.
    std::vector<Answer> drain();

    /// @brief Forgets the messages to a killed server: they count neither as answered nor as unanswered.
    void forgetServer(unsigned server);

private:
    void sendProbes();
    void repeatProbes();
    void sendProbe(unsigned server);
    std::set<unsigned> serversInDoubt() const;
    void awaitProbes(std::vector<Answer>& answers);
    void turnTo(unsigned server);
    void take(const Packet& packet, std::vector<Answer>& answers);
    bool anyOwed(const std::function<bool(const Query&)>& owed) const;
    void reportSilence(std::vector<Answer>& answers);

    Link& link_;
    bool threaded_;
    std::function<void()> barrier_;
    std::map<uint32_t, Query> sent_;       ///< unanswered messages of this batch and of earlier ones
    std::set<uint32_t> waiting_;           ///< transactions of this batch that may get a reply
    std::map<unsigned, uint32_t> latest_;  ///< the latest transaction of each host
    std::vector<Query> unanswerable_;      ///< messages of this batch without a reply
    std::map<uint32_t, unsigned> probes_;  ///< transactions, and servers that have answered none
    uint32_t last_probe_ = 0x30000000;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_TRANSPORT_H
