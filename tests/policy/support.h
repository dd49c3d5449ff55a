// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_SUPPORT_H
#define CLONE_GUARD_TESTS_POLICY_SUPPORT_H

#include <core/decision/claim_table.h>
#include <core/decision/place.h>
#include <core/explain/explanation.h>
#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <string>

namespace clone_guard {
namespace test {

/// @brief The keys of two networks.
inline const std::string NETWORK = "subnet 1";
inline const std::string OTHER_NETWORK = "subnet 2";

/// @brief A day in seconds.
constexpr int64_t DAY = 86400;

/// @brief Parses hexadecimal.
///
/// @throw std::invalid_argument if the text is invalid
Bytes hex(const std::string& text);

/// @brief Returns bytes of one value.
Bytes filled(size_t size, uint8_t value = 0xaa);

/// @brief Returns the option 61 of every clone of one systemd template on ens18.
const Bytes& cloneIdentifier();

/// @brief Returns another identifier of the same kind for each number.
Bytes identifierNumber(uint32_t number);

/// @brief Returns the hardware address of a virtual NIC.
HardwareAddress mac(uint32_t number);

/// @brief Returns the place of a query that a relay forwarded.
Place behindRelay(uint32_t relay);

/// @brief Returns an explainer without templates, which is made once because its list of names is long.
const Explainer& explainer();

/// @brief Returns a point in time, counted from an arbitrary start.
Instant at(double seconds);

/// @brief Returns the seed of random tests and prints it, so that a failure can be reproduced.
///
/// @return the environment's CLONE_GUARD_SEED, or a new seed each time if it is not set
uint64_t seed();

}  // namespace test
}  // namespace clone_guard

#endif
