// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_NETWORK_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_NETWORK_H

#include <tests/e2e/harness/net/packet.h>
#include <tests/histories/rules/history.h>
#include <tests/histories/rules/hosts.h>

#include <set>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief A host as it is at one time of a history, and what it knows.
struct Host {
    unsigned number = 0;
    Role role;
    Bytes hw_address;
    std::optional<Bytes> identifier;
    unsigned network = 0;
    Address relay;
    Address offered;  ///< what it may select
    unsigned offered_by = EVERY_SERVER;
    unsigned server = EVERY_SERVER;  ///< who gave it its lease
    Address last;                    ///< the address that it had last; zero if it forgot
    bool in_use = false;             ///< whether it thinks that it may use that...
    uint64_t until = 0;              ///< ...until then
    bool gave_up = false;            ///< whether it has released or declined that

    /// @brief Whether it rightly uses @ref last at that time.
    bool holds(uint64_t now) const {
        return (in_use && now < until);
    }

    std::string hwText() const {
        return (toHex(hw_address));
    }

    /// @brief Its identifier as the lease file has it; empty if it sends none.
    std::string identifierText() const {
        return (identifier ? toHex(*identifier) : "");
    }

    /// @brief Its derived identifier as the lease file has it.
    std::string derivedText() const {
        return (identifier ? toHex(derivedIdentifier(hw_address, *identifier)) : "");
    }

    /// @brief Whether the guard looks after its identifier: RFC 4361, or made up to look derived.
    bool guarded() const {
        return (identifier && (identifier->front() == 0xff || looksDerived(*identifier)));
    }

    std::string toText() const;
};

/// @brief A message of a host.
struct Query {
    unsigned host = 0;
    Action action = Action::DISCOVER;
    Packet packet;
    unsigned network = 0;  ///< in which the server takes it
    unsigned server = EVERY_SERVER;

    /// @brief DISCOVER and REQUEST are answered as a rule, the others never.
    bool wantsReply() const {
        return (packet.type() == DISCOVER || packet.type() == REQUEST);
    }
};

/// @brief All hosts and the clock.
class World {
public:
    World();

    std::vector<Host>& hosts() {
        return (hosts_);
    }

    const std::vector<Host>& hosts() const {
        return (hosts_);
    }

    /// @brief Something happens to a host: no message.
    void befall(const Event& event);

    /// @brief The message of an event, and what it means for the host that sends it.
    ///
    /// A host that is not in the position to send it does what it would do instead (a machine whose lease
    /// has run out boots), or nothing.
    std::optional<Query> ask(const Event& event);

    /// @brief The host learns what it was told.
    void tell(const Query& query, const Packet& reply);

    uint64_t now = 0;
    bool two_servers = false;
    std::set<unsigned>
        down;  ///< those of the two that were killed: who would turn to one turns to the other

private:
    unsigned destination(const Host& host, const Event& event) const;
    Bytes serverIdentifier() const;
    std::optional<Query> make(Host& host, Action action, MessageType type);
    std::optional<Query> boot(Host& host, Address wish);
    std::optional<Query> select(Host& host, Address address);
    std::optional<Query> extend(Host& host, Action action);
    std::optional<Query> reboot(Host& host, Action action, Address address);
    std::optional<Query> giveUp(Host& host, Action action, Address address);
    void silenceSiblings(const Host& host);

    std::vector<Host> hosts_;
    unsigned server_ = EVERY_SERVER;  ///< to which the message goes that is being made
    uint32_t last_transaction_ = 0x70000000;
    uint32_t last_nic_ = 1000;
    unsigned last_identifier_ = 1000;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_NETWORK_H
