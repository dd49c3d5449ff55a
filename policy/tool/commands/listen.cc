// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/progress.h>
#include <tool/commands/command.h>
#include <tool/inventory/inventory_source.h>
#include <tool/listen/file_captures.h>
#include <tool/listen/listen_json.h>
#include <tool/listen/listen_report.h>
#include <tool/listen/observer.h>
#include <tool/templates/template_list.h>

#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iostream>

namespace clone_guard {

namespace {

/// Messages between two updates of the progress bar.
constexpr uint64_t PROGRESS_STEP = 4096;

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

std::vector<Template>
knownTemplates(const std::optional<std::string>& file, const Inventory& inventory) {
    TemplateList list;
    if (file) {
        readTemplateFile(*file, "", list);
        for (const auto& mistake : list.mistakes) {
            std::cerr << "clone-guard: " << mistake << '\n';
        }
    }
    for (auto& known : list.templates) {
        known.name = MachineGroup(inventory).templateText(known.name);
    }
    return (list.templates);
}

class Listen : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "listen",
            "--read FILE...",
            "find clones in captured DHCP messages, without access to the server",
            "[OPTIONS] --read FILE...",
            R"(Finds in DHCPv4 messages what a lease file shows to the administrator of the server alone: one client
identifier that several hardware addresses use, an address that is acknowledged to several machines,
addresses that clients decline, and several servers that answer one query. It works with any DHCP server.

With --read, it reads files of tcpdump or Wireshark (pcap, pcapng). Several files are read in the order
of their times. '-' is the standard input. Compressed files are unpacked.

    tcpdump -i vmbr0 -s 0 -w dhcp.pcap udp port 67 or udp port 68
    clone-guard listen --read dhcp.pcap

Listen on the hypervisor's bridge or on the server: a switch sends a reply to its client alone.

Exit status: 0 if nothing was found; 1 if clones, shared or declined addresses, or several servers that
answer one query were found; 2 if a file cannot be read; 3 if no DHCP message was captured.
)",
            Complete::FILES,
            {}});
    }

    void declare(Options& options) override {
        options.flag("read", read_, "read the named captures");
        options.file("templates", "FILE", templates_,
                     "names of templates: the server's configuration, or the output of 'clone-guard "
                     "templates'");
        inventory_.declare(options);
        options.flag("json", json_, "print JSON, with the field names of the audit log");
    }

    int run(const Arguments& paths) override {
        if (!read_ || paths.empty()) {
            throw UsageError("listen needs captures: --read FILE...");
        }
        auto inventory = inventory_.read();
        const ScanNames names{Explainer(knownTemplates(templates_, inventory)), std::move(inventory)};
        Observer observer;
        FileCaptures captures(paths);
        readAll(captures, totalSize(paths), observer);
        const auto counts = captures.counts();
        for (const auto& source : counts.sources) {
            if (!source.failure.empty()) {
                std::cerr << "clone-guard: " << inQuotes(source.name)
                          << " cannot be read to its end: " << source.failure << '\n';
            }
        }
        return (conclude(observer.observation(), counts, names));
    }

private:
    static void readAll(FileCaptures& captures, uint64_t size, Observer& observer) {
        Progress progress(std::cerr, size, Progress::onTerminal());
        uint64_t count = 0;
        for (Message message; captures.next(message);) {
            observer.record(message);
            if (++count % PROGRESS_STEP == 0) {
                progress.update(captures.position());
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

    std::optional<std::string> templates_;
    InventoryOption inventory_;
    bool read_ = false;
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeListen() {
    return (std::make_unique<Listen>());
}

}  // namespace clone_guard
