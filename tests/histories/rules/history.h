// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_HISTORY_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_HISTORY_H

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Seconds for which an address is leased in a history.
constexpr unsigned LIFETIME = 1000;

/// @brief Seconds for which a claim is valid: the guard's default.
constexpr unsigned CLAIM_WINDOW = 30;

/// @brief For a history of two servers, which are 1 and 2: both, or the only one of another history. Of a message:
/// the one that the host knows.
constexpr unsigned EVERY_SERVER = 0;

/// @brief What can happen.
enum class Action {
    // Messages of a host.
    DISCOVER,     ///< it boots
    DISCOVER_AS,  ///< it boots and asks for the address that the other host had last
    SELECT,       ///< REQUEST of what it was offered
    GRAB,         ///< REQUEST of the address that the other had last, as if it had been offered
    RENEW,        ///< REQUEST from its address, straight to the server
    REBIND,       ///< the same through the relay
    WAKE,         ///< it renews what it had last even if that has run out, as a suspended machine does
    REBOOT,       ///< INIT-REBOOT with the address that it had last
    REBOOT_AS,    ///< INIT-REBOOT with the address that the other had last
    RELEASE,
    RELEASE_OF,  ///< it releases the address of the other
    DECLINE,
    DECLINE_OF,  ///< it declines the address of the other
    // What happens to a host.
    SILENCE,  ///< it is switched off
    SWAP,     ///< it gets another NIC
    SEAL,     ///< it is sealed: an identifier of its own
    RECAST,   ///< it is made anew from a template
    ASSUME,   ///< it lies: it presents the identifier of the other
    FORGE,    ///< it lies: it presents what the other's derived identifier would be
    MOVE,     ///< it is carried to the other network
    // What happens to the server.
    CLOCK,    ///< its clock and everybody's moves forward
    RECLAIM,  ///< leases that have run out are reclaimed; 1: and their records removed
    KILL,     ///< kill -9 and start; of two servers the other goes on meanwhile
    START,    ///< the one of two that was killed comes back
    RESTART,
    RELOAD,  ///< config-reload
    POLICY   ///< config-set, with another policy or the same
};

/// @brief What an action needs to be told.
enum class Operands { NONE, HOST, HOST_AND_HOST, HOST_AND_NUMBER, NUMBER, POLICY };

/// @brief The policies, in the order in which @ref Event::other numbers them; "stock": no guard at all.
const std::vector<std::string>& policies();

/// @brief One event of a history.
struct Event {
    Action action = Action::DISCOVER;
    unsigned host = 0;
    unsigned other = 0;   ///< another host, a template, seconds, a policy
    bool joined = false;  ///< sent right after the message before it, before any reply is read
    unsigned server = EVERY_SERVER;
};

Operands operandsOf(Action action);

/// @brief Whether the event is a message of a host.
bool isMessage(const Event& event);

/// @brief A history: what is decided before the server starts, and the events.
struct History {
    uint64_t seed = 0;
    unsigned threads = 0;
    std::string policy = "mac-fallback";
    std::string takeover = "expired";
    std::string servers;  ///< what joins two servers; empty: there is but one
    std::vector<Event> events;
};

/// @brief Writes an event on one line: "+" if it is joined, the action, its operands, "@1" or "@2" for the server.
std::ostream& operator<<(std::ostream& stream, const Event& event);

/// @brief Writes a history, one event a line.
std::ostream& operator<<(std::ostream& stream, const History& history);

/// @brief Reads what was written.
///
/// @throw std::invalid_argument if it is anything else, with the line.
History readHistory(std::istream& stream);

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_HISTORY_H
