// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/count_text.h>
#include <tool/cli/paragraph.h>
#include <tool/cli/table.h>
#include <tool/inventory/inventory_report.h>
#include <tool/scan/declined_report.h>
#include <tool/scan/finding_report.h>
#include <tool/scan/scan_report.h>
#include <tool/scan/scan_wording.h>

#include <core/explain/vendors.h>
#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>
#include <core/identity/escape.h>

#include <map>
#include <numeric>
#include <ostream>
#include <set>

namespace clone_guard {

namespace {

constexpr const char* LIST_HINT = " --all lists them.";

constexpr RecordName RECORD{"record", "records"};

/// Returns the subnets in the order of their numbers or addresses.
std::map<std::pair<uint8_t, uint32_t>, std::string>
subnetsOf(const SharedIdentifier& shared) {
    std::map<std::pair<uint8_t, uint32_t>, std::string> subnets;
    for (const auto& machine : shared.machines) {
        subnets.emplace(std::make_pair(machine.prefix, machine.subnet), subnetText(machine));
    }
    return (subnets);
}

std::string
subnetText(const SharedIdentifier& shared) {
    const auto subnets = subnetsOf(shared);
    std::string text;
    for (const auto& [number, name] : subnets) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return ((subnets.size() == 1 ? "subnet " : "subnets ") + text);
}

std::string
nameOf(const SharedIdentifier& shared) {
    if (looksDerived(shared.identifier)) {
        return ("an identifier with the SHA-256 " + toHex(ByteView(shared.identifier).from(4)) + "...");
    }
    return (toHex(shared.identifier));
}

void
printShared(std::ostream& out, const SharedIdentifier& shared, const ScanNames& names) {
    const auto known = explain(shared, names);
    out << "\n  " << nameOf(shared) << " in " << subnetText(shared) << '\n';
    Facts remedy;
    if (shared.sharing == Sharing::CLONES) {
        remedy.emplace_back("remedy", known.remedy);
        if (!parseRfc4361(shared.identifier) && !looksDerived(shared.identifier)) {
            remedy.emplace_back(
                "note",
                "not an RFC 4361 identifier: the guard handles it with \"client-id-types\": \"all\"");
        }
    }
    printFinding(out, shared, known, names.inventory, RECORD, {{"evidence", evidenceText(shared)}},
                 remedy);
}

void
printKind(std::ostream& out, const ScanResult& result, Sharing sharing, const ScanNames& names) {
    for (const auto& shared : result.shared) {
        if (shared.sharing == sharing) {
            printShared(out, shared, names);
        }
    }
}

void
printDuids(std::ostream& out, const ScanResult& result, const ScanNames& names) {
    for (const auto& shared : result.duids) {
        const auto known = explain(shared, names);
        out << "\n  DUID " << toHex(shared.duid) << " (" << duidText(known)
            << (known.template_name.empty() ? "" : ", template " + escape(known.template_name))
            << ")\n\n";
        std::vector<std::string> head{"hardware address", "vendor", "host name", "client identifier"};
        if (!names.inventory.empty()) {
            head.insert(head.begin(), "machine");
        }
        Table table(head);
        for (const auto& [identifier, machine] : shared.machines) {
            std::vector<std::string> row{machine.address.toText(),
                                         hardwareVendor(machine.address.bytes()),
                                         escape(machine.hostname), toHex(identifier)};
            if (!names.inventory.empty()) {
                row.insert(row.begin(), names.inventory.nameOf(machine.address));
            }
            table.add(row);
        }
        table.print(out, 4, names.inventory.empty() ? 0 : FINDING_WIDTH);
    }
}

size_t
cloneCount(const ScanResult& result) {
    return (std::accumulate(
        result.shared.begin(), result.shared.end(), size_t{0},
        [](size_t count, const SharedIdentifier& shared) { return (count + cloneCount(shared)); }));
}

/// Prints the number of lines that were read. It comes last, so that it stays on the screen.
void
printTotals(std::ostream& out, const ScanResult& result) {
    uint64_t leases = 0;
    uint64_t damaged = 0;
    for (const auto& file : result.files) {
        leases += file.leases;
        damaged += file.damaged;
    }
    if (result.isOfServer()) {
        out << "\nThe server has " << countText(leases, "lease")
            << (result.shared.empty() && result.declined_counts.empty() ? ".\n" : ". Times are UTC.\n");
        return;
    }
    out << "\nRead " << countText(result.files.size(), "file", "files") << ": "
        << countText(leases, "record", "records") << ", "
        << countText(result.identifiers, "client identifier", "client identifiers")
        << (result.shared.empty() && result.declined.empty() ? ".\n" : ". Times are UTC.\n");
    if (damaged > 0) {
        out << "Skipped " << countText(damaged, "damaged line", "damaged lines") << "; -v names "
            << (damaged == 1 ? "it" : "them") << ".\n";
    }
}

/// Prints which DUIDs a server did not compare.
void
printNotCompared(std::ostream& out, const ScanResult& result) {
    if (result.not_compared > 0) {
        out << '\n';
        printParagraph(out, "The server did not compare " + countText(result.not_compared, "DUID") +
                                " for lack of memory.");
    }
    if (!result.is_whole) {
        out << '\n';
        printParagraph(out,
                       "The server did not compare all DUIDs: another program scanned it at the same "
                       "time. Repeat the scan.");
    }
}

/// Prints what the files of each server do not show.
void
printLimits(std::ostream& out, const ScanResult& result) {
    std::set<LeaseFormat> formats;
    for (const auto& file : result.files) {
        if (*formatLimit(file.format) != '\0' && formats.insert(file.format).second) {
            out << '\n';
            printParagraph(out, formatLimit(file.format));
        }
    }
}

void
printSealed(std::ostream& out, const ScanResult& result, const ScanNames& names) {
    const auto count = result.count(Sharing::SEALED);
    if (count == 0) {
        return;
    }
    out << '\n';
    printParagraph(out, "Sealed: " + countText(count, "client identifier") +
                            ", which at most one machine still uses. The others have identifiers of "
                            "their own: nothing is left to do.");
    printKind(out, result, Sharing::SEALED, names);
}

void
printMoved(std::ostream& out, const ScanResult& result, const ScanNames& names) {
    const auto count = result.count(Sharing::MOVED);
    if (count == 0) {
        return;
    }
    out << '\n';
    printParagraph(out, "Moved: " + countText(count, "client identifier") +
                            " moved from one hardware address to another without a return.");
    printParagraph(out,
                   "A replaced network card or a reinstalled machine looks like this. It is harmless.");
    printKind(out, result, Sharing::MOVED, names);
}

void
printSeparateSubnets(std::ostream& out, const ScanResult& result, const ScanNames& names, bool all) {
    const auto count = result.count(Sharing::SEPARATE_SUBNETS);
    if (count == 0) {
        return;
    }
    out << "\nIn different subnets or files: " << countText(count, "client identifier") << ".\n";
    printParagraph(out, std::string("A lease file does not show which subnets form one network. In one "
                                    "network these machines are clones, in different networks they are "
                                    "harmless.") +
                            (all ? "" : LIST_HINT));
    if (all) {
        printKind(out, result, Sharing::SEPARATE_SUBNETS, names);
    }
}

void
printSharedDuids(std::ostream& out, const ScanResult& result, const ScanNames& names, bool all) {
    if (result.duids.empty()) {
        return;
    }
    out << "\nOne DUID in different identifiers: " << countText(result.duids.size(), "DUID") << ".\n";
    printParagraph(
        out, std::string("A machine with several network cards looks like this, and so do clones "
                         "whose IAID comes from their hardware address. It is harmless in DHCPv4.") +
                 (all ? "" : LIST_HINT));
    if (all) {
        printDuids(out, result, names);
    }
}

}  // namespace

void
printScan(std::ostream& out, const ScanResult& result, const ScanNames& names, bool all) {
    const auto clones = result.count(Sharing::CLONES);
    if (result.lacksHistory()) {
        out << Styled(Style::WARNING,
                      "Clones cannot be seen here: the file has one lease for each client "
                      "identifier.")
            << '\n';
    } else if (result.isBlind()) {
        out << Styled(Style::WARNING, "Clones cannot be seen here: no lease has a client identifier.")
            << "\n\n";
        printParagraph(
            out, "The server ignores client identifiers ('match-client-id' is false), or no client "
                 "sends one. Each hardware address then has a lease of its own.");
    } else if (clones == 0) {
        out << Styled(Style::GOOD, "No clones found.") << '\n';
    } else {
        out << Styled(Style::ALARM, "Clones:") << ' '
            << countText(clones, "client identifier", "client identifiers") << " on "
            << countText(cloneCount(result), "machine", "machines") << ".\n";
        printKind(out, result, Sharing::CLONES, names);
    }
    printSealed(out, result, names);
    printMoved(out, result, names);
    printSeparateSubnets(out, result, names, all);
    printSharedDuids(out, result, names, all);
    printDuplicates(out, names.inventory);
    printDeclined(out, result.declined);
    printDeclined(out, result.declined_counts);
    printNotCompared(out, result);
    printLimits(out, result);
    printTotals(out, result);
}

}  // namespace clone_guard
