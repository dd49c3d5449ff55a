// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_conflict.h>
#include <tool/cli/paragraph.h>
#include <tool/cli/terminal.h>
#include <tool/report/record_text.h>
#include <tool/report/wording.h>

#include <core/audit/audit_event.h>
#include <core/audit/audit_field.h>
#include <core/conflicts/end_reason.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace clone_guard {

namespace {

/// The column of the event, after the time. The second line begins there, so that a DUID-UUID fits 80 columns.
constexpr size_t WORD_COLUMN = 22;
constexpr size_t WORD_WIDTH = 9;
/// The column of the text, after the event.
constexpr size_t TEXT_COLUMN = WORD_COLUMN + WORD_WIDTH + 2;

/// How an event is printed.
struct EventStyle {
    const char* event;
    const char* word;
    Style style;
};

constexpr std::array<EventStyle, 9> STYLES{{
    {audit_event::CONFLICT_SUSPECTED, "SUSPECTED", Style::WARNING},
    {audit_event::CONFLICT_CONFIRMED, "CONFIRMED", Style::ALARM},
    {audit_event::ADDRESS_ASSIGNED, "assigned", Style::GOOD},
    {audit_event::RELEASE_BLOCKED, "RELEASE", Style::BLOCKED},
    {audit_event::DECLINE_BLOCKED, "DECLINE", Style::BLOCKED},
    {audit_event::IDENTITY_MOVED, "moved", Style::MOVED},
    {audit_event::MACHINE_SEALED, "sealed", Style::GOOD},
    {audit_event::CONFLICT_ENDED, "ended", Style::GOOD},
    {audit_event::GUARD_DEGRADED, "DEGRADED", Style::DEGRADED},
}};

/// Prints a text that begins in a column. Further lines of the text, on a terminal, begin there too.
void
printIndented(std::ostream& out, size_t column, const std::string& text, Style style) {
    const auto width = layoutOf(out).width;
    std::string before;
    for (const auto& line : wrap(text, width > 2 * TEXT_COLUMN ? width - column : 0)) {
        out << before << Styled(style, line) << '\n';
        before = std::string(column, ' ');
    }
}

bool
isBlocked(const AuditEntry& entry) {
    return (entry.event == audit_event::RELEASE_BLOCKED || entry.event == audit_event::DECLINE_BLOCKED);
}

bool
isListened(const AuditEntry& entry) {
    return (entry.field(audit_field::POLICY) == LISTEN_POLICY);
}

/// "web-02 (bc:24:11:5e:00:02, Proxmox)"
std::string
machineText(const std::string& hostname, const std::string& hw_address, const std::string& detail,
            const Inventory& inventory) {
    const auto known = inventory.nameOf(hw_address);
    if (!known.empty()) {
        // The text has parentheses of its own, and begins with the name.
        const bool is_named = hostname.empty() || known.rfind(hostname + " ", 0) == 0;
        return (known + " [" + hw_address + (is_named ? "" : ", host name " + hostname) +
                (detail.empty() ? "" : ", " + detail) + "]");
    }
    if (hostname.empty() && hw_address.empty()) {
        return ("another machine" + (detail.empty() ? "" : " (" + detail + ")"));
    }
    std::vector<std::string> details;
    if (!hostname.empty() && !hw_address.empty()) {
        details.push_back(hw_address);
    }
    if (!detail.empty()) {
        details.push_back(detail);
    }
    return ((hostname.empty() ? hw_address : hostname) +
            (details.empty() ? "" : " (" + joined(details, ", ") + ")"));
}

std::string
holderText(const AuditEntry& entry, const Inventory& inventory) {
    return (machineText(entry.field(audit_field::HOLDER_HOSTNAME),
                        entry.field(audit_field::HOLDER_HW_ADDRESS),
                        entry.field(audit_field::HOLDER_ADDRESS), inventory));
}

std::string
senderText(const AuditEntry& entry, const Inventory& inventory) {
    return (machineText(entry.field(audit_field::HOSTNAME), entry.field(audit_field::HW_ADDRESS),
                        entry.field(audit_field::HW_VENDOR), inventory));
}

/// Describes what the other machines of an ended conflict did, or returns an empty text if it is unknown.
std::string
othersText(const std::string& reason) {
    if (reason == end_reason::SEALED) {
        return ("sealed");
    }
    if (reason == end_reason::OFF) {
        return ("off or sealed");
    }
    if (reason == end_reason::EXPIRED) {
        return ("expired or sealed");
    }
    return (reason == end_reason::OFF_OR_EXPIRED ? "off, expired or sealed" : "");
}

std::string
conflictEndText(const AuditEntry& entry, const Inventory& inventory) {
    const auto& reason = entry.field(audit_field::REASON);
    const auto others = othersText(reason);
    if (!entry.field(audit_field::HW_ADDRESS).empty()) {
        return (senderText(entry, inventory) + " is the only machine left with the identifier" +
                (others.empty() ? "" : "; the others are " + others));
    }
    if (!others.empty()) {
        return ("the conflict is over: all machines are " + others);
    }
    return ("the conflict is over: " + (reason.empty() ? "no machine is left" : reason));
}

/// Describes the event in half a sentence.
std::string
eventText(const AuditEntry& entry, const Inventory& inventory) {
    const auto& event = entry.event;
    const auto& address = entry.field(audit_field::ADDRESS);
    if (event == audit_event::CONFLICT_SUSPECTED) {
        return (senderText(entry, inventory) + " presents the identifier of " +
                holderText(entry, inventory));
    }
    if (event == audit_event::CONFLICT_CONFIRMED) {
        return (senderText(entry, inventory) + " is active at the same time as " +
                holderText(entry, inventory));
    }
    if (event == audit_event::ADDRESS_ASSIGNED) {
        return (senderText(entry, inventory) + " got an address of its own: " + address);
    }
    if (isBlocked(entry)) {
        return (senderText(entry, inventory) +
                (event == audit_event::RELEASE_BLOCKED ? " released " : " declined ") + address +
                ", which belongs to " + holderText(entry, inventory));
    }
    if (event == audit_event::IDENTITY_MOVED) {
        return (senderText(entry, inventory) + " took over the identifier from " +
                holderText(entry, inventory));
    }
    if (event == audit_event::MACHINE_SEALED) {
        return (senderText(entry, inventory) + " is sealed: it uses an identifier of its own" +
                (address.empty() ? "" : ", with the address " + address));
    }
    if (event == audit_event::CONFLICT_ENDED) {
        return (conflictEndText(entry, inventory));
    }
    return (entry.field(audit_field::REASON).empty() ? event : entry.field(audit_field::REASON));
}

std::string
actionText(const AuditEntry& entry) {
    const auto& action = entry.field(audit_field::ACTION);
    if (action == "mac-fallback" || action == "refuse") {
        return (isBlocked(entry)     ? "the holder keeps its lease"
                : action == "refuse" ? "the claimant gets no address"
                                     : "the claimant gets an address of its own");
    }
    if (isListened(entry)) {
        return ("only listened");
    }
    // A record without a remedy is about a conflict that is over.
    return (entry.field(audit_field::REMEDY).empty()
                ? ""
                : "only reported (policy " + entry.field(audit_field::POLICY) + ")");
}

/// Names the template, by the inventory if the record does not.
std::string
templateText(const AuditEntry& entry, const Inventory& inventory) {
    MachineGroup group(inventory);
    for (const auto* name : {audit_field::HOLDER_HW_ADDRESS, audit_field::HW_ADDRESS}) {
        if (const auto bytes = fromHex(entry.field(name))) {
            group.add(*bytes);
        }
    }
    return (group.templateName(entry.field(audit_field::TEMPLATE)));
}

/// Describes the template, the network and the action.
std::string
detailsText(const AuditEntry& entry, const Inventory& inventory) {
    std::vector<std::string> parts;
    const auto add = [&parts](const std::string& label, const std::string& text) {
        if (!text.empty()) {
            parts.push_back(label + text);
        }
    };
    const auto name = templateText(entry, inventory);
    add("template ", name);
    if (name.empty()) {
        add("", entry.field(audit_field::DUID).empty() ? entry.field(audit_field::CLIENT_ID)
                                                       : "DUID " + entry.field(audit_field::DUID));
    }
    add("interface ", entry.field(audit_field::NIC));
    add(isListened(entry) ? "" : "network ", entry.field(audit_field::NETWORK));
    add("subnet ", entry.subnet_id == 0 ? "" : std::to_string(entry.subnet_id));
    add("relay ", entry.field(audit_field::RELAY));
    auto text = joined(parts, ", ");
    const auto action = actionText(entry);
    text += action.empty() ? "" : (text.empty() ? "" : ": ") + action;
    return (text + (entry.suppressed > 0
                        ? " (" + countText(entry.suppressed, "more message", "more messages") + ")"
                        : ""));
}

}  // namespace

void
printRecord(std::ostream& out, const AuditEntry& entry, const Inventory& inventory) {
    EventStyle event{nullptr, entry.event.c_str(), Style::PLAIN};
    for (const auto& known : STYLES) {
        event = entry.event == known.event ? known : event;
    }
    std::string word = event.word;
    word.resize(std::max(word.size(), WORD_WIDTH), ' ');
    out << Styled(Style::FAINT, utcText(entry.time) + "Z") << "  " << Styled(event.style, word) << "  ";
    printIndented(out, TEXT_COLUMN, eventText(entry, inventory), Style::PLAIN);
    const auto details = detailsText(entry, inventory);
    if (!details.empty()) {
        out << std::string(WORD_COLUMN, ' ');
        printIndented(out, WORD_COLUMN, details, Style::FAINT);
    }
}

}  // namespace clone_guard
