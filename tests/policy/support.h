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

/// @brief Networks that conflicts are in.
inline const std::string NETWORK = "subnet 1";
inline const std::string OTHER_NETWORK = "subnet 2";

/// @brief In seconds.
constexpr int64_t DAY = 86400;

/// @brief Bytes written as hexadecimal.
///
/// @throw std::invalid_argument where the text is none.
Bytes hex(const std::string& text);

/// @brief Bytes of one value.
Bytes filled(size_t size, uint8_t value = 0xaa);

/// @brief What every clone of one systemd template on ens18 sends as option 61.
const Bytes& cloneIdentifier();

/// @brief Another identifier of the same kind for each number.
Bytes identifierNumber(uint32_t number);

/// @brief The hardware address of a virtual NIC.
HardwareAddress mac(uint32_t number);

/// @brief Where a query comes from that a relay sent on.
Place behindRelay(uint32_t relay);

/// @brief One that knows the usual names of interfaces and no template. Made once, because it takes a while.
const Explainer& explainer();

/// @brief A point in time, counted from an arbitrary start.
Instant at(double seconds);

/// @brief The seed of random tests: the environment's CLONE_GUARD_SEED, else another each time.
/// Prints it, so that a failure can be had again.
uint64_t seed();

}  // namespace test
}  // namespace clone_guard

#endif
