// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_AUDIT_RFC3339_H
#define CLONE_GUARD_AUDIT_RFC3339_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clone_guard {

/// @brief A point in time as in RFC 3339, UTC, with milliseconds: "2026-05-01T10:00:00.000Z".
std::string toRfc3339(int64_t time_ms);

/// @brief Reads what @ref toRfc3339 writes, with or without milliseconds.
///
/// @return milliseconds since 1970; nothing where the text is none.
std::optional<int64_t> parseRfc3339(std::string_view text);

}  // namespace clone_guard

#endif
