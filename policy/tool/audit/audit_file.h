// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_FILE_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_FILE_H

#include <tool/cli/utc_time.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clone_guard {

/// @brief The length in bytes that no record reaches.
constexpr size_t MAX_RECORD = 65536;

/// @brief One record of the audit log as it was read.
///
/// All text is printable ASCII, even in a forged record. An absent field is empty or 0.
struct AuditEntry {
    UtcTime time;
    std::string event;
    /// The other text fields by their names in the log; those of the holder as "holder.address".
    std::map<std::string, std::string, std::less<>> fields;
    uint64_t subnet_id = 0;
    uint64_t claimants = 0;
    uint64_t suppressed = 0;
    std::optional<UtcTime> holder_last_seen;  ///< the holder got or renewed its lease then

    /// @return the field's text, or an empty text if the record lacks the field.
    [[nodiscard]] const std::string& field(std::string_view name) const;
};

/// @brief Reads a line of an audit log.
///
/// @param line the record, or a line of syslog that ends in one: "Nov 22 ... kea-dhcp4[1]: {...}".
/// @param error is set to the reason if the line is rejected.
/// @return the record, or std::nullopt if the line has no valid one.
std::optional<AuditEntry> parseAuditLine(std::string_view line, std::string& error);

/// @brief How many lines of an audit log were used.
struct AuditCounts {
    uint64_t records = 0;
    uint64_t skipped = 0;  ///< lines without a valid record
};

/// @brief A line that was skipped.
struct SkippedLine {
    const std::string& file;
    uint64_t line = 0;  ///< counted from 1
    const std::string& error;
};

/// @brief Reads audit logs as streams. Lines without a valid record are counted and skipped.
///
/// @param names files, in any order; "-" is the standard input.
/// @param on_record called for each record, in the order of the files and of their lines.
/// @param on_skipped called for each skipped line; may be empty.
/// @throw Failure if a file cannot be read, or if a file with lines has no record.
AuditCounts readAuditFiles(const std::vector<std::string>& names,
                           const std::function<void(const AuditEntry&)>& on_record,
                           const std::function<void(const SkippedLine&)>& on_skipped);

}  // namespace clone_guard

#endif
