// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/paragraph.h>
#include <tool/cli/terminal.h>
#include <tool/commands/command.h>

#include <algorithm>
#include <iostream>

namespace clone_guard {

namespace {

constexpr size_t PIPED_WIDTH = 80;
/// Longer lines are hard to read.
constexpr size_t MAX_WIDTH = 120;

using Entries = std::vector<std::pair<std::string, std::string>>;

/// Lays out names with their texts beside them, broken at words.
std::string
listed(const Entries& entries, size_t width) {
    size_t left = 0;
    for (const auto& [name, text] : entries) {
        left = std::max(left, name.size());
    }
    const auto column = left + 4;
    std::string result;
    for (const auto& [name, text] : entries) {
        auto before = "  " + name + std::string(column - 2 - name.size(), ' ');
        for (const auto& line : wrap(text, width > column ? width - column : 1)) {
            result += before + line + "\n";
            before = std::string(column, ' ');
        }
    }
    return (result);
}

/// Lays out a synopsis; each of its lines is a form of its own.
std::string
usage(const Description& command, size_t width) {
    std::string result;
    const std::string name = "clone-guard " + command.name + " ";
    for (size_t begin = 0; begin <= command.synopsis.size();) {
        const auto end = std::min(command.synopsis.find('\n', begin), command.synopsis.size());
        auto before = (begin == 0 ? "Usage: " : "       ") + name;
        const auto indent = before.size();
        for (const auto& line : wrap(command.synopsis.substr(begin, end - begin), width - indent)) {
            result += before + line + "\n";
            before = std::string(indent, ' ');
        }
        begin = end + 1;
    }
    return (result);
}

/// "-v, --verbose", "    --html FILE"
std::string
spelled(const Option& option) {
    return ((option.letter.empty() ? "    " : "-" + option.letter + ", ") + "--" + option.name +
            (option.value.empty() ? "" : " " + option.value));
}

class Help : public Command {
public:
    [[nodiscard]] Description description() const override {
        return (
            Description{"help",
                        "[COMMAND]",
                        "explain a command and its options",
                        "[COMMAND]",
                        "Prints what 'clone-guard COMMAND --help' prints, or the list of commands.\n",
                        Complete::COMMANDS,
                        {}});
    }

    int run(const Arguments& arguments) override {
        if (arguments.size() > 1) {
            throw UsageError("help takes the name of one command");
        }
        std::cout << (arguments.empty() ? helpText(helpWidth())
                                        : helpText(*findCommand(arguments[0]), helpWidth()));
        return (EXIT_OK);
    }
};

}  // namespace

size_t
helpWidth() {
    const auto width = layoutOf(std::cout).width;
    return (width == 0 ? PIPED_WIDTH : std::min(width, MAX_WIDTH));
}

std::string
helpText(size_t width) {
    Entries commands;
    for (const auto& command : allCommands()) {
        const auto description = command->description();
        commands.emplace_back(description.name + " " + description.arguments, description.summary);
    }
    return (
        "Usage: clone-guard COMMAND [OPTIONS] [ARGUMENTS]\n\n" +
        reflow("Finds virtual machines that share one DHCP client identifier because they were cloned "
               "from an unsealed template, and explains which template they come from and what to do.",
               width) +
        "\nCommands:\n" + listed(commands, width) + "\n" +
        reflow("'clone-guard help COMMAND' explains a command and its options.\n\nBegin with the first "
               "of these "
               "if the server has loaded the guard, otherwise with the second:\n\n"
               "    clone-guard conflicts\n    clone-guard scan /var/lib/kea/kea-leases4.csv\n",
               width) +
        "\nOptions:\n" +
        listed({{"-h, --help", "print this text"}, {"-V, --version", "print the version"}}, width) +
        "\nExit status:\n" +
        listed({{"0", "success"},
                {"1", "scan, listen or conflicts has findings"},
                {"2", "wrong usage, an input that cannot be read, or a server that cannot be asked"},
                {"3", "scan cannot see clones: no lease has a client identifier; or listen captured no "
                      "message"}},
               width));
}

std::string
helpText(Command& command, size_t width) {
    CommonOptions common;
    const auto declared = optionsOf(command, common);
    Entries options;
    for (const auto& option : declared.all()) {
        options.emplace_back(spelled(option), option.text);
    }
    const auto description = command.description();
    return (usage(description, width) + "\n" + reflow(description.text, width) + "\nOptions:\n" +
            listed(options, width));
}

std::unique_ptr<Command>
makeHelp() {
    return (std::make_unique<Help>());
}

}  // namespace clone_guard
