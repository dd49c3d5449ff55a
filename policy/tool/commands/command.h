// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_COMMANDS_COMMAND_H
#define CLONE_GUARD_TOOL_COMMANDS_COMMAND_H

#include <tool/cli/failure.h>
#include <tool/cli/options.h>

#include <memory>
#include <string>
#include <vector>

namespace clone_guard {

constexpr int EXIT_OK = 0;
constexpr int EXIT_FINDINGS = 1;  ///< `scan`, `listen` and `conflicts` have findings
constexpr int EXIT_BLIND = 3;     ///< `scan` or `listen` cannot see clones in the files
constexpr int EXIT_USAGE = 2;     ///< wrong usage, or an input that cannot be read

/// @brief What help and completion say about a command.
struct Description {
    std::string name;
    std::string arguments;  ///< as in the synopsis: "HEX"; empty if the command takes none
    std::string summary;    ///< one line for the list of commands
    std::string synopsis;   ///< what follows the name in the synopsis; several lines for several forms
    std::string text;       ///< for --help, see reflow()
    Complete complete = Complete::NOTHING;
    std::vector<std::string> choices;
};

/// @brief A command of `clone-guard`. Its members receive the values of the options that it declares.
class Command {
public:
    Command() = default;
    virtual ~Command() = default;
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    [[nodiscard]] virtual Description description() const = 0;

    /// @brief Declares the options beside --color and --help, which every command has.
    virtual void declare(Options& options);

    /// @brief Does the work, once the options have their values.
    ///
    /// @param arguments the words that are not options.
    /// @return the exit status.
    /// @throw UsageError, Failure
    virtual int run(const Arguments& arguments) = 0;
};

/// @brief The options that a command line sets for every command.
struct CommonOptions {
    std::string colour = "auto";
    bool help = false;
};

/// @brief Declares all options of a command.
[[nodiscard]] Options optionsOf(Command& command, CommonOptions& common);

/// @brief Returns the commands, in the order in which an operator needs them.
[[nodiscard]] std::vector<std::unique_ptr<Command>> allCommands();

/// @brief Returns a command.
///
/// @throw UsageError if no command has this name.
[[nodiscard]] std::unique_ptr<Command> findCommand(const std::string& name);

std::unique_ptr<Command> makeIdentify();
std::unique_ptr<Command> makeTemplates();
std::unique_ptr<Command> makeScan();
std::unique_ptr<Command> makeListen();
std::unique_ptr<Command> makeStatus();
std::unique_ptr<Command> makeConflicts();
std::unique_ptr<Command> makeWatch();
std::unique_ptr<Command> makeReport();
std::unique_ptr<Command> makeHelp();
std::unique_ptr<Command> makeCompletion();

/// @brief Returns the help text of `clone-guard`, broken to a width.
[[nodiscard]] std::string helpText(size_t width);

/// @brief Returns the help text of a command, broken to a width.
[[nodiscard]] std::string helpText(Command& command, size_t width);

/// @brief Returns the width of help: that of the terminal up to 120 columns, or 80 if the output is not a terminal.
[[nodiscard]] size_t helpWidth();

}  // namespace clone_guard

#endif
