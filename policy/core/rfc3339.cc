// SPDX-License-Identifier: MPL-2.0

#include <core/rfc3339.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace clone_guard {

std::string
toRfc3339(int64_t time_ms) {
    const auto seconds = static_cast<std::time_t>(time_ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 24> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(), static_cast<int>(time_ms % 1000));
    return (text.data());
}

std::optional<int64_t>
parseRfc3339(std::string_view text) {
    const std::string copy(text);
    std::tm parts{};
    int milliseconds = 0;
    int used = 0;
    const auto read = std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n.%3d%n", &parts.tm_year,
                                  &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min,
                                  &parts.tm_sec, &used, &milliseconds, &used);
    if (read < 6 || copy.substr(static_cast<size_t>(used)) != "Z") {
        return (std::nullopt);
    }
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return (static_cast<int64_t>(timegm(&parts)) * 1000 + milliseconds);
}

}  // namespace clone_guard
