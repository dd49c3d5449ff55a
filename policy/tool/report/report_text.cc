// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/paragraph.h>
#include <tool/cli/table.h>
#include <tool/inventory/inventory_report.h>
#include <tool/report/known_names.h>
#include <tool/report/report_text.h>
#include <tool/report/wording.h>

#include <core/audit/audit_field.h>

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

Style
styleOf(ConflictStatus status) {
    switch (status) {
    case ConflictStatus::CONFIRMED:
        return (Style::ALARM);
    case ConflictStatus::SUSPECTED:
        return (Style::WARNING);
    case ConflictStatus::BLOCKED:
        return (Style::BLOCKED);
    case ConflictStatus::MOVED:
        return (Style::MOVED);
    case ConflictStatus::ENDED:
        break;
    }
    return (Style::GOOD);
}

void
printCounts(std::ostream& out, const std::vector<const AuditConflict*>& conflicts) {
    const auto counts = countByStatus(conflicts);
    Table table;
    for (size_t i = 0; i < counts.size(); ++i) {
        if (counts.at(i) > 0) {
            const auto status = static_cast<ConflictStatus>(i);
            table.add({std::to_string(counts.at(i)), Styled(styleOf(status), toText(status)),
                       describe(status)});
        }
    }
    if (!table.empty()) {
        out << '\n';
        table.print(out, 2);
    }
}

void
printOrigins(std::ostream& out, const std::vector<const AuditConflict*>& conflicts) {
    Table table({"template", "machines", "status", "where"});
    for (const auto& origin : originsOf(conflicts)) {
        if (isOpen(origin.status)) {
            table.add({origin.name, std::to_string(origin.machines.size()),
                       Styled(styleOf(origin.status), toText(origin.status)),
                       joined({origin.networks.begin(), origin.networks.end()}, ", ")});
        }
    }
    if (!table.empty()) {
        out << "\nTo seal:\n";
        table.print(out, 2);
    }
}

void
printMachines(std::ostream& out, const AuditConflict& conflict, const Inventory& inventory) {
    std::vector<std::string> head{"role",    "hardware address", "vendor",        "host name",
                                  "address", "first recorded",   "last recorded", "action"};
    const bool are_known = std::any_of(conflict.machines.begin(), conflict.machines.end(),
                                       [&inventory](const AuditMachine& machine) {
                                           return (!knownMachines(machine, inventory).empty());
                                       });
    if (are_known) {
        head.insert(head.begin() + 1, "machine");
    }
    Table machines(head);
    for (const auto& machine : conflict.machines) {
        std::vector<std::string> row{roleText(conflict, machine),
                                     machine.hw_address,
                                     machine.hw_vendor,
                                     machine.hostname,
                                     joined(machine.addresses, " "),
                                     seenText(machine.firstSeen()),
                                     seenText(machine.lastSeen()),
                                     actionText(conflict, machine)};
        if (are_known) {
            row.insert(row.begin() + 1, inventory.nameOf(machine.hw_address));
        }
        machines.add(row);
    }
    machines.print(out, 3);
}

void
printConflict(std::ostream& out, const AuditConflict& conflict, size_t number,
              const Inventory& inventory) {
    out << '\n'
        << number << ". " << Styled(styleOf(conflict.status), capitals(toText(conflict.status))) << "  "
        << (conflict.known(audit_field::TEMPLATE).empty()
                ? ""
                : "template " + conflict.known(audit_field::TEMPLATE) + ", ")
        << conflict.where() << '\n';
    Table facts;
    facts.add({"identifier", conflict.known(audit_field::CLIENT_ID)});
    facts.add({"kind", kindText(conflict)});
    facts.add({"recorded", utcPeriodText(conflict.first, conflict.last) + ", " +
                               countText(conflict.records, "record", "records")});
    if (conflict.status == ConflictStatus::ENDED && !conflict.end_reason.empty()) {
        facts.add({"ended", endText(conflict.end_reason)});
    }
    const auto note = oneMachineNote(conflict);
    if (!note.empty()) {
        facts.add({"note", note});
    }
    if (isOpen(conflict.status) && !conflict.known(audit_field::REMEDY).empty()) {
        facts.add({"to do", conflict.known(audit_field::REMEDY)});
    }
    const auto unknown = groupOf(conflict, inventory).unknownOriginText();
    if (!unknown.empty()) {
        facts.add({"inventory", unknown});
    }
    facts.print(out, 3);
    printMachines(out, conflict, inventory);
    if (conflict.unlisted > 0) {
        out << "   " << countText(conflict.unlisted, "record", "records")
            << " of further machines, which are not listed\n";
    }
}

}  // namespace

void
printReport(std::ostream& out, const AuditSummary& summary, const ReportContext& context) {
    const auto conflicts = summary.conflicts();
    out << context.title << '\n';
    if (summary.records() > 0) {
        out << utcPeriodText(summary.begin(), summary.end()) << " UTC, "
            << countText(summary.records(), "record", "records") << '\n';
    }
    out << '\n';
    printParagraph(out, headline(conflicts));
    printCounts(out, conflicts);
    printOrigins(out, conflicts);
    for (size_t i = 0; i < conflicts.size(); ++i) {
        printConflict(out, *conflicts[i], i + 1, context.inventory);
    }
    printDuplicates(out, context.inventory);
    if (!summary.degradations().empty()) {
        out << "\nThe guard was degraded:\n";
        Table table;
        for (const auto& degradation : summary.degradations()) {
            table.add({utcText(degradation.first), countText(degradation.count, "time", "times"),
                       degradation.reason});
        }
        table.print(out, 2);
    }
    if (summary.dropped() > 0) {
        out << "\nDropped at the limit of memory: "
            << countText(summary.dropped(), "conflict", "conflicts") << ", the least urgent.\n";
    }
}

}  // namespace clone_guard
