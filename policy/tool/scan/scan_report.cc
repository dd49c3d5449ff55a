// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/count_text.h>
#include <tool/cli/paragraph.h>
#include <tool/cli/table.h>
#include <tool/inventory/inventory_report.h>
#include <tool/scan/declined_report.h>
#include <tool/scan/lease_history.h>
#include <tool/scan/scan_report.h>
#include <tool/scan/scan_wording.h>

#include <core/explain/vendors.h>
#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>
#include <core/identity/escape.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

namespace clone_guard {

namespace {

constexpr const char* LIST_HINT = " --all lists them.";

std::string
addressList(const SeenMachine& machine) {
    std::string text;
    for (const auto& address : machine.addresses) {
        text += (text.empty() ? "" : ", ") + address.toText();
    }
    return (text + (machine.addresses.size() == LeaseHistory::MAX_ADDRESSES ? ", ..." : ""));
}

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

bool
anyKnown(const std::vector<SeenMachine>& machines, const Inventory& inventory) {
    return (std::any_of(machines.begin(), machines.end(), [&inventory](const SeenMachine& machine) {
        return (!inventory.find(machine.address.bytes()).empty());
    }));
}

void
printMachines(std::ostream& out, const std::vector<SeenMachine>& machines, const Inventory& inventory,
              bool subnets) {
    std::vector<std::string> head{"hardware address", "vendor"};
    const bool are_known = anyKnown(machines, inventory);
    if (are_known) {
        head.insert(head.begin(), "machine");
    }
    if (subnets) {
        head.emplace_back("subnet");
    }
    head.insert(head.end(), {"state", "host name", "first seen", "last seen", "records", "addresses"});
    Table table(head);
    for (const auto& machine : machines) {
        std::vector<std::string> row{machine.address.toText(), hardwareVendor(machine.address.bytes())};
        if (are_known) {
            row.insert(row.begin(), inventory.nameOf(machine.address));
        }
        if (subnets) {
            row.push_back(subnetText(machine));
        }
        row.insert(row.end(),
                   {toText(machine.state), escape(machine.hostname), utcText(machine.first),
                    utcText(machine.last), std::to_string(machine.leases),
                    addressList(machine) + (machine.set_aside ? " (derived identifier)" : "")});
        table.add(row);
    }
    table.print(out, 4);
}

void
printShared(std::ostream& out, const SharedIdentifier& shared, const ScanNames& names) {
    const auto known = explain(shared, names);
    out << "\n  " << nameOf(shared) << " in " << subnetText(shared) << '\n';
    Table facts;
    const auto add = [&facts](const char* name, const std::string& text) {
        if (!text.empty()) {
            facts.add({name, text});
        }
    };
    add("template", escape(known.template_name));
    add("interface", escape(known.nic));
    add("DUID", duidText(known));
    add("evidence", evidenceText(shared));
    add("inventory", groupOf(shared, names.inventory).unknownOriginText());
    if (shared.sharing == Sharing::CLONES) {
        add("remedy", known.remedy);
        if (!parseRfc4361(shared.identifier) && !looksDerived(shared.identifier)) {
            add("note",
                "not an RFC 4361 identifier: the guard handles it with \"client-id-types\": \"all\"");
        }
    }
    facts.print(out, 4);
    out << '\n';
    printMachines(out, shared.machines, names.inventory, subnetsOf(shared).size() > 1);
    if (shared.omitted > 0) {
        out << "    " << countText(shared.omitted, "record", "records")
            << " of further hardware addresses, which are not listed\n";
    }
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
        table.print(out, 4);
    }
}

size_t
cloneCount(const ScanResult& result) {
    size_t count = 0;
    for (const auto& shared : result.shared) {
        if (shared.sharing == Sharing::CLONES) {
            count += static_cast<size_t>(std::count_if(
                shared.machines.begin(), shared.machines.end(),
                [](const SeenMachine& machine) { return (machine.state != MachineState::SEALED); }));
        }
    }
    return (count);
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
