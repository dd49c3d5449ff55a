// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_REPORT_TEXT_H
#define CLONE_GUARD_TOOL_REPORT_REPORT_TEXT_H

#include <tool/report/report_context.h>

#include <iosfwd>

namespace clone_guard {

/// @brief Prints a report as text, the most urgent conflict first.
void printReport(std::ostream& out, const AuditSummary& summary, const ReportContext& context);

}  // namespace clone_guard

#endif
