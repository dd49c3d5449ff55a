// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_CONTROL_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_CONTROL_H

#include <chrono>
#include <cstdint>
#include <string>

namespace clone_guard {
namespace e2e {

/// @brief Sends one request to a control socket and reads the answer to its end.
///
/// @throw std::runtime_error if nobody listens or no answer comes within the time.
std::string talk(const std::string& socket_path, const std::string& request,
                 std::chrono::milliseconds timeout);

/// @brief The same over HTTP, to a port of 127.0.0.1.
///
/// @return what the answer says behind its headers.
std::string talkByHttp(uint16_t port, const std::string& request, std::chrono::milliseconds timeout);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_CONTROL_H
