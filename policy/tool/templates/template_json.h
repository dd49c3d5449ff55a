// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_JSON_H
#define CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_JSON_H

#include <tool/templates/template_list.h>

namespace clone_guard {

/// @brief Reads "templates" wherever it stands in a configuration of Kea's, or in what `clone-guard templates` prints.
///
/// @param text JSON with comments, as Kea takes it: '#', '//', '/* */'.
/// @param path for messages.
/// @throw Failure where it is no JSON or has no templates.
void readTemplateJson(const std::string& text, const std::string& path, TemplateList& list);

/// @brief The configuration, four blanks a level: `"templates": [...]`, to be put into a map.
std::string templateJson(const std::vector<Template>& templates);

}  // namespace clone_guard

#endif
