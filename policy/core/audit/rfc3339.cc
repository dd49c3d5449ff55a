// SPDX-License-Identifier: MPL-2.0

#include <core/audit/rfc3339.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

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
    std::istringstream stream{std::string(text)};
    stream.imbue(std::locale::classic());
    std::tm parts{};
    int64_t milliseconds = 0;
    stream >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%S");
    if (stream.peek() == '.') {
        std::string digits(4, '0');
        stream.read(digits.data(), static_cast<std::streamsize>(digits.size()));
        if (!std::all_of(digits.begin() + 1, digits.end(),
                         [](char digit) { return (digit >= '0' && digit <= '9'); })) {
            return (std::nullopt);
        }
        milliseconds = std::stoi(digits.substr(1));
    }
    if (stream.get() != 'Z' || stream.peek() != std::istringstream::traits_type::eof()) {
        return (std::nullopt);
    }
    return (static_cast<int64_t>(timegm(&parts)) * 1000 + milliseconds);
}

}  // namespace clone_guard
