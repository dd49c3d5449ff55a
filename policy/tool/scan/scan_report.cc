// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/scan_report.h>

#include <tool/cli/table.h>

#include <core/audit/escape.h>
#include <core/audit/rfc3339.h>
#include <core/audit/identifier_json.h>
#include <core/explain/vendors.h>
#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <set>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

std::string
counted(uint64_t count, const std::string& one, const std::string& many) {
    return (std::to_string(count) + " " + (count == 1 ? one : many));
}

std::string
times(uint64_t count) {
    return (count == 1 ? "once" : std::to_string(count) + " times");
}

/// "2026-05-01T10:00:00Z"
std::string
timeText(int64_t seconds) {
    return (toRfc3339(seconds * 1000).substr(0, 19) + "Z");
}

std::string
addressList(const SeenMachine& machine) {
    std::string text;
    for (const auto address : machine.addresses) {
        text += (text.empty() ? "" : ", ") + addressText(address);
    }
    return (text + (machine.addresses.size() == LeaseHistory::MAX_ADDRESSES ? ", ..." : ""));
}

std::set<uint32_t>
subnetsOf(const SharedIdentifier& one) {
    std::set<uint32_t> subnets;
    for (const auto& machine : one.machines) {
        subnets.insert(machine.subnet);
    }
    return (subnets);
}

std::string
subnetText(const SharedIdentifier& one) {
    const auto subnets = subnetsOf(one);
    std::string text;
    for (const auto subnet : subnets) {
        text += (text.empty() ? "" : ", ") + std::to_string(subnet);
    }
    return ((subnets.size() == 1 ? "subnet " : "subnets ") + text);
}

std::string
asideText(const SharedIdentifier& one) {
    const auto aside = static_cast<uint64_t>(
        std::count_if(one.machines.begin(), one.machines.end(),
                      [](const SeenMachine& machine) { return (machine.set_aside); }));
    return ("a clone guard set " + std::to_string(aside) + " of them aside");
}

/// Why they are taken for clones, or for one machine.
std::string
evidenceText(const SharedIdentifier& one) {
    const auto& evidence = one.evidence;
    std::vector<std::string> parts;
    if (evidence.returns > 0) {
        parts.push_back(
            "changed hands " + times(evidence.changes) + ", back and forth" +
            (evidence.live > 0
                 ? ", " + times(evidence.live) + " while the lease of the one before was live"
                 : ", each time after the lease of the one before had run out"));
    } else if (evidence.changes > 0 && one.sharing == Sharing::MOVED) {
        parts.push_back(evidence.changes == 1 ? "moved once; the first was not heard again"
                                              : "moved " + times(evidence.changes) + "; none came back");
    }
    if (evidence.both) {
        parts.emplace_back("two of them are on record at the same time");
    }
    if (evidence.deleted > 0) {
        parts.push_back("a record was deleted " + times(evidence.deleted) +
                        " while another machine had the identifier");
    }
    if (evidence.open && evidence.returns == 0) {
        parts.emplace_back("a live lease was taken over, and the file ends before it shows whether the "
                           "machine that had it is gone");
    }
    if (evidence.set_aside) {
        parts.push_back(asideText(one));
    }
    std::string text;
    for (const auto& part : parts) {
        text += (text.empty() ? "" : "; ") + part;
    }
    return (text.empty() ? "never in one subnet of one file" : text);
}

Explanation
explain(const SharedIdentifier& one, const Explainer& explainer) {
    const auto& machines = one.machines;
    Sender sender;
    sender.address = machines.front().address;
    sender.holder = machines.back().address;
    return (explainer.explain(one.identifier, sender));
}

std::string
nameOf(const SharedIdentifier& one) {
    if (looksDerived(one.identifier)) {
        return ("an identifier with the SHA-256 " + toHex(ByteView(one.identifier).from(4)) + "...");
    }
    return (toHex(one.identifier));
}

std::string
duidText(const Explanation& known) {
    return (known.duid_type +
            (known.enterprise_name.empty() ? "" : ", made by " + known.enterprise_name) +
            (known.duid_address.empty() ? "" : ", made by " + toHex(known.duid_address)) +
            (known.duid_time > 0 ? " at " + timeText(known.duid_time) : "") +
            (known.duid_uuid.empty() ? "" : " " + known.duid_uuid));
}

void
printMachines(std::ostream& out, const std::vector<SeenMachine>& machines, bool subnets) {
    std::vector<std::string> head{"hardware address", "vendor"};
    if (subnets) {
        head.emplace_back("subnet");
    }
    head.insert(head.end(), {"host name", "first seen", "last seen", "records", "addresses"});
    Table table(head);
    for (const auto& machine : machines) {
        std::vector<std::string> row{machine.address.toText(), hardwareVendor(machine.address.bytes())};
        if (subnets) {
            row.push_back(std::to_string(machine.subnet));
        }
        row.insert(row.end(),
                   {escape(machine.hostname), timeText(machine.first), timeText(machine.last),
                    std::to_string(machine.rows),
                    addressList(machine) + (machine.set_aside ? " (set aside by a clone guard)" : "")});
        table.add(row);
    }
    table.print(out, 4);
}

void
printShared(std::ostream& out, const SharedIdentifier& one, const Explainer& explainer) {
    const auto known = explain(one, explainer);
    out << "\n  " << nameOf(one) << " in " << subnetText(one) << '\n';
    Table table;
    const auto line = [&table](const char* name, const std::string& text) {
        if (!text.empty()) {
            table.add({name, text});
        }
    };
    line("template", escape(known.template_name));
    line("interface", escape(known.nic));
    line("DUID", duidText(known));
    line("seen", evidenceText(one));
    if (one.sharing == Sharing::CLONES) {
        line("remedy", known.remedy);
        if (!parseRfc4361(one.identifier) && !looksDerived(one.identifier)) {
            line("note", "no RFC 4361 identifier: guarded only with \"client-id-types\": \"all\"");
        }
    }
    table.print(out, 4);
    out << '\n';
    printMachines(out, one.machines, subnetsOf(one).size() > 1);
    if (one.left_out > 0) {
        out << "    and more: " << one.left_out << " records of further hardware addresses\n";
    }
}

void
printKind(std::ostream& out, const ScanResult& result, Sharing sharing, const Explainer& explainer) {
    for (const auto& one : result.shared) {
        if (one.sharing == sharing) {
            printShared(out, one, explainer);
        }
    }
}

void
printDuids(std::ostream& out, const ScanResult& result, const Explainer& explainer) {
    for (const auto& one : result.duids) {
        const auto known = explainer.explainDuid(one.duid);
        out << "\n  DUID " << toHex(one.duid) << " (" << duidText(known)
            << (known.template_name.empty() ? "" : ", template " + escape(known.template_name))
            << ")\n\n";
        Table table({"hardware address", "vendor", "host name", "client identifier"});
        for (const auto& [identifier, machine] : one.machines) {
            table.add({machine.address.toText(), hardwareVendor(machine.address.bytes()),
                       escape(machine.hostname), toHex(identifier)});
        }
        table.print(out, 4);
    }
}

size_t
machineCount(const ScanResult& result) {
    size_t count = 0;
    for (const auto& one : result.shared) {
        count += one.sharing == Sharing::CLONES ? one.machines.size() : 0;
    }
    return (count);
}

/// What was read, at the end because that is what is left on the screen.
void
printRead(std::ostream& out, const ScanResult& result) {
    uint64_t rows = 0;
    uint64_t damaged = 0;
    for (const auto& file : result.files) {
        rows += file.rows;
        damaged += file.damaged;
    }
    out << "\nRead " << counted(result.files.size(), "file", "files") << ": "
        << counted(rows, "record", "records") << ", "
        << counted(result.identifiers, "client identifier", "client identifiers") << ".\n";
    if (damaged > 0) {
        out << "Skipped " << counted(damaged, "damaged line", "damaged lines") << "; -v says which.\n";
    }
}

const char*
wordFor(Sharing sharing) {
    switch (sharing) {
    case Sharing::CLONES:
        return ("clones");
    case Sharing::MOVED:
        return ("moved");
    case Sharing::APART:
        break;
    }
    return ("apart");
}

Json
machineJson(const SeenMachine& machine) {
    Json object{{"hw_address", machine.address.toText()}};
    const auto vendor = hardwareVendor(machine.address.bytes());
    if (!vendor.empty()) {
        object["hw_vendor"] = vendor;
    }
    if (!machine.hostname.empty()) {
        object["hostname"] = escape(machine.hostname);
    }
    object["subnet_id"] = machine.subnet;
    object["addresses"] = Json::array();
    for (const auto address : machine.addresses) {
        object["addresses"].push_back(addressText(address));
    }
    object["first_seen"] = toRfc3339(machine.first * 1000);
    object["last_seen"] = toRfc3339(machine.last * 1000);
    object["records"] = machine.rows;
    object["set_aside"] = machine.set_aside;
    return (object);
}

Json
sharedJson(const SharedIdentifier& one, const Explainer& explainer) {
    const auto known = explain(one, explainer);
    Json object{{"sharing", wordFor(one.sharing)}};
    if (looksDerived(one.identifier)) {
        object["client_id_sha256"] = toHex(ByteView(one.identifier).from(4));
    } else {
        object.update(identifierJson(one.identifier, known));
    }
    const auto& evidence = one.evidence;
    object["evidence"] = {{"changes", evidence.changes},     {"returns", evidence.returns},
                          {"live", evidence.live},           {"deleted", evidence.deleted},
                          {"both", evidence.both},           {"open", evidence.open},
                          {"set_aside", evidence.set_aside}, {"text", evidenceText(one)}};
    object["machines"] = Json::array();
    for (const auto& machine : one.machines) {
        object["machines"].push_back(machineJson(machine));
    }
    object["remedy"] = known.remedy;
    return (object);
}

Json
duidsJson(const SharedDuid& one, const Explainer& explainer) {
    auto object = duidJson(one.duid, explainer.explainDuid(one.duid));
    object["machines"] = Json::array();
    for (const auto& [identifier, machine] : one.machines) {
        auto entry = machineJson(machine);
        entry["client_id"] = toHex(identifier);
        object["machines"].push_back(std::move(entry));
    }
    return (object);
}

}  // namespace

size_t
ScanResult::count(Sharing sharing) const {
    return (static_cast<size_t>(
        std::count_if(shared.begin(), shared.end(),
                      [sharing](const SharedIdentifier& one) { return (one.sharing == sharing); })));
}

void
printScan(std::ostream& out, const ScanResult& result, const Explainer& explainer, bool all) {
    const auto clones = result.count(Sharing::CLONES);
    const auto moved = result.count(Sharing::MOVED);
    const auto apart = result.count(Sharing::APART);
    if (clones == 0) {
        out << "No clones found.\n";
    } else {
        out << "Clones: " << counted(clones, "client identifier", "client identifiers") << " on "
            << counted(machineCount(result), "machine", "machines") << ".\n";
        printKind(out, result, Sharing::CLONES, explainer);
    }
    if (moved > 0) {
        out << "\nMoved: " << counted(moved, "client identifier", "client identifiers")
            << " went from one hardware address to another, and none came back.\n"
               "A replaced network card or a machine made anew looks like this; these are no clones.\n";
        printKind(out, result, Sharing::MOVED, explainer);
    }
    if (apart > 0) {
        out << "\nIn different subnets or files: "
            << counted(apart, "client identifier", "client identifiers")
            << ".\nA lease file does not say which subnets form one network: in one network these are "
               "clones, in different ones they are harmless."
            << (all ? "" : " --all lists them.") << '\n';
        if (all) {
            printKind(out, result, Sharing::APART, explainer);
        }
    }
    if (!result.duids.empty()) {
        out << "\nOne DUID in different identifiers: " << counted(result.duids.size(), "DUID", "DUIDs")
            << ".\nA machine with several network cards looks like this, and clones that make the IAID "
               "from their\nhardware address; harmless in DHCPv4."
            << (all ? "" : " --all lists them.") << '\n';
        if (all) {
            printDuids(out, result, explainer);
        }
    }
    printRead(out, result);
}

Json
scanJson(const ScanResult& result, const Explainer& explainer) {
    Json object{{"clones", Json::array()},
                {"moved", Json::array()},
                {"apart", Json::array()},
                {"duids", Json::array()},
                {"files", Json::array()}};
    for (const auto& one : result.shared) {
        object[wordFor(one.sharing)].push_back(sharedJson(one, explainer));
    }
    for (const auto& one : result.duids) {
        object["duids"].push_back(duidsJson(one, explainer));
    }
    for (const auto& file : result.files) {
        object["files"].push_back(
            {{"path", escape(file.path)}, {"records", file.rows}, {"damaged", file.damaged}});
    }
    return (object);
}

}  // namespace clone_guard
