// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_RECORD_TEXT_H
#define CLONE_GUARD_TOOL_REPORT_RECORD_TEXT_H

#include <tool/audit/audit_entry.h>
#include <tool/inventory/inventory.h>

#include <iosfwd>

namespace clone_guard {

/// @brief Prints an audit record in two lines: time, event and machines; then network and action.
///
/// @param inventory the names of machines and templates; may be empty.
void printRecord(std::ostream& out, const AuditEntry& entry, const Inventory& inventory);

}  // namespace clone_guard

#endif
