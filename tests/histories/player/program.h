// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_PROGRAM_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_PROGRAM_H

#include <tests/histories/player/server.h>
#include <tests/histories/rules/history.h>

#include <functional>
#include <memory>
#include <string>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief A program that plays random histories, or a history from a file, each against a new server.
struct Program {
    std::string name;
    std::string help;
    unsigned tries = 150;  ///< the default of --tries

    /// @brief Prepares the process; called once, before the first history.
    std::function<void()> prepare;
    std::function<std::unique_ptr<Server>(const History&)> newServer;

    /// @brief Runs the program with its command line.
    ///
    /// @return The exit status: 0, or 1 if a rule was broken, or 2 after an error.
    int run(int argc, char* argv[]) const;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_PROGRAM_H
