// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_TOOL_LEASE_LINES_H
#define CLONE_GUARD_TESTS_POLICY_TOOL_LEASE_LINES_H

#include <tests/policy/support.h>

namespace clone_guard {
namespace test {

/// @brief The first line of a lease file.
constexpr const char* LEASE_HEAD = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,"
                                   "fqdn_rev,hostname,state,user_context\n";

/// @brief The begin of the tests' leases in seconds since 1970: 2023-11-14T22:13:20Z.
constexpr int64_t LEASE_EPOCH = 1700000000;

/// @brief A line of a lease file.
struct LeaseLine {
    int64_t at = 0;           ///< the client's message, seconds after LEASE_EPOCH
    uint32_t machine = 1;     ///< number of the hardware address, see mac()
    uint32_t address = 1;     ///< 192.0.2.n
    uint32_t lifetime = 600;  ///< 0: deleted
    Bytes identifier = cloneIdentifier();
    uint32_t subnet = 1;
    uint32_t state = 0;
    std::string hostname = {};  ///< escaped as in the file

    [[nodiscard]] std::string text() const;
};

/// @brief Makes the text of a lease file.
std::string leaseFile(const std::vector<LeaseLine>& lines);

}  // namespace test
}  // namespace clone_guard

#endif
