// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_file.h>
#include <tool/cli/failure.h>
#include <tool/cli/line_reader.h>
#include <tool/cli/progress.h>

#include <core/audit/escape.h>
#include <core/audit/rfc3339.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace clone_guard {

namespace {

using AnyJson = nlohmann::json;

/// The longest text that is kept of a field. The guard writes no longer one; client identifiers come to 764.
constexpr size_t MAX_FIELD = 1024;

/// Later than this no clock of a server is, and a timeline would be all empty.
constexpr int64_t LAST_TIME = 32503680000000;  // the year 3000

/// So many lines are read between two looks at the progress.
constexpr uint64_t LINES_PER_LOOK = 1024;

/// Text as it may be printed. The guard's own is printable already and stays as it is.
std::string
fieldText(std::string_view text) {
    return (printable(text.substr(0, MAX_FIELD)) + (text.size() > MAX_FIELD ? "..." : ""));
}

std::optional<int64_t>
timeOf(const AnyJson& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) {
        return (std::nullopt);
    }
    const auto time = parseRfc3339(found->get_ref<const std::string&>());
    return (time && *time >= 0 && *time < LAST_TIME ? time : std::nullopt);
}

uint64_t
numberOf(const AnyJson& object, const char* name) {
    const auto found = object.find(name);
    return (found != object.end() && found->is_number_unsigned() ? found->get<uint64_t>() : 0);
}

void
keepText(AuditEntry& entry, const AnyJson& object, const std::string& prefix) {
    for (const auto& [name, value] : object.items()) {
        if (value.is_string() && !value.get_ref<const std::string&>().empty() &&
            name.size() < MAX_FIELD) {
            entry.fields[prefix + name] = fieldText(value.get_ref<const std::string&>());
        }
    }
}

/// When the first record of a file is; files without one come last, and so does what cannot be read twice.
int64_t
beginOf(const std::string& name) {
    if (name == "-") {
        return (LAST_TIME);
    }
    LineReader reader(name);
    std::string why;
    for (std::string_view line; reader.next(line);) {
        if (const auto entry = parseAuditLine(line, why)) {
            return (entry->time_ms);
        }
    }
    return (LAST_TIME);
}

/// Rotated logs may be given in any order.
std::vector<std::string>
oldestFirst(const std::vector<std::string>& names) {
    std::vector<std::pair<int64_t, std::string>> begins;
    begins.reserve(names.size());
    for (const auto& name : names) {
        begins.emplace_back(names.size() > 1 ? beginOf(name) : 0, name);
    }
    std::stable_sort(begins.begin(), begins.end(),
                     [](const auto& one, const auto& other) { return (one.first < other.first); });
    std::vector<std::string> ordered;
    ordered.reserve(names.size());
    for (auto& [begin, name] : begins) {
        ordered.push_back(std::move(name));
    }
    return (ordered);
}

/// Bytes to read; 0 where that is not known.
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

/// A file that has something in it, and no record at all.
[[noreturn]] void
noAuditLog(const std::string& name) {
    const auto what = name == "-" ? std::string("the standard input") : "'" + name + "'";
    throw Failure(what + " is no audit log of the clone guard: no line of it is a record "
                         "(-v says why; docs/audit.md says where the log goes)");
}

}  // namespace

const std::string&
AuditEntry::field(std::string_view name) const {
    static const std::string none;
    const auto found = fields.find(name);
    return (found == fields.end() ? none : found->second);
}

std::optional<AuditEntry>
parseAuditLine(std::string_view line, std::string& why) {
    const auto begin = line.find('{');
    if (begin == std::string_view::npos) {
        why = "there is no JSON object in it";
        return (std::nullopt);
    }
    if (line.size() >= MAX_RECORD) {
        why = "it is longer than a record can be";
        return (std::nullopt);
    }
    const auto json =
        AnyJson::parse(line.begin() + static_cast<std::ptrdiff_t>(begin), line.end(), nullptr, false);
    if (!json.is_object()) {
        why = "its JSON is damaged";
        return (std::nullopt);
    }
    const auto time = timeOf(json, "time");
    const auto event = json.find("event");
    if (!time || event == json.end() || !event->is_string() ||
        event->get_ref<const std::string&>().empty()) {
        why = "the object has no time and event, so it is no audit record";
        return (std::nullopt);
    }
    AuditEntry entry;
    entry.time_ms = *time;
    keepText(entry, json, "");
    entry.event = entry.field("event");
    entry.subnet_id = numberOf(json, "subnet_id");
    entry.claimants = numberOf(json, "claimants");
    entry.suppressed = numberOf(json, "suppressed");
    const auto holder = json.find("holder");
    if (holder != json.end() && holder->is_object()) {
        keepText(entry, *holder, "holder.");
        entry.holder_seen_ms = timeOf(*holder, "last_seen").value_or(0);
    }
    return (entry);
}

AuditCounts
readAuditFiles(const std::vector<std::string>& names, const std::function<void(const AuditEntry&)>& take,
               const std::function<void(const SkippedLine&)>& skipped) {
    AuditCounts counts;
    Progress progress(std::cerr, totalSizeOf(names), Progress::onTerminal());
    uint64_t done = 0;
    for (const auto& name : oldestFirst(names)) {
        LineReader reader(name);
        const auto records_before = counts.records;
        const auto skipped_before = counts.skipped;
        std::string why;
        for (std::string_view line; reader.next(line);) {
            if (reader.number() % LINES_PER_LOOK == 0) {
                progress.update(done + reader.position());
            }
            if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
                continue;
            }
            if (const auto entry = parseAuditLine(line, why)) {
                ++counts.records;
                take(*entry);
                continue;
            }
            ++counts.skipped;
            if (skipped) {
                skipped({name, reader.number(), why});
            }
        }
        done += reader.position();
        if (counts.records == records_before && counts.skipped > skipped_before) {
            noAuditLog(name);
        }
    }
    return (counts);
}

}  // namespace clone_guard
