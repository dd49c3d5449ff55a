// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_EVENTUALLY_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_EVENTUALLY_H

#include <chrono>
#include <functional>

namespace clone_guard {
namespace e2e {

/// @brief Waits until a condition holds, and returns at once when it does.
///
/// The limit only bounds a failure, so it is long enough for a machine that is many times slower.
///
/// @return true, or false if the condition did not hold within the limit.
bool eventually(const std::function<bool()>& holds,
                std::chrono::milliseconds limit = std::chrono::minutes(5));

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_EVENTUALLY_H
