// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_SHRINK_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_SHRINK_H

#include <tests/histories/rules/history.h>

#include <functional>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief Makes a history shorter that breaks a rule (delta debugging).
///
/// @param history what breaks it.
/// @param breaks plays a history and says whether it does.
/// @param tries how many histories may be played.
/// @return the shortest history found that breaks it.
History shrink(const History& history, const std::function<bool(const History&)>& breaks,
               unsigned tries);

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_SHRINK_H
