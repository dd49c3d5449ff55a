// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/servers/control.h>

#include <tests/e2e/harness/net/addresses.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace clone_guard {
namespace e2e {

namespace {

/// @brief A connection that closes itself.
class Connection {
public:
    Connection(int family, std::chrono::milliseconds timeout) :
        descriptor_(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        timeval limit{};
        limit.tv_sec = timeout.count() / 1000;
        limit.tv_usec = (timeout.count() % 1000) * 1000;
        setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    }

    ~Connection() {
        close(descriptor_);
    }

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    template <typename Name>
    void open(const Name& name, const std::string& where) const {
        if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0) {
            throw std::runtime_error("no server listens on " + where);
        }
    }

    /// @brief Sends a request and reads the whole answer.
    std::string exchange(const std::string& request) const {
        size_t sent = 0;
        while (sent < request.size()) {
            const ssize_t part =
                send(descriptor_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
            if (part <= 0) {
                throw std::runtime_error("the control socket closed while the request was sent");
            }
            sent += size_t(part);
        }
        std::string answer;
        char buffer[16384];
        ssize_t size = 0;
        while ((size = recv(descriptor_, buffer, sizeof(buffer), 0)) > 0) {
            answer.append(buffer, size_t(size));
        }
        if (answer.empty()) {
            throw std::runtime_error(std::string("no answer on the control socket: ") +
                                     std::strerror(errno));
        }
        return (answer);
    }

private:
    int descriptor_;
};

}  // namespace

std::string
exchangeOnSocket(const std::string& socket_path, const std::string& request,
                 std::chrono::milliseconds timeout) {
    const Connection control(AF_UNIX, timeout);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof(name.sun_path)) {
        throw std::runtime_error("the path of the control socket is too long: " + socket_path);
    }
    std::strcpy(name.sun_path, socket_path.c_str());
    control.open(name, socket_path);
    return (control.exchange(request));
}

std::string
exchangeByHttp(uint16_t port, const std::string& request, std::chrono::milliseconds timeout) {
    const Connection control(AF_INET, timeout);
    const auto name = endpoint(Address{INADDR_LOOPBACK}, port);
    control.open(name, "port " + std::to_string(port));
    const auto answer = control.exchange("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                         "Content-Type: application/json\r\nContent-Length: " +
                                         std::to_string(request.size()) + "\r\n\r\n" + request);
    const auto end = answer.find("\r\n\r\n");
    if (end == std::string::npos) {
        throw std::runtime_error("no answer in HTTP: " + answer);
    }
    return (answer.substr(end + 4));
}

}  // namespace e2e
}  // namespace clone_guard
