// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_EXPLAIN_VENDORS_H
#define CLONE_GUARD_EXPLAIN_VENDORS_H

#include <core/identity/hardware_address.h>

namespace clone_guard {

/// @brief Who makes virtual network interfaces with such an address, by its first bytes.
///
/// A hint and no proof, because everybody can set an address: "Proxmox", "VMware".
///
/// @return empty where it is not known.
std::string hardwareVendor(ByteView address);

/// @brief Whose a number in the registry of private enterprise numbers is.
///
/// @return empty where it is not known; the registry has tens of thousands.
std::string enterpriseName(uint32_t number);

}  // namespace clone_guard

#endif
