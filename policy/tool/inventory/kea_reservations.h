// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_KEA_RESERVATIONS_H
#define CLONE_GUARD_TOOL_INVENTORY_KEA_RESERVATIONS_H

#include <tool/inventory/inventory.h>

#include <string>

namespace clone_guard {

/// @brief Reads the host names of "reservations" by hardware address from a configuration of Kea.
///
/// @throw Failure if the file is not JSON, or has no such reservation.
void readKeaReservations(const std::string& path, Inventory& inventory);

}  // namespace clone_guard

#endif
