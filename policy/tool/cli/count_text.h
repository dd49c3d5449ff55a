// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_COUNT_TEXT_H
#define CLONE_GUARD_TOOL_CLI_COUNT_TEXT_H

#include <cstdint>
#include <string>

namespace clone_guard {

/// @brief Prints a number with the noun that agrees with it: "1 machine", "3 machines".
///
/// @param one the noun after 1.
/// @param many the noun after any other number.
inline std::string
countText(uint64_t count, const std::string& one, const std::string& many) {
    return (std::to_string(count) + " " + (count == 1 ? one : many));
}

/// @brief Prints a number with a noun whose plural ends in "s".
inline std::string
countText(uint64_t count, const std::string& one) {
    return (countText(count, one, one + "s"));
}

}  // namespace clone_guard

#endif
