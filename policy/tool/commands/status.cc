// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/control_socket.h>
#include <tool/cli/json_text.h>
#include <tool/cli/table.h>
#include <tool/commands/command.h>

#include <core/audit/escape.h>

#include <nlohmann/json.hpp>

#include <iostream>

namespace clone_guard {

namespace {

namespace options = boost::program_options;
using Json = nlohmann::ordered_json;

const char* const STATUS_HELP = R"(Usage: clone-guard status [--socket PATH]

Asks a running kea-dhcp4 for the state of the clone guard in it: versions, the settings in force, how
full its tables are, and whether it works with less than it needs. The server needs a control-socket
in its configuration.
)";

/// How much there is in a list or in a map of lists; all of it would fill the screen.
std::string
entries(const Json& value) {
    size_t count = value.is_array() ? value.size() : 0;
    if (value.is_object()) {
        for (const auto& list : value) {
            count += list.size();
        }
    }
    return (count == 0 ? "none" : count == 1 ? "1 entry" : std::to_string(count) + " entries");
}

std::string
fill(const Json& table) {
    return (textOf(table, "count") + " of " + textOf(table, "limit"));
}

std::string
troubleText(const Json& trouble) {
    return (textOf(trouble, "trouble") + " since " + textOf(trouble, "since") + ", " +
            textOf(trouble, "failures") + " failure(s)");
}

/// "policy refuse, takeover never" of a network that has settings of its own.
std::string
overridden(const Json& override) {
    std::string all;
    for (const auto* name : {"policy", "takeover", "client-class"}) {
        if (override.contains(name)) {
            all += (all.empty() ? "" : ", ") + std::string(name) + " " + textOf(override, name);
        }
    }
    return (all);
}

void
printStatus(const Json& status) {
    Table table;
    table.add({"clone guard", textOf(status, "version") + " in Kea " + textOf(status, "kea-version")});
    table.add({"configured", textOf(status, "configured-at")});
    const auto conflicts = status.value("conflicts", Json::object());
    table.add(
        {"open conflicts", fill(conflicts) + ", " + textOf(conflicts, "confirmed") + " confirmed"});
    table.add({"claims", fill(status.value("claims", Json::object()))});
    table.add(
        {"audit log", status.value("audit-log", false)
                          ? "written"
                          : "not written: no 'loggers' entry is named kea-dhcp4.clone-guard-audit"});
    table.add({"networks", status.contains("one-network")
                               ? "the whole server counts as one: " + textOf(status, "one-network")
                               : "as configured"});
    const auto troubles = status.value("degraded", Json::array());
    table.add({"in trouble", troubles.empty() ? "no" : troubleText(troubles[0])});
    for (size_t at = 1; at < troubles.size(); ++at) {
        table.add({"", troubleText(troubles[at])});
    }
    table.print(std::cout);

    std::cout << "\nSettings:\n";
    Table settings;
    const auto parameters = status.value("parameters", Json::object());
    for (const auto& [name, value] : parameters.items()) {
        settings.add({escape(name), value.is_structured() ? entries(value) : textOf(value)});
    }
    settings.print(std::cout, 2);
    const auto overrides = status.value("overrides", Json::array());
    if (!overrides.empty()) {
        std::cout << "\nOther settings in:\n";
    }
    Table others;
    for (const auto& override : overrides) {
        others.add({override.contains("network") ? "network '" + textOf(override, "network") + "'"
                                                 : "subnet " + textOf(override, "subnet-id") + " (" +
                                                       textOf(override, "subnet") + ")",
                    overridden(override)});
    }
    others.print(std::cout, 2);
}

}  // namespace

int
status(const Arguments& arguments) {
    options::options_description known;
    addSocketOption(known);
    known.add_options()("json", "print the server's answer as JSON");
    const auto values = parse(arguments, known, STATUS_HELP);
    if (!values) {
        return (EXIT_OK);
    }
    if (!positional(*values).empty()) {
        throw UsageError("status takes no arguments");
    }
    const auto answer = ControlSocket((*values)["socket"].as<std::string>())
                            .ask("clone-guard-status-get", Json())
                            .arguments;
    if (values->count("json") > 0) {
        std::cout << answer.dump(2) << '\n';
    } else {
        printStatus(answer);
    }
    return (EXIT_OK);
}

}  // namespace clone_guard
