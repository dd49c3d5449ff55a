// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_FILE_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_FILE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clone_guard {

/// @brief Longer lines are no records.
constexpr size_t MAX_RECORD = 65536;

/// @brief One record of the audit log as it was read. All text is printable ASCII, whoever wrote the file; what is
/// absent is empty or 0.
struct AuditEntry {
    int64_t time_ms = 0;  ///< milliseconds since 1970, UTC
    std::string event;
    /// The other fields of text by their names in the log; those of the holder as "holder.address".
    std::map<std::string, std::string, std::less<>> fields;
    uint64_t subnet_id = 0;
    uint64_t claimants = 0;
    uint64_t suppressed = 0;
    int64_t holder_seen_ms = 0;  ///< when the holder last got or renewed its lease

    /// @return empty where there is no such field.
    [[nodiscard]] const std::string& field(std::string_view name) const;
};

/// @brief Reads a line of an audit log.
///
/// @param line the record, or a line that ends in one, as syslog writes it: "Nov 22 ... kea-dhcp4[1]: {...}".
/// @param why what is wrong with it.
/// @return nothing for a line that is no record.
std::optional<AuditEntry> parseAuditLine(std::string_view line, std::string& why);

/// @brief What became of the lines of an audit log.
struct AuditCounts {
    uint64_t records = 0;
    uint64_t skipped = 0;  ///< damaged, or no records
};

/// @brief A line that was skipped.
struct SkippedLine {
    const std::string& file;
    uint64_t line = 0;  ///< the first is 1
    const std::string& why;
};

/// @brief Reads audit logs as streams; what is no record is counted and skipped.
///
/// @param names files, in any order; "-" is the standard input.
/// @param take called for each record, in the order of the files and of their lines.
/// @param skipped called for each line that was skipped; may be empty.
/// @throw Failure where a file cannot be read, or has lines but not a single record.
AuditCounts readAuditFiles(const std::vector<std::string>& names,
                           const std::function<void(const AuditEntry&)>& take,
                           const std::function<void(const SkippedLine&)>& skipped);

}  // namespace clone_guard

#endif
