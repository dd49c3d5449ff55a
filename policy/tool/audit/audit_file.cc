// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_file.h>
#include <tool/audit/audit_parser.h>
#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>
#include <tool/cli/progress.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace clone_guard {

namespace {

/// Comes after the time of any record.
constexpr UtcTime LAST = UtcTime::max();

/// Lines between two updates of the progress bar.
constexpr uint64_t PROGRESS_STEP = 1024;

/// The time of a file's first record. Files without one come last; so does the standard input, which cannot be read
/// twice.
UtcTime
beginOf(const std::string& name) {
    if (name == "-") {
        return (LAST);
    }
    LineReader reader(name);
    AuditParser parser;
    for (std::string_view line; reader.next(line);) {
        if (const auto* const entry = parser.parse(line)) {
            return (entry->time);
        }
    }
    return (LAST);
}

/// Sorts rotated logs, which a shell pattern names in another order.
std::vector<std::string>
oldestFirst(const std::vector<std::string>& names) {
    std::vector<std::pair<UtcTime, std::string>> begins;
    begins.reserve(names.size());
    for (const auto& name : names) {
        begins.emplace_back(names.size() > 1 ? beginOf(name) : UtcTime(), name);
    }
    std::stable_sort(begins.begin(), begins.end(),
                     [](const auto& left, const auto& right) { return (left.first < right.first); });
    std::vector<std::string> ordered;
    ordered.reserve(names.size());
    for (auto& [begin, name] : begins) {
        ordered.push_back(std::move(name));
    }
    return (ordered);
}

/// The size of all files in bytes, or 0 if a size is unknown.
uint64_t
totalSizeOf(const std::vector<std::string>& names) {
    uint64_t total = 0;
    for (const auto& name : names) {
        std::error_code error;
        const auto size = std::filesystem::file_size(name, error);
        if (error) {
            return (0);
        }
        total += size;
    }
    return (total);
}

[[noreturn]] void
reportNoRecords(const std::string& name) {
    const auto source = name == "-" ? std::string("the standard input") : inQuotes(name);
    throw Failure(source + " is not an audit log of the clone guard: no line of it has a valid record "
                           "(-v gives the reasons; docs/audit.md shows where the log is written)");
}

}  // namespace

AuditCounts
readAuditFiles(const std::vector<std::string>& names,
               const std::function<void(const AuditEntry&)>& on_record,
               const std::function<void(const SkippedLine&)>& on_skipped) {
    AuditCounts counts;
    Progress progress(std::cerr, totalSizeOf(names), Progress::onTerminal());
    AuditParser parser;
    uint64_t done = 0;
    for (const auto& name : oldestFirst(names)) {
        LineReader reader(name);
        const auto records_before = counts.records;
        const auto skipped_before = counts.skipped;
        for (std::string_view line; reader.next(line);) {
            if (reader.number() % PROGRESS_STEP == 0) {
                progress.update(done + reader.position());
            }
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
                continue;
            }
            if (const auto* const entry = parser.parse(line)) {
                ++counts.records;
                on_record(*entry);
                continue;
            }
            ++counts.skipped;
            if (on_skipped) {
                on_skipped({name, reader.number(), parser.error()});
            }
        }
        done += reader.position();
        if (counts.records == records_before && counts.skipped > skipped_before) {
            reportNoRecords(name);
        }
    }
    return (counts);
}

}  // namespace clone_guard
