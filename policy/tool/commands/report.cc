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

namespace options = boost::program_options;

const char* const REPORT_HELP = R"(Usage: clone-guard report AUDITLOG...

Tells what an audit log says: which machines share an identity, which template they come from, what was
done and what is left to do, what needs a hand first. Rotated logs may be given in any order; - is the
standard input.

    clone-guard report /var/log/kea/clone-guard-audit.jsonl*
    clone-guard report clone-guard-audit.jsonl --html report.html
    zcat -f clone-guard-audit.jsonl* | clone-guard report -
    journalctl -u kea-dhcp4-server SYSLOG_FACILITY=16 -o cat | clone-guard report -
)";

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

void
write(const AuditStory& story, const ReportFrame& frame, const options::variables_map& values) {
    if (values.count("html") == 0) {
        values.count("json") > 0 ? printReportJson(std::cout, story, frame)
                                 : printReport(std::cout, story, frame);
        return;
    }
    const auto path = values["html"].as<std::string>();
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

}  // namespace

int
report(const Arguments& arguments) {
    std::string title = "Clone guard report";
    options::options_description known("Options", 100, 70);
    known.add_options()("html", options::value<std::string>()->value_name("FILE"),
                        "write a page for a browser; it needs nothing but itself")("json", "print JSON")(
        "title", options::value<std::string>(&title)->value_name("TEXT"),
        "what the report is called")("verbose,v", "name each line that was skipped, by its number");
    const auto values = parse(arguments, known, REPORT_HELP);
    if (!values) {
        return (EXIT_OK);
    }
    const auto files = positional(*values);
    if (files.empty()) {
        throw UsageError("report needs an audit log, or - for the standard input");
    }
    if (values->count("html") > 0 && values->count("json") > 0) {
        throw UsageError("report takes either --html or --json");
    }
    if (values->count("html") > 0) {
        refuseToOverwrite((*values)["html"].as<std::string>(), files);
    }
    AuditStory story;
    const bool verbose = values->count("verbose") > 0;
    const auto counts = readAuditFiles(
        files, [&story](const AuditEntry& entry) { story.take(entry); },
        verbose ? tellSkipped : std::function<void(const SkippedLine&)>());
    write(story, {titleText(title), counts.skipped}, *values);
    if (counts.skipped > 0) {
        std::cerr << "clone-guard: "
                  << countText(counts.skipped, "line was no record and was",
                               "lines were no records and were")
                  << " skipped" << (verbose ? "" : "; -v names them") << '\n';
    }
    return (EXIT_OK);
}

}  // namespace clone_guard
