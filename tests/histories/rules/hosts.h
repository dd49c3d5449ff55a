// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_RULES_HOSTS_H
#define CLONE_GUARD_TESTS_HISTORIES_RULES_HOSTS_H

#include <tests/e2e/harness/net/identifiers.h>

#include <optional>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Templates whose clones play along.
constexpr unsigned TEMPLATES = 3;

/// @brief What kind of machine a host is, or is a part of.
enum class Kind {
    CLONE,     ///< made from a template that was not sealed
    STAGE,     ///< one of several systems that run in turn on one machine: PXE, then the installed one
    NEIGHBOR,  ///< one of several that run at once behind one hardware address (ipvlan)
    UNIQUE,    ///< a host like others
    LIAR       ///< presents what it likes
};

/// @brief What a host is when the history begins.
struct Role {
    Kind kind = Kind::UNIQUE;
    unsigned machine = 0;  ///< the same for hosts behind one hardware address
    unsigned network = 0;  ///< 0 a subnet of its own, 1 a shared network of two
    uint32_t subnet = 1;   ///< the one of its relay
    int made_from = -1;    ///< its template
    std::optional<Bytes> identifier;
};

/// @brief All hosts, always the same.
const std::vector<Role>& cast();

/// @brief The identifier that all clones of a template present.
Bytes templateIdentifier(unsigned number);

/// @brief An identifier that nobody else has.
Bytes uniqueIdentifier(unsigned number);

/// @brief The hardware address of somebody who only asks.
Bytes bystander();

/// @brief An address for which everybody else gets a NAK.
Address notToBeHad();

/// @brief The network of an address, or of a subnet.
unsigned networkOf(Address address);
unsigned networkOfSubnet(uint32_t subnet);

/// @brief How many addresses a subnet has to give: the first of them is addressIn(subnet, 1, 1). Hardly more
/// than there are hosts, so that one that was given up is soon another's.
unsigned poolSize(uint32_t subnet);

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_RULES_HOSTS_H
