// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_TIME_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_TIME_H

#include <tool/cli/utc_time.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clone_guard {

/// @brief Splits "2026/11/27" or "13:40:25" into three numbers.
///
/// @return true if the text is three numbers.
bool readThree(std::string_view text, char separator, std::array<uint16_t, 3>& numbers) noexcept;

/// @brief Returns a point in time.
///
/// @param date year, month and day.
/// @param clock the time of the day: "13:40:25".
/// @return the time, or std::nullopt before 1970, after 2105, or if a part is out of range.
std::optional<UtcSeconds> makeTime(const std::array<uint16_t, 3>& date, std::string_view clock) noexcept;

/// @brief Parses a period of RouterOS: "1d19h44m10s".
///
/// @return the period, or std::nullopt if the text is invalid or the period exceeds 2^32 - 1 seconds.
std::optional<std::chrono::seconds> parsePeriod(std::string_view text) noexcept;

}  // namespace clone_guard

#endif
