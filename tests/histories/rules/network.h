// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_NETWORK_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_NETWORK_H

#include <tests/e2e/harness/net/packet.h>
#include <tests/histories/rules/history.h>
#include <tests/histories/rules/hosts.h>
#include <tests/histories/rules/strangers.h>

#include <set>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief A host at one time of a history: its identity, and the addresses that it remembers.
struct Host {
    unsigned number = 0;
    HostSpec spec;
    Bytes hw_address;
    std::optional<Bytes> identifier;
    unsigned network = 0;
    Address relay;
    Address offered;  ///< the address of the last offer; zero: none
    unsigned offered_by = EVERY_SERVER;
    unsigned server = EVERY_SERVER;  ///< the server of its lease
    Address last;                    ///< the last address that it had; zero: forgotten
    bool in_use = false;             ///< whether the host uses @ref last
    uint64_t until = 0;              ///< the end of its lease
    bool gave_up = false;            ///< whether the host has released or declined @ref last

    /// @brief Checks whether the host has a lease of @ref last at that time, by the replies that it got.
    bool holds(uint64_t now) const {
        return (in_use && now < until);
    }

    std::string hwText() const {
        return (toHex(hw_address));
    }

    /// @brief Returns its identifier in the form of the lease file, or an empty string if it sends none.
    std::string identifierText() const {
        return (identifier ? toHex(*identifier) : "");
    }

    /// @brief Returns its derived identifier in the form of the lease file.
    std::string derivedText() const {
        return (identifier ? toHex(derivedIdentifier(hw_address, *identifier)) : "");
    }

    /// @brief Checks whether the guard guards its identifier: RFC 4361, or the form of a derived identifier.
    bool guarded() const {
        return (identifier && (identifier->front() == 0xff || looksDerived(*identifier)));
    }

    std::string toText() const;
};

/// @brief The number in @ref Query::host of a message that a stranger sends.
constexpr unsigned STRANGER = 0xffff;

/// @brief A message of a host or of a stranger.
struct Query {
    unsigned host = 0;
    Action action = Action::DISCOVER;
    Packet packet;
    unsigned network = 0;  ///< the network that the server selects for it
    unsigned server = EVERY_SERVER;

    /// @brief Checks whether the server may answer and a host waits for it: DISCOVER and REQUEST only.
    bool wantsReply() const {
        return (!byStranger() && (packet.type() == DISCOVER || packet.type() == REQUEST));
    }

    bool byStranger() const {
        return (host == STRANGER);
    }

    std::string toText() const;
};

/// @brief Simulates the network of the server: all hosts and the clock.
class SimulatedNetwork {
public:
    SimulatedNetwork();

    std::vector<Host>& hosts() {
        return (hosts_);
    }

    const std::vector<Host>& hosts() const {
        return (hosts_);
    }

    /// @brief Applies an event that is not a message to a host.
    void apply(const Event& event);

    /// @brief Makes the message of an event, and updates the host that sends it.
    ///
    /// @return The message, or the message that a client would send instead, or std::nullopt if a client would send no
    /// message. A host whose lease has expired boots instead of renewing.
    std::optional<Query> makeQuery(const Event& event);

    /// @brief Updates a host or a stranger with the reply that it got.
    void receive(const Query& query, const Packet& reply);

    uint64_t now = 0;
    bool two_servers = false;
    std::set<unsigned> down;  ///< the killed one of two servers; messages go to the other one

private:
    unsigned destination(const Host& host, const Event& event) const;
    Bytes serverIdentifier() const;
    std::optional<Query> make(Host& host, Action action, MessageType type);
    std::optional<Query> boot(Host& host, Address wish);
    std::optional<Query> select(Host& host, Address address);
    std::optional<Query> extend(Host& host, Action action);
    std::optional<Query> reboot(Host& host, Action action, Address address);
    std::optional<Query> giveUp(Host& host, Action action, Address address);
    void stopOtherStages(const Host& host);
    Query makeStranger(const Event& event);

    std::vector<Host> hosts_;
    Strangers strangers_;
    unsigned server_ = EVERY_SERVER;  ///< the destination of the message that is being made
    uint32_t last_transaction_ = 0x70000000;
    uint32_t last_nic_ = 1000;
    unsigned last_identifier_ = 1000;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_NETWORK_H
