// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_REPORT_HTML_H
#define CLONE_GUARD_TOOL_REPORT_REPORT_HTML_H

#include <tool/report/report_text.h>

namespace clone_guard {

/// @brief Text as it may stand in HTML, between tags and in quoted attributes.
std::string htmlText(std::string_view text);

/// @brief Writes the report as one page that refers to nothing outside it.
///
/// @param version of the program, for the foot of the page.
void writeHtml(std::ostream& out, const AuditStory& story, const ReportFrame& frame,
               const std::string& version);

/// @brief Who was alive when: a line for each machine.
void writeTimeline(std::ostream& out, const AuditConflict& conflict);

/// @brief So many conflicts and so many machines of one are shown; a page has to stay one that opens.
constexpr size_t MAX_CARDS = 200;
constexpr size_t MAX_ROWS = 60;

/// @brief Style and script of the page. The script adds buttons that copy; everything is readable without it.
extern const char* const REPORT_STYLE;
extern const char* const REPORT_SCRIPT;

/// @brief The SHA-256 of the script in base64, by which the page lets this script run and no other.
extern const char* const REPORT_SCRIPT_SHA256;

}  // namespace clone_guard

#endif
