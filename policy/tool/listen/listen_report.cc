// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/count_text.h>
#include <tool/cli/paragraph.h>
#include <tool/cli/table.h>
#include <tool/inventory/inventory_report.h>
#include <tool/listen/listen_report.h>
#include <tool/listen/listen_wording.h>
#include <tool/scan/finding_report.h>
#include <tool/scan/scan_wording.h>

#include <core/identity/escape.h>

#include <algorithm>
#include <numeric>
#include <ostream>

namespace clone_guard {

namespace {

constexpr RecordName MESSAGE{"message", "messages"};

std::string
segmentsText(const std::vector<Segment>& segments, bool is_live) {
    std::string text;
    for (const auto& one : segmentTexts(segments, is_live)) {
        text += (text.empty() ? "" : "; ") + one;
    }
    return (text);
}

void
printIdentifier(std::ostream& out, const ObservedIdentifier& found, bool is_live,
                const ScanNames& names) {
    const auto known = explain(found, names);
    out << "\n  " << toHex(found.shared.identifier) << '\n';
    Facts remedy;
    if (found.shared.sharing == Sharing::CLONES) {
        remedy.emplace_back("remedy", known.remedy);
    }
    printFinding(out, found.shared, known, names.inventory, MESSAGE,
                 {{"seen on", segmentsText(found.segments, is_live)}, {"evidence", evidenceText(found)}},
                 remedy);
}

void
printKind(std::ostream& out, const Observation& found, Sharing sharing, bool is_live,
          const ScanNames& names) {
    for (const auto& one : found.identifiers) {
        if (one.shared.sharing == sharing) {
            printIdentifier(out, one, is_live, names);
        }
    }
}

size_t
cloneCount(const Observation& found) {
    return (std::accumulate(
        found.identifiers.begin(), found.identifiers.end(), size_t{0},
        [](size_t count, const ObservedIdentifier& one) { return (count + cloneCount(one.shared)); }));
}

void
printHarmless(std::ostream& out, const Observation& found, bool is_live, const ScanNames& names) {
    const auto print = [&](Sharing sharing, const std::string& title, const std::string& text) {
        const auto count = found.count(sharing);
        if (count > 0) {
            out << '\n';
            printParagraph(out, title + ": " + countText(count, "client identifier") + text);
            printKind(out, found, sharing, is_live, names);
        }
    };
    print(Sharing::SEALED, "Sealed",
          ", which at most one machine still uses. The others have identifiers of their own: nothing is "
          "left to do.");
    print(Sharing::MOVED, "Moved",
          " moved from one hardware address to another without a return. A replaced network card or a "
          "reinstalled machine looks like this. It is harmless.");
    print(Sharing::SEPARATE_SUBNETS, "In different segments",
          ". In one network these machines are clones, in different networks they are harmless.");
}

/// Prints the DUIDs of which DHCP alone does not show whether they are those of clones.
void
printDuids(std::ostream& out, const Observation& found, const ScanNames& names) {
    if (found.duids.empty()) {
        return;
    }
    out << '\n';
    printParagraph(out, "One DUID with several IAIDs: " + countText(found.duids.size(), "DUID") +
                            ". Either clones, or one machine with several interfaces: DHCP does not "
                            "show which. A server gives each an address of its own.");
    for (const auto& shared : found.duids) {
        const auto known = explain(shared, names);
        const auto proof = inventoryText(shared, names.inventory);
        out << "\n  DUID " << toHex(shared.duid) << '\n';
        Facts facts{
            {"template", escape(known.template_name)}, {"DUID", duidText(known)}, {"inventory", proof}};
        if (proof != "one machine") {
            facts.emplace_back("remedy", (proof.empty() ? "if they are clones: " : "") + known.remedy);
        }
        printFacts(out, facts);
        std::vector<SeenMachine> machines;
        for (const auto& entry : shared.machines) {
            machines.push_back(entry.second);
        }
        printMachines(out, machines, names.inventory, MESSAGE);
    }
}

void
printAddresses(std::ostream& out, const Observation& found) {
    if (found.addresses.empty()) {
        return;
    }
    out << '\n'
        << Styled(Style::ALARM, "Shared:") << ' '
        << countText(found.addresses.size(), "address", "addresses")
        << " acknowledged to a machine while the lease of another was live.\n\n";
    Table table({"address", "VLAN", "changes", "machines"});
    for (const auto& one : found.addresses) {
        std::string machines;
        for (const auto& machine : one.machines) {
            machines += (machines.empty() ? "" : ", ") + machine.toText();
        }
        table.add(std::vector<std::string>{one.address.toText(), vlanText(one.vlan),
                                           std::to_string(one.changes), machines});
    }
    table.print(out, 4, FINDING_WIDTH);
}

void
printDeclines(std::ostream& out, const Observation& found) {
    if (found.declined.empty()) {
        return;
    }
    out << '\n'
        << Styled(Style::WARNING, "Declined:") << ' '
        << countText(found.declined.size(), "address", "addresses")
        << " that a client found in use by another machine.\n\n";
    Table table({"address", "VLAN", "times", "last by", "last"});
    for (const auto& one : found.declined) {
        table.add(std::vector<std::string>{one.address.toText(), vlanText(one.vlan),
                                           std::to_string(one.count), one.machine.toText(),
                                           utcText(one.last)});
    }
    table.print(out, 4);
}

/// Prints the servers if there is more than one, or one that does something wrong.
void
printServers(std::ostream& out, const Observation& found, bool is_live) {
    const bool compete = found.serversCompete();
    const bool is_missing = std::any_of(found.servers.begin(), found.servers.end(),
                                        [](const auto& one) { return (one.without_identifier > 0); });
    if (found.servers.empty()) {
        return;
    }
    out << '\n'
        << Styled(compete ? Style::ALARM : Style::PLAIN,
                  found.servers.size() == 1 ? "Server:" : "Servers:")
        << ' ' << countText(found.servers.size(), "server answers", "servers answer") << ".\n\n";
    Table table(
        {"server", "hardware address", "offers", "acks", "naks", "contested", "no id", "seen on"});
    for (const auto& one : found.servers) {
        table.add(std::vector<std::string>{
            one.server.toText(), one.hw_address.bytes().empty() ? "" : one.hw_address.toText(),
            std::to_string(one.offers), std::to_string(one.acknowledgements),
            std::to_string(one.refusals), std::to_string(one.competing),
            std::to_string(one.without_identifier), segmentsText(one.segments, is_live)});
    }
    table.print(out, 4);
    Table duids({"DHCPv6 server", "DUID"});
    for (const auto& one : found.servers) {
        if (!one.duid.empty()) {
            duids.add({one.server.toText(), toHex(one.duid)});
        }
    }
    if (!duids.empty()) {
        out << '\n';
        duids.print(out, 4);
    }
    if (compete) {
        out << '\n';
        printParagraph(out,
                       "Several servers answered the same query. If they are not meant to, find the one "
                       "that should not be there by its hardware address and stop it.");
    } else if (found.servers.size() > 1) {
        out << '\n';
        printParagraph(out,
                       "No query was answered by two servers: a pair in high availability, or servers "
                       "of different networks, look like this.");
    }
    if (is_missing) {
        out << '\n';
        printParagraph(out,
                       "A server does not return the client identifier, as RFC 6842 demands. A client "
                       "that shares its hardware address with another, as with ipvlan, cannot know "
                       "whose reply it got.");
    }
}

/// Prints what was captured. It comes last, so that it stays on the screen.
void
printTotals(std::ostream& out, const Observation& found, const CaptureCounts& counts) {
    out << '\n';
    for (const auto& source : counts.sources) {
        if (!source.failure.empty()) {
            printParagraph(out, (counts.is_live ? "Stopped listening on " : "Stopped reading ") +
                                    escape(source.name) + ": " + source.failure);
        }
    }
    printParagraph(out, (counts.is_live ? "Listened on " + countText(counts.sources.size(), "interface")
                                        : "Read " + countText(counts.sources.size(), "file")) +
                            ": " + countText(counts.frames, "frame") + ", " +
                            countText(found.queries, "query", "queries") + ", " +
                            countText(found.replies, "reply", "replies") + ", " +
                            countText(found.machines, "machine") + ", " +
                            countText(found.known_identifiers, "client identifier") + ".");
    if (found.queries + found.replies > 0) {
        out << "From " << utcPeriodText(found.first, found.last) << " UTC.\n";
    }
    if (counts.damaged > 0) {
        out << "Skipped " << countText(counts.damaged, "damaged message") << ".\n";
    }
    if (counts.cut > 0) {
        printParagraph(out,
                       "Skipped " + countText(counts.cut, "message") +
                           " of which the capture has only the first bytes. Capture with 'tcpdump -s "
                           "0'.");
    }
    if (counts.dropped > 0) {
        out << "The kernel dropped " << countText(counts.dropped, "frame")
            << ", because more arrived than were read.\n";
    }
    if (found.unidentified > 0) {
        printParagraph(out, "Not evidence: " +
                                countText(found.unidentified, "DHCPv6 message that does",
                                          "DHCPv6 messages that do") +
                                " not show the hardware address of the client. A relay adds that "
                                "address as option 79 (RFC 6939).");
    }
    if (found.omitted > 0) {
        printParagraph(out, "More machines or addresses than can be stored: " +
                                countText(found.omitted, "message was", "messages were") +
                                " not recorded.");
    }
    if (found.queries > 0 && found.replies == 0) {
        printParagraph(out,
                       "No reply of a server was captured. A switch sends a reply to its client alone: "
                       "listen on the hypervisor's bridge or on the server.");
    }
}

}  // namespace

void
printListen(std::ostream& out, const Observation& found, const CaptureCounts& counts,
            const ScanNames& names) {
    const auto clones = found.count(Sharing::CLONES);
    if (found.queries + found.replies == 0) {
        out << Styled(Style::WARNING, "No DHCP message was captured.") << '\n';
    } else if (clones == 0) {
        out << Styled(Style::GOOD, "No clones found.") << '\n';
    } else {
        out << Styled(Style::ALARM, "Clones:") << ' ' << countText(clones, "client identifier") << " on "
            << countText(cloneCount(found), "machine") << ".\n";
        printKind(out, found, Sharing::CLONES, counts.is_live, names);
    }
    printAddresses(out, found);
    printDeclines(out, found);
    printServers(out, found, counts.is_live);
    printHarmless(out, found, counts.is_live, names);
    printDuids(out, found, names);
    printDuplicates(out, names.inventory);
    printTotals(out, found, counts);
}

}  // namespace clone_guard
