// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_TOOL_COMMAND_RUNNER_H
#define CLONE_GUARD_TESTS_POLICY_TOOL_COMMAND_RUNNER_H

#include <string>

namespace clone_guard {
namespace test {

/// @brief The exit status of a program and its output.
struct Outcome {
    int status = -1;  ///< -1 if a signal ended the program
    std::string out;
};

/// @brief Runs a line in the shell; unless the line redirects it, standard error is that of the test.
Outcome runShell(const std::string& line);

/// @brief Runs clone-guard and returns its standard output.
Outcome run(const std::string& arguments);

/// @brief Runs clone-guard and returns its standard error.
Outcome complaint(const std::string& arguments);

/// @brief Runs clone-guard on a terminal and returns what the terminal gets, with "\n" at the ends of lines.
///
/// @param columns the width of the terminal.
/// @param environment variables as in "NO_COLOR=1"; the type of the terminal is xterm, and NO_COLOR is not set.
Outcome runOnTerminal(size_t columns, const std::string& arguments, const std::string& environment = "");

/// @brief Returns true if a text has a part.
bool contains(const std::string& text, const std::string& part);

/// @brief Returns the number of characters in the longest line of a text.
size_t longestLine(const std::string& text);

}  // namespace test
}  // namespace clone_guard

#endif
