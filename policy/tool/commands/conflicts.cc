// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/control_socket.h>
#include <tool/cli/count_text.h>
#include <tool/cli/json_text.h>
#include <tool/cli/server_pages.h>
#include <tool/cli/table.h>
#include <tool/cli/utc_time.h>
#include <tool/commands/command.h>
#include <tool/inventory/inventory_json.h>
#include <tool/inventory/inventory_report.h>
#include <tool/inventory/inventory_source.h>

#include <core/explain/one_machine_text.h>
#include <core/explain/remedy.h>
#include <core/explain/vendors.h>
#include <core/identity/bytes.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

/// Identifies a conflict. The server splits a conflict with many claimants over several pages.
std::string
keyOf(const Json& conflict) {
    // In a shared network each page may name another subnet.
    const auto network = textOf(conflict, "network");
    return (textOf(conflict, "client-id") + textOf(conflict, "client-id-sha256") + " " + network + " " +
            (network.empty() ? textOf(conflict, "subnet-id") : ""));
}

/// Adds what an inventory has about the machines of a conflict, and names the template in the remedy.
void
nameMachines(Json& conflict, const Inventory& inventory) {
    if (inventory.empty()) {
        return;
    }
    MachineGroup group(inventory);
    const auto add = [&](Json& machine) {
        if (const auto bytes = fromHex(textOf(machine, "hw-address"))) {
            putInventory(machine, inventory, *bytes);
            group.add(*bytes);
        }
    };
    if (conflict.contains("holder")) {
        add(conflict["holder"]);
    }
    for (auto& claimant : conflict["claimants"]) {
        add(claimant);
    }
    const auto known = textOf(conflict, "template");
    const auto name = group.templateName(known);
    if (!name.empty()) {
        conflict["template"] = name;
    }
    if (conflict.contains("remedy")) {
        conflict["remedy"] = nameTemplate(textOf(conflict, "remedy"), known, name);
    }
    const auto unknown = group.unknownOriginText();
    if (!unknown.empty()) {
        conflict["inventory-note"] = unknown;
    }
}

/// Collects the conflicts of all pages, each once with all its claimants.
class ConflictList {
public:
    void add(const Json& conflict) {
        const auto key = keyOf(conflict);
        const auto [place, is_new] = places_.try_emplace(key, Place{all_.size(), {}});
        if (is_new) {
            all_.push_back(conflict);
            all_.back()["claimants"] = Json::array();
            all_.back().erase("claimant-count");
        }
        auto& joined = all_[place->second.index];
        if (!joined.contains("holder") && conflict.contains("holder")) {
            joined["holder"] = conflict["holder"];
        }
        for (const auto& claimant : conflict.value("claimants", Json::array())) {
            if (place->second.claimants.insert(textOf(claimant, "hw-address")).second) {
                joined["claimants"].push_back(claimant);
            }
        }
    }

    /// @brief Names machines and templates by an inventory.
    void name(const Inventory& inventory) {
        for (auto& conflict : all_) {
            nameMachines(conflict, inventory);
        }
    }

    [[nodiscard]] const Json& all() const noexcept {
        return (all_);
    }

private:
    /// The place of a conflict in the list, and the claimants that it has there.
    struct Place {
        size_t index;
        std::set<std::string> claimants;
    };

    Json all_ = Json::array();
    std::map<std::string, Place> places_;
};

/// The answer of the server, all pages together.
struct Fetched {
    ConflictList conflicts;
    size_t count =
        0;  ///< as the server counts, which also closes conflicts that have no machine left to list
    std::string text;  ///< of the last page
};

/// Fetches all pages.
Fetched
fetch(const ControlSocket& server, const std::string& command, const Json& arguments) {
    Fetched fetched;
    forEachPage(server, command, arguments, [&fetched](const ControlSocket::Answer& page) {
        for (const auto& conflict : page.arguments.value("conflicts", Json::array())) {
            fetched.conflicts.add(conflict);
        }
        fetched.count += page.arguments.value("count", size_t{0});
        fetched.text = page.text;
    });
    return (fetched);
}

/// "2026-11-22 10:00:00", UTC, or an empty string if the server has no time for the machine.
std::string
lastSeen(const Json& machine) {
    // Version 0.1.0 of the guard knows only the time of the lease.
    const auto seconds = machine.find(machine.contains("last-seen") ? "last-seen" : "cltt");
    return (seconds != machine.end() && seconds->is_number_integer()
                ? utcText(utcFromSeconds(seconds->get<int64_t>()))
                : std::string());
}

void
addMachine(Table& table, const Json& machine, const char* role, const Inventory& inventory,
           bool are_known) {
    const auto address = fromHex(textOf(machine, "hw-address"));
    auto ip = textOf(machine, "ip-address");
    // Version 0.1.0 of the guard knows no states.
    if (!machine.contains("state") && machine.value("expired", false)) {
        ip += " (expired)";
    }
    std::vector<std::string> row{textOf(machine, "hw-address"),
                                 role,
                                 textOf(machine, "state"),
                                 ip,
                                 textOf(machine, "hostname"),
                                 lastSeen(machine),
                                 address ? hardwareVendor(*address) : ""};
    if (are_known) {
        row.insert(row.begin(), inventory.nameOf(textOf(machine, "hw-address")));
    }
    table.add(row);
}

/// "network 'office', subnet 2"
std::string
placeText(const Json& conflict) {
    std::string text =
        conflict.contains("network") ? "network '" + textOf(conflict, "network") + "'" : "";
    if (conflict.contains("subnet-id")) {
        text += (text.empty() ? "" : ", ") + ("subnet " + textOf(conflict, "subnet-id"));
    }
    return (text);
}

/// Returns the holder and the claimants, each with its role.
std::vector<std::pair<const Json*, const char*>>
machinesOf(const Json& conflict) {
    std::vector<std::pair<const Json*, const char*>> machines;
    if (conflict.contains("holder")) {
        machines.emplace_back(&conflict["holder"], "holder");
    }
    for (const auto& claimant : conflict["claimants"]) {
        machines.emplace_back(&claimant, "claimant");
    }
    return (machines);
}

void
printMachines(const Json& conflict, const Inventory& inventory) {
    const auto all = machinesOf(conflict);
    const bool are_known = std::any_of(all.begin(), all.end(), [](const auto& machine) {
        return (machine.first->contains("inventory"));
    });
    std::vector<std::string> head{"hardware address", "role",  "state", "address", "host name",
                                  "last seen (UTC)",  "vendor"};
    if (are_known) {
        head.insert(head.begin(), "machine");
    }
    Table table(head);
    for (const auto& [machine, role] : all) {
        addMachine(table, *machine, role, inventory, are_known);
    }
    table.print(std::cout, 2);
}

void
printConflict(const Json& conflict, const Inventory& inventory) {
    const bool digest = conflict.contains("client-id-sha256");
    std::cout << Styled(Style::BOLD, digest ? "SHA-256 " + textOf(conflict, "client-id-sha256") + "..."
                                            : textOf(conflict, "client-id"))
              << '\n';
    const auto level = textOf(conflict, "level");
    Table facts;
    facts.add({"where", placeText(conflict)});
    facts.add({"level", Styled(level == "confirmed" ? Style::ALARM : Style::WARNING,
                               level + ", policy " + textOf(conflict, "policy"))});
    if (conflict.contains("template")) {
        facts.add({"template", textOf(conflict, "template")});
    }
    if (conflict.contains("nic")) {
        facts.add({"interface", textOf(conflict, "nic")});
    }
    if (conflict.contains("lease")) {
        const auto hw_address = textOf(conflict["lease"], "hw-address");
        const auto name = inventory.nameOf(hw_address);
        facts.add({"lease", textOf(conflict["lease"], "ip-address") + ", last renewed by " +
                                (name.empty() ? "" : name + " ") + hw_address});
    }
    if (conflict.contains("one-machine")) {
        facts.add({"note", oneMachineText(textOf(conflict, "one-machine"), textOf(conflict, "nic"))});
    }
    facts.add({"remedy", textOf(conflict, "remedy")});
    if (conflict.contains("inventory-note")) {
        facts.add({"inventory", textOf(conflict, "inventory-note")});
    }
    facts.print(std::cout, 2);
    printMachines(conflict, inventory);
}

class Conflicts : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "conflicts",
            "",
            "list the machines of a running server that share an identifier",
            "[OPTIONS]\n[OPTIONS] --client-id HEX [--subnet-id N]\n"
            "[--socket PATH] --forget --client-id HEX [--subnet-id N]",
            R"(Asks a running kea-dhcp4 which machines share a client identifier now: the holder, the claimants, the
state and address of each, and what to do. The server needs a control-socket in its configuration.

A conflict is suspected, or confirmed if two machines were active at the same time. A machine is active, off
(it released its lease), expired (its lease ran out), or sealed (it uses an identifier of its own).

With --forget the guard closes the conflict about an identifier: after its template is sealed, or if the
machines were not clones. Leases stay as they are. In high availability, close it on both servers.

    clone-guard conflicts
    clone-guard conflicts --forget --client-id ff:ca:53:09:5a:00:02:00:...

Exit status: 0 if there is no conflict, 1 if there are conflicts, 2 if the server cannot be asked. With
--forget: 0, or 2 if there is no such conflict.
)",
            Complete::NOTHING,
            {}});
    }

    void declare(Options& options) override {
        options.file("socket", "PATH", socket_, SOCKET_TEXT);
        inventory_.declare(options);
        options.value("client-id", "HEX", identifier_, "only the conflicts about this identifier");
        options.number("subnet-id", "N", subnet_, "only in the network of this subnet");
        options.flag("forget", forget_, "close the conflict");
        options.flag("json", json_, "print JSON");
    }

    int run(const Arguments&) override {
        const ControlSocket server(socket_);
        const auto wanted = selection();
        if (forget_) {
            return (forget(server, wanted));
        }
        const auto inventory = inventory_.read();
        auto found =
            fetch(server, wanted.is_null() ? "clone-guard-conflict-get-all" : "clone-guard-conflict-get",
                  wanted);
        found.conflicts.name(inventory);
        const auto& all = found.conflicts.all();
        if (json_) {
            std::cout << all.dump(2) << '\n';
        } else if (all.empty()) {
            // The text also has the reason if the guard cannot list conflicts.
            std::cout << found.text << '\n';
        } else {
            for (const auto& conflict : all) {
                printConflict(conflict, inventory);
                std::cout << '\n';
            }
            std::cout << countText(all.size(), "conflict") << ".\n";
            printDuplicates(std::cout, inventory);
        }
        return (all.empty() ? EXIT_OK : EXIT_FINDINGS);
    }

private:
    /// Returns the arguments of the server's command, or null if all conflicts are meant.
    [[nodiscard]] Json selection() const {
        if (!identifier_) {
            if (subnet_ || forget_) {
                throw UsageError("--subnet-id and --forget need --client-id");
            }
            return {};
        }
        const auto bytes = fromHex(*identifier_);
        if (!bytes || bytes->empty()) {
            throw UsageError("'" + *identifier_ +
                             "' is not hexadecimal: two digits a byte, with or without ':'");
        }
        Json arguments{{"client-id", toHex(*bytes)}};
        if (subnet_) {
            arguments["subnet-id"] = *subnet_;
        }
        return (arguments);
    }

    static int forget(const ControlSocket& server, const Json& arguments) {
        const auto closed = fetch(server, "clone-guard-conflict-del", arguments);
        if (closed.count == 0) {
            throw Failure("there is no conflict about " + arguments["client-id"].get<std::string>() +
                          " (" + closed.text + ")");
        }
        std::cout << countText(closed.count, "conflict")
                  << " closed. Machines that still share the identifier open it again.\n";
        return (EXIT_OK);
    }

    InventoryOption inventory_;
    std::string socket_ = DEFAULT_SOCKET;
    std::optional<std::string> identifier_;
    std::optional<uint32_t> subnet_;
    bool forget_ = false;
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeConflicts() {
    return (std::make_unique<Conflicts>());
}

}  // namespace clone_guard
