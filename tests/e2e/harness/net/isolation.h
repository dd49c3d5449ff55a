// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_ISOLATION_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_ISOLATION_H

#include <string>

namespace clone_guard {
namespace e2e {

/// @brief Moves this program into its own network namespace.
///
/// The namespace has only the loopback interface, with addresses for four servers (@c serverAddress). Every address of
/// 10.0.0.0/8 is local: relays and hosts can have any of them, and no packet leaves. The namespace ends with the
/// program.
///
/// @return an empty text on success, or the reason of the failure.
std::string isolate();

/// @brief Allows as many open files as a thousand relays need, one socket each.
void raiseFileLimit();

/// @brief The result of the last call of @ref isolate.
const std::string& isolationProblem();

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_ISOLATION_H
