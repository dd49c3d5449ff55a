// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_PARSER_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_PARSER_H

#include <tool/audit/audit_entry.h>

namespace clone_guard {

/// @brief The length in bytes that no record reaches.
constexpr size_t MAX_RECORD = 65536;

/// @brief Reads lines of an audit log. One parser for many lines allocates its memory once.
class AuditParser {
public:
    /// @brief Reads a line.
    ///
    /// @param line the record, or a line of syslog that ends in one: "Nov 22 ... kea-dhcp4[1]: {...}".
    /// @return the record, valid until the next call, or nullptr if the line has no valid record.
    const AuditEntry* parse(std::string_view line);

    /// @return the reason why the last line was rejected.
    [[nodiscard]] const std::string& error() const noexcept {
        return (error_);
    }

private:
    const AuditEntry* reject(const char* reason);

    AuditEntry entry_;
    std::string error_;
};

/// @brief Reads one line of an audit log, as AuditParser does.
///
/// @param error is set to the reason if the line is rejected.
/// @return the record, or std::nullopt if the line has no valid one.
std::optional<AuditEntry> parseAuditLine(std::string_view line, std::string& error);

}  // namespace clone_guard

#endif
