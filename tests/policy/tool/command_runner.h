// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_TOOL_COMMAND_RUNNER_H
#define CLONE_GUARD_TESTS_POLICY_TOOL_COMMAND_RUNNER_H

#include <string>

namespace clone_guard {
namespace test {

/// @brief How a program ended and what it printed.
struct Outcome {
    int status = -1;  ///< -1 where it was killed
    std::string out;
};

/// @brief Runs a line in the shell; standard error is the test's own unless the line says otherwise.
Outcome runShell(const std::string& line);

/// @brief Runs clone-guard: what it prints, and with which status it ends.
Outcome run(const std::string& arguments);

/// @brief Runs clone-guard: what it complains of.
Outcome complaint(const std::string& arguments);

bool contains(const std::string& text, const std::string& part);

}  // namespace test
}  // namespace clone_guard

#endif
