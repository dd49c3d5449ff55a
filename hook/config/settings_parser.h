// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_CONFIG_SETTINGS_PARSER_H
#define CLONE_GUARD_HOOK_CONFIG_SETTINGS_PARSER_H

#include <core/decision/settings.h>

#include <cc/data.h>
#include <exceptions/exceptions.h>

namespace clone_guard {

/// @brief Thrown for an invalid parameter. The text names the parameter, its value and the rule.
class BadSetting : public isc::Exception {
public:
    BadSetting(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief Parses the `parameters` of the hooks-libraries entry by the rows of core/decision/parameters.h.
///
/// @param parameters a map, or null if the entry has no parameters
/// @return the settings, with the default of each absent parameter
/// @throw BadSetting if a key is unknown, or a value has the wrong type or is out of range
Settings parseSettings(const isc::data::ConstElementPtr& parameters);

/// @brief Parses the overrides in the `user-context` of a shared network or subnet.
///
/// @param context a map or null; only its entry "clone-guard" is read
/// @param global the settings that apply to each absent override
/// @return the settings of the shared network or subnet
/// @throw BadSetting if a key is unknown, or a value has the wrong type or is not allowed
ScopeSettings parseScope(const isc::data::ConstElementPtr& context, const ScopeSettings& global);

/// @brief Parses the overrides of a configuration in force, which may come unchecked from a configuration back end.
///
/// @return the settings, or the global ones if the overrides are invalid
ScopeSettings scopeSettings(const isc::data::ConstElementPtr& context,
                            const ScopeSettings& global) noexcept;

/// @brief Checks whether a `user-context` has an entry for the guard.
bool mentionsGuard(const isc::data::ConstElementPtr& context);

}  // namespace clone_guard

#endif
