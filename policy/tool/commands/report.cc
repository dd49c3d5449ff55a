// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_file.h>
#include <tool/audit/audit_summary.h>
#include <tool/commands/command.h>
#include <tool/inventory/inventory_source.h>
#include <tool/report/known_names.h>
#include <tool/report/page_file.h>
#include <tool/report/report_html.h>
#include <tool/report/report_json.h>
#include <tool/report/report_text.h>
#include <tool/report/wording.h>

#include <core/identity/escape.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

namespace clone_guard {

namespace {

/// Replaces control characters in a title. Other alphabets are kept.
std::string
titleText(const std::string& text) {
    std::string safe;
    for (const char character : text) {
        const auto byte = static_cast<uint8_t>(character);
        safe += byte < 0x20 || byte == 0x7f ? ' ' : character;
    }
    return (safe);
}

/// Rejects an output path that is a directory or one of the audit logs.
void
refuseToOverwrite(const std::string& path, const Arguments& files) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        throw Failure(inQuotes(path) + " is a directory; name a file in it for the page");
    }
    for (const auto& file : files) {
        std::error_code none;
        if (std::filesystem::equivalent(path, file, none)) {
            throw UsageError(inQuotes(path) +
                             " is the audit log itself; name another file for the page");
        }
    }
}

void
logSkipped(const SkippedLine& skipped) {
    std::cerr << "clone-guard: " << escape(skipped.file) << " line " << skipped.line << ": "
              << skipped.error << '\n';
}

/// Writes the page for a browser; "-" is the standard output.
void
writePage(const std::string& path, const AuditSummary& summary, const ReportContext& context) {
    if (path == "-") {
        writeHtml(std::cout, summary, context, CLONE_GUARD_VERSION);
        return;
    }
    std::error_code none;
    const auto target = std::filesystem::canonical(path, none);
    if (!none && !std::filesystem::is_regular_file(target)) {
        // A pipe or a device is written, not replaced.
        std::ofstream out(path, std::ios::binary);
        writeHtml(out, summary, context, CLONE_GUARD_VERSION);
        errno = 0;
        out.close();
        if (!out) {
            reportWriteFailure(path);
        }
        return;
    }
    PageFile file(none ? path : target.string());
    writeHtml(file.out(), summary, context, CLONE_GUARD_VERSION);
    file.commit();
    std::cout << headline(summary.conflicts()) << '\n';
}

class Report : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "report",
            "AUDITLOG...",
            "report the conflicts in an audit log; --html FILE writes a page to pass on",
            "[OPTIONS] AUDITLOG...",
            R"(Reports which machines share an identifier, which template they come from, what was done and what is
left to do; conflicts that need an action come first. Rotated logs can be given in any order. '-' is the
standard input. Files compressed by gzip, bzip2 or xz are unpacked.

    clone-guard report /var/log/kea/clone-guard-audit.jsonl*
    clone-guard report clone-guard-audit.jsonl --html report.html
    clone-guard report clone-guard-audit.jsonl --inventory /etc/pve
    journalctl -u kea-dhcp4-server SYSLOG_FACILITY=16 -o cat |
        clone-guard report -
)",
            Complete::FILES,
            {}});
    }

    void declare(Options& options) override {
        options.file("html", "FILE", html_, "write a page for a browser, which needs no other file");
        options.flag("json", json_, "print JSON");
        inventory_.declare(options);
        options.value("title", "TEXT", title_, "the title of the report (default: Clone guard report)");
        options.flag("verbose,v", verbose_, "name each skipped line by its number");
    }

    int run(const Arguments& files) override {
        if (files.empty()) {
            throw UsageError("report needs an audit log, or - for the standard input");
        }
        if (html_ && json_) {
            throw UsageError("report takes either --html or --json");
        }
        if (html_) {
            refuseToOverwrite(*html_, files);
        }
        ReportContext context{titleText(title_), 0, inventory_.read()};
        AuditSummary summary;
        const auto counts = readAuditFiles(
            files, [&summary](const AuditEntry& entry) { summary.add(entry); },
            verbose_ ? logSkipped : std::function<void(const SkippedLine&)>());
        context.skipped = counts.skipped;
        nameTemplates(summary, context.inventory);
        if (html_) {
            writePage(*html_, summary, context);
        } else if (json_) {
            printReportJson(std::cout, summary, context);
        } else {
            printReport(std::cout, summary, context);
        }
        if (counts.skipped > 0) {
            std::cerr << "clone-guard: "
                      << countText(counts.skipped, "line without a valid record was",
                                   "lines without a valid record were")
                      << " skipped"
                      << (verbose_              ? ""
                          : counts.skipped == 1 ? "; -v names it"
                                                : "; -v names them")
                      << '\n';
        }
        return (EXIT_OK);
    }

private:
    InventoryOption inventory_;
    std::optional<std::string> html_;
    std::string title_ = "Clone guard report";
    bool json_ = false;
    bool verbose_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeReport() {
    return (std::make_unique<Report>());
}

}  // namespace clone_guard
