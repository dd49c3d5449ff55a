// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_COMMANDS_COMMAND_H
#define CLONE_GUARD_TOOL_COMMANDS_COMMAND_H

#include <tool/cli/failure.h>

#include <boost/program_options.hpp>

#include <optional>
#include <string>
#include <vector>

namespace clone_guard {

constexpr int EXIT_OK = 0;
constexpr int EXIT_FINDINGS = 1;  ///< of `scan` and `conflicts`: there are some
constexpr int EXIT_USAGE = 2;     ///< wrong usage, or what was asked for cannot be read

using Arguments = std::vector<std::string>;

/// @brief A command of `clone-guard`: what it is called and what it does.
struct Command {
    const char* name;
    const char* arguments;  ///< as in the synopsis: "HEX"
    const char* summary;    ///< one line for the list of commands
    /// @param arguments what follows the command's name.
    /// @return the exit status.
    /// @throw UsageError, Failure; so do all below.
    int (*run)(const Arguments& arguments);
};

int identify(const Arguments& arguments);
int status(const Arguments& arguments);
int conflicts(const Arguments& arguments);
int scan(const Arguments& arguments);
int templates(const Arguments& arguments);
int report(const Arguments& arguments);
int watch(const Arguments& arguments);

/// @brief What a command was given, read by Boost.Program_options.
///
/// @param options what it knows beside --help. What is no option is under "argument", as strings.
/// @param help printed for --help, above the list of options.
/// @return nothing where help was asked for and given.
/// @throw UsageError for what it does not know.
std::optional<boost::program_options::variables_map> parse(
    const Arguments& arguments, const boost::program_options::options_description& options,
    const std::string& help);

/// @return what is no option among the arguments.
Arguments positional(const boost::program_options::variables_map& values);

}  // namespace clone_guard

#endif
