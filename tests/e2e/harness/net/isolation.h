// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_ISOLATION_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_ISOLATION_H

#include <string>

namespace clone_guard {
namespace e2e {

/// @brief Moves this program into a network namespace of its own.
///
/// In it there is the loopback interface and nothing else, with addresses for four servers
/// (@c serverAddress), and every address of 10.0.0.0/8 is local:
/// relays and hosts can be anywhere in it, and no packet leaves. The namespace ends with the program.
///
/// @return empty if it worked, else why not.
std::string isolate();

/// @brief Allows as many open files as a thousand relays need, one socket each.
void raiseFileLimit();

/// @brief What @ref isolate said when this program called it.
const std::string& isolationProblem();

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_ISOLATION_H
