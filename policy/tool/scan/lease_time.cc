// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_time.h>

#include <tool/scan/lease_text.h>

namespace clone_guard {

namespace {

/// Returns the days from 1970 to a date of the Gregorian calendar. A year begins in March here, so that the day that a
/// leap year adds is its last.
int64_t
daysTo(int64_t year, int64_t month, int64_t day) noexcept {
    constexpr int64_t DAYS_TO_1970 = 719468;
    year -= month <= 2 ? 1 : 0;
    const auto of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (year * 365 + year / 4 - year / 100 + year / 400 + of_year - DAYS_TO_1970);
}

/// Returns the seconds of a unit, or 0 if there is no such unit.
uint64_t
secondsOf(char unit) noexcept {
    switch (unit) {
    case 'w':
        return (604800);
    case 'd':
        return (86400);
    case 'h':
        return (3600);
    case 'm':
        return (60);
    case 's':
        return (1);
    default:
        return (0);
    }
}

}  // namespace

bool
readThree(std::string_view text, char separator, std::array<uint16_t, 3>& numbers) noexcept {
    for (size_t i = 0; i < numbers.size(); ++i) {
        const auto end = i < 2 ? text.find(separator) : text.size();
        if (end == std::string_view::npos || !readNumber(text.substr(0, end), numbers[i])) {
            return (false);
        }
        text.remove_prefix(i < 2 ? end + 1 : end);
    }
    return (true);
}

std::optional<UtcSeconds>
makeTime(const std::array<uint16_t, 3>& date, std::string_view clock) noexcept {
    std::array<uint16_t, 3> time{};
    if (!readThree(clock, ':', time) || date[0] < 1970 || date[0] > 2105 || date[1] < 1 ||
        date[1] > 12 || date[2] < 1 || date[2] > 31 || time[0] > 23 || time[1] > 59 || time[2] > 60) {
        return (std::nullopt);
    }
    const auto hours = daysTo(date[0], date[1], date[2]) * 24 + time[0];
    return (utcFromSeconds((hours * 60 + time[1]) * 60 + time[2]));
}

std::optional<std::chrono::seconds>
parsePeriod(std::string_view text) noexcept {
    uint64_t total = 0;
    while (!text.empty()) {
        const auto digits = text.find_first_not_of("0123456789");
        uint32_t number = 0;
        if (digits == std::string_view::npos || !readNumber(text.substr(0, digits), number) ||
            secondsOf(text[digits]) == 0) {
            return (std::nullopt);
        }
        total += number * secondsOf(text[digits]);
        if (total > UINT32_MAX) {
            return (std::nullopt);
        }
        text.remove_prefix(digits + 1);
    }
    return (std::chrono::seconds(total));
}

}  // namespace clone_guard
