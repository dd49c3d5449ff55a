// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_LIST_H
#define CLONE_GUARD_TOOL_TEMPLATES_TEMPLATE_LIST_H

#include <core/decision/settings.h>

#include <string>
#include <vector>

namespace clone_guard {

/// @brief The templates that were read from files.
struct TemplateList {
    std::vector<Template> templates;
    std::vector<std::string> sealed;    ///< names of templates without an identity
    std::vector<std::string> mistakes;  ///< one line each, with file and line: "'a': line 3: ..."
    size_t bad_lines = 0;               ///< number of skipped lines and entries of lists
};

/// @brief Reads a file: /etc/machine-id, a DUID file of dhcpcd or wicked, a list of names and machine-ids or DUIDs
/// ("NAME ID" or "ID NAME", also with commas), or a configuration in JSON with "templates".
///
/// @param name the name of the template, if the file has one identity; if empty, the name comes from the path.
/// @throw Failure if the file cannot be read or has another format.
void readTemplateFile(const std::string& path, const std::string& name, TemplateList& list);

/// @brief Reads a mounted image (DIR/etc/machine-id), or a folder with mounted images.
///
/// @throw Failure if the directory is neither.
void readImageRoots(const std::string& directory, const std::string& name, TemplateList& list);

}  // namespace clone_guard

#endif
