// SPDX-License-Identifier: MPL-2.0

#include <tool/report/known_names.h>

#include <core/audit/audit_field.h>
#include <core/explain/remedy.h>

namespace clone_guard {

Inventory::Machines
knownMachines(const AuditMachine& machine, const Inventory& inventory) {
    const auto bytes = fromHex(machine.hw_address);
    return (bytes ? inventory.find(*bytes) : Inventory::Machines());
}

MachineGroup
groupOf(const AuditConflict& conflict, const Inventory& inventory) {
    MachineGroup group(inventory);
    for (const auto& machine : conflict.machines) {
        if (const auto bytes = fromHex(machine.hw_address)) {
            group.add(*bytes);
        }
    }
    return (group);
}

void
nameTemplates(AuditSummary& summary, const Inventory& inventory) {
    if (inventory.empty()) {
        return;
    }
    summary.update([&inventory](AuditConflict& conflict) {
        const auto known = conflict.known(audit_field::TEMPLATE);
        const auto name = groupOf(conflict, inventory).templateName(known);
        conflict.setKnown(audit_field::TEMPLATE, name);
        conflict.setKnown(audit_field::REMEDY,
                          nameTemplate(conflict.known(audit_field::REMEDY), known, name));
    });
}

}  // namespace clone_guard
