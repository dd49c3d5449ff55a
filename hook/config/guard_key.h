// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_CONFIG_GUARD_KEY_H
#define CLONE_GUARD_HOOK_CONFIG_GUARD_KEY_H

#include <string_view>

namespace clone_guard {

/// @brief The key of the guard's overrides in a `user-context`.
constexpr const char* GUARD_KEY = "clone-guard";

/// @brief Checks whether a key was probably meant to be @ref GUARD_KEY.
///
/// Case and separators do not count. Of the letters, up to two may be wrong, missing, superfluous or swapped.
///
/// @return true for "clone_guard", "Clone-Guard", "clone-gaurd"; false for "clone-guard" itself and for other keys
bool resemblesGuardKey(std::string_view key);

}  // namespace clone_guard

#endif
