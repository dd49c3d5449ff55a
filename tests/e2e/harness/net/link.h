// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_LINK_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_LINK_H

#include <tests/e2e/harness/net/packet.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace clone_guard {
namespace e2e {

using Milliseconds = std::chrono::milliseconds;

/// @brief All that stands between the simulated machines and the server: relays and hosts.
///
/// A packet with giaddr leaves from port 67 of that address, as from a relay; one without leaves from
/// port 68 of its ciaddr, as from a host that renews. Replies are taken from all of them. The addresses
/// must be local (@ref isolate sees to that in tests).
class Link {
public:
    /// @param server where the server listens on port 67; @ref turnTo changes that.
    explicit Link(Address server);

    ~Link();

    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// @brief Sends a packet from where it claims to come from.
    ///
    /// @throw std::runtime_error if the address is not ours to send from.
    void send(const Packet& packet);

    /// @brief The next reply, or nothing once the time is over.
    std::optional<Packet> receive(Milliseconds timeout);

    /// @brief Where it sends to; the first of several.
    Address server() const {
        return (servers_.front());
    }

    /// @brief Whether it sends to more than one.
    bool sendsToSeveral() const {
        return (servers_.size() > 1);
    }

    /// @brief Sends to another server from now on. Replies are taken from all.
    void turnTo(Address server) {
        servers_ = {server};
    }

    /// @brief Sends every packet to several servers from now on, as a relay does that knows them all.
    void turnTo(const std::vector<Address>& servers) {
        servers_ = servers;
    }

    /// @brief Says how to wait until the server has done with all queries that it has begun with.
    ///
    /// A server with one thread has when it begins with the next; with several, one may be held up.
    void setBarrier(std::function<void()> barrier) {
        barrier_ = std::move(barrier);
    }

    /// @brief Says how long a reply is waited for before its absence is looked into.
    ///
    /// To be long where another library holds replies back, and none stays away.
    void setPatience(Milliseconds patience) {
        patience_ = patience;
    }

    Milliseconds patience() const {
        return (patience_);
    }

    void awaitThreads() const {
        if (barrier_) {
            barrier_();
        }
    }

private:
    int relaySocket(Address relay);
    int hostSocket();
    int openSocket(Address local, uint16_t port);
    void sendFrom(int socket, const Packet& packet, Address source) const;
    static void sendFrom(int socket, const Packet& packet, Address source, Address server);

    std::vector<Address> servers_;
    std::function<void()> barrier_;
    Milliseconds patience_{30};
    int epoll_ = -1;
    int host_socket_ = -1;
    std::map<Address, int> relay_sockets_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_LINK_H
