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

/// @brief The network between the simulated machines and the server: relays and hosts.
///
/// A packet with giaddr leaves from port 67 of that address, as from a relay. A packet without giaddr leaves from
/// port 68 of its ciaddr, as from a host that renews. The link receives the replies to all of them. The addresses must
/// be local (@ref isolate makes them so in tests).
class Link {
public:
    /// @param server the address whose port 67 the server listens on; @ref turnTo changes it.
    explicit Link(Address server);

    ~Link();

    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// @brief Sends a packet from its giaddr or ciaddr.
    ///
    /// @throw std::runtime_error if that address is not local.
    void send(const Packet& packet);

    /// @brief Returns the next reply, or std::nullopt after the timeout.
    std::optional<Packet> receive(Milliseconds timeout);

    /// @brief The server that the link sends to, or the first of several.
    Address server() const {
        return (servers_.front());
    }

    /// @brief True if the link sends to more than one server.
    bool sendsToSeveral() const {
        return (servers_.size() > 1);
    }

    /// @brief Sends to another server from now on. Replies of all servers still arrive.
    void turnTo(Address server) {
        servers_ = {server};
    }

    /// @brief Sends every packet to several servers from now on, as a relay with several server addresses does.
    void turnTo(const std::vector<Address>& servers) {
        servers_ = servers;
    }

    /// @brief Sets a function that waits until the server has finished all queries that it has begun.
    ///
    /// A server with one thread finishes a query before it begins the next; of several threads one may be delayed.
    void setBarrier(std::function<void()> barrier) {
        barrier_ = std::move(barrier);
    }

    /// @brief Sets the time until a missing reply is checked by the INFORM of a bystander.
    ///
    /// Make it long if another library delays replies and every query of the test is answered.
    void setReplyTimeout(Milliseconds timeout) {
        reply_timeout_ = timeout;
    }

    Milliseconds replyTimeout() const {
        return (reply_timeout_);
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
    Milliseconds reply_timeout_{30};
    int epoll_ = -1;
    int host_socket_ = -1;
    std::map<Address, int> relay_sockets_;
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_LINK_H
