// SPDX-License-Identifier: MPL-2.0

/// @file
/// The command `clone-guard`: finds the command that is meant and tells what went wrong in one line.

#include <tool/commands/command.h>

#include <core/audit/escape.h>

#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>

namespace {

using namespace clone_guard;

/// In the order in which they are needed: what is this, do I have it already, what goes on now.
constexpr std::array<Command, 7> COMMANDS{{
    {"identify", "HEX", "explain an option 61 or a DUID, or what a template will send", identify},
    {"templates", "FILE|DIR...", "read machine-ids and print the 'templates' configuration", templates},
    {"scan", "LEASEFILE...", "find clones in the server's lease files", scan},
    {"status", "", "ask a running server how its guard does", status},
    {"conflicts", "", "ask a running server which machines share an identifier", conflicts},
    {"watch", "AUDITLOG", "follow the audit log in readable lines", watch},
    {"report", "AUDITLOG...", "tell what an audit log says; --html FILE for a page to pass on", report},
}};

void
printHelp() {
    std::cout << "Usage: clone-guard COMMAND [ARGUMENTS]\n\n"
                 "Finds virtual machines that share one DHCP client identifier because they were cloned "
                 "from an\n"
                 "unsealed template, and explains where they come from and what to do.\n\nCommands:\n";
    for (const auto& command : COMMANDS) {
        std::cout << "  " << std::left << std::setw(28)
                  << (std::string(command.name) + " " + command.arguments) << command.summary << '\n';
    }
    std::cout
        << "\n'clone-guard COMMAND --help' says more about a command.\n\n"
           "Options:\n  --help       print this text\n  --version    print the version\n\n"
           "Exit status: 0 all right; 1 scan and conflicts found something; 2 wrong usage, or what was\n"
           "asked for cannot be read.\n";
}

int
complain(const std::string& what, const std::string& command) {
    std::cerr << "clone-guard: " << printable(what) << '\n';
    if (!command.empty()) {
        std::cerr << "Try '" << command << " --help'.\n";
    }
    return (EXIT_USAGE);
}

int
run(const Arguments& words) {
    if (words.empty()) {
        return (complain("no command given", "clone-guard"));
    }
    if (words[0] == "--help" || words[0] == "-h") {
        printHelp();
        return (EXIT_OK);
    }
    if (words[0] == "--version" || words[0] == "-V") {
        std::cout << "clone-guard " << CLONE_GUARD_VERSION << '\n';
        return (EXIT_OK);
    }
    const auto* const command =
        std::find_if(COMMANDS.begin(), COMMANDS.end(),
                     [&words](const Command& one) { return (words[0] == one.name); });
    if (command == COMMANDS.end()) {
        return (complain("there is no command '" + words[0] + "'", "clone-guard"));
    }
    try {
        const auto status = command->run({words.begin() + 1, words.end()});
        if (!std::cout.flush()) {
            throw Failure("not all of it could be written to the standard output");
        }
        return (status);
    } catch (const UsageError& error) {
        return (complain(error.what(), std::string("clone-guard ") + command->name));
    } catch (const Failure& error) {
        return (complain(error.what(), ""));
    }
}

}  // namespace

int
main(int argc, char** argv) {
    try {
        return (run(Arguments(argv + 1, argv + argc)));
    } catch (const std::exception& error) {
        return (complain(std::string("failed: ") + error.what(), ""));
    }
}
