// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_LISTEN_EVENTS_H
#define CLONE_GUARD_TOOL_LISTEN_LISTEN_EVENTS_H

#include <tool/inventory/inventory.h>
#include <tool/listen/message.h>
#include <tool/listen/observation.h>

#include <core/audit/audit_record.h>

#include <iosfwd>
#include <optional>

namespace clone_guard {

/// @brief Prints an event in one line: the time, the event, and the machines.
///
/// @param message the message that caused the event.
void printEvent(std::ostream& out, const Event& event, const Message& message,
                const Inventory& inventory);

/// @brief Makes the audit record of an event, as a guard would log it, with LISTEN_POLICY.
///
/// @param is_live the numbers of links are those of this machine's interfaces.
/// @return the record, or std::nullopt if the audit log has no such event: only shared identifiers have one.
std::optional<AuditRecord> auditRecordOf(const Event& event, const Message& message, bool is_live);

}  // namespace clone_guard

#endif
