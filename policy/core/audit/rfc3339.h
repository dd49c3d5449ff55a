// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_AUDIT_RFC3339_H
#define CLONE_GUARD_CORE_AUDIT_RFC3339_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clone_guard {

/// @brief Formats a time by RFC 3339 in UTC with milliseconds: "2026-05-01T10:00:00.000Z".
///
/// @param time_ms milliseconds since 1970
std::string toRfc3339(int64_t time_ms);

/// @brief Parses the output of @ref toRfc3339, with or without milliseconds.
///
/// @return milliseconds since 1970, or std::nullopt if the text is invalid
std::optional<int64_t> parseRfc3339(std::string_view text);

}  // namespace clone_guard

#endif
