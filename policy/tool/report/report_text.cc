// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/table.h>
#include <tool/report/report_text.h>
#include <tool/report/wording.h>

#include <algorithm>
#include <ostream>

namespace clone_guard {

namespace {

std::string
capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return (static_cast<char>(std::toupper(letter))); });
    return (text);
}

void
printCounts(std::ostream& out, const std::vector<const AuditConflict*>& conflicts) {
    const auto counts = countByStanding(conflicts);
    Table table;
    for (size_t i = 0; i < counts.size(); ++i) {
        if (counts.at(i) > 0) {
            const auto standing = static_cast<Standing>(i);
            table.add({std::to_string(counts.at(i)), toText(standing), meaning(standing)});
        }
    }
    if (!table.empty()) {
        out << '\n';
        table.print(out, 2);
    }
}

void
printOrigins(std::ostream& out, const std::vector<const AuditConflict*>& conflicts) {
    Table table({"template", "machines", "worst", "where"});
    for (const auto& origin : originsOf(conflicts)) {
        if (isOpen(origin.standing)) {
            table.add({origin.name, std::to_string(origin.machines.size()), toText(origin.standing),
                       joined({origin.networks.begin(), origin.networks.end()}, ", ")});
        }
    }
    if (!table.empty()) {
        out << "\nTo cure:\n";
        table.print(out, 2);
    }
}

void
printConflict(std::ostream& out, const AuditConflict& conflict, size_t number) {
    out << '\n'
        << number << ". " << capitals(toText(conflict.standing)) << "  "
        << (conflict.known("template").empty() ? "" : "template " + conflict.known("template") + ", ")
        << conflict.where() << '\n';
    Table facts;
    facts.add({"identifier", conflict.known("client_id")});
    facts.add({"kind", kindText(conflict)});
    facts.add({"heard", periodText(conflict.first_ms, conflict.last_ms) + ", " +
                            countText(conflict.records, "record", "records")});
    if (isOpen(conflict.standing) && !conflict.known("remedy").empty()) {
        facts.add({"to do", conflict.known("remedy")});
    }
    facts.print(out, 3);
    Table machines({"role", "hardware address", "vendor", "host name", "address", "first seen",
                    "last seen", "done"});
    for (const auto& machine : conflict.machines) {
        machines.add({roleText(conflict, machine), machine.hw_address, machine.hw_vendor,
                      machine.hostname, joined(machine.addresses, " "), timeText(machine.first()),
                      timeText(machine.last()), doneText(conflict, machine)});
    }
    machines.print(out, 3);
    if (conflict.unlisted > 0) {
        out << "   and more machines, in " << countText(conflict.unlisted, "record", "records") << '\n';
    }
}

}  // namespace

void
printReport(std::ostream& out, const AuditStory& story, const ReportFrame& frame) {
    const auto conflicts = story.conflicts();
    out << frame.title << '\n';
    if (story.records() > 0) {
        out << periodText(story.begin(), story.end()) << " UTC, "
            << countText(story.records(), "record", "records") << '\n';
    }
    out << '\n' << headline(conflicts) << '\n';
    printCounts(out, conflicts);
    printOrigins(out, conflicts);
    for (size_t i = 0; i < conflicts.size(); ++i) {
        printConflict(out, *conflicts[i], i + 1);
    }
    if (!story.degraded().empty()) {
        out << "\nThe guard worked with less than it needs:\n";
        Table table;
        for (const auto& one : story.degraded()) {
            table.add({timeText(one.first_ms), countText(one.times, "time", "times"), one.reason});
        }
        table.print(out, 2);
    }
    if (story.dropped() > 0) {
        out << "\nLeft out for want of memory: " << countText(story.dropped(), "conflict", "conflicts")
            << ", those that need a hand least.\n";
    }
}

}  // namespace clone_guard
