// SPDX-License-Identifier: MPL-2.0
#include "control.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

/// @brief A socket that closes itself.
struct Socket {
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ~Socket() {
        close(descriptor);
    }
};

}  // namespace

std::string
talk(const std::string& socket_path, const std::string& request, std::chrono::milliseconds timeout) {
    Socket control;
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof(name.sun_path)) {
        throw std::runtime_error("the path of the control socket is too long: " + socket_path);
    }
    std::strcpy(name.sun_path, socket_path.c_str());
    if (connect(control.descriptor, reinterpret_cast<sockaddr*>(&name), sizeof(name)) != 0) {
        throw std::runtime_error("nobody listens on " + socket_path);
    }
    timeval limit{};
    limit.tv_sec = timeout.count() / 1000;
    limit.tv_usec = (timeout.count() % 1000) * 1000;
    setsockopt(control.descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    size_t sent = 0;
    while (sent < request.size()) {
        const ssize_t part =
            send(control.descriptor, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (part <= 0) {
            throw std::runtime_error("the control socket closed while the request was sent");
        }
        sent += size_t(part);
    }
    std::string answer;
    char buffer[16384];
    ssize_t size = 0;
    while ((size = recv(control.descriptor, buffer, sizeof(buffer), 0)) > 0) {
        answer.append(buffer, size_t(size));
    }
    if (answer.empty()) {
        throw std::runtime_error(std::string("no answer on the control socket: ") +
                                 std::strerror(errno));
    }
    return (answer);
}

}  // namespace e2e
}  // namespace clone_guard
