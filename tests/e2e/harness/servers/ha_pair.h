// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_PAIR_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_PAIR_H

#include <tests/e2e/harness/net/cable.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief The library of Kea for high availability.
inline const char* const HA_LIBRARY = "libdhcp_ha.so";

/// @brief How two servers are to be one pair.
struct HaPlan {
    /// @brief "hot-standby" or "load-balancing": also the state in which both do as they should.
    std::string mode = "hot-standby";
    /// @brief Milliseconds from one heartbeat to the next.
    unsigned heartbeat = 25;
    /// @brief Seconds without an answer after which the partner counts as lost, by a clock that is stepped.
    unsigned patience = 10;
    /// @brief When a state is waited for: how long, before the clock is stepped once more, and by how many seconds.
    Milliseconds round{400};
    unsigned step = 4;
    /// @brief Whether they talk over a cable that can be pulled.
    bool cabled = false;

    /// @brief The setup of one of the two servers.
    ///
    /// It listens on the address of its number and has Kea's own libraries for high availability after the
    /// guard, if it has that. In load balancing each pool is divided between the two.
    ///
    /// @param number 1 (the primary) or 2.
    ServerSetup setup(const ServerSetup& setup, unsigned number) const;
};

/// @brief Two kea-dhcp4 with Kea's own high availability, each with a lease file of its own.
class HaPair {
public:
    /// @brief Two servers that run, in setups that the plan made, by one clock that can be stepped.
    HaPair(const HaPlan& plan, KeaServer& first, KeaServer& second);

    KeaServer& server(unsigned number) {
        return (number == 1 ? first_ : second_);
    }

    /// @brief The other one's number.
    static unsigned other(unsigned number) {
        return (3 - number);
    }

    /// @brief The state that a server is in, as Kea names it: "hot-standby", "partner-down"...
    std::string state(unsigned number);

    /// @brief Waits until both do what they should.
    ///
    /// @throw std::runtime_error if they never do, as the others below.
    void awaitNormal();

    /// @brief Starts both anew if they have given each other up: to one that hears of the other in the middle of a step
    /// of the clock their clocks differ.
    ///
    /// @return whether they had.
    bool restartTerminated();

    /// @brief Ends a server as a power failure would, and waits until the other knows that it is alone: the clock
    /// is stepped over what it is patient for.
    void kill(unsigned number);

    /// @brief Starts a server again, and waits until both do what they should.
    void bringBack(unsigned number);

    /// @brief Pulls the cable between the two, and waits until each believes that it is alone. Steps the clock.
    void cut();

    /// @brief Plugs it in, and waits until both do what they should.
    void reunite();

    /// @brief Pulls and plugs the cable, without waiting for anything.
    void pullCable();
    void plugCable();

private:
    void losePatience();

    /// @brief What a server says of itself: state, role, and whose clients it answers ("scopes").
    Json status(unsigned number);

    /// @brief Waits until servers are in a state.
    ///
    /// All are asked in turn: one that has no query to answer looks at its timers only once a second, and after
    /// a command.
    void await(const std::vector<unsigned>& numbers, const std::string& wanted);

    HaPlan plan_;
    KeaServer& first_;
    KeaServer& second_;
    std::vector<std::unique_ptr<Cable>> cables_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_PAIR_H
