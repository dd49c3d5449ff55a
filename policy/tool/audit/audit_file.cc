// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_file.h>
#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>
#include <tool/cli/progress.h>

#include <core/audit/audit_field.h>
#include <core/audit/rfc3339.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace clone_guard {

namespace {

using AnyJson = nlohmann::json;

/// The longest text that is kept of a field, in bytes. The guard's longest is a client identifier, 764.
constexpr size_t MAX_FIELD = 1024;

/// Records of the year 3000 and later are rejected: they would leave the rest of a timeline empty.
constexpr UtcTime TIME_LIMIT = utcFromMilliseconds(32503680000000);

/// Lines between two updates of the progress bar.
constexpr uint64_t PROGRESS_STEP = 1024;

/// Makes a text printable. Text that the guard wrote is printable already and does not change.
std::string
fieldText(std::string_view text) {
    return (printable(text.substr(0, MAX_FIELD)) + (text.size() > MAX_FIELD ? "..." : ""));
}

std::optional<UtcTime>
timeField(const AnyJson& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) {
        return (std::nullopt);
    }
    const auto milliseconds = parseRfc3339(found->get_ref<const std::string&>());
    if (!milliseconds || *milliseconds < 0 || utcFromMilliseconds(*milliseconds) >= TIME_LIMIT) {
        return (std::nullopt);
    }
    return (utcFromMilliseconds(*milliseconds));
}

uint64_t
numberField(const AnyJson& object, const char* name) {
    const auto found = object.find(name);
    return (found != object.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0);
}

void
copyTextFields(AuditEntry& entry, const AnyJson& object, const std::string& prefix) {
    for (const auto& [name, value] : object.items()) {
        if (value.is_string() && !value.get_ref<const std::string&>().empty() &&
            name.size() < MAX_FIELD) {
            entry.fields[prefix + name] = fieldText(value.get_ref<const std::string&>());
        }
    }
}

/// The time of a file's first record. Files without one come last; so does the standard input, which cannot be read
/// twice.
UtcTime
beginOf(const std::string& name) {
    if (name == "-") {
        return (TIME_LIMIT);
    }
    LineReader reader(name);
    std::string error;
    for (std::string_view line; reader.next(line);) {
        if (const auto entry = parseAuditLine(line, error)) {
            return (entry->time);
        }
    }
    return (TIME_LIMIT);
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

const std::string&
AuditEntry::field(std::string_view name) const {
    static const std::string absent;
    const auto found = fields.find(name);
    return (found == fields.end() ? absent : found->second);
}

std::optional<AuditEntry>
parseAuditLine(std::string_view line, std::string& error) {
    const auto begin = line.find('{');
    if (begin == std::string_view::npos) {
        error = "the line has no JSON object";
        return (std::nullopt);
    }
    if (line.size() >= MAX_RECORD) {
        error = "the line is longer than a record can be";
        return (std::nullopt);
    }
    const auto json =
        AnyJson::parse(line.begin() + static_cast<std::ptrdiff_t>(begin), line.end(), nullptr, false);
    if (!json.is_object()) {
        error = "the JSON is damaged";
        return (std::nullopt);
    }
    const auto time = timeField(json, audit_field::TIME);
    const auto event = json.find(audit_field::EVENT);
    if (!time || event == json.end() || !event->is_string() ||
        event->get_ref<const std::string&>().empty()) {
        error = "the object lacks a valid time or event of an audit record";
        return (std::nullopt);
    }
    AuditEntry entry;
    entry.time = *time;
    copyTextFields(entry, json, "");
    entry.event = entry.field(audit_field::EVENT);
    entry.subnet_id = numberField(json, audit_field::SUBNET_ID);
    entry.claimants = numberField(json, audit_field::CLAIMANTS);
    entry.suppressed = numberField(json, audit_field::SUPPRESSED);
    const auto holder = json.find(audit_field::HOLDER);
    if (holder != json.end() && holder->is_object()) {
        copyTextFields(entry, *holder, std::string(audit_field::HOLDER) + ".");
        entry.holder_last_seen = timeField(*holder, audit_field::LAST_SEEN);
    }
    return (entry);
}

AuditCounts
readAuditFiles(const std::vector<std::string>& names,
               const std::function<void(const AuditEntry&)>& on_record,
               const std::function<void(const SkippedLine&)>& on_skipped) {
    AuditCounts counts;
    Progress progress(std::cerr, totalSizeOf(names), Progress::onTerminal());
    uint64_t done = 0;
    for (const auto& name : oldestFirst(names)) {
        LineReader reader(name);
        const auto records_before = counts.records;
        const auto skipped_before = counts.skipped;
        std::string error;
        for (std::string_view line; reader.next(line);) {
            if (reader.number() % PROGRESS_STEP == 0) {
                progress.update(done + reader.position());
            }
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
                continue;
            }
            if (const auto entry = parseAuditLine(line, error)) {
                ++counts.records;
                on_record(*entry);
                continue;
            }
            ++counts.skipped;
            if (on_skipped) {
                on_skipped({name, reader.number(), error});
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
