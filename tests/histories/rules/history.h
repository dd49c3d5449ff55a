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

/// @brief In a history of two servers, which are numbered 1 and 2: both servers. In other histories: the only server.
/// For a message: the server that the host knows.
constexpr unsigned EVERY_SERVER = 0;

/// @brief The kinds of events.
enum class Action {
    // Messages of a host.
    DISCOVER,     ///< the host boots
    DISCOVER_AS,  ///< the host boots and requests the last address of another host
    SELECT,       ///< REQUEST of the offered address
    GRAB,         ///< REQUEST of the last address of another host, as if the server had offered it
    RENEW,        ///< REQUEST with ciaddr, unicast to the server
    REBIND,       ///< REQUEST with ciaddr through the relay
    WAKE,         ///< RENEW of the last address even if its lease has expired, as after a suspend
    REBOOT,       ///< INIT-REBOOT with the last address of the host
    REBOOT_AS,    ///< INIT-REBOOT with the last address of another host
    RELEASE,
    RELEASE_OF,  ///< RELEASE of the address of another host
    DECLINE,
    DECLINE_OF,  ///< DECLINE of the address of another host
    SHUTDOWN,    ///< the host releases its lease and is switched off, as systemd-networkd does
    STRANGER,    ///< a message of a stranger, see @ref Strangers
    // Changes of a host.
    POWER_OFF,  ///< the host is switched off
    SWAP,       ///< the host gets another NIC
    SEAL,       ///< the host gets an identifier of its own
    RECLONE,    ///< the host is made again from a template
    ASSUME,     ///< a forger presents the identifier of another host
    FORGE,      ///< a forger presents the derived identifier that another host would have
    MOVE,       ///< the host moves to the other network
    // Changes of the server.
    CLOCK,    ///< the clocks of the server and of all hosts advance
    RECLAIM,  ///< the server reclaims expired leases; 1: and removes them
    KILL,     ///< kill -9 and start; of two servers the other one keeps running
    START,    ///< the killed one of two servers starts
    RESTART,
    RELOAD,  ///< config-reload
    POLICY   ///< config-set, with another policy or the same
};

/// @brief The operands of an action.
enum class Operands { NONE, HOST, HOST_AND_HOST, HOST_AND_NUMBER, NUMBER, POLICY };

/// @brief Returns the policies in the order of their numbers in @ref Event::other; "stock" means no guard.
const std::vector<std::string>& policies();

/// @brief One event of a history.
struct Event {
    Action action = Action::DISCOVER;
    unsigned host = 0;
    unsigned other = 0;   ///< another host, a template, seconds, a policy or the seed of a message
    bool joined = false;  ///< sent directly after the message before it, before any reply is read
    unsigned server = EVERY_SERVER;
};

/// @brief Returns the operands of an action.
Operands operandsOf(Action action);

/// @brief Checks whether the event is a message of a host or of a stranger.
bool isMessage(const Event& event);

/// @brief A history: the settings of the server and the events.
struct History {
    uint64_t seed = 0;
    unsigned threads = 0;
    std::string policy = "mac-fallback";
    std::string takeover = "expired";
    std::string servers;  ///< how two servers are joined; empty: there is one server
    /// @brief Whether the only server keeps released leases, if its release of Kea can. Two servers keep none.
    bool keep_released = false;
    std::vector<Event> events;
};

/// @brief Writes an event on one line: "+" if joined, the action, its operands, "@1" or "@2" for the server.
std::ostream& operator<<(std::ostream& stream, const Event& event);

/// @brief Writes a history, one event a line.
std::ostream& operator<<(std::ostream& stream, const History& history);

/// @brief Reads a history in the format of operator<<.
///
/// @throw std::invalid_argument with the line if a line has another format.
History readHistory(std::istream& stream);

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_HISTORY_H
