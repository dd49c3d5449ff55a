// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_REPORT_TEXT_H
#define CLONE_GUARD_TOOL_REPORT_REPORT_TEXT_H

#include <tool/audit/audit_summary.h>

namespace clone_guard {

/// @brief What a report says beside the story itself.
struct ReportFrame {
    std::string title;     ///< escaped already
    uint64_t skipped = 0;  ///< lines of the log that were no records
};

/// @brief Prints what happened for people, what needs a hand first.
void printReport(std::ostream& out, const AuditStory& story, const ReportFrame& frame);

/// @brief Prints the same for programs, as one JSON object.
void printReportJson(std::ostream& out, const AuditStory& story, const ReportFrame& frame);

}  // namespace clone_guard

#endif
