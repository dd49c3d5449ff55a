// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_HOSTS_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_HOSTS_H

#include <tests/e2e/harness/net/identifiers.h>

#include <optional>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief The number of templates with clones.
constexpr unsigned TEMPLATES = 3;

/// @brief The kind of machine that a host is, or is a part of.
enum class HostKind {
    CLONE,       ///< made from a template that was not sealed
    BOOT_STAGE,  ///< one of several systems that run in turn on one machine: PXE, then the installed system
    IPVLAN,      ///< one of several hosts that run at once behind one hardware address
    UNIQUE,      ///< a host with an identifier of its own
    FORGER       ///< presents any identifier
};

/// @brief A host at the beginning of a history.
struct HostSpec {
    HostKind kind = HostKind::UNIQUE;
    unsigned machine = 0;      ///< the same number for all hosts behind one hardware address
    unsigned network = 0;      ///< 0: a single subnet, 1: a shared network of two subnets
    uint32_t subnet = 1;       ///< the subnet of its relay
    int template_number = -1;  ///< -1: not a clone
    std::optional<Bytes> identifier;
};

/// @brief Returns all hosts; every history begins with the same.
const std::vector<HostSpec>& hostSpecs();

/// @brief Returns the identifier that all clones of a template present.
Bytes templateIdentifier(unsigned number);

/// @brief Returns an identifier that one host alone presents.
Bytes uniqueIdentifier(unsigned number);

/// @brief Returns the hardware address of probes: messages that show whether the server still answers.
Bytes probeHwAddress();

/// @brief Returns an address that is reserved for the client of the probes, so that the guard looks for reservations.
Address reservedAddress();

/// @brief Returns the network of an address.
unsigned networkOf(Address address);

/// @brief Returns the network of a subnet.
unsigned networkOfSubnet(uint32_t subnet);

/// @brief Returns the number of addresses in the pool of a subnet, which begins with addressIn(subnet, 1, 1).
///
/// A pool has few more addresses than there are hosts, so that a released address is soon allocated again.
unsigned poolSize(uint32_t subnet);

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_HOSTS_H
