// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CONFIG_SETTINGS_PARSER_H
#define CLONE_GUARD_CONFIG_SETTINGS_PARSER_H

#include <core/decision/settings.h>

#include <cc/data.h>
#include <exceptions/exceptions.h>

namespace clone_guard {

/// @brief A parameter that cannot be used. The text names the key, the value and the rule.
class BadSetting : public isc::Exception {
public:
    BadSetting(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief One parameter of the library, for the parser, the reference manual and the tests.
struct Keyword {
    const char* name;
    isc::data::Element::types type;
    const char* rule;      ///< what values are allowed, as the error message says it
    const char* standard;  ///< the default, as in JSON
};

/// @brief All parameters of the library.
const std::vector<Keyword>& keywords();

/// @brief The parameters that a shared network or a lone subnet may override.
const std::vector<Keyword>& scopeKeywords();

/// @brief Reads the `parameters` of the hooks-libraries entry.
///
/// @param parameters a map; null for none at all.
/// @throw BadSetting where a key is unknown, or a value has a wrong type or is out of range.
Settings parseSettings(const isc::data::ConstElementPtr& parameters);

/// @brief Reads the `user-context` of a shared network or subnet, see parseSettings().
///
/// @param context a map or null; only its entry "clone-guard" is read.
/// @return the global settings with what is overridden.
/// @throw BadSetting likewise.
ScopeSettings parseScope(const isc::data::ConstElementPtr& context, const ScopeSettings& global);

/// @brief The same for a configuration that was accepted: what cannot be used has no effect.
ScopeSettings scopeSettings(const isc::data::ConstElementPtr& context,
                            const ScopeSettings& global) noexcept;

/// @brief Whether a `user-context` says anything to the guard.
bool mentionsGuard(const isc::data::ConstElementPtr& context);

}  // namespace clone_guard

#endif
