// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/control_socket.h>
#include <tool/cli/progress.h>
#include <tool/commands/command.h>
#include <tool/inventory/inventory_source.h>
#include <tool/inventory/known_templates.h>
#include <tool/scan/declined_report.h>
#include <tool/scan/lease_file.h>
#include <tool/scan/lease_file_set.h>
#include <tool/scan/lease_history.h>
#include <tool/scan/scan_json.h>
#include <tool/scan/scan_report.h>
#include <tool/scan/server_leases.h>

#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

namespace clone_guard {

namespace {

uint64_t
totalSize(const std::vector<LeaseFileSet>& sets) {
    uint64_t total = 0;
    for (const auto& set : sets) {
        for (const auto& part : set) {
            std::error_code error;
            const auto size = std::filesystem::file_size(part.path, error);
            total += error ? 0 : size;
        }
    }
    return (total);
}

LeaseFile::OnDamage
damageLogger(const std::string& path, bool verbose) {
    if (!verbose) {
        return {};
    }
    return ([path](uint64_t line, const std::string& reason) {
        std::cerr << "clone-guard: " << inQuotes(path) << ": line " << line << ": " << reason
                  << ", skipped\n";
    });
}

void
readSets(const std::vector<LeaseFileSet>& sets, bool verbose, const LeaseAssumptions& assumptions,
         LeaseHistory& history, ScanResult& result) {
    Progress progress(std::cerr, totalSize(sets), Progress::onTerminal());
    uint64_t done = 0;
    bool first = true;
    for (const auto& set : sets) {
        if (!first) {
            history.nextServer();
        }
        first = false;
        // All files are opened before the first is read: the server's cleanup may rename them in the meantime.
        std::vector<std::unique_ptr<LeaseFile>> files;
        files.reserve(set.size());
        for (const auto& part : set) {
            files.push_back(
                std::make_unique<LeaseFile>(part.path, damageLogger(part.path, verbose), assumptions));
        }
        for (size_t i = 0; i < set.size(); ++i) {
            auto& file = *files[i];
            while (const auto* row = file.next()) {
                history.add(*row, set[i].is_snapshot);
                if (file.rows() % Progress::STEP == 0) {
                    progress.update(done + file.position());
                }
            }
            done += file.position();
            result.files.push_back({set[i].path, file.rows(), file.damaged(), file.format()});
        }
    }
}

/// Returns the declined addresses that the server does not lease yet.
std::vector<DeclinedAddress>
declinedAt(const LeaseHistory& history, UtcSeconds now) {
    auto all = history.declined();
    all.erase(std::remove_if(all.begin(), all.end(),
                             [now](const DeclinedAddress& one) { return (one.until <= now); }),
              all.end());
    return (all);
}

class Scan : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "scan",
            "LEASEFILE...",
            "find clones and declined addresses in lease files",
            "[OPTIONS] LEASEFILE...\n[OPTIONS] --socket PATH\n--declined [--socket PATH] LEASEFILE...",
            R"(Finds clones in DHCPv4 lease files, also before the guard is installed: one client identifier that
several hardware addresses use in turn or at once. It reads the files of Kea (memfile), ISC dhcpd,
dnsmasq and systemd-networkd, and the leases that RouterOS prints or exports; the content decides. The
companions FILE.2, FILE.1, FILE.completed and, of dhcpd, FILE~ are read too, because a longer history
shows more. Files of several servers can be named. '-' is the standard input. Files compressed by gzip,
bzip2 or xz are unpacked.

    clone-guard scan /var/lib/kea/kea-leases4.csv
    clone-guard scan /var/lib/dhcp/dhcpd.leases
    clone-guard scan --copies monday.leases tuesday.leases
    clone-guard scan --templates templates.json --json kea-leases4.csv
    clone-guard scan --inventory /etc/pve --inventory printers.csv dhcpd.leases

With --socket and without a file, it asks a running kea-dhcp4 with the guard for its leases, which may be in
PostgreSQL or MySQL. Such leases have no history.

    clone-guard scan --socket /run/kea/kea4-ctrl-socket

Each machine has the state that 'clone-guard conflicts' shows. After the cure the clones are listed as
sealed.

The report also counts the addresses that clients declined. The server blocks such an address for a day,
unless it has another decline-probation-period. With --declined the output is a shell script that frees
these addresses; it explains what to do before.

    clone-guard scan --declined /var/lib/kea/kea-leases4.csv > free.sh

Exit status: 0 if no clones were found, 1 if clones were found, 2 if a file cannot be read or is not a
lease file, 3 if the files cannot show clones: no lease has a client identifier, or dnsmasq keeps one lease
for each. With --declined: 0, or 2 if a file cannot be read.
)",
            Complete::FILES,
            {}});
    }

    void declare(Options& options) override {
        options.file("templates", "FILE", templates_,
                     "names of templates: the server's configuration, or the output of 'clone-guard "
                     "templates'");
        inventory_.declare(options);
        options.flag("all,a", all_, "also list what is harmless");
        options.flag("json", json_, "print JSON, with the field names of the audit log");
        options.flag("declined", declined_, "print a shell script that frees declined addresses");
        options.file(
            "socket", "PATH", socket_,
            "the control socket of a server to scan instead of files, or the one in the script of "
            "--declined (default there: /run/kea/kea4-ctrl-socket)");
        options.flag("copies", copies_, "the files are copies of one server's file, the oldest first");
        options.number("lease-time", "SECONDS", lease_time_,
                       "the lifetime of leases if the file does not have it (default: 3600)");
        options.number(
            "prefix", "LENGTH", prefix_,
            "addresses with a prefix of this length are one network if the file names no subnets "
            "(default: 24)");
        options.flag("no-companions", no_companions_, "read only the named files");
        options.flag("verbose,v", verbose_, "name each skipped line");
    }

    int run(const Arguments& paths) override {
        checkUsage(paths);
        auto inventory = inventory_.read();
        const ScanNames names{Explainer(knownTemplates(templates_, inventory)), std::move(inventory)};
        if (paths.empty()) {
            return (print(scanServer(*socket_), names));
        }
        LeaseHistory history;
        ScanResult result;
        const auto now =
            std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
        result.are_copies = copies_;
        readSets(copies_ ? copiesOfOneFile(paths) : leaseFileSets(paths, !no_companions_), verbose_,
                 assumptions(now), history, result);
        result.declined = declinedAt(history, now);
        if (declined_) {
            printFreeingScript(std::cout, result.declined, socket_.value_or(DEFAULT_SOCKET));
            return (EXIT_OK);
        }
        result.shared = history.shared(now);
        result.duids = history.sharedDuids();
        result.identifiers = history.identifiers();
        result.without_identifier = history.withoutIdentifier();
        return (print(result, names));
    }

private:
    void checkUsage(const Arguments& paths) const {
        if (paths.empty() && !socket_) {
            throw UsageError(
                "scan needs a lease file, for example /var/lib/kea/kea-leases4.csv, or --socket "
                "for the leases of a running server");
        }
        if (paths.empty() && declined_) {
            throw UsageError("--declined needs a lease file: a server reports the number of declined "
                             "addresses, not the addresses");
        }
        if (paths.empty() && (copies_ || lease_time_ || prefix_ || no_companions_)) {
            throw UsageError("--copies, --lease-time, --prefix and --no-companions are for lease files");
        }
        if (!paths.empty() && socket_ && !declined_) {
            throw UsageError("scan reads either lease files or, with --socket, the leases of a server");
        }
        if (json_ && declined_) {
            throw UsageError("scan takes either --json or --declined");
        }
        if (prefix_.value_or(1) < 1 || prefix_.value_or(1) > 32) {
            throw UsageError("--prefix takes a length from 1 to 32");
        }
        if (lease_time_ == 0U) {
            throw UsageError("--lease-time takes at least one second");
        }
    }

    /// Prints the findings, and returns the exit status.
    [[nodiscard]] int print(const ScanResult& result, const ScanNames& names) const {
        if (json_) {
            std::cout << scanJson(result, names).dump(2) << '\n';
        } else {
            printScan(std::cout, result, names, all_);
        }
        if (result.isBlind()) {
            return (EXIT_BLIND);
        }
        return (result.count(Sharing::CLONES) > 0 ? EXIT_FINDINGS : EXIT_OK);
    }

    [[nodiscard]] LeaseAssumptions assumptions(UtcSeconds now) const {
        LeaseAssumptions all;
        all.now = now;
        all.lease_time =
            std::chrono::seconds(lease_time_.value_or(static_cast<uint32_t>(all.lease_time.count())));
        all.prefix = static_cast<uint8_t>(prefix_.value_or(all.prefix));
        return (all);
    }

    InventoryOption inventory_;
    std::optional<std::string> templates_;
    std::optional<uint32_t> lease_time_;
    std::optional<uint32_t> prefix_;
    bool copies_ = false;
    std::optional<std::string> socket_;
    bool all_ = false;
    bool declined_ = false;
    bool json_ = false;
    bool no_companions_ = false;
    bool verbose_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeScan() {
    return (std::make_unique<Scan>());
}

}  // namespace clone_guard
