// SPDX-License-Identifier: MPL-2.0

/// @file
/// The timeline of a conflict: boxes that are placed in percent of the width, so that they fit each screen without a
/// script.

#include <tool/report/known_names.h>
#include <tool/report/report_html.h>
#include <tool/report/wording.h>

#include <core/audit/audit_event.h>
#include <core/identity/escape.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

namespace clone_guard {

namespace {

using Duration = UtcTime::duration;

constexpr Duration SECOND = std::chrono::seconds(1);
constexpr Duration MINUTE = std::chrono::minutes(1);
constexpr Duration HOUR = std::chrono::hours(1);
constexpr Duration DAY = 24 * HOUR;

/// The guard records an active machine at least once a day with the default audit-repeat.
constexpr Duration LONGEST_BAR_GAP = 25 * HOUR;

constexpr int64_t MOST_TICKS = 4;

/// The period that a timeline shows.
struct Scale {
    UtcTime begin;
    UtcTime end;
    Duration step = DAY;  ///< between two ticks of the axis

    /// The place of a time in percent of the width.
    [[nodiscard]] std::string at(UtcTime time) const {
        return (width(time - begin));
    }
    /// A duration in percent of the width.
    [[nodiscard]] std::string width(Duration duration) const {
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%.2f%%",
                      100 * static_cast<double>(duration.count()) /
                          static_cast<double>((end - begin).count()));
        return (text.data());
    }
};

Scale
scaleOf(const AuditConflict& conflict) {
    static const std::array<Duration, 23> steps{
        SECOND,     2 * SECOND, 5 * SECOND,  10 * SECOND, 30 * SECOND, MINUTE,
        2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR,        2 * HOUR,
        3 * HOUR,   6 * HOUR,   12 * HOUR,   DAY,         2 * DAY,     7 * DAY,
        14 * DAY,   30 * DAY,   90 * DAY,    365 * DAY,   3650 * DAY};
    Scale scale;
    scale.begin = conflict.first;
    scale.end = conflict.last;
    for (const auto& machine : conflict.machines) {
        scale.begin = std::min(scale.begin, machine.firstSeen().value_or(scale.begin));
        scale.end = std::max(scale.end, machine.lastSeen().value_or(scale.end));
    }
    // The margin keeps the first and the last mark inside.
    const auto margin = std::max<Duration>((scale.end - scale.begin) / 25, SECOND);
    scale.begin -= margin;
    scale.end += margin;
    const auto* const fits = std::find_if(steps.begin(), steps.end() - 1, [&scale](Duration step) {
        return ((scale.end - scale.begin) / step <= MOST_TICKS);
    });
    scale.step = *fits;
    return (scale);
}

/// Labels a tick with the precision of the axis: "Nov 22", "10:51", "10:51:04".
std::string
tickText(UtcTime time, Duration step) {
    static const std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto text = utcText(std::max(time, UtcTime()));
    if (step >= 365 * DAY) {
        return (text.substr(0, 4));
    }
    if (step >= DAY || text.substr(11, 8) == "00:00:00") {
        const auto month = static_cast<size_t>((text[5] - '0') * 10 + (text[6] - '0') - 1);
        return (std::string(months.at(month % 12)) + " " + std::to_string(std::stoi(text.substr(8, 2))));
    }
    return (text.substr(11, step < MINUTE ? 8 : 5));
}

/// Names the class of a mark in the style sheet.
const char*
markOf(std::string_view event) {
    if (event == audit_event::CONFLICT_CONFIRMED) {
        return ("both");
    }
    if (event == audit_event::RELEASE_BLOCKED || event == audit_event::DECLINE_BLOCKED) {
        return ("stop");
    }
    if (event == audit_event::IDENTITY_MOVED || event == audit_event::MACHINE_SEALED ||
        event == audit_event::CONFLICT_ENDED) {
        return ("turn");
    }
    return (event == Sighting::RENEWED ? "lease" : "said");
}

void
writeBar(std::ostream& out, const char* kind, UtcTime begin, UtcTime end, const Scale& scale) {
    if (end > begin) {
        out << "<i class=\"" << kind << "\" style=\"left:" << scale.at(begin)
            << ";width:" << scale.width(end - begin) << "\"></i>";
    }
}

/// Writes a thread from the first to the last sighting, and bars over it while the sightings are close together.
void
writeBars(std::ostream& out, const AuditMachine& machine, const Scale& scale) {
    const auto& sightings = machine.sightings;
    if (sightings.empty()) {
        return;
    }
    writeBar(out, "thread", sightings.front().time, sightings.back().time, scale);
    size_t begin = 0;
    for (size_t i = 1; i <= sightings.size(); ++i) {
        if (i < sightings.size() && sightings[i].time - sightings[i - 1].time <= LONGEST_BAR_GAP) {
            continue;
        }
        writeBar(out, "bar", sightings[begin].time, sightings[i - 1].time, scale);
        begin = i;
    }
}

/// Names a machine in few words.
std::string
shortName(const AuditMachine& machine, const Inventory& inventory) {
    std::string name;
    for (const auto& known : knownMachines(machine, inventory)) {
        name +=
            (name.empty() ? "" : " or ") + (known.name.empty() ? detailText(known) : escape(known.name));
    }
    if (!name.empty()) {
        return (name);
    }
    return (machine.hostname.empty() ? machine.hw_address : machine.hostname);
}

void
writeTrack(std::ostream& out, const AuditConflict& conflict, const AuditMachine& machine,
           const Scale& scale, const Inventory& inventory) {
    const auto name = htmlText(shortName(machine, inventory));
    out << "<li class=\"" << (conflict.isHolder(machine) ? "holds" : "claims")
        << "\"><span class=\"who\">" << name << "</span><span class=\"track\" role=\"img\" aria-label=\""
        << name << ": ";
    if (machine.sightings.empty()) {
        out << "never seen";
    } else {
        out << "seen from " << seenText(machine.firstSeen()) << " to " << seenText(machine.lastSeen());
    }
    out << "\">";
    writeBars(out, machine, scale);
    for (const auto& sighting : machine.sightings) {
        out << "<i class=\"mark " << markOf(sighting.event)
            << "\" style=\"left:" << scale.at(sighting.time) << "\" title=\"" << utcText(sighting.time)
            << " " << htmlText(sightingText(conflict, sighting.event)) << "\"></i>";
    }
    out << "</span></li>\n";
}

void
writeAxis(std::ostream& out, const Scale& scale) {
    out << "<li class=\"axis\" aria-hidden=\"true\"><span class=\"who\">UTC</span><span "
           "class=\"track\">";
    const UtcTime first((scale.begin.time_since_epoch() / scale.step + 1) * scale.step);
    for (auto tick = first; tick < scale.end; tick += scale.step) {
        // A label near the right edge would not fit on a phone. To the left of its tick it may cover the previous label.
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
writeTimeline(std::ostream& out, const AuditConflict& conflict, const Inventory& inventory) {
    const auto scale = scaleOf(conflict);
    out << "<h4>When each machine was active</h4>\n<ul class=\"timeline\">\n";
    writeAxis(out, scale);
    for (size_t i = 0; i < std::min(conflict.machines.size(), MAX_ROWS); ++i) {
        writeTrack(out, conflict, conflict.machines[i], scale, inventory);
    }
    out << "</ul>\n<p class=\"legend\" aria-hidden=\"true\"><span><i class=\"key lease\"></i>"
        << (conflict.isListened() ? "sent a message" : "lease renewed")
        << "</span><span><i class=\"key said\"></i>presented the identifier</span>"
           "<span><i class=\"key both\"></i>proven active together</span>"
        << (conflict.isListened() ? ""
                                  : "<span><i class=\"key stop\"></i>blocked</span>"
                                    "<span><i class=\"key turn\"></i>moved or ended</span>")
        << "</p>\n";
}

}  // namespace clone_guard
