// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/control_socket.h>
#include <tool/cli/count_text.h>
#include <tool/cli/json_text.h>
#include <tool/cli/table.h>
#include <tool/commands/command.h>

#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

#include <iostream>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

/// Counts the entries of a list, or of the lists of a map. The entries themselves would fill the screen.
std::string
entryCount(const Json& value) {
    size_t count = value.is_array() ? value.size() : 0;
    if (value.is_object()) {
        for (const auto& list : value) {
            count += list.size();
        }
    }
    return (count == 0 ? "none" : countText(count, "entry", "entries"));
}

std::string
fillText(const Json& table) {
    return (textOf(table, "count") + " of " + textOf(table, "limit"));
}

/// "lease-database since 2026-11-22T10:00:00.000Z, 3 failures"
std::string
outageText(const Json& outage) {
    const auto failures = outage.value("failures", Json());
    return (
        textOf(outage, "trouble") + " since " + textOf(outage, "since") +
        (failures.is_number_unsigned() ? ", " + countText(failures.get<uint64_t>(), "failure") : ""));
}

/// "policy refuse, takeover never" of a network with settings of its own.
std::string
overrideText(const Json& override) {
    std::string all;
    for (const auto* name : {"policy", "takeover", "client-class"}) {
        if (override.contains(name)) {
            all += (all.empty() ? "" : ", ") + std::string(name) + " " + textOf(override, name);
        }
    }
    return (all);
}

/// "network 'office'", "subnet 2 (192.0.2.0/24)"
std::string
placeText(const Json& override) {
    return (override.contains("network")
                ? "network '" + textOf(override, "network") + "'"
                : "subnet " + textOf(override, "subnet-id") + " (" + textOf(override, "subnet") + ")");
}

void
printState(const Json& status) {
    Table table;
    table.add({"clone guard", textOf(status, "version") + " in Kea " + textOf(status, "kea-version")});
    table.add({"configured", textOf(status, "configured-at")});
    const auto conflicts = status.value("conflicts", Json::object());
    const bool open = conflicts.value("count", Json(0)) != 0;
    table.add({"open conflicts",
               Styled(open ? Style::WARNING : Style::PLAIN,
                      fillText(conflicts) + ", " + textOf(conflicts, "confirmed") + " confirmed")});
    table.add({"claims", fillText(status.value("claims", Json::object()))});
    table.add(
        {"audit log", status.value("audit-log", false)
                          ? "written to the outputs of its 'loggers' entry, if they can be opened"
                          : "not written: no 'loggers' entry is named kea-dhcp4.clone-guard-audit"});
    table.add({"networks", status.contains("one-network")
                               ? "the whole server counts as one: " + textOf(status, "one-network")
                               : "as configured"});
    const auto outages = status.value("degraded", Json::array());
    table.add({"degraded", outages.empty() ? Cell(Styled(Style::GOOD, "no"))
                                           : Cell(Styled(Style::DEGRADED, outageText(outages[0])))});
    for (size_t at = 1; at < outages.size(); ++at) {
        table.add({" ", Styled(Style::DEGRADED, outageText(outages[at]))});
    }
    table.print(std::cout);
}

void
printSettings(const Json& status) {
    std::cout << '\n' << Styled(Style::BOLD, "Settings:") << '\n';
    Table settings;
    const auto parameters = status.value("parameters", Json::object());
    for (const auto& [name, value] : parameters.items()) {
        settings.add({escape(name), value.is_structured() ? entryCount(value) : textOf(value)});
    }
    settings.print(std::cout, 2);
    const auto overrides = status.value("overrides", Json::array());
    if (overrides.empty()) {
        return;
    }
    std::cout << '\n' << Styled(Style::BOLD, "Other settings in:") << '\n';
    Table others;
    for (const auto& override : overrides) {
        others.add({placeText(override), overrideText(override)});
    }
    others.print(std::cout, 2);
}

class Status : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (Description{
            "status",
            "",
            "show the state of the guard in a running server",
            "[OPTIONS]",
            R"(Asks a running kea-dhcp4 for the state of its clone guard: versions, the settings in force, how full
its tables are, and whether it is degraded. The server needs a control-socket in its configuration.
)",
            Complete::NOTHING,
            {}});
    }

    void declare(Options& options) override {
        options.file("socket", "PATH", socket_, SOCKET_TEXT);
        options.flag("json", json_, "print the answer of the server as JSON");
    }

    int run(const Arguments&) override {
        const auto answer = ControlSocket(socket_).ask("clone-guard-status-get", Json()).arguments;
        if (json_) {
            std::cout << answer.dump(2) << '\n';
        } else {
            printState(answer);
            printSettings(answer);
        }
        return (EXIT_OK);
    }

private:
    std::string socket_ = DEFAULT_SOCKET;
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Command>
makeStatus() {
    return (std::make_unique<Status>());
}

}  // namespace clone_guard
