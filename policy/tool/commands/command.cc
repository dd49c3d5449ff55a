// SPDX-License-Identifier: MPL-2.0

#include <tool/commands/command.h>

namespace clone_guard {

void
Command::declare(Options&) {}

Options
optionsOf(Command& command, CommonOptions& common) {
    Options options;
    command.declare(options);
    options.choice("color", "WHEN", common.colour, {"auto", "always", "never"},
                   "print in colour: auto (on a terminal, unless NO_COLOR is set), always, never");
    options.flag("help,h", common.help, "print this text");
    return (options);
}

std::vector<std::unique_ptr<Command>>
allCommands() {
    std::vector<std::unique_ptr<Command>> all;
    for (const auto make : {makeIdentify, makeTemplates, makeScan, makeListen, makeStatus, makeConflicts,
                            makeWatch, makeReport, makeCompletion, makeHelp}) {
        all.push_back(make());
    }
    return (all);
}

std::unique_ptr<Command>
findCommand(const std::string& name) {
    for (auto& command : allCommands()) {
        if (command->description().name == name) {
            return (std::move(command));
        }
    }
    throw UsageError("there is no command '" + name + "'");
}

}  // namespace clone_guard
