// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_ADDRESSES_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_ADDRESSES_H

#include <tests/e2e/harness/net/bytes.h>

#include <netinet/in.h>

namespace clone_guard {
namespace e2e {

/// @brief The address of the relay of subnet @c id: 10.id.0.1.
Address relayOf(uint32_t id);

/// @brief The address 10.id.x.y of subnet @c id.
Address addressIn(uint32_t id, uint8_t x, uint8_t y);

/// @brief The address that a server of the tests listens on: 127.0.0.1, 127.0.0.2 and so on.
///
/// @param number number of the server, from 1 to 4.
Address serverAddress(unsigned number = 1);

/// @brief Returns the name of a socket at an address.
sockaddr_in endpoint(Address address, uint16_t port);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_ADDRESSES_H
