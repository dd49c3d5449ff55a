// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_AUDIT_LOG_H
#define CLONE_GUARD_HOOK_REPORT_AUDIT_LOG_H

#include <core/audit/audit_record.h>

#include <string>

namespace clone_guard {

/// @brief Writes the audit log: one JSON object a line, through log4cplus.
///
/// Kea's own logger puts a message identifier before each line, so the log4cplus logger that Kea configures under the
/// same name is used directly. The log is written only if a `loggers` entry names it; otherwise its lines would be in
/// the operator's log.
namespace audit_log {

/// @return the name for the server's `loggers`: "kea-dhcp4.clone-guard-audit"
std::string name();

/// @brief Checks whether a `loggers` entry names the audit log.
bool enabled();

/// @brief Writes one record at severity INFO if the audit log is enabled.
void write(const AuditRecord& record, const Explainer& explainer);

/// @brief Writes one record with an explanation of its identifier that the caller has already.
void write(const AuditRecord& record, const Explanation& known);

}  // namespace audit_log
}  // namespace clone_guard

#endif
