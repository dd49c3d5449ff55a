// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/failure.h>
#include <tool/cli/progress.h>
#include <tool/cli/terminal.h>
#include <tool/commands/command.h>
#include <tool/inventory/inventory_source.h>
#include <tool/inventory/known_templates.h>
#include <tool/listen/file_captures.h>
#include <tool/listen/listen_events.h>
#include <tool/listen/listen_json.h>
#include <tool/listen/listen_report.h>
#include <tool/listen/live_captures.h>
#include <tool/listen/observer.h>
#include <tool/listen/privileges.h>

#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace clone_guard {

namespace {

/// Between two looks at the time and at the signals.
constexpr std::chrono::milliseconds POLL{250};
/// Between two updates of the table on a terminal.
constexpr std::chrono::seconds REDRAW{1};

volatile std::sig_atomic_t interrupted = 0;

void
interrupt(int /*signal*/) {
    interrupted = 1;
}

void
endOnSignals() {
    struct sigaction action {};
    action.sa_handler = interrupt;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

uint64_t
totalSize(const Arguments& paths) {
    uint64_t total = 0;
    for (const auto& path : paths) {
        std::error_code error;
        const auto size = std::filesystem::file_size(path, error);
        total += error ? 0 : size;
    }
    return (total);
}

/// Prints the findings so far in the place of the previous ones.
void
redraw(const Observation& found, const CaptureCounts& counts, const ScanNames& names) {
    // Home, then erase to the end of the screen (ECMA-48).
    std::cout << "\x1b[H\x1b[J";
    printListen(std::cout, found, counts, names);
    std::cout << "\nListening; Ctrl-C ends.\n" << std::flush;
}

class Listen : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "listen",
            "[FILE...]",
            "find clones in DHCP messages, without access to the server",
            "[OPTIONS] [-i INTERFACE]...\n[OPTIONS] --read FILE...",
            R"(Finds in the messages of DHCPv4 and DHCPv6 what a lease file shows to the administrator of the server
alone: one client identifier that several hardware addresses use, an address or prefix that is
acknowledged to several machines, addresses that clients decline, and several servers that answer one
query. It works with any DHCP server and sends nothing. In DHCPv6 the identifier is IAID and DUID, in the
form of RFC 4361, so that a machine has one identifier in both.

    clone-guard listen -i vmbr0
    clone-guard listen -i vmbr0 -i vmbr1 --duration 3600 --write audit.jsonl

Listen on the hypervisor's bridge or on the server: a switch sends a reply to its client alone. Without
-i, it listens on each interface. It needs root to open the interface, then continues without privileges
and as another account. On a terminal the findings so far are shown; elsewhere each new one is a line.
Ctrl-C ends it with a report.

With --read, it reads files of tcpdump or Wireshark (pcap, pcapng). Several files are read in the order
of their times. '-' is the standard input. Compressed files are unpacked.

    tcpdump -i vmbr0 -s 0 -w dhcp.pcap udp port 67 or 68 or 546 or 547
    clone-guard listen --read dhcp.pcap

Exit status: 0 if nothing was found; 1 if clones, shared or declined addresses, or several servers that
answer one query were found; 2 if a file cannot be read or an interface cannot be opened; 3 if no DHCP
message was captured.
)",
            Complete::FILES,
            {}});
    }

    void declare(Options& options) override {
        options.values(
            "interface,i", "INTERFACE", interfaces_,
            "listen on this interface; may be repeated (default: any, which is each interface)");
        options.number("duration", "SECONDS", duration_, "end after this time (default: until Ctrl-C)");
        options.flag("read", read_, "read the named captures instead of an interface");
        options.file("write", "FILE", write_,
                     "append shared identifiers to an audit log, for 'clone-guard report' and 'watch'");
        options.number(
            "audit-repeat", "SECONDS", repeat_,
            "report a conflict that goes on again after this time, 0: never (default: 86400)");
        options.file("templates", "FILE", templates_,
                     "names of templates: the server's configuration, or the output of 'clone-guard "
                     "templates'");
        inventory_.declare(options);
        options.flag("json", json_, "print JSON, with the field names of the audit log");
    }

    int run(const Arguments& paths) override {
        if (read_ && paths.empty()) {
            throw UsageError("listen needs captures: --read FILE...");
        }
        if (!read_ && !paths.empty()) {
            throw UsageError("listen takes files with --read, and an interface with -i");
        }
        if (read_ && (!interfaces_.empty() || duration_)) {
            throw UsageError("listen takes either --read, or -i and --duration");
        }
        auto inventory = inventory_.read();
        const ScanNames names{Explainer(knownTemplates(templates_, inventory)), std::move(inventory)};
        openLog();
        observer_.emplace(Observer::MAX_MACHINES,
                          repeat_ ? std::chrono::seconds(*repeat_) : Observer::REPEAT);
        return (read_ ? readFiles(paths, names) : listenLive(names));
    }

private:
    int readFiles(const Arguments& paths, const ScanNames& names) {
        FileCaptures captures(paths);
        if (geteuid() == 0) {
            // Captures have bytes of strangers, which root need not decode.
            dropPrivileges();
        }
        {
            Progress progress(std::cerr, totalSize(paths), Progress::onTerminal());
            uint64_t count = 0;
            for (Message message; captures.next(message);) {
                record(message, false, names);
                if (++count % Progress::STEP == 0) {
                    progress.update(captures.position());
                }
            }
        }
        const auto counts = captures.counts();
        for (const auto& source : counts.sources) {
            if (!source.failure.empty()) {
                std::cerr << "clone-guard: " << inQuotes(source.name)
                          << " cannot be read to its end: " << source.failure << '\n';
            }
        }
        return (conclude(observer_->observation(), counts, names));
    }

    int listenLive(const ScanNames& names) {
        if (interfaces_.empty()) {
            interfaces_.emplace_back("any");
        }
        LiveCaptures captures(interfaces_, [](const std::string& name, const std::string& reason) {
            std::cerr << "clone-guard: stopped listening on " << inQuotes(name) << ": " << reason
                      << '\n';
        });
        dropPrivileges();
        endOnSignals();
        const bool is_table = !json_ && layoutOf(std::cout).width > 0;
        const auto begin = std::chrono::steady_clock::now();
        auto drawn = begin - REDRAW;
        if (!json_ && !is_table) {
            std::cerr << "clone-guard: listening; Ctrl-C ends\n";
        }
        while (interrupted == 0 && std::cout) {
            Message message;
            const auto status = captures.next(message, POLL);
            const auto time = std::chrono::steady_clock::now();
            if (status == LiveCaptures::Status::END ||
                (duration_ && time - begin >= std::chrono::seconds(*duration_))) {
                break;
            }
            if (status == LiveCaptures::Status::MESSAGE) {
                record(message, true, names, !json_ && !is_table);
            }
            if (is_table && time - drawn >= REDRAW) {
                redraw(observer_->observation(now()), captures.counts(), names);
                drawn = time;
            }
        }
        if (is_table) {
            std::cout << "\x1b[H\x1b[J";
        }
        return (conclude(observer_->observation(now()), captures.counts(), names));
    }

    static UtcTime now() {
        return (std::chrono::time_point_cast<UtcTime::duration>(std::chrono::system_clock::now()));
    }

    /// Opens the log before the privileges are dropped.
    void openLog() {
        if (!write_) {
            return;
        }
        log_.open(*write_, std::ios::app);
        if (!log_) {
            throw Failure(inQuotes(*write_) + " cannot be written");
        }
    }

    void record(const Message& message, bool is_live, const ScanNames& names, bool is_printed = false) {
        for (const auto& event : observer_->record(message)) {
            if (is_printed) {
                printEvent(std::cout, event, message, names.inventory);
                std::cout.flush();
            }
            const auto entry = write_ ? auditRecordOf(event, message, is_live) : std::nullopt;
            if (entry && !(log_ << entry->toJson(names.explainer) << '\n' << std::flush)) {
                throw Failure(inQuotes(*write_) + " cannot be written in full");
            }
        }
    }

    [[nodiscard]] int conclude(const Observation& found, const CaptureCounts& counts,
                               const ScanNames& names) const {
        if (json_) {
            std::cout << listenJson(found, counts, names).dump(2) << '\n';
        } else {
            printListen(std::cout, found, counts, names);
        }
        if (found.queries + found.replies == 0) {
            return (EXIT_BLIND);
        }
        return (found.hasFindings() ? EXIT_FINDINGS : EXIT_OK);
    }

    std::vector<std::string> interfaces_;
    std::optional<uint32_t> duration_;
    std::optional<uint32_t> repeat_;
    std::optional<std::string> templates_;
    std::optional<std::string> write_;
    InventoryOption inventory_;
    bool read_ = false;
    bool json_ = false;
    std::optional<Observer> observer_;
    std::ofstream log_;
};

}  // namespace

std::unique_ptr<Command>
makeListen() {
    return (std::make_unique<Listen>());
}

}  // namespace clone_guard
