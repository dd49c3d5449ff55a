// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_VENDORS_H
#define CLONE_GUARD_CORE_EXPLAIN_VENDORS_H

#include <core/identity/hardware_address.h>

namespace clone_guard {

/// @brief Returns the vendor of virtual network interfaces with such an address, such as "Proxmox" or "VMware".
///
/// The vendor is a hint, because the address of a machine can be changed.
///
/// @return the vendor, or an empty string if it is unknown
std::string hardwareVendor(ByteView address);

/// @brief Returns the owner of a number in the registry of private enterprise numbers.
///
/// @return the name, or an empty string if the number is not among the few that are common in DUIDs
std::string enterpriseName(uint32_t number);

}  // namespace clone_guard

#endif
