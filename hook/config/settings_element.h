// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_CONFIG_SETTINGS_ELEMENT_H
#define CLONE_GUARD_HOOK_CONFIG_SETTINGS_ELEMENT_H

#include <core/decision/settings.h>

#include <cc/data.h>

namespace clone_guard {

/// @brief Formats settings as a configuration with every parameter, defaults included.
///
/// @return a map that parseSettings() parses to the same settings
isc::data::ElementPtr toElement(const Settings& settings);

/// @brief Formats the settings of a shared network or subnet that differ from the global ones.
///
/// @return a map that parseScope() accepts as overrides; empty if there is no difference
isc::data::ElementPtr overrides(const ScopeSettings& scope, const ScopeSettings& global);

}  // namespace clone_guard

#endif
