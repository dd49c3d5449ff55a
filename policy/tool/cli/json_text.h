// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_JSON_TEXT_H
#define CLONE_GUARD_TOOL_CLI_JSON_TEXT_H

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace clone_guard {

/// @brief A value that somebody else wrote, safe for a terminal: text without quotes, anything else as in JSON.
///
/// @return at most 1000 bytes before escaping.
std::string textOf(const nlohmann::ordered_json& value);

/// @brief A member of an object likewise; empty where there is none.
std::string textOf(const nlohmann::ordered_json& object, const char* name);

}  // namespace clone_guard

#endif
