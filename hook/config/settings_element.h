// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CONFIG_SETTINGS_ELEMENT_H
#define CLONE_GUARD_CONFIG_SETTINGS_ELEMENT_H

#include <core/decision/settings.h>

#include <cc/data.h>

namespace clone_guard {

/// @brief Settings in the words of the configuration, those included that nobody wrote down: what parseSettings()
/// makes of it are the same settings.
isc::data::ElementPtr toElement(const Settings& settings);

/// @brief What a scope has other than the global settings, likewise.
isc::data::ElementPtr overrides(const ScopeSettings& scope, const ScopeSettings& global);

}  // namespace clone_guard

#endif
