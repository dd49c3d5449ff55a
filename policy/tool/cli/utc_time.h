// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_UTC_TIME_H
#define CLONE_GUARD_TOOL_CLI_UTC_TIME_H

#include <chrono>
#include <cstdint>
#include <string>

namespace clone_guard {

/// @brief A point in time in whole seconds, UTC: the resolution of a lease.
///
/// A UtcSeconds converts to a UtcTime by itself. The other direction, and a plain number, do not compile.
using UtcSeconds = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

/// @brief A point in time in milliseconds, UTC: the resolution of an audit record.
using UtcTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/// @param seconds seconds since 1970.
constexpr UtcSeconds
utcFromSeconds(int64_t seconds) noexcept {
    return (UtcSeconds(std::chrono::seconds(seconds)));
}

/// @param milliseconds milliseconds since 1970.
constexpr UtcTime
utcFromMilliseconds(int64_t milliseconds) noexcept {
    return (UtcTime(std::chrono::milliseconds(milliseconds)));
}

/// @brief Formats a time for a reader: "2026-11-22 10:51:04".
std::string utcText(UtcTime time);

/// @brief Formats a period for a reader: "2026-11-22 10:51 to 12:03". A second date follows if the dates differ.
std::string utcPeriodText(UtcTime begin, UtcTime end);

/// @brief Formats a time for a program, as in the audit log: "2026-11-22T10:51:04.250Z".
std::string utcRfc3339(UtcTime time);

}  // namespace clone_guard

#endif
