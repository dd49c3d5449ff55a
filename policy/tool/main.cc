// SPDX-License-Identifier: MPL-2.0

/// @file
/// The command `clone-guard`: runs one of its commands and reports a failure in one line.

#include <tool/cli/terminal.h>
#include <tool/commands/command.h>

#include <core/identity/escape.h>

#include <iostream>

namespace {

using namespace clone_guard;

/// @param command whose --help explains the usage; empty if the usage was right.
int
reportError(const std::string& what, const std::string& command) {
    std::cerr << "clone-guard: " << printable(what) << '\n';
    if (!command.empty()) {
        std::cerr << "Try '" << command << " --help'.\n";
    }
    return (EXIT_USAGE);
}

int
runCommand(Command& command, const Arguments& words) {
    CommonOptions common;
    const auto options = optionsOf(command, common);
    const auto arguments = options.parse(words);
    setLayout(std::cout, standardLayout(common.colour));
    if (common.help) {
        std::cout << helpText(command, helpWidth());
        return (EXIT_OK);
    }
    if (command.description().arguments.empty() && !arguments.empty()) {
        throw UsageError(command.description().name + " takes no arguments, only options");
    }
    return (command.run(arguments));
}

int
run(const Arguments& words) {
    std::string asked = "clone-guard";
    try {
        int status = EXIT_OK;
        if (words.empty()) {
            throw UsageError("no command given");
        }
        if (words[0] == "--help" || words[0] == "-h") {
            setLayout(std::cout, standardLayout("auto"));
            std::cout << helpText(helpWidth());
        } else if (words[0] == "--version" || words[0] == "-V") {
            std::cout << "clone-guard " << CLONE_GUARD_VERSION << '\n';
        } else {
            const auto command = findCommand(words[0]);
            asked += " " + words[0];
            status = runCommand(*command, {words.begin() + 1, words.end()});
        }
        if (!std::cout.flush()) {
            throw Failure("the standard output could not be written in full");
        }
        return (status);
    } catch (const UsageError& error) {
        return (reportError(error.what(), asked));
    } catch (const Failure& error) {
        return (reportError(error.what(), ""));
    }
}

}  // namespace

int
main(int argc, char** argv) {
    try {
        return (run(Arguments(argv + 1, argv + argc)));
    } catch (const std::exception& error) {
        return (reportError(std::string("failed: ") + error.what(), ""));
    }
}
