// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/control_socket.h>
#include <tool/cli/json_text.h>
#include <tool/cli/table.h>
#include <tool/commands/command.h>

#include <core/audit/rfc3339.h>
#include <core/explain/vendors.h>
#include <core/identity/bytes.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <thread>

namespace clone_guard {

namespace {

namespace options = boost::program_options;
using Json = nlohmann::ordered_json;

const char* const CONFLICTS_HELP =
    R"(Usage: clone-guard conflicts [--socket PATH] [--client-id HEX [--subnet-id N] [--forget]]

Asks a running kea-dhcp4 which machines share a client identifier now: who holds it, who was set
aside, under which address, and what to do. The server needs a control-socket in its configuration.
Exit status: 0 where there are no conflicts, 1 where there are some.

With --forget the conflict about an identifier is closed, once its template is sealed or when it was
no clone. Leases stay as they are.
)";

/// Where conflicts are told apart; one comes on several pages where its claimants' leases do.
std::string
keyOf(const Json& conflict) {
    return (textOf(conflict, "client-id") + textOf(conflict, "client-id-sha256") + " " +
            textOf(conflict, "network") + " " + textOf(conflict, "subnet-id"));
}

class Conflicts {
public:
    void add(const Json& conflict) {
        const auto key = keyOf(conflict);
        const auto known = places_.find(key);
        if (known == places_.end()) {
            places_[key] = all_.size();
            all_.push_back(conflict);
            return;
        }
        auto& claimants = all_[known->second]["claimants"];
        for (const auto& claimant : conflict.value("claimants", Json::array())) {
            const auto same = [&claimant](const Json& other) {
                return (textOf(other, "hw-address") == textOf(claimant, "hw-address"));
            };
            if (std::none_of(claimants.begin(), claimants.end(), same)) {
                claimants.push_back(claimant);
            }
        }
    }

    [[nodiscard]] const Json& all() const noexcept {
        return (all_);
    }

private:
    Json all_ = Json::array();
    std::map<std::string, size_t> places_;
};

std::string
countOf(size_t conflicts) {
    return (std::to_string(conflicts) + (conflicts == 1 ? " conflict" : " conflicts"));
}

/// What a server says, all pages together.
struct Fetched {
    Conflicts conflicts;
    size_t count =
        0;  ///< as the server counts; it closes conflicts too that have no machine left to list
    std::string text;  ///< of the last page
};

/// Fetches all pages. The server reads its control socket before it looks for DHCP clients, so after each page they get
/// as long as that took.
Fetched
fetch(const ControlSocket& server, const std::string& command, Json arguments) {
    Fetched fetched;
    for (;;) {
        const auto begun = std::chrono::steady_clock::now();
        auto page = server.ask(command, arguments);
        for (const auto& conflict : page.arguments.value("conflicts", Json::array())) {
            fetched.conflicts.add(conflict);
        }
        fetched.count += page.arguments.value("count", size_t{0});
        fetched.text = std::move(page.text);
        const auto next = page.arguments.find("next");
        if (next == page.arguments.end() || (arguments.contains("from") && arguments["from"] == *next)) {
            return (fetched);
        }
        if (arguments.is_null()) {
            arguments = Json::object();
        }
        arguments["from"] = *next;
        std::this_thread::sleep_for(std::chrono::steady_clock::now() - begun);
    }
}

void
addMachine(Table& table, const Json& machine, const char* role) {
    const auto address = fromHex(textOf(machine, "hw-address"));
    const auto seen = machine.find("cltt");
    auto ip = textOf(machine, "ip-address");
    if (machine.value("expired", false)) {
        ip += " (run out)";
    }
    table.add({textOf(machine, "hw-address"), role, ip, textOf(machine, "hostname"),
               seen != machine.end() && seen->is_number_integer()
                   ? toRfc3339(seen->get<int64_t>() * 1000).substr(0, 19) + "Z"
                   : "",
               address ? hardwareVendor(*address) : ""});
}

std::string
whereText(const Json& conflict) {
    std::string text =
        conflict.contains("network") ? "network '" + textOf(conflict, "network") + "'" : "";
    if (conflict.contains("subnet-id")) {
        text += (text.empty() ? "" : ", ") + ("subnet " + textOf(conflict, "subnet-id"));
    }
    return (text);
}

void
printConflict(const Json& conflict) {
    const bool digest = conflict.contains("client-id-sha256");
    std::cout << (digest ? "SHA-256 " + textOf(conflict, "client-id-sha256") + "..."
                         : textOf(conflict, "client-id"))
              << '\n';
    Table facts;
    facts.add({"where", whereText(conflict)});
    facts.add({"level", textOf(conflict, "level") + ", policy " + textOf(conflict, "policy")});
    if (conflict.contains("template")) {
        facts.add({"template", textOf(conflict, "template")});
    }
    if (conflict.contains("nic")) {
        facts.add({"interface", textOf(conflict, "nic")});
    }
    facts.add({"remedy", textOf(conflict, "remedy")});
    facts.print(std::cout, 2);
    Table machines({"hardware address", "role", "address", "host name", "last seen", "vendor"});
    if (conflict.contains("holder")) {
        addMachine(machines, conflict["holder"], "holder");
    }
    for (const auto& claimant : conflict.value("claimants", Json::array())) {
        addMachine(machines, claimant, "claimant");
    }
    machines.print(std::cout, 2);
}

Json
selection(const options::variables_map& values) {
    if (values.count("client-id") == 0) {
        if (values.count("subnet-id") > 0 || values.count("forget") > 0) {
            throw UsageError("--subnet-id and --forget need --client-id");
        }
        return {};
    }
    const auto text = values["client-id"].as<std::string>();
    const auto bytes = fromHex(text);
    if (!bytes || bytes->empty()) {
        throw UsageError("'" + text + "' is not hexadecimal: two digits a byte, with or without ':'");
    }
    Json arguments{{"client-id", toHex(*bytes)}};
    if (values.count("subnet-id") > 0) {
        arguments["subnet-id"] = values["subnet-id"].as<uint32_t>();
    }
    return (arguments);
}

int
forget(const ControlSocket& server, const Json& arguments) {
    const auto gone = fetch(server, "clone-guard-conflict-del", arguments);
    if (gone.count == 0) {
        throw Failure("there is no conflict about " + arguments["client-id"].get<std::string>() + " (" +
                      gone.text + ")");
    }
    std::cout << countOf(gone.count)
              << " closed. Machines that still share the identifier open it again.\n";
    return (EXIT_OK);
}

}  // namespace

int
conflicts(const Arguments& arguments) {
    options::options_description known;
    addSocketOption(known);
    known.add_options()("client-id", options::value<std::string>()->value_name("HEX"),
                        "only the conflict about this identifier")(
        "subnet-id", options::value<uint32_t>()->value_name("N"),
        "only in the network of this subnet")("forget", "close it")("json", "print JSON");
    const auto values = parse(arguments, known, CONFLICTS_HELP);
    if (!values) {
        return (EXIT_OK);
    }
    if (!positional(*values).empty()) {
        throw UsageError("conflicts takes no arguments; to ask for one identifier say --client-id");
    }
    const ControlSocket server((*values)["socket"].as<std::string>());
    const auto wanted = selection(*values);
    if (values->count("forget") > 0) {
        return (forget(server, wanted));
    }
    const auto found = fetch(
        server, wanted.is_null() ? "clone-guard-conflict-get-all" : "clone-guard-conflict-get", wanted);
    const auto& all = found.conflicts.all();
    if (values->count("json") > 0) {
        std::cout << all.dump(2) << '\n';
    } else if (all.empty()) {
        // The server says why where it is not for want of conflicts.
        std::cout << found.text << '\n';
    } else {
        for (const auto& conflict : all) {
            printConflict(conflict);
            std::cout << '\n';
        }
        std::cout << countOf(all.size()) << ".\n";
    }
    return (all.empty() ? EXIT_OK : EXIT_FINDINGS);
}

}  // namespace clone_guard
