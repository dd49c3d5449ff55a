// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_FILE_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_FILE_H

#include <tool/audit/audit_entry.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace clone_guard {

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
