// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/cable.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <vector>

namespace clone_guard {
namespace e2e {

namespace {

const int AT_ONCE = 0;
const auto A_MOMENT = std::chrono::milliseconds(1);

}  // namespace

Cable::Cable(Address server, uint16_t port) : server_(server), port_(port) {
    plug();
    thread_ = std::thread([this] { carry(); });
}

Cable::~Cable() {
    done_ = true;
    thread_.join();
    hangUpAll();
}

void
Cable::plug() {
    const std::lock_guard<std::mutex> lock(mutex_);
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int reuse = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
    const sockaddr_in name = endpoint(serverAddress(3), port_);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0 ||
        listen(listener_, SOMAXCONN) != 0) {
        close(listener_);
        throw std::runtime_error("cannot listen on port " + std::to_string(port_));
    }
}

void
Cable::pull() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (unsigned rounds = 0; rounds < 500 && !isQuiet(); ++rounds) {
        lock.unlock();
        std::this_thread::sleep_for(A_MOMENT);
        lock.lock();
    }
    hangUpAll();
}

bool
Cable::isQuiet() const {
    std::vector<pollfd> watched{{listener_, POLLIN, 0}};
    for (const auto& end : ends_) {
        watched.push_back({end.first, POLLIN, 0});
    }
    return (askers_.empty() && poll(watched.data(), nfds_t(watched.size()), AT_ONCE) == 0);
}

void
Cable::hangUpAll() {
    if (listener_ >= 0) {
        close(listener_);
        listener_ = -1;
    }
    for (const auto& end : ends_) {
        close(end.first);
    }
    ends_.clear();
    askers_.clear();
}

void
Cable::carry() {
    while (!done_) {
        std::this_thread::sleep_for(A_MOMENT);
        const std::lock_guard<std::mutex> lock(mutex_);
        std::vector<pollfd> watched{{listener_, POLLIN, 0}};  // poll() ignores a descriptor of -1
        for (const auto& end : ends_) {
            watched.push_back({end.first, POLLIN, 0});
        }
        poll(watched.data(), nfds_t(watched.size()), AT_ONCE);
        for (const auto& each : watched) {
            if (each.revents == 0) {
                continue;
            }
            if (each.fd == listener_) {
                accept();
            } else if (ends_.count(each.fd) != 0) {
                forward(each.fd);
            }
        }
    }
}

void
Cable::accept() {
    const int here = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int there = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in name = endpoint(server_, port_);
    if (here < 0 || connect(there, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
        close(here);
        close(there);
        return;
    }
    ends_[here] = there;
    ends_[there] = here;
    askers_.insert(here);
}

void
Cable::forward(int from) {
    char buffer[65536];
    const ssize_t size = recv(from, buffer, sizeof(buffer), MSG_DONTWAIT);
    const int to = ends_.at(from);
    if (size < 0 && errno == EAGAIN) {
        return;  // the readable data belonged to an earlier connection with this descriptor
    }
    // The peers send a whole answer at once.
    if (askers_.erase(to) == 0) {
        askers_.insert(from);
    }
    if (size <= 0 || send(to, buffer, size_t(size), MSG_NOSIGNAL) != size) {
        hangUp(from);
    }
}

void
Cable::hangUp(int end) {
    const int other = ends_.at(end);
    for (const int each : {end, other}) {
        ends_.erase(each);
        askers_.erase(each);
        close(each);
    }
}

}  // namespace e2e
}  // namespace clone_guard
