// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_file.h>
#include <tool/audit/audit_follow.h>
#include <tool/cli/line_reader.h>
#include <tool/cli/terminal.h>
#include <tool/commands/command.h>
#include <tool/report/wording.h>

#include <array>
#include <iostream>
#include <poll.h>
#include <unistd.h>

namespace clone_guard {

namespace {

/// How often is looked whether there is more.
constexpr int POLL_MS = 250;

/// How an event is shown.
struct EventStyle {
    const char* event;
    const char* word;
    Style style;
};

constexpr std::array<EventStyle, 8> STYLES{{
    {"conflict-suspected", "SUSPECTED", Style::WARNING},
    {"conflict-confirmed", "CONFIRMED", Style::ALARM},
    {"address-assigned", "assigned", Style::GOOD},
    {"release-blocked", "RELEASE", Style::BLOCKED},
    {"decline-blocked", "DECLINE", Style::BLOCKED},
    {"identity-moved", "moved", Style::MOVED},
    {"conflict-ended", "ended", Style::GOOD},
    {"guard-degraded", "DEGRADED", Style::DEGRADED},
}};

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
printEntry(const AuditEntry& entry) {
    EventStyle style{nullptr, entry.event.c_str(), Style::PLAIN};
    for (const auto& known : STYLES) {
        style = entry.event == known.event ? known : style;
    }
    std::string word = style.word;
    word.resize(std::max<size_t>(word.size(), 9), ' ');
    std::cout << Styled(Style::FAINT, timeText(entry.time_ms) + "Z") << "  " << Styled(style.style, word)
              << "  " << happened(entry) << '\n';
    const auto second = details(entry);
    if (!second.empty()) {
        std::cout << std::string(33, ' ') << Styled(Style::FAINT, second) << '\n';
    }
    std::cout.flush();
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

class Watch : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "watch",
            "AUDITLOG",
            "follow the audit log in readable lines",
            "[OPTIONS] AUDITLOG",
            R"(Follows the audit log and prints each record in readable lines: the time, the event, the machines and
what was done. It goes on when the log is rotated. '-' is the standard input.

    clone-guard watch /var/log/kea/clone-guard-audit.jsonl
    journalctl -u kea-dhcp4-server SYSLOG_FACILITY=16 -o cat -f |
        clone-guard watch -
)",
            Complete::FILES,
            {}});
    }

    void declare(Options& options) override {
        options.number("lines,n", "COUNT", lines_, "begin with the last COUNT records (default: 10)");
        options.flag("no-follow", no_follow_, "end after those");
    }

    int run(const Arguments& files) override {
        if (files.size() != 1) {
            throw UsageError("watch needs one audit log, or - for the standard input");
        }
        if (files[0] == "-") {
            LineReader reader(files[0]);
            for (std::string_view line; std::cout && reader.next(line);) {
                print(std::string(line));
            }
            return (EXIT_OK);
        }
        const auto lines = lines_.value_or(10);
        FileFollower follower(files[0], [this](const std::string& line) { print(line); });
        follower.skipToLast(lines, isRecord);
        if (!any_ && lines > 0 && no_follow_) {
            std::cerr << "clone-guard: there is no audit record in " << inQuotes(files[0]) << '\n';
        }
        while (!no_follow_ && wait()) {
            follower.poll();
        }
        return (EXIT_OK);
    }

private:
    void print(const std::string& line) {
        std::string why;
        if (const auto entry = parseAuditLine(line, why)) {
            any_ = true;
            printEntry(*entry);
        }
    }

    std::optional<uint32_t> lines_;
    bool no_follow_ = false;
    bool any_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeWatch() {
    return (std::make_unique<Watch>());
}

}  // namespace clone_guard
