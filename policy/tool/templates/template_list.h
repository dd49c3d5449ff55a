// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_LIST_H
#define CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_LIST_H

#include <core/decision/settings.h>

#include <string>
#include <vector>

namespace clone_guard {

/// @brief Templates that were read from files.
struct TemplateList {
    std::vector<Template> templates;
    std::vector<std::string> sealed;    ///< names of those without an identity
    std::vector<std::string> mistakes;  ///< one line each, with file and line: "'a': line 3: ..."
    size_t bad_lines = 0;               ///< of lists
};

/// @brief Reads a file: /etc/machine-id, a DUID file of dhcpcd or wicked, a list of names and machine-ids or DUIDs
/// ("NAME ID" or "ID NAME", also with commas), or a configuration in JSON with "templates".
///
/// @param name of the template, where the file has one identity only; if empty the path tells it.
/// @throw Failure where the file cannot be read or is none of these.
void readTemplateFile(const std::string& path, const std::string& name, TemplateList& list);

/// @brief Reads a mounted image (DIR/etc/machine-id), or a folder of such.
///
/// @throw Failure where there is none.
void readImageRoots(const std::string& directory, const std::string& name, TemplateList& list);

}  // namespace clone_guard

#endif
