// SPDX-License-Identifier: MPL-2.0

/// @file
/// The command: `clone-guard --version`, `clone-guard identify HEX`.
/// Exit status 0, and 2 for bad usage.

#include "identify.h"

#include <boost/program_options.hpp>

#include <iostream>

namespace {

namespace options = boost::program_options;

constexpr int EXIT_OK = 0;
constexpr int EXIT_USAGE = 2;

const char* const HELP = R"(Usage: clone-guard COMMAND [ARGUMENTS]

Explains the client identifiers (DHCP option 61) of cloned virtual machines.

Commands:
  identify HEX   print the parts of an option 61, as it stands in a log line,
                 a lease file or a packet capture: ff:ca:53:09:5a:00:02:...

Options:
  --help         print this text
  --version      print the version

Exit status: 0 all right, 2 bad usage.
)";

int
usageError(const std::string& what) {
    std::cerr << "clone-guard: " << what << "\nTry 'clone-guard --help'.\n";
    return (EXIT_USAGE);
}

int
identify(const std::vector<std::string>& arguments) {
    if (arguments.empty()) {
        return (usageError("identify needs an identifier in hexadecimal, for example "
                           "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d"));
    }
    std::string text;
    for (const auto& argument : arguments) {
        text += (text.empty() ? "" : " ") + argument;
    }
    const auto bytes = clone_guard::fromHex(text);
    if (!bytes || bytes->empty()) {
        return (usageError("'" + text + "' is not hexadecimal: two digits a byte, with or without ':'"));
    }
    clone_guard::printIdentifier(std::cout, *bytes);
    return (EXIT_OK);
}

int
run(int argc, char** argv) {
    options::options_description visible;
    visible.add_options()("help,h", "")("version,V", "");
    options::options_description all;
    all.add(visible).add_options()("command", options::value<std::vector<std::string>>(), "");
    options::positional_options_description positional;
    positional.add("command", -1);
    options::variables_map values;
    options::store(options::command_line_parser(argc, argv).options(all).positional(positional).run(),
                   values);

    if (values.count("help") > 0) {
        std::cout << HELP;
        return (EXIT_OK);
    }
    if (values.count("version") > 0) {
        std::cout << "clone-guard " << CLONE_GUARD_VERSION << '\n';
        return (EXIT_OK);
    }
    if (values.count("command") == 0) {
        return (usageError("no command given"));
    }
    const auto& words = values["command"].as<std::vector<std::string>>();
    if (words.front() == "identify") {
        return (identify({words.begin() + 1, words.end()}));
    }
    return (usageError("there is no command '" + words.front() + "'"));
}

}  // namespace

int
main(int argc, char** argv) {
    try {
        return (run(argc, argv));
    } catch (const std::exception& error) {
        return (usageError(error.what()));
    }
}
