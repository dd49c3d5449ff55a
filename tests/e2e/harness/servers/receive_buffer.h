// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_RECEIVE_BUFFER_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_RECEIVE_BUFFER_H

#include <sys/types.h>

namespace clone_guard {
namespace e2e {

/// @brief Sets the receive buffer of each datagram socket of a running process, as the sysctl net.core.rmem_default does
/// for sockets that are opened later.
///
/// The sysctl is the same for all network namespaces, so a test must not change it.
///
/// @param bytes size of the buffer; the kernel doubles it.
/// @return the number of sockets that were changed: 0 if the kernel lacks pidfd_getfd(2), or does not permit it.
unsigned setReceiveBuffers(pid_t pid, int bytes);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_RECEIVE_BUFFER_H
