// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_SERVER_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_SERVER_H

#include <tests/e2e/harness/servers/server_setup.h>
#include <tests/histories/rules/journal.h>
#include <tests/histories/rules/network.h>

#include <functional>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief A message and its reply. A late reply has no mark of its own.
struct Answer {
    Query query;
    std::optional<Packet> reply;
    bool overtaken = false;  ///< the host has sent another message meanwhile and ignores this reply
};

/// @brief The server that a history is played against: a real one, a simulated one, or a pair. In a pair each message,
/// kill and start names one of the two (see @ref EVERY_SERVER).
///
/// A function throws std::runtime_error if the server fails to do what it was asked to do.
class Server {
public:
    virtual ~Server() = default;

    virtual void start(unsigned server) = 0;
    virtual void kill(unsigned server) = 0;
    virtual void restart(unsigned server) = 0;
    virtual void reload(unsigned server) = 0;

    /// @brief Sets the policy of all servers; a server that is down gets it when it starts.
    virtual void setPolicy(const std::string& policy) = 0;

    /// @brief Returns the time of the server's clock in seconds. Only @ref advanceClock advances it.
    virtual uint64_t now() const = 0;

    /// @brief Advances the clock.
    ///
    /// @return true if all servers had to be restarted for it.
    virtual bool advanceClock(unsigned seconds) = 0;

    /// @brief Reclaims expired leases.
    ///
    /// @param remove Whether the server removes them as well.
    virtual void reclaim(bool remove) = 0;

    /// @brief Sets the server of a pair that will answer a message.
    ///
    /// @return false if neither will: the message names, or goes to, the server that leaves it to its partner. In this
    /// case the message has been sent.
    virtual bool route(Query&) {
        return (true);
    }

    virtual void send(const std::vector<Query>& queries) = 0;

    /// @brief Waits until each message is answered, or has been handled without a reply.
    ///
    /// @param owed Returns true for a message whose reply is worth a longer wait.
    virtual std::vector<Answer> collect(const std::function<bool(const Query&)>& owed) = 0;

    /// @brief Returns the replies that a killed server has sent; waits for those of its partner.
    virtual std::vector<Answer> leftovers() = 0;

    /// @brief Returns the rows written to the lease database since the last call, in order.
    virtual std::vector<Row> written() = 0;

    /// @brief Returns the leases that have changed because a server was killed or has returned: of two servers with
    /// separate leases another one decides from now on.
    virtual std::vector<Row> authorityChanges() {
        return {};
    }

    /// @brief Returns the leases that one of two servers still has, although those of its partner count and the partner
    /// has deleted them.
    virtual std::vector<Row> staleCopies() {
        return {};
    }

    /// @brief Returns the leases of the server.
    virtual std::vector<Row> leases() = 0;

    /// @brief Returns the conflicts that the server lists.
    virtual std::vector<Json> conflicts() = 0;

    /// @brief Returns the audit records of one server.
    virtual std::vector<Json> audit(unsigned server) = 0;

    /// @brief Returns all other failures of the server, in words.
    virtual std::vector<std::string> failures() = 0;

    /// @brief Returns the number of failures of stock Kea that @ref failures leaves out.
    virtual uint64_t excusedFailures() {
        return (0);
    }
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_SERVER_H
