// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_TOOL_FAKE_SERVER_H
#define CLONE_GUARD_TESTS_POLICY_TOOL_FAKE_SERVER_H

#include <string>
#include <thread>

namespace clone_guard {
namespace test {

/// @brief Listens on a control socket and gives one prepared answer.
class FakeServer {
public:
    /// @param path the path of the socket, which the server makes and removes.
    /// @param answer the answer, whatever the request is.
    FakeServer(std::string path, std::string answer);

    /// @brief Waits until the answer was given.
    ~FakeServer();
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;

private:
    std::string path_;
    std::string answer_;
    int listener_ = -1;
    std::thread thread_;
};

}  // namespace test
}  // namespace clone_guard

#endif
