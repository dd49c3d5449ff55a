// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_SITES_H
#define CLONE_GUARD_TESTS_FUZZ_SITES_H

#include <core/identity/client_identifier.h>

#include <array>
#include <set>

namespace clone_guard {
namespace fuzz {

/// @brief A configuration of the server, and what it promises.
///
/// Each has eight subnets: subnet N is 10.N.0.0/24, its relay is 10.N.0.1, its pool begins with 10.N.0.10.
struct Site {
    const char* configuration;
    const char* parameters;  ///< of the hook library
    IdentifierTypes types;
    std::set<uint32_t> monitored;  ///< subnets that are served as by stock Kea
    std::set<uint32_t> refusing;   ///< subnets with the policy `refuse`
    std::set<uint32_t>
        conditional;  ///< subnets in which the server may reject a renewal, as it does for reservations
    bool exempts;     ///< exempts EXEMPT_MACHINE and EXEMPT_IDENTIFIER
    bool debug;       ///< logs debug messages
};

/// @brief The numbers of the machine and of the identifier that a site can exempt.
constexpr uint32_t EXEMPT_MACHINE = 6;
constexpr uint32_t EXEMPT_IDENTIFIER = 3;

constexpr size_t SITES = 3;

/// @brief Returns a site by its number.
const Site& site(size_t number);

}  // namespace fuzz
}  // namespace clone_guard

#endif
