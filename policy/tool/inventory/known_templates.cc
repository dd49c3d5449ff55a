// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/known_templates.h>

#include <tool/cli/failure.h>
#include <tool/templates/template_list.h>

#include <iostream>

namespace clone_guard {

std::vector<Template>
knownTemplates(const std::optional<std::string>& file, const Inventory& inventory) {
    TemplateList list;
    if (file) {
        readTemplateFile(*file, "", list);
        for (const auto& mistake : list.mistakes) {
            std::cerr << "clone-guard: " << mistake << '\n';
        }
        if (list.templates.empty() && !list.sealed.empty()) {
            throw Failure(inQuotes(*file) + " has no template: it is empty or sealed");
        }
    }
    for (auto& known : list.templates) {
        known.name = MachineGroup(inventory).templateText(known.name);
    }
    return (list.templates);
}

}  // namespace clone_guard
