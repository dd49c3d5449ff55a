// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_REPORT_HTML_H
#define CLONE_GUARD_TOOL_REPORT_REPORT_HTML_H

#include <tool/report/report_context.h>

#include <iosfwd>

namespace clone_guard {

/// @brief Escapes a text for HTML, between tags and in quoted attributes.
std::string htmlText(std::string_view text);

/// @brief Writes a report as one HTML page that refers to nothing outside it.
///
/// @param version version of the program, for the foot of the page.
void writeHtml(std::ostream& out, const AuditSummary& summary, const ReportContext& context,
               const std::string& version);

/// @brief Writes the timeline of a conflict: a line for each machine.
void writeTimeline(std::ostream& out, const AuditConflict& conflict, const Inventory& inventory);

/// @brief The number of conflicts on a page. Browsers are slow to open a larger page.
constexpr size_t MAX_CARDS = 200;
/// @brief The number of machines of one conflict on a page.
constexpr size_t MAX_ROWS = 60;

}  // namespace clone_guard

#endif
