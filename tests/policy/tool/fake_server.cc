// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/fake_server.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace clone_guard {
namespace test {

FakeServer::FakeServer(std::string path, std::string answer) :
    path_(std::move(path)), answer_(std::move(answer)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path_.c_str(), sizeof(name.sun_path) - 1);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&name), sizeof(name)) != 0 ||
        listen(listener_, 1) != 0) {
        throw std::runtime_error("cannot listen on " + path_);
    }
    thread_ = std::thread([this] {
        const int connection = accept(listener_, nullptr, nullptr);
        if (connection < 0) {
            return;
        }
        std::array<char, 4096> request{};
        if (recv(connection, request.data(), request.size(), 0) > 0) {
            send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
        }
        close(connection);
    });
}

FakeServer::~FakeServer() {
    // Ends accept() if no client came.
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
    unlink(path_.c_str());
}

}  // namespace test
}  // namespace clone_guard
