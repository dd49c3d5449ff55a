// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_TEXT_H
#define CLONE_GUARD_TOOL_CLI_TEXT_H

#include <string_view>

namespace clone_guard {

/// @brief Removes the blanks at both ends.
std::string_view trimmed(std::string_view text) noexcept;

/// @brief Removes a byte order mark, which an editor adds.
std::string_view withoutMark(std::string_view line) noexcept;

}  // namespace clone_guard

#endif
