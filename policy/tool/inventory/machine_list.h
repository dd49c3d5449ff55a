// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_MACHINE_LIST_H
#define CLONE_GUARD_TOOL_INVENTORY_MACHINE_LIST_H

#include <tool/inventory/inventory.h>

#include <string>

namespace clone_guard {

/// @brief Reads a list of machines: "mac,name,template", separated by commas, semicolons or tabs (RFC 4180).
///
/// A first line without a hardware address names the columns, in any order. The template may be absent.
///
/// @throw Failure if no line has a hardware address.
void readMachineList(const std::string& path, Inventory& inventory);

}  // namespace clone_guard

#endif
