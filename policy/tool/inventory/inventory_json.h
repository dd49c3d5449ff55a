// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_INVENTORY_JSON_H
#define CLONE_GUARD_TOOL_INVENTORY_INVENTORY_JSON_H

#include <tool/inventory/inventory.h>

#include <nlohmann/json_fwd.hpp>

namespace clone_guard {

/// @brief Returns the machines with a hardware address for programs: an array, usually of one object.
nlohmann::ordered_json inventoryJson(const Inventory& inventory, ByteView hw_address);

/// @brief Sets the member "inventory" of a machine, if its hardware address is known.
void putInventory(nlohmann::ordered_json& object, const Inventory& inventory, ByteView hw_address);

/// @brief Returns the hardware addresses that are in several places, each with its machines.
nlohmann::ordered_json duplicatesJson(const Inventory& inventory);

}  // namespace clone_guard

#endif
