// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_CONFIG_CLASS_NAMES_H
#define CLONE_GUARD_HOOK_CONFIG_CLASS_NAMES_H

#include <set>
#include <string>
#include <string_view>

namespace clone_guard {

/// @brief The allowed names of a class that claimants join, as a phrase for the error text.
extern const char* const CLAIMANT_CLASS_RULE;

/// @brief Checks whether Kea gives a client class a meaning of its own, so that claimants must not join it.
///
/// Kea drops the queries of DROP, and from 3.2 on sends a NAK to the clients of REJECT.
bool isKeaClass(std::string_view name);

/// @brief Adds the other spellings of client classes to their names.
///
/// Kea 3.3 escapes the names of the classes that it generates: VENDOR_CLASS_MSFT%205.0. Earlier releases call the same
/// class "VENDOR_CLASS_MSFT 5.0".
/// @return each name as it is, without escapes, and with escapes
std::set<std::string> classSpellings(const std::set<std::string>& names);

}  // namespace clone_guard

#endif
