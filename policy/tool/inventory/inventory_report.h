// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_INVENTORY_REPORT_H
#define CLONE_GUARD_TOOL_INVENTORY_INVENTORY_REPORT_H

#include <tool/inventory/inventory.h>

#include <iosfwd>

namespace clone_guard {

/// @brief Describes a hardware address that is in several places, and the action.
std::string duplicateText(const Inventory& inventory, ByteView hw_address);

/// @brief Prints the hardware addresses that are in several places. Prints nothing without any.
void printDuplicates(std::ostream& out, const Inventory& inventory);

}  // namespace clone_guard

#endif
