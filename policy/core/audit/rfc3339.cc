// SPDX-License-Identifier: MPL-2.0

#include <core/audit/rfc3339.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace clone_guard {

namespace {

/// Checks the beginning of a text: 'd' in the form is any digit.
bool
hasForm(std::string_view text, std::string_view form) {
    for (size_t i = 0; i < form.size(); ++i) {
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) {
            return (false);
        }
    }
    return (true);
}

/// Reads a decimal number of some digits.
int
numberAt(std::string_view text, size_t begin, size_t digits) {
    int number = 0;
    for (const char digit : text.substr(begin, digits)) {
        number = number * 10 + (digit - '0');
    }
    return (number);
}

}  // namespace

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
    constexpr std::string_view FORM = "dddd-dd-ddTdd:dd:dd";
    constexpr std::string_view FRACTION = ".ddd";
    const bool has_fraction = text.size() == FORM.size() + FRACTION.size() + 1;
    if ((!has_fraction && text.size() != FORM.size() + 1) || text.back() != 'Z' ||
        !hasForm(text, FORM) || (has_fraction && !hasForm(text.substr(FORM.size()), FRACTION))) {
        return (std::nullopt);
    }
    std::tm parts{};
    parts.tm_year = numberAt(text, 0, 4) - 1900;
    parts.tm_mon = numberAt(text, 5, 2) - 1;
    parts.tm_mday = numberAt(text, 8, 2);
    parts.tm_hour = numberAt(text, 11, 2);
    parts.tm_min = numberAt(text, 14, 2);
    parts.tm_sec = numberAt(text, 17, 2);
    if (parts.tm_mon < 0 || parts.tm_mon > 11 || parts.tm_mday < 1 || parts.tm_mday > 31 ||
        parts.tm_hour > 23 || parts.tm_min > 59 || parts.tm_sec > 60) {
        return (std::nullopt);
    }
    return (static_cast<int64_t>(timegm(&parts)) * 1000 + (has_fraction ? numberAt(text, 20, 3) : 0));
}

}  // namespace clone_guard
