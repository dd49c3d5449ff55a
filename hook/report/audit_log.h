// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_REPORT_AUDIT_LOG_H
#define CLONE_GUARD_REPORT_AUDIT_LOG_H

#include <core/audit/audit_record.h>

#include <string>

namespace clone_guard {

/// @brief The audit log: one JSON object a line, through log4cplus.
///
/// Kea's own logger puts a message identifier before each line, so the log4cplus logger that Kea
/// configures under the same name is used directly. It is written only where a `loggers` entry gave it
/// an output of its own; else its lines would turn up in the operator's log.
namespace audit_log {

/// @return the name for the server's `loggers`: "kea-dhcp4.clone-guard-audit".
std::string name();

/// @brief Whether somebody wants the records.
bool enabled();

/// @brief Writes one record at severity INFO; does nothing unless enabled.
void write(const AuditRecord& record, const Explainer& explainer);

/// @brief Writes one record with an explanation of its identifier that the caller has already.
void write(const AuditRecord& record, const Explanation& known);

}  // namespace audit_log
}  // namespace clone_guard

#endif
