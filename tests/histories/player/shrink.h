// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_SHRINK_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_SHRINK_H

#include <tests/histories/rules/history.h>

#include <functional>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Shortens a history that breaks a rule (delta debugging).
///
/// @param history A history that breaks the rule.
/// @param breaks Plays a history; returns true if the history breaks the rule.
/// @param tries The largest number of histories to play.
/// @return The shortest history found that breaks the rule.
History shrink(const History& history, const std::function<bool(const History&)>& breaks,
               unsigned tries);

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_SHRINK_H
