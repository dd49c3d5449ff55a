// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_PAIR_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_PAIR_H

#include <tests/e2e/harness/net/cable.h>
#include <tests/e2e/harness/servers/kea_server.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief Kea's library for high availability.
inline const char* const HA_LIBRARY = "libdhcp_ha.so";

/// @brief The parameters of a pair of servers.
struct HaPlan {
    /// @brief "hot-standby" or "load-balancing"; Kea gives the normal state of both servers the same name.
    std::string mode = "hot-standby";
    /// @brief Milliseconds between two heartbeats.
    unsigned heartbeat = 25;
    /// @brief Seconds by the steppable clock without an answer after which the partner counts as lost.
    unsigned patience = 10;
    /// @brief Time to wait for a state before the clock is stepped, and the size of that step in seconds.
    std::chrono::milliseconds round{400};
    unsigned step = 4;
    /// @brief True if the servers talk over a @ref Cable that a test can pull.
    bool cabled = false;

    /// @brief Makes the setup of one of the two servers.
    ///
    /// The server listens on the address of its number and loads Kea's libraries for high availability after the guard,
    /// if it has the guard. In load balancing each pool is divided between the two.
    ///
    /// @param number 1 (the primary) or 2.
    ServerSetup setup(const ServerSetup& setup, unsigned number) const;
};

/// @brief Two kea-dhcp4 with Kea's high availability, each with its own lease file.
class HaPair {
public:
    /// @brief Takes two running servers with setups of the plan and one steppable clock.
    HaPair(const HaPlan& plan, KeaServer& first, KeaServer& second);

    KeaServer& server(unsigned number) {
        return (number == 1 ? first_ : second_);
    }

    /// @brief Returns the number of the other server.
    static unsigned other(unsigned number) {
        return (3 - number);
    }

    /// @brief Returns the state of a server as Kea names it: "hot-standby", "partner-down"...
    std::string state(unsigned number);

    /// @brief Waits until both servers are in the normal state.
    ///
    /// @throw std::runtime_error if they do not reach it; this holds for all functions that wait.
    void awaitNormal();

    /// @brief Restarts both servers if one has terminated the high availability: a heartbeat in the middle of a step of
    /// the clock can show a difference of the two clocks.
    ///
    /// @return true if it restarted them.
    bool restartTerminated();

    /// @brief Kills a server, steps the clock past @ref HaPlan::patience, and waits until its partner is in
    /// partner-down state.
    void kill(unsigned number);

    /// @brief Starts a server again, and waits until both servers are in the normal state.
    void bringBack(unsigned number);

    /// @brief Pulls the cable, steps the clock, and waits until each server is in partner-down state.
    void cut();

    /// @brief Plugs the cable in, and waits until both servers are in the normal state.
    void reunite();

    /// @brief Pulls or plugs the cable without waiting.
    void pullCable();
    void plugCable();

private:
    void losePatience();

    /// @brief Returns a server's own status: state, role, and the scopes that it answers.
    Json status(unsigned number);

    /// @brief Waits until servers are in a state.
    ///
    /// It sends a command to each in turn: a server without queries checks its timers only once a second, and after a
    /// command.
    void await(const std::vector<unsigned>& numbers, const std::string& wanted);

    HaPlan plan_;
    KeaServer& first_;
    KeaServer& second_;
    std::vector<std::unique_ptr<Cable>> cables_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_HA_PAIR_H
