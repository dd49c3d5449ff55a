// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/ha_backup.h>

#include <tests/e2e/harness/net/addresses.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

const int POLL_INTERVAL = 20;  // milliseconds

const std::string HEADERS_END = "\r\n\r\n";
const std::string LENGTH = "Content-Length:";

}  // namespace

HaBackup::HaBackup(uint16_t port) : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int reuse = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
    const auto name = endpoint(Address{INADDR_LOOPBACK}, port);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0 ||
        listen(listener_, SOMAXCONN) != 0) {
        close(listener_);
        throw std::runtime_error("cannot listen on port " + std::to_string(port));
    }
    thread_ = std::thread([this] { serve(); });
}

HaBackup::~HaBackup() {
    done_ = true;
    thread_.join();
    for (const auto& connection : connections_) {
        close(connection.first);
    }
    close(listener_);
}

std::vector<Json>
HaBackup::received(const std::string& command) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<Json> found;
    for (const auto& each : commands_) {
        if (each.value("command", "") == command) {
            found.push_back(each.value("arguments", Json::object()));
        }
    }
    return (found);
}

void
HaBackup::serve() {
    while (!done_) {
        std::vector<pollfd> watched{{listener_, POLLIN, 0}};
        for (const auto& connection : connections_) {
            watched.push_back({connection.first, POLLIN, 0});
        }
        poll(watched.data(), nfds_t(watched.size()), POLL_INTERVAL);
        for (const auto& each : watched) {
            if (each.revents == 0) {
                continue;
            }
            if (each.fd == listener_) {
                accept();
            } else if (!receive(each.fd)) {
                close(each.fd);
                connections_.erase(each.fd);
            }
        }
    }
}

void
HaBackup::accept() {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) {
        connections_[connection];
    }
}

bool
HaBackup::receive(int connection) {
    char buffer[4096];
    const ssize_t size = recv(connection, buffer, sizeof(buffer), 0);
    if (size <= 0) {
        return (false);
    }
    std::string& request = connections_[connection];
    request.append(buffer, size_t(size));
    const size_t headers = request.find(HEADERS_END);
    const size_t length = request.find(LENGTH);
    if (headers == std::string::npos || length > headers) {
        return (true);
    }
    const size_t body = headers + HEADERS_END.size();
    if (request.size() >= body + std::stoul(request.substr(length + LENGTH.size()))) {
        answer(connection, request.substr(body));
        request.clear();
    }
    return (true);
}

void
HaBackup::answer(int connection, const std::string& body) {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        commands_.push_back(Json::parse(body));
    }
    const std::string content = R"([{"result": 0, "text": "done"}])";
    const std::string reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                              std::to_string(content.size()) + HEADERS_END + content;
    send(connection, reply.data(), reply.size(), MSG_NOSIGNAL);
}

}  // namespace e2e
}  // namespace clone_guard
