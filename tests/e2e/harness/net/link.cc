// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/link.h>

#include <tests/e2e/harness/net/addresses.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

const uint16_t SERVER_PORT = 67;
const uint16_t CLIENT_PORT = 68;

[[noreturn]] void
fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

}  // namespace

Link::Link(Address server) : servers_{server}, epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) {
        fail("cannot make an epoll instance");
    }
}

Link::~Link() {
    for (const auto& entry : relay_sockets_) {
        close(entry.second);
    }
    if (host_socket_ >= 0) {
        close(host_socket_);
    }
    close(epoll_);
}

int
Link::openSocket(Address local, uint16_t port) {
    const int opened = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (opened < 0) {
        fail("cannot open a socket");
    }
    const int room = 8 * 1024 * 1024;
    setsockopt(opened, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
    const sockaddr_in name = endpoint(local, port);
    if (bind(opened, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
        close(opened);
        fail("cannot listen on " + local.toText() + " port " + std::to_string(port));
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = opened;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, opened, &event) != 0) {
        close(opened);
        fail("cannot watch a socket");
    }
    return (opened);
}

int
Link::relaySocket(Address relay) {
    const auto found = relay_sockets_.find(relay);
    if (found != relay_sockets_.end()) {
        return (found->second);
    }
    const int opened = openSocket(relay, SERVER_PORT);
    relay_sockets_.emplace(relay, opened);
    return (opened);
}

int
Link::hostSocket() {
    if (host_socket_ < 0) {
        host_socket_ = openSocket(Address(), CLIENT_PORT);
    }
    return (host_socket_);
}

void
Link::send(const Packet& packet) {
    if (packet.giaddr.isZero()) {
        sendFrom(hostSocket(), packet, packet.ciaddr);
    } else {
        sendFrom(relaySocket(packet.giaddr), packet, packet.giaddr);
    }
}

void
Link::sendFrom(int socket, const Packet& packet, Address source) const {
    for (const Address server : servers_) {
        sendFrom(socket, packet, source, server);
    }
}

void
Link::sendFrom(int socket, const Packet& packet, Address source, Address server) {
    Bytes bytes = packet.encode();
    iovec data{bytes.data(), bytes.size()};
    sockaddr_in target = endpoint(server, SERVER_PORT);
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in_pktinfo))] = {};
    msghdr message{};
    message.msg_name = &target;
    message.msg_namelen = sizeof(target);
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo info{};
    info.ipi_spec_dst.s_addr = htonl(source.value);
    std::memcpy(CMSG_DATA(header), &info, sizeof(info));
    if (sendmsg(socket, &message, 0) < 0 && errno != ECONNREFUSED) {
        fail("cannot send from " + source.toText());
    }
}

std::optional<Packet>
Link::receive(Milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
        epoll_event event{};
        const int ready = epoll_wait(epoll_, &event, 1, std::max<int>(0, int(left.count())));
        if (ready < 0 && errno != EINTR) {
            fail("cannot wait for replies");
        }
        if (ready > 0) {
            uint8_t buffer[4096];
            const ssize_t size = recv(event.data.fd, buffer, sizeof(buffer), 0);
            // An ICMP error of an earlier packet can arrive here, which is not a reply.
            const auto packet =
                size > 0 ? Packet::decode(buffer, size_t(size)) : std::optional<Packet>();
            if (packet && packet->op == 2) {
                return (packet);
            }
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return (std::nullopt);
        }
    }
}

}  // namespace e2e
}  // namespace clone_guard
