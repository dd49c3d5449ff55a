// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_JSON_H
#define CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_JSON_H

#include <tool/templates/template_list.h>

namespace clone_guard {

/// @brief Reads "templates" from any level of a Kea configuration, or from the output of `clone-guard templates`.
///
/// @param text JSON with the comments that Kea accepts: '#', '//', '/* */'.
/// @param path the name of the file, for messages.
/// @throw Failure if the text is not JSON or has no templates.
void readTemplateJson(const std::string& text, const std::string& path, TemplateList& list);

/// @brief Prints the configuration, four blanks a level: `"templates": [...]`, to be pasted into a map.
std::string templateJson(const std::vector<Template>& templates);

}  // namespace clone_guard

#endif
