// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory_report.h>
#include <tool/report/known_names.h>
#include <tool/report/page_assets.h>
#include <tool/report/report_html.h>
#include <tool/report/wording.h>

#include <core/audit/audit_field.h>
#include <core/identity/escape.h>

#include <algorithm>
#include <ostream>

namespace clone_guard {

namespace {

using Conflicts = std::vector<const AuditConflict*>;

/// A shape for each status, for readers who do not see its colour.
const char*
shape(ConflictStatus status) {
    switch (status) {
    case ConflictStatus::CONFIRMED:
        return ("&#9650;");
    case ConflictStatus::SUSPECTED:
        return ("&#9651;");
    case ConflictStatus::BLOCKED:
        return ("&#9632;");
    case ConflictStatus::MOVED:
        return ("&#8594;");
    case ConflictStatus::ENDED:
        return ("&#10003;");
    }
    return ("");
}

/// The status in words, with its class in the style sheet.
std::string
badge(ConflictStatus status) {
    return (std::string("<span class=\"badge ") + toText(status) + "\"><span aria-hidden=\"true\">" +
            shape(status) + "</span> " + toText(status) + "</span>");
}

/// Lets a browser break a long identifier after each byte.
std::string
breakable(const std::string& hexadecimal) {
    std::string text;
    for (const char character : hexadecimal) {
        text += htmlText(std::string(1, character));
        text += character == ':' ? "<wbr>" : "";
    }
    return (text);
}

std::string
anchor(const Conflicts& conflicts, const AuditConflict* conflict) {
    const auto place = std::find(conflicts.begin(), conflicts.end(), conflict) - conflicts.begin();
    return ("c" + std::to_string(place + 1));
}

/// Finds the begin and the end of each command in a remedy: the quoted text after "run" or "(".
std::vector<std::pair<size_t, size_t>>
commandsIn(const std::string& remedy) {
    std::vector<std::pair<size_t, size_t>> commands;
    size_t end = 0;
    while (true) {
        const auto before = std::min(remedy.find("run '", end), remedy.find("('", end));
        const auto open = before == std::string::npos ? before : remedy.find('\'', before);
        end = open == std::string::npos ? open : remedy.find('\'', open + 1);
        if (end == std::string::npos) {
            return (commands);
        }
        commands.emplace_back(open + 1, end);
        ++end;
    }
}

void
writeFact(std::ostream& out, const char* name, const std::string& html) {
    if (!html.empty()) {
        out << "<div><dt>" << name << "</dt><dd>" << html << "</dd></div>\n";
    }
}

/// The headline in two lines: the task, then the machines and identities.
std::string
headlineHtml(const Conflicts& conflicts) {
    auto text = headline(conflicts);
    const auto colon = text.find(": ");
    if (colon == std::string::npos) {
        return (text);
    }
    return (text.substr(0, colon) + "<span>" + text.substr(colon + 2) + "</span>");
}

void
writeSummary(std::ostream& out, const Conflicts& conflicts) {
    const auto counts = countByStatus(conflicts);
    out << "<ul class=\"tiles\" aria-label=\"Conflicts by status\">\n";
    for (size_t i = 0; i < counts.size(); ++i) {
        const auto status = static_cast<ConflictStatus>(i);
        out << "<li class=\"" << toText(status) << (counts.at(i) == 0 ? " none" : "") << "\"><b>"
            << counts.at(i) << "</b> " << badge(status) << "<small>" << describe(status)
            << "</small></li>\n";
    }
    out << "</ul>\n";
}

void
writeOrigins(std::ostream& out, const Conflicts& conflicts) {
    const auto origins = originsOf(conflicts);
    if (origins.empty() || !isOpen(origins.front().status)) {
        return;
    }
    out << "<h2>Templates to seal, in this order</h2>\n<ol class=\"origins\">\n";
    for (const auto& origin : origins) {
        if (!isOpen(origin.status)) {
            break;
        }
        out << "<li>" << badge(origin.status) << " <a href=\"#" << anchor(conflicts, origin.most_urgent)
            << "\"" << (origin.is_named ? ">" : " class=\"hex\">") << breakable(origin.name)
            << "</a> <span>" << countText(origin.machines.size(), "machine", "machines") << " in "
            << htmlText(joined({origin.networks.begin(), origin.networks.end()}, ", "))
            << "</span></li>\n";
    }
    out << "</ol>\n";
}

void
writeRemedy(std::ostream& out, const AuditConflict& conflict) {
    const auto& remedy = conflict.known(audit_field::REMEDY);
    if (remedy.empty() || !isOpen(conflict.status)) {
        return;
    }
    out << "<h4>What to do</h4>\n<p class=\"remedy\">";
    const auto commands = commandsIn(remedy);
    size_t done = 0;
    for (const auto& [begin, end] : commands) {
        out << htmlText(remedy.substr(done, begin - done)) << "<code>"
            << htmlText(remedy.substr(begin, end - begin)) << "</code>";
        done = end;
    }
    out << htmlText(remedy.substr(done)) << "</p>\n";
    for (const auto& [begin, end] : commands) {
        out << "<div class=\"command\"><pre tabindex=\"0\"><code>"
            << htmlText(remedy.substr(begin, end - begin)) << "</code></pre></div>\n";
    }
}

/// The name of a machine and what else is known of it, as the inventory has it; otherwise its host name.
std::string
machineHtml(const AuditMachine& machine, const Inventory& inventory) {
    const auto small = [](const std::string& text) {
        return (text.empty() ? text : " <small>" + htmlText(text) + "</small>");
    };
    const auto all = knownMachines(machine, inventory);
    if (all.empty()) {
        return (machine.hostname.empty() ? "no host name" : htmlText(machine.hostname));
    }
    std::string html;
    for (const auto& known : all) {
        html += (html.empty() ? "" : small("or") + " ") +
                (known.name.empty() ? "no name" : htmlText(escape(known.name))) +
                small(detailText(known));
    }
    const bool is_named = machine.hostname.empty() || all.front().name == machine.hostname;
    return (html + (is_named ? "" : small("host name " + machine.hostname)));
}

void
writeMachine(std::ostream& out, const AuditConflict& conflict, const AuditMachine& machine,
             const Inventory& inventory) {
    const auto cell = [&out](const char* name, const std::string& html) {
        out << "<td role=\"cell\" data-name=\"" << name << "\">" << (html.empty() ? "&ndash;" : html)
            << "</td>";
    };
    const auto vendor =
        machine.hw_vendor.empty() ? "" : "<small>" + htmlText(machine.hw_vendor) + "</small>";
    auto relay = machine.relay;
    relay += machine.circuit_id.empty()
                 ? ""
                 : (relay.empty() ? "" : ", ") + ("circuit " + machine.circuit_id);
    out << "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">" << machineHtml(machine, inventory)
        << "<small>" << roleText(conflict, machine) << "</small></th>";
    cell("Hardware address", "<span class=\"hex\">" + htmlText(machine.hw_address) + "</span>" + vendor);
    cell("Address",
         (machine.addresses.empty()
              ? ""
              : "<span class=\"hex\">" + htmlText(joined(machine.addresses, " ")) + "</span>") +
             (relay.empty() ? "" : "<small>relay " + htmlText(relay) + "</small>"));
    cell("Seen", machine.sightings.empty()
                     ? ""
                     : "<time>" + seenText(machine.firstSeen()) + "</time><small>last <time>" +
                           seenText(machine.lastSeen()) + "</time></small>");
    cell("Action", htmlText(actionText(conflict, machine)));
    out << "</tr>\n";
}

void
writeMachines(std::ostream& out, const AuditConflict& conflict, const Inventory& inventory) {
    out << "<h4>Machines</h4>\n<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">"
           "<th role=\"columnheader\" scope=\"col\">Machine</th><th role=\"columnheader\" "
           "scope=\"col\">Hardware "
           "address</th><th role=\"columnheader\" scope=\"col\">Address</th><th role=\"columnheader\" "
           "scope=\"col\">Seen (UTC)</th><th role=\"columnheader\" "
           "scope=\"col\">Action</th></tr></thead>\n"
           "<tbody role=\"rowgroup\">\n";
    for (size_t i = 0; i < std::min(conflict.machines.size(), MAX_ROWS); ++i) {
        writeMachine(out, conflict, conflict.machines[i], inventory);
    }
    out << "</tbody></table>\n";
    if (conflict.machines.size() > MAX_ROWS || conflict.unlisted > 0) {
        out << "<p class=\"note\">This table shows the first " << MAX_ROWS
            << " machines; <code>clone-guard report</code> without <code>--html</code> lists "
            << conflict.machines.size() << ".</p>\n";
    }
}

void
writeCard(std::ostream& out, const AuditConflict& conflict, const std::string& id,
          const Inventory& inventory) {
    const auto& name = conflict.known(audit_field::TEMPLATE);
    const auto& kind = conflict.known(audit_field::DUID_TYPE);
    out << "<article class=\"card " << toText(conflict.status) << "\" id=\"" << id
        << "\" aria-labelledby=\"" << id << "h\">\n<header>" << badge(conflict.status) << "<h3 id=\""
        << id << "h\">"
        << (name.empty() ? "Unnamed template" + (kind.empty() ? "" : ", " + htmlText(kind))
                         : htmlText(name))
        << "</h3><p>" << htmlText(conflict.where()) << "</p></header>\n<dl>\n";
    writeFact(out, "Client identifier",
              "<span class=\"hex\">" + breakable(conflict.known(audit_field::CLIENT_ID)) + "</span>");
    writeFact(out, "Kind", breakable(kindText(conflict)));
    writeFact(out, "Recorded",
              utcPeriodText(conflict.first, conflict.last) + " UTC, " +
                  countText(conflict.records, "record", "records"));
    if (!conflict.isListened()) {
        writeFact(out, "Policy", htmlText(conflict.policy));
    }
    const auto note = oneMachineNote(conflict);
    if (!note.empty()) {
        writeFact(out, "Note", htmlText(note));
    }
    writeFact(out, "Inventory", htmlText(groupOf(conflict, inventory).unknownOriginText()));
    out << "</dl>\n";
    writeRemedy(out, conflict);
    writeTimeline(out, conflict, inventory);
    writeMachines(out, conflict, inventory);
    out << "</article>\n";
}

/// Writes the cards of the open conflicts, or of the others.
void
writeCards(std::ostream& out, const Conflicts& conflicts, const Inventory& inventory, bool open,
           const char* heading) {
    bool any = false;
    for (size_t i = 0; i < std::min(conflicts.size(), MAX_CARDS); ++i) {
        if (isOpen(conflicts[i]->status) == open) {
            out << (any ? "" : "<h2>" + std::string(heading) + "</h2>\n");
            writeCard(out, *conflicts[i], "c" + std::to_string(i + 1), inventory);
            any = true;
        }
    }
}

void
writeDuplicates(std::ostream& out, const Inventory& inventory) {
    const auto duplicates = inventory.duplicates();
    if (duplicates.empty()) {
        return;
    }
    out << "<h2>Hardware addresses in two places</h2>\n<ul class=\"degraded\">\n";
    for (size_t i = 0; i < std::min(duplicates.size(), MAX_ROWS); ++i) {
        out << "<li>" << htmlText(duplicateText(inventory, duplicates[i])) << "</li>\n";
    }
    out << "</ul>\n<p class=\"note\">Give each machine its own hardware address.</p>\n";
}

void
writeNotes(std::ostream& out, const AuditSummary& summary, const Conflicts& conflicts) {
    if (conflicts.size() > MAX_CARDS || summary.dropped() > 0) {
        out << "<p class=\"note\">This page shows the " << std::min(conflicts.size(), MAX_CARDS)
            << " most urgent conflicts of " << conflicts.size() + summary.dropped()
            << "; <code>clone-guard report</code> without <code>--html</code> lists " << conflicts.size()
            << ".</p>\n";
    }
    if (summary.degradations().empty()) {
        return;
    }
    out << "<h2>When the guard was degraded</h2>\n<ul class=\"degraded\">\n";
    for (const auto& degradation : summary.degradations()) {
        out << "<li><time>" << utcText(degradation.first) << "</time> " << htmlText(degradation.reason)
            << " (" << countText(degradation.count, "time", "times") << ")</li>\n";
    }
    out << "</ul>\n";
}

void
writeHead(std::ostream& out, const std::string& title) {
    out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'; "
           "script-src 'sha256-"
        << PAGE_SCRIPT_SHA256
        << "'; base-uri 'none'; form-action 'none'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
           "content=\"no-referrer\">\n"
           "<title>"
        << htmlText(title) << "</title>\n<style>" << PAGE_STYLE << "</style>\n</head>\n";
}

}  // namespace

std::string
htmlText(std::string_view text) {
    std::string safe;
    for (const char character : text) {
        switch (character) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += character;
        }
    }
    return (safe);
}

void
writeHtml(std::ostream& out, const AuditSummary& summary, const ReportContext& context,
          const std::string& version) {
    const auto conflicts = summary.conflicts();
    writeHead(out, context.title);
    out << "<body>\n<header class=\"top\">\n<p class=\"kicker\">" << htmlText(context.title)
        << "</p>\n<h1>" << headlineHtml(conflicts) << "</h1>\n<p class=\"period\">";
    if (summary.records() > 0) {
        out << utcPeriodText(summary.begin(), summary.end()) << " UTC &middot; "
            << countText(summary.records(), "record", "records");
    } else {
        out << "The audit log is empty.";
    }
    out << "</p>\n";
    if (!conflicts.empty()) {
        writeSummary(out, conflicts);
        writeOrigins(out, conflicts);
    }
    out << "</header>\n<main>\n";
    writeCards(out, conflicts, context.inventory, true, "What is left to do");
    writeCards(out, conflicts, context.inventory, false, "What is over");
    writeDuplicates(out, context.inventory);
    writeNotes(out, summary, conflicts);
    out << "</main>\n<footer><p>Made from the audit log by clone-guard " << htmlText(version)
        << ". Times are UTC.";
    if (context.skipped > 0) {
        out << " "
            << countText(context.skipped, "line without a valid record was",
                         "lines without a valid record were")
            << " skipped.";
    }
    const bool is_listened = !conflicts.empty() && std::all_of(conflicts.begin(), conflicts.end(),
                                                               [](const AuditConflict* conflict) {
                                                                   return (conflict->isListened());
                                                               });
    out << "</p>\n<p>" << (is_listened ? "clone-guard listen" : "The guard")
        << " records each machine once per audit-repeat, by default once a day. A machine without a "
           "recent record may still be active.</p></footer>\n<script>"
        << PAGE_SCRIPT << "</script>\n</body>\n</html>\n";
}

}  // namespace clone_guard
