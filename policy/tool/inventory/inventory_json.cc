// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory_json.h>

#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

/// Names a kind in the output, whose names programs rely on.
const char*
jsonName(MachineKind kind) {
    switch (kind) {
    case MachineKind::VM:
        return ("vm");
    case MachineKind::CONTAINER:
        return ("container");
    case MachineKind::DOMAIN:
        return ("libvirt");
    case MachineKind::RESERVED:
        return ("reservation");
    case MachineKind::LISTED:
        break;
    }
    return ("list");
}

void
putIfSet(Json& object, const char* name, const std::string& text) {
    if (!text.empty()) {
        object[name] = escape(text);
    }
}

Json
machineJson(const KnownMachine& machine) {
    Json object{{"text", toText(machine)}, {"kind", jsonName(machine.kind)}};
    putIfSet(object, "name", machine.name);
    putIfSet(object, "number", machine.number);
    putIfSet(object, "node", machine.node);
    putIfSet(object, "bridge", machine.bridge);
    putIfSet(object, "vlan", machine.vlan);
    if (machine.is_template) {
        object["is_template"] = true;
    }
    putIfSet(object, "template_number", machine.from.number);
    putIfSet(object, "template_name", machine.from.name);
    return (object);
}

}  // namespace

Json
inventoryJson(const Inventory& inventory, ByteView hw_address) {
    auto list = Json::array();
    for (const auto& machine : inventory.find(hw_address)) {
        list.push_back(machineJson(machine));
    }
    return (list);
}

void
putInventory(Json& object, const Inventory& inventory, ByteView hw_address) {
    auto list = inventoryJson(inventory, hw_address);
    if (!list.empty()) {
        object["inventory"] = std::move(list);
    }
}

Json
duplicatesJson(const Inventory& inventory) {
    auto list = Json::array();
    for (const auto& hw_address : inventory.duplicates()) {
        list.push_back(
            {{"hw_address", toHex(hw_address)}, {"inventory", inventoryJson(inventory, hw_address)}});
    }
    return (list);
}

}  // namespace clone_guard
