// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_KNOWN_TEMPLATES_H
#define CLONE_GUARD_TOOL_INVENTORY_KNOWN_TEMPLATES_H

#include <tool/inventory/inventory.h>

#include <core/decision/settings.h>

#include <optional>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief Reads the file of the option --templates, and names each template as the inventory does.
///
/// Mistakes in the file are printed on the standard error.
///
/// @return the templates; empty without a file.
/// @throw Failure if the file cannot be read or has no template.
std::vector<Template> knownTemplates(const std::optional<std::string>& file, const Inventory& inventory);

}  // namespace clone_guard

#endif
