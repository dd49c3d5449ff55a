// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_ENTRY_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_ENTRY_H

#include <tool/cli/utc_time.h>

#include <core/audit/audit_field.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clone_guard {

constexpr size_t AUDIT_FIELDS = audit_field::ALL.size();

/// @brief The paths of the fields in @ref audit_field::ALL, with their lengths.
constexpr std::array<std::string_view, AUDIT_FIELDS> AUDIT_FIELD_NAMES = [] {
    std::array<std::string_view, AUDIT_FIELDS> names{};
    for (size_t i = 0; i < AUDIT_FIELDS; ++i) {
        names[i] = audit_field::ALL[i].name;
    }
    return (names);
}();

/// @brief The place of a field in @ref audit_field::ALL.
///
/// @param name the field's path: "hostname", "holder.address".
/// @return the place, or AUDIT_FIELDS if the name is unknown.
constexpr size_t
auditFieldIndex(std::string_view name) noexcept {
    size_t index = 0;
    while (index < AUDIT_FIELDS && AUDIT_FIELD_NAMES[index] != name) {
        ++index;
    }
    return (index);
}

/// @brief One record of the audit log as it was read.
///
/// All text is printable ASCII, even in a forged record. An absent field is empty or 0. Fields of later versions of the
/// guard are left out.
struct AuditEntry {
    UtcTime time;
    std::string event;
    std::array<std::string, AUDIT_FIELDS> texts;  ///< by their place in audit_field::ALL
    uint64_t subnet_id = 0;
    uint64_t claimants = 0;
    uint64_t suppressed = 0;
    std::optional<UtcTime> holder_last_seen;  ///< the holder got or renewed its lease then

    /// @param name the field's path in @ref audit_field::ALL.
    /// @return the field's text, or an empty text if the record lacks the field.
    [[nodiscard]] const std::string& field(std::string_view name) const;
};

}  // namespace clone_guard

#endif
