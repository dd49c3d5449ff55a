// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/count_text.h>
#include <tool/cli/table.h>
#include <tool/scan/finding_report.h>
#include <tool/scan/lease_history.h>
#include <tool/scan/scan_wording.h>

#include <core/explain/vendors.h>
#include <core/identity/escape.h>

#include <algorithm>
#include <ostream>

namespace clone_guard {

namespace {

std::string
addressList(const SeenMachine& machine) {
    std::string text;
    for (const auto& address : machine.addresses) {
        text += (text.empty() ? "" : ", ") + address.toText();
    }
    return (text + (machine.addresses.size() == LeaseHistory::MAX_ADDRESSES ? ", ..." : "") +
            (machine.set_aside ? " (derived identifier)" : ""));
}

bool
anyKnown(const std::vector<SeenMachine>& machines, const Inventory& inventory) {
    return (std::any_of(machines.begin(), machines.end(), [&inventory](const SeenMachine& machine) {
        return (!inventory.find(machine.address.bytes()).empty());
    }));
}

bool
hasSubnets(const std::vector<SeenMachine>& machines) {
    const auto& first = machines.front();
    return (std::any_of(machines.begin(), machines.end(), [&first](const SeenMachine& machine) {
        return (machine.prefix != first.prefix || machine.subnet != first.subnet);
    }));
}

}  // namespace

void
printFacts(std::ostream& out, const Facts& facts) {
    Table table;
    for (const auto& [name, text] : facts) {
        if (!text.empty()) {
            table.add({name, text});
        }
    }
    table.print(out, 4);
    out << '\n';
}

void
printMachines(std::ostream& out, const std::vector<SeenMachine>& machines, const Inventory& inventory,
              const RecordName& record) {
    const bool are_known = anyKnown(machines, inventory);
    const bool has_subnets = hasSubnets(machines);
    std::vector<std::string> head{"hardware address", "vendor"};
    if (are_known) {
        head.insert(head.begin(), "machine");
    }
    if (has_subnets) {
        head.emplace_back("subnet");
    }
    head.insert(head.end(),
                {"state", "host name", "first seen", "last seen", record.plural, "addresses"});
    Table table(head);
    for (const auto& machine : machines) {
        std::vector<std::string> row{machine.address.toText(), hardwareVendor(machine.address.bytes())};
        if (are_known) {
            row.insert(row.begin(), inventory.nameOf(machine.address));
        }
        if (has_subnets) {
            row.push_back(subnetText(machine));
        }
        row.insert(row.end(),
                   {toText(machine.state), escape(machine.hostname), utcText(machine.first),
                    utcText(machine.last), std::to_string(machine.leases), addressList(machine)});
        table.add(row);
    }
    table.print(out, 4, are_known ? FINDING_WIDTH : 0);
}

void
printFinding(std::ostream& out, const SharedIdentifier& shared, const Explanation& known,
             const Inventory& inventory, const RecordName& record, const Facts& evidence,
             const Facts& remedy) {
    Facts facts{{"template", escape(known.template_name)},
                {"interface", escape(known.nic)},
                {"DUID", duidText(known)}};
    facts.insert(facts.end(), evidence.begin(), evidence.end());
    facts.emplace_back("inventory", groupOf(shared, inventory).unknownOriginText());
    facts.insert(facts.end(), remedy.begin(), remedy.end());
    printFacts(out, facts);
    printMachines(out, shared.machines, inventory, record);
    if (shared.omitted > 0) {
        out << "    " << countText(shared.omitted, record.singular, record.plural)
            << " of further hardware addresses, which are not listed\n";
    }
}

size_t
cloneCount(const SharedIdentifier& shared) {
    return (shared.sharing != Sharing::CLONES
                ? 0
                : static_cast<size_t>(std::count_if(shared.machines.begin(), shared.machines.end(),
                                                    [](const SeenMachine& machine) {
                                                        return (machine.state != MachineState::SEALED);
                                                    })));
}

}  // namespace clone_guard
