// SPDX-License-Identifier: MPL-2.0

/// @file
/// The timeline of a conflict: plain boxes, placed in percent of the width, so that it fits a phone and needs no
/// script.

#include <tool/report/report_html.h>
#include <tool/report/wording.h>

#include <core/audit/rfc3339.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

namespace clone_guard {

namespace {

constexpr int64_t SECOND = 1000;
constexpr int64_t MINUTE = 60 * SECOND;
constexpr int64_t HOUR = 60 * MINUTE;
constexpr int64_t DAY = 24 * HOUR;

/// A machine that is up is written down once a day, as long as audit-repeat says nothing else.
constexpr int64_t HEARD_AGAIN = 25 * HOUR;

constexpr int64_t MOST_TICKS = 4;

/// The span of time that is drawn.
struct Scale {
    int64_t begin = 0;
    int64_t end = 0;
    int64_t step = DAY;  ///< between the lines of the axis

    /// Percent of the width, for the style sheet.
    [[nodiscard]] std::string at(int64_t time_ms) const {
        return (percent(static_cast<double>(time_ms - begin)));
    }
    [[nodiscard]] std::string width(int64_t length_ms) const {
        return (percent(static_cast<double>(length_ms)));
    }

private:
    [[nodiscard]] std::string percent(double length_ms) const {
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%.2f%%",
                      100 * length_ms / static_cast<double>(end - begin));
        return (text.data());
    }
};

Scale
scaleOf(const AuditConflict& conflict) {
    static const std::array<int64_t, 23> steps{
        SECOND,     2 * SECOND, 5 * SECOND,  10 * SECOND, 30 * SECOND, MINUTE,
        2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR,        2 * HOUR,
        3 * HOUR,   6 * HOUR,   12 * HOUR,   DAY,         2 * DAY,     7 * DAY,
        14 * DAY,   30 * DAY,   90 * DAY,    365 * DAY,   3650 * DAY};
    Scale scale;
    scale.begin = conflict.first_ms;
    scale.end = conflict.last_ms;
    for (const auto& machine : conflict.machines) {
        if (!machine.signs.empty()) {
            scale.begin = std::min(scale.begin, machine.first());
            scale.end = std::max(scale.end, machine.last());
        }
    }
    // Room at both ends for the marks.
    const auto margin = std::max<int64_t>((scale.end - scale.begin) / 25, SECOND);
    scale.begin -= margin;
    scale.end += margin;
    const auto* const fits = std::find_if(steps.begin(), steps.end() - 1, [&scale](int64_t step) {
        return ((scale.end - scale.begin) / step <= MOST_TICKS);
    });
    scale.step = *fits;
    return (scale);
}

/// "Nov 22", "10:51", "10:51:04": as fine as the axis.
std::string
tickText(int64_t time_ms, int64_t step) {
    static const std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto text = toRfc3339(std::max<int64_t>(time_ms, 0));
    if (step >= 365 * DAY) {
        return (text.substr(0, 4));
    }
    if (step >= DAY || text.substr(11, 8) == "00:00:00") {
        const auto month = static_cast<size_t>((text[5] - '0') * 10 + (text[6] - '0') - 1);
        return (std::string(months.at(month % 12)) + " " + std::to_string(std::stoi(text.substr(8, 2))));
    }
    return (text.substr(11, step < MINUTE ? 8 : 5));
}

/// The class of a mark in the style sheet.
const char*
markOf(const std::string& event) {
    if (event == "conflict-confirmed") {
        return ("both");
    }
    if (event == "release-blocked" || event == "decline-blocked") {
        return ("stop");
    }
    if (event == "identity-moved" || event == "conflict-ended") {
        return ("turn");
    }
    return (event == "renewed" ? "lease" : "said");
}

/// Where a machine is heard at least once a day it is taken for alive in between.
void
writeBars(std::ostream& out, const AuditMachine& machine, const Scale& scale) {
    if (machine.last() > machine.first()) {
        out << "<i class=\"thread\" style=\"left:" << scale.at(machine.first())
            << ";width:" << scale.width(machine.last() - machine.first()) << "\"></i>";
    }
    size_t begin = 0;
    for (size_t i = 1; i <= machine.signs.size(); ++i) {
        if (i < machine.signs.size() &&
            machine.signs[i].time_ms - machine.signs[i - 1].time_ms <= HEARD_AGAIN) {
            continue;
        }
        const auto length = machine.signs[i - 1].time_ms - machine.signs[begin].time_ms;
        if (length > 0) {
            out << "<i class=\"bar\" style=\"left:" << scale.at(machine.signs[begin].time_ms)
                << ";width:" << scale.width(length) << "\"></i>";
        }
        begin = i;
    }
}

void
writeTrack(std::ostream& out, const AuditConflict& conflict, const AuditMachine& machine,
           const Scale& scale) {
    const auto name = htmlText(machine.hostname.empty() ? machine.hw_address : machine.hostname);
    out << "<li class=\"" << (conflict.isHolder(machine) ? "holds" : "claims")
        << "\"><span class=\"who\">" << name << "</span><span class=\"track\" role=\"img\" aria-label=\""
        << name << ": ";
    if (machine.signs.empty()) {
        out << "never seen";
    } else {
        out << "seen from " << timeText(machine.first()) << " to " << timeText(machine.last());
    }
    out << "\">";
    writeBars(out, machine, scale);
    for (const auto& sign : machine.signs) {
        out << "<i class=\"mark " << markOf(sign.event) << "\" style=\"left:" << scale.at(sign.time_ms)
            << "\" title=\"" << timeText(sign.time_ms) << " " << htmlText(signText(sign.event))
            << "\"></i>";
    }
    out << "</span></li>\n";
}

void
writeAxis(std::ostream& out, const Scale& scale) {
    out << "<li class=\"axis\" aria-hidden=\"true\"><span class=\"who\">UTC</span><span "
           "class=\"track\">";
    const auto first = (scale.begin / scale.step + 1) * scale.step;
    for (auto tick = first; tick < scale.end; tick += scale.step) {
        // A label near the right edge would stick out on a phone; to the left of its line it may run into the one before.
        const bool late = (tick - scale.begin) * 100 > (scale.end - scale.begin) * 78;
        out << "<i class=\"tick" << (late ? " late" : "") << "\" style=\"left:" << scale.at(tick)
            << "\">";
        if (!late || tick == first) {
            out << "<b>" << tickText(tick, scale.step) << "</b>";
        }
        out << "</i>";
    }
    out << "</span></li>\n";
}

}  // namespace

void
writeTimeline(std::ostream& out, const AuditConflict& conflict) {
    const auto scale = scaleOf(conflict);
    out << "<h4>Who was alive when</h4>\n<ul class=\"timeline\">\n";
    writeAxis(out, scale);
    for (size_t i = 0; i < std::min(conflict.machines.size(), MAX_ROWS); ++i) {
        writeTrack(out, conflict, conflict.machines[i], scale);
    }
    out << "</ul>\n<p class=\"legend\" aria-hidden=\"true\"><span><i class=\"key lease\"></i>lease "
           "renewed</span>"
           "<span><i class=\"key said\"></i>presented the identifier</span>"
           "<span><i class=\"key both\"></i>proven up together</span>"
           "<span><i class=\"key stop\"></i>blocked</span>"
           "<span><i class=\"key turn\"></i>moved or ended</span></p>\n";
}

}  // namespace clone_guard
