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

/// @brief Sends messages back to back and waits for what comes.
///
/// Silence costs next to nothing. When nothing comes, a sentinel follows: once that is answered, what was sent
/// before has been handled. With one thread it is the INFORM of a bystander. With several it has to be a
/// message that waits for its turn behind the one in question: a REQUEST from the same hardware address, for
/// which there is but a NAK. Of two servers each has to answer one of its own.
class Wire {
public:
    /// @param threaded whether a later message may be answered first.
    /// @param barrier waits until the server has done with all queries that it has begun with.
    Wire(Link& link, bool threaded, std::function<void()> barrier) :
        link_(link), threaded_(threaded), barrier_(std::move(barrier)) {}

    void send(const std::vector<Query>& queries);

    /// @brief Waits until all that was sent is answered or has been handled in silence.
    ///
    /// @param owed says whether it is worth while to wait longer for a reply.
    /// @throw std::runtime_error if the server answers nobody.
    std::vector<Answer> collect(const std::function<bool(const Query&)>& owed);

    /// @brief Takes what a server left behind that is no more.
    std::vector<Answer> leftovers();

    /// @brief Takes what has come.
    std::vector<Answer> drain();

    /// @brief One of two servers is no more: what was sent to it is waited for no longer, and is no silence.
    void lose(unsigned server);

private:
    void sendSentinels();
    void sendSentinel(unsigned server, const Bytes& hw_address);
    void awaitBystanders(std::vector<Answer>& answers);
    void turnTo(unsigned server);
    void take(const Packet& packet, std::vector<Answer>& answers);
    bool anyOwed(const std::function<bool(const Query&)>& owed) const;
    void giveUp(std::vector<Answer>& answers);

    Link& link_;
    bool threaded_;
    std::function<void()> barrier_;
    std::map<uint32_t, Query> sent_;       ///< not answered, of this batch and of earlier ones
    std::set<uint32_t> waiting_;           ///< transactions of this batch that want a reply
    std::map<unsigned, uint32_t> latest_;  ///< of each host
    std::vector<Query> unanswerable_;      ///< of this batch: what is never answered
    std::set<uint32_t> sentinels_;         ///< on their way
    bool in_turn_ = false;                 ///< whether several were sent behind one hardware address
    uint32_t last_sentinel_ = 0x30000000;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_KEA_TRANSPORT_H
