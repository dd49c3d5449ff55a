// SPDX-License-Identifier: MPL-2.0
//
// Audit logs, as `clone-guard report` reads and reports them: as text, as JSON and as a page.

#include <tests/fuzz/memory_file.h>
#include <tests/fuzz/properties.h>

#include <tool/audit/audit_file.h>
#include <tool/audit/audit_summary.h>
#include <tool/cli/failure.h>
#include <tool/report/report_html.h>
#include <tool/report/report_json.h>
#include <tool/report/report_text.h>

#include <nlohmann/json.hpp>

#include <sstream>

namespace {

using namespace clone_guard;
using namespace clone_guard::properties;

/// The table of conflicts is small, so that its limit is reached.
constexpr size_t FEW = 4;

void
check(const AuditEntry& entry) {
    require(isPrintable(entry.event), "an event is printable");
    for (const auto& text : entry.texts) {
        require(isPrintable(text), "a field is printable");
    }
}

/// The page has the elements of its template and no other: what a client sent makes no element.
void
checkPage(const std::string& page) {
    size_t scripts = 0;
    for (size_t at = page.find("<script"); at != std::string::npos; at = page.find("<script", at + 1)) {
        ++scripts;
    }
    require(scripts <= 1, "the page has one script");
    require(page.find("<img") == std::string::npos && page.find("<iframe") == std::string::npos,
            "the page has no foreign element");
}

}  // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const fuzz::MemoryFile file(data, size);
    AuditSummary summary(FEW);
    ReportContext context{"Report", 0};
    try {
        const auto counts = readAuditFiles(
            {file.path()},
            [&summary](const AuditEntry& entry) {
                check(entry);
                summary.add(entry);
            },
            [](const SkippedLine& skipped) {
                require(isPrintable(skipped.error), "the reason for a skipped line is printable");
            });
        context.skipped = counts.skipped;
        require(counts.records == summary.records(), "each record is summarized");
    } catch (const Failure&) {
        return (0);
    }
    std::ostringstream text;
    printReport(text, summary, context);
    require(fuzz::isPlain(text.str()), "the text has no control characters");
    std::ostringstream json;
    printReportJson(json, summary, context);
    require(nlohmann::json::accept(json.str()), "the report is JSON");
    std::ostringstream page;
    writeHtml(page, summary, context, "1.0");
    checkPage(page.str());
    return (0);
}
