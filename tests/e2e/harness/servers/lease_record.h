// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_LEASE_RECORD_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_LEASE_RECORD_H

#include <tests/e2e/harness/net/bytes.h>

#include <cstdint>
#include <string>

namespace clone_guard {
namespace e2e {

/// @brief A lease as a lease file or a lease database has it.
struct LeaseRecord {
    Address address;
    std::string hw_address;  ///< as @ref toHex writes it
    std::string client_id;   ///< as @ref toHex writes it, or empty if absent
    uint32_t subnet_id = 0;
    uint64_t expires = 0;
    uint32_t valid_lifetime = 0;
    int state = 0;  ///< 0 default, 1 declined, 2 expired and reclaimed
};

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_SERVERS_LEASE_RECORD_H
