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

/// @brief A program that plays random histories, or one that was written down, each against a new server.
struct Program {
    std::string name;
    std::string help;
    unsigned tries =
        150;  ///< how many histories may be played to make one shorter, unless told otherwise

    /// @brief Called once, before the first history is played.
    std::function<void()> prepare;
    std::function<std::unique_ptr<Server>(const History&)> newServer;

    /// @return the status to end with: 1 if a rule was broken.
    int run(int argc, char* argv[]) const;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_PROGRAM_H
