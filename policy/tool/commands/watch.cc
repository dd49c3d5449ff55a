// SPDX-License-Identifier: MPL-2.0

#include <tool/audit/audit_follow.h>
#include <tool/audit/audit_parser.h>
#include <tool/cli/input_file.h>
#include <tool/cli/line_reader.h>
#include <tool/commands/command.h>
#include <tool/inventory/inventory_report.h>
#include <tool/inventory/inventory_source.h>
#include <tool/report/record_text.h>

#include <filesystem>
#include <iostream>
#include <poll.h>
#include <unistd.h>

namespace clone_guard {

namespace {

/// Milliseconds between two looks at the log.
constexpr int POLL_MS = 250;

/// Waits until the log may have more records. Returns false if the reader of the output has closed it.
bool
waitForMore() {
    pollfd out{STDOUT_FILENO, 0, 0};
    return (poll(&out, 1, POLL_MS) <= 0 || (out.revents & (POLLERR | POLLNVAL)) == 0);
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
        inventory_.declare(options);
        options.flag("no-follow", no_follow_, "end after these records");
    }

    int run(const Arguments& files) override {
        if (files.size() != 1) {
            throw UsageError("watch needs one audit log, or - for the standard input");
        }
        names_ = inventory_.read();
        printDuplicates(std::cerr, names_);
        if (files[0] == "-") {
            LineReader reader(files[0]);
            for (std::string_view line; std::cout && reader.next(line);) {
                print(line);
                if (!reader.isBuffered()) {
                    std::cout.flush();
                }
            }
            return (EXIT_OK);
        }
        refuseCompressed(files[0]);
        const auto lines = lines_.value_or(10);
        FileFollower follower(files[0], [this](const std::string& line) { print(line); });
        follower.skipToLast(
            lines, [this](const std::string& line) { return (parser_.parse(line) != nullptr); });
        std::cout.flush();
        if (!any_ && lines > 0 && no_follow_) {
            reportNoRecord(files[0]);
        }
        while (!no_follow_ && waitForMore()) {
            follower.poll();
            std::cout.flush();
        }
        return (EXIT_OK);
    }

private:
    /// Refuses a file that cannot be read from its end.
    static void refuseCompressed(const std::string& path) {
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(path, ignored)) {
            return;
        }
        const std::string compression = InputFile(path).compression();
        if (!compression.empty()) {
            throw Failure(
                inQuotes(path) + " is compressed (" + compression +
                ") and cannot be followed; run 'clone-guard report', or pipe the unpacked file to "
                "'clone-guard watch -'");
        }
    }

    /// Reports a file without audit records. An empty file is a log in which nothing happened yet.
    static void reportNoRecord(const std::string& path) {
        std::error_code error;
        const auto text = inQuotes(path) + " has no audit record";
        if (std::filesystem::file_size(path, error) > 0 && !error) {
            throw Failure(text + " of the clone guard; docs/audit.md shows where the log is written");
        }
        std::cerr << "clone-guard: " << text << " yet\n";
    }

    void print(std::string_view line) {
        if (const auto* const entry = parser_.parse(line)) {
            any_ = true;
            printRecord(std::cout, *entry, names_);
        }
    }

    AuditParser parser_;
    InventoryOption inventory_;
    Inventory names_;
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
