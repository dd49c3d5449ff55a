// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_KNOWN_NAMES_H
#define CLONE_GUARD_TOOL_REPORT_KNOWN_NAMES_H

#include <tool/audit/audit_summary.h>
#include <tool/inventory/inventory.h>

namespace clone_guard {

/// @brief Names the templates of conflicts, and those in their remedies, by an inventory.
void nameTemplates(AuditSummary& summary, const Inventory& inventory);

/// @return the machines of a conflict, as the inventory knows them.
MachineGroup groupOf(const AuditConflict& conflict, const Inventory& inventory);

/// @return the machines of the inventory with the hardware address; empty if it is unknown.
Inventory::Machines knownMachines(const AuditMachine& machine, const Inventory& inventory);

}  // namespace clone_guard

#endif
