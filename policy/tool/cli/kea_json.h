// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_KEA_JSON_H
#define CLONE_GUARD_TOOL_CLI_KEA_JSON_H

#include <string>
#include <string_view>

namespace clone_guard {

/// @brief Removes what Kea allows beyond standard JSON: comments ('#', '//', and those of C), and a comma after the last
/// element.
std::string standardJson(std::string_view text);

}  // namespace clone_guard

#endif
