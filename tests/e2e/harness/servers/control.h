// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_CONTROL_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_CONTROL_H

#include <chrono>
#include <cstdint>
#include <string>

namespace clone_guard {
namespace e2e {

/// @brief Sends one request to a control socket and reads the whole answer.
///
/// @throw std::runtime_error if no server listens or no answer arrives within the timeout.
std::string exchangeOnSocket(const std::string& socket_path, const std::string& request,
                             std::chrono::milliseconds timeout);

/// @brief Sends one request over HTTP to a port of 127.0.0.1.
///
/// @return the body of the answer.
std::string exchangeByHttp(uint16_t port, const std::string& request, std::chrono::milliseconds timeout);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_CONTROL_H
