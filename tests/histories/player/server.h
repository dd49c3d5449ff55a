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

/// @brief A message and what the server said to it; a reply that came late has no other mark.
struct Answer {
    Query query;
    std::optional<Packet> reply;
    bool overtaken = false;  ///< its host has sent something else meanwhile and does not listen
};

/// @brief What a history is played against: a real server, or one that is simulated; or a pair of them, of which
/// each message, kill and start names one (see @ref EVERY_SERVER).
///
/// Whatever it is told to do and cannot do ends in a std::runtime_error.
class Server {
public:
    virtual ~Server() = default;

    virtual void start(unsigned server) = 0;
    virtual void kill(unsigned server) = 0;
    virtual void restart(unsigned server) = 0;
    virtual void reload(unsigned server) = 0;

    /// @brief Of all of them; one that is down has it when it comes back.
    virtual void setPolicy(const std::string& policy) = 0;

    /// @brief Its clock, in seconds. Only @ref advanceClock moves it.
    virtual uint64_t now() const = 0;

    /// @return whether all of them had to be started anew for that.
    virtual bool advanceClock(unsigned seconds) = 0;

    /// @brief Reclaims the leases that have run out, and removes their records if so told.
    virtual void reclaim(bool remove) = 0;

    /// @brief Notes in a message of two servers which of them will take it.
    ///
    /// @return false if none will: it names, or goes to, the one that leaves it to the other. It is sent by then.
    virtual bool route(Query&) {
        return (true);
    }

    virtual void send(const std::vector<Query>& queries) = 0;

    /// @brief Waits until all that was sent is answered or has been handled in silence.
    ///
    /// @param owed says whether it is worth while to wait longer for a reply.
    virtual std::vector<Answer> collect(const std::function<bool(const Query&)>& owed) = 0;

    /// @brief Takes what a server left behind that was killed; another is waited for.
    virtual std::vector<Answer> leftovers() = 0;

    /// @brief What it has written to the lease database since the last call, in order.
    virtual std::vector<Row> written() = 0;

    /// @brief What is on record in another way since a server went or came, without having been written: of two
    /// that have lease files of their own another one's counts from now on.
    virtual std::vector<Row> resettled() {
        return {};
    }

    /// @brief The leases that it has, in memory or where it keeps them.
    virtual std::vector<Row> leases() = 0;

    /// @brief The conflicts that it lists, and the records of the audit log.
    virtual std::vector<Json> conflicts() = 0;
    virtual std::vector<Json> audit() = 0;

    /// @brief What else went wrong with it, in words.
    virtual std::vector<std::string> troubles() = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_SERVER_H
