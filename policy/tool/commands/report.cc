// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_summary.h>
#include <tool/commands/command.h>
#include <tool/report/report_html.h>
#include <tool/report/report_text.h>
#include <tool/report/wording.h>

#include <core/audit/escape.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace clone_guard {

namespace {

/// Text for a title: whatever alphabet, but nothing that a terminal obeys.
std::string
titleText(const std::string& text) {
    std::string safe;
    for (const char character : text) {
        const auto byte = static_cast<uint8_t>(character);
        safe += byte < 0x20 || byte == 0x7f ? ' ' : character;
    }
    return (safe);
}

[[noreturn]] void
cannotWrite(const std::string& path) {
    throw Failure("cannot write '" + path + "': " + std::strerror(errno));
}

/// A file that takes its name only when it is complete.
class NewFile {
public:
    explicit NewFile(std::string path) : path_(std::move(path)), temporary_(path_ + ".XXXXXX") {
        const int file = mkstemp(temporary_.data());
        if (file < 0) {
            const auto error = errno;
            temporary_.clear();
            errno = error;
            cannotWrite(path_);
        }
        const auto mask = umask(0);
        umask(mask);
        // As any other file that a person makes, where mkstemp is for the owner alone.
        fchmod(file, 0666 & ~mask);
        close(file);
        out_.open(temporary_, std::ios::binary | std::ios::trunc);
    }
    ~NewFile() {
        if (!temporary_.empty()) {
            unlink(temporary_.c_str());
        }
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    std::ostream& out() {
        return (out_);
    }
    void finish() {
        errno = 0;
        out_.close();
        if (!out_ || std::rename(temporary_.c_str(), path_.c_str()) != 0) {
            cannotWrite(path_);
        }
        temporary_.clear();
    }

private:
    std::string path_;
    std::string temporary_;
    std::ofstream out_;
};

/// A page must not take the place of a log that it is made of.
void
refuseToOverwrite(const std::string& path, const Arguments& files) {
    for (const auto& file : files) {
        std::error_code none;
        if (std::filesystem::equivalent(path, file, none)) {
            throw UsageError(inQuotes(path) +
                             " is the audit log itself; name another file for the page");
        }
    }
}

void
tellSkipped(const SkippedLine& skipped) {
    std::cerr << "clone-guard: " << escape(skipped.file) << " line " << skipped.line << ": "
              << skipped.why << '\n';
}

/// Writes the page for a browser; "-" is the standard output.
void
writePage(const std::string& path, const AuditStory& story, const ReportFrame& frame) {
    if (path == "-") {
        writeHtml(std::cout, story, frame, CLONE_GUARD_VERSION);
        return;
    }
    std::error_code none;
    const auto target = std::filesystem::canonical(path, none);
    if (!none && !std::filesystem::is_regular_file(target)) {
        // A pipe or a device keeps what it is.
        std::ofstream out(path, std::ios::binary);
        writeHtml(out, story, frame, CLONE_GUARD_VERSION);
        errno = 0;
        out.close();
        if (!out) {
            cannotWrite(path);
        }
        return;
    }
    NewFile file(none ? path : target.string());
    writeHtml(file.out(), story, frame, CLONE_GUARD_VERSION);
    file.finish();
    std::cout << headline(story.conflicts()) << '\n';
}

class Report : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "report",
            "AUDITLOG...",
            "report what an audit log says; --html FILE writes a page to pass on",
            "[OPTIONS] AUDITLOG...",
            R"(Reports which machines share an identifier, which template they come from, what was done and what is
left to do; conflicts that need an action come first. Rotated logs can be given in any order. '-' is the
standard input. Files compressed by gzip, bzip2 or xz are unpacked.

    clone-guard report /var/log/kea/clone-guard-audit.jsonl*
    clone-guard report clone-guard-audit.jsonl --html report.html
    journalctl -u kea-dhcp4-server SYSLOG_FACILITY=16 -o cat |
        clone-guard report -
)",
            Complete::FILES,
            {}});
    }

    void declare(Options& options) override {
        options.file("html", "FILE", html_, "write a page for a browser, which needs no other file");
        options.flag("json", json_, "print JSON");
        options.value("title", "TEXT", title_, "the title of the report");
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
        AuditStory story;
        const auto counts = readAuditFiles(
            files, [&story](const AuditEntry& entry) { story.take(entry); },
            verbose_ ? tellSkipped : std::function<void(const SkippedLine&)>());
        const ReportFrame frame{titleText(title_), counts.skipped};
        if (html_) {
            writePage(*html_, story, frame);
        } else if (json_) {
            printReportJson(std::cout, story, frame);
        } else {
            printReport(std::cout, story, frame);
        }
        if (counts.skipped > 0) {
            std::cerr << "clone-guard: "
                      << countText(counts.skipped, "line was no record and was",
                                   "lines were no records and were")
                      << " skipped" << (verbose_ ? "" : "; -v names them") << '\n';
        }
        return (EXIT_OK);
    }

private:
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
