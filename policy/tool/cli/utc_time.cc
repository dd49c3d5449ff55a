// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/utc_time.h>

#include <core/audit/rfc3339.h>

namespace clone_guard {

namespace {

// Lengths in "2026-11-22 10:51:04".
constexpr size_t TO_DATE = 10;
constexpr size_t TO_MINUTES = 16;
constexpr size_t TO_SECONDS = 19;

}  // namespace

std::string
utcText(UtcTime time) {
    auto text = utcRfc3339(time).substr(0, TO_SECONDS);
    text[TO_DATE] = ' ';
    return (text);
}

std::string
utcPeriodText(UtcTime begin, UtcTime end) {
    const auto first = utcText(begin).substr(0, TO_MINUTES);
    const auto last = utcText(end).substr(0, TO_MINUTES);
    if (first == last) {
        return (first);
    }
    const bool same_date = first.substr(0, TO_DATE) == last.substr(0, TO_DATE);
    return (first + " to " + (same_date ? last.substr(TO_DATE + 1) : last));
}

std::string
utcRfc3339(UtcTime time) {
    return (toRfc3339(time.time_since_epoch().count()));
}

}  // namespace clone_guard
