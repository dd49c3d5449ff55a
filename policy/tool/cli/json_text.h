// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_JSON_TEXT_H
#define CLONE_GUARD_TOOL_CLI_JSON_TEXT_H

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace clone_guard {

/// @brief Prints a JSON value, escaped for a terminal: a text without quotes, any other value as in JSON.
///
/// @return at most 1000 bytes before escaping.
std::string textOf(const nlohmann::ordered_json& value);

/// @brief Prints a member of an object likewise.
///
/// @return the text, or an empty string if the object has no such member.
std::string textOf(const nlohmann::ordered_json& object, const char* name);

}  // namespace clone_guard

#endif
