// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_file.h>
#include <tool/audit/audit_follow.h>
#include <tool/cli/line_reader.h>
#include <tool/commands/command.h>
#include <tool/report/wording.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <poll.h>
#include <unistd.h>

namespace clone_guard {

namespace {

namespace options = boost::program_options;

const char* const WATCH_HELP = R"(Usage: clone-guard watch AUDITLOG

Follows the audit log and prints each record in readable lines: when, what, who, and what was done. It
goes on when the log is rotated. AUDITLOG may be - for the standard input:

    clone-guard watch /var/log/kea/clone-guard-audit.jsonl
    journalctl -u kea-dhcp4-server SYSLOG_FACILITY=16 -o cat -f | clone-guard watch -
)";

/// How often is looked whether there is more.
constexpr int POLL_MS = 250;

/// How an event is shown: its word and its colour (SGR).
struct EventStyle {
    const char* event;
    const char* word;
    const char* colour;
};

constexpr std::array<EventStyle, 8> STYLES{{
    {"conflict-suspected", "SUSPECTED", "33"},
    {"conflict-confirmed", "CONFIRMED", "1;31"},
    {"address-assigned", "assigned", "32"},
    {"release-blocked", "RELEASE", "35"},
    {"decline-blocked", "DECLINE", "35"},
    {"identity-moved", "moved", "36"},
    {"conflict-ended", "ended", "32"},
    {"guard-degraded", "DEGRADED", "1;33"},
}};

std::string
coloured(const std::string& text, const char* colour, bool colours) {
    return (colours && *colour != '\0' ? std::string("\x1b[") + colour + "m" + text + "\x1b[0m" : text);
}

/// "web-02 (bc:24:11:5e:00:02, Proxmox, 192.0.2.101)"
std::string
who(const std::string& hostname, const std::string& hw_address, const std::vector<std::string>& more) {
    std::vector<std::string> details;
    if (!hostname.empty() && !hw_address.empty()) {
        details.push_back(hw_address);
    }
    for (const auto& one : more) {
        if (!one.empty()) {
            details.push_back(one);
        }
    }
    const auto name =
        hostname.empty() ? (hw_address.empty() ? "another machine" : hw_address) : hostname;
    return (name + (details.empty() ? "" : " (" + joined(details, ", ") + ")"));
}

std::string
holderOf(const AuditEntry& entry) {
    return (who(entry.field("holder.hostname"), entry.field("holder.hw_address"),
                {entry.field("holder.address")}));
}

/// What happened, in half a sentence.
std::string
happened(const AuditEntry& entry) {
    const auto& event = entry.event;
    const auto& address = entry.field("address");
    const auto speaker =
        who(entry.field("hostname"), entry.field("hw_address"), {entry.field("hw_vendor")});
    if (event == "conflict-suspected") {
        return (speaker + " presents the identifier of " + holderOf(entry));
    }
    if (event == "conflict-confirmed") {
        return (speaker + " is up at the same time as " + holderOf(entry));
    }
    if (event == "address-assigned") {
        return (speaker + " got an address of its own: " + address);
    }
    if (event == "release-blocked" || event == "decline-blocked") {
        const char* const tried = event == "release-blocked" ? " released " : " declined ";
        return (speaker + tried + address + ", which is of " + holderOf(entry));
    }
    if (event == "identity-moved") {
        return (speaker + " has the identifier now, before it was " + holderOf(entry));
    }
    if (event == "conflict-ended") {
        return (entry.field("hw_address").empty()
                    ? "the conflict is over: " +
                          (entry.field("reason").empty() ? "nobody is left" : entry.field("reason"))
                    : speaker + " is the only one left with the identifier");
    }
    return (entry.field("reason").empty() ? event : entry.field("reason"));
}

std::string
done(const AuditEntry& entry) {
    const auto& action = entry.field("action");
    const bool blocked = entry.event == "release-blocked" || entry.event == "decline-blocked";
    if (action == "mac-fallback") {
        return (blocked ? "the holder keeps its lease" : "it gets an address of its own");
    }
    if (action == "refuse") {
        return (blocked ? "the holder keeps its lease" : "it gets no address");
    }
    // What is over needs nothing.
    return (entry.field("remedy").empty() ? ""
                                          : "nothing was done (policy " + entry.field("policy") + ")");
}

/// Where it comes from, where it happened, and what was done.
std::string
details(const AuditEntry& entry) {
    std::vector<std::string> parts;
    const auto add = [&parts](const std::string& before, const std::string& text) {
        if (!text.empty()) {
            parts.push_back(before + text);
        }
    };
    add("template ", entry.field("template"));
    if (entry.field("template").empty()) {
        add("", entry.field("duid").empty() ? entry.field("client_id") : "DUID " + entry.field("duid"));
    }
    add("interface ", entry.field("nic"));
    add("network ", entry.field("network"));
    add("subnet ", entry.subnet_id == 0 ? "" : std::to_string(entry.subnet_id));
    add("relay ", entry.field("relay"));
    auto text = joined(parts, ", ");
    const auto action = done(entry);
    text += action.empty() ? "" : (text.empty() ? "" : ": ") + action;
    return (text + (entry.suppressed > 0
                        ? " (" + countText(entry.suppressed, "more message", "more messages") + ")"
                        : ""));
}

void
printEntry(const AuditEntry& entry, bool colours) {
    EventStyle style{nullptr, entry.event.c_str(), ""};
    for (const auto& known : STYLES) {
        style = entry.event == known.event ? known : style;
    }
    std::string word = style.word;
    word.resize(std::max<size_t>(word.size(), 9), ' ');
    std::cout << coloured(timeText(entry.time_ms) + "Z", "2", colours) << "  "
              << coloured(word, style.colour, colours) << "  " << happened(entry) << '\n';
    const auto second = details(entry);
    if (!second.empty()) {
        std::cout << std::string(33, ' ') << coloured(second, "2", colours) << '\n';
    }
    std::cout.flush();
}

bool
wantsColours(const std::string& when) {
    if (when == "always" || when == "never") {
        return (when == "always");
    }
    if (when != "auto") {
        throw UsageError("--color is one of auto, always, never, not '" + when + "'");
    }
    const char* const none = std::getenv("NO_COLOR");
    const char* const terminal = std::getenv("TERM");
    return (isatty(STDOUT_FILENO) == 1 && !(none && *none) &&
            !(terminal && std::string(terminal) == "dumb"));
}

/// Waits until there may be more to read.
///
/// @return false when nobody reads what is printed any more.
bool
wait() {
    pollfd out{STDOUT_FILENO, 0, 0};
    return (poll(&out, 1, POLL_MS) <= 0 || (out.revents & (POLLERR | POLLNVAL)) == 0);
}

bool
isRecord(const std::string& line) {
    std::string why;
    return (parseAuditLine(line, why).has_value());
}

}  // namespace

int
watch(const Arguments& arguments) {
    int lines = 10;
    std::string when = "auto";
    options::options_description known("Options", 100, 70);
    known.add_options()("lines,n", options::value<int>(&lines)->value_name("COUNT"),
                        "begin with the last COUNT records (10)")("no-follow", "end after those")(
        "color", options::value<std::string>(&when)->value_name("WHEN"),
        "auto (on a terminal, unless NO_COLOR is set), always, never");
    const auto values = parse(arguments, known, WATCH_HELP);
    if (!values) {
        return (EXIT_OK);
    }
    const auto words = positional(*values);
    if (words.size() != 1) {
        throw UsageError("watch needs one audit log, or - for the standard input");
    }
    if (lines < 0) {
        throw UsageError("'" + std::to_string(lines) + "' is no number of records");
    }
    const bool colours = wantsColours(when);
    bool any = false;
    const auto print = [colours, &any](const std::string& line) {
        std::string why;
        if (const auto entry = parseAuditLine(line, why)) {
            any = true;
            printEntry(*entry, colours);
        }
    };
    if (words[0] == "-") {
        LineReader reader(words[0]);
        for (std::string_view line; std::cout && reader.next(line);) {
            print(std::string(line));
        }
        return (EXIT_OK);
    }
    FileFollower follower(words[0], print);
    follower.skipToLast(static_cast<size_t>(lines), isRecord);
    const bool follows = values->count("no-follow") == 0;
    if (!any && lines > 0 && !follows) {
        std::cerr << "clone-guard: there is no audit record in " << inQuotes(words[0]) << '\n';
    }
    while (follows && wait()) {
        follower.poll();
    }
    return (EXIT_OK);
}

}  // namespace clone_guard
