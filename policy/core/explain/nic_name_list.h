// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_NIC_NAME_LIST_H
#define CLONE_GUARD_CORE_EXPLAIN_NIC_NAME_LIST_H

#include <cstdint>
#include <string>

namespace clone_guard {

/// @brief Returns the number of common names of network interfaces.
uint32_t commonNicNames();

/// @brief Returns a common name of a network interface: ethN, ensN, enoN, enpXsY, ...
///
/// @param number 0 to one below @ref commonNicNames; the more common names have lower numbers
std::string commonNicName(uint32_t number);

}  // namespace clone_guard

#endif
