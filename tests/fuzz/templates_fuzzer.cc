// SPDX-License-Identifier: MPL-2.0
//
// Template files, as `clone-guard templates` and `clone-guard scan --templates` read them: machine-ids, DUID files, lists,
// configurations. What is printed of a file is read again.

#include <tests/fuzz/memory_file.h>
#include <tests/fuzz/properties.h>

#include <tool/cli/failure.h>
#include <tool/templates/template_json.h>
#include <tool/templates/template_list.h>

#include <nlohmann/json.hpp>

namespace {

using namespace clone_guard;
using namespace clone_guard::properties;

void
checkPrinted(const TemplateList& list) {
    const auto printed = "{" + templateJson(list.templates) + "}";
    require(nlohmann::json::accept(printed), "templates are printed as JSON");
    TemplateList again;
    readTemplateJson(printed, "printed", again);
    require(again.templates.size() == list.templates.size() && again.mistakes.empty(),
            "printed templates are read again");
    for (size_t i = 0; i < list.templates.size(); ++i) {
        require(again.templates[i].name == escape(list.templates[i].name) &&
                    again.templates[i].duid == list.templates[i].duid &&
                    again.templates[i].machine_id == list.templates[i].machine_id,
                "a printed template is the same");
    }
}

}  // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const fuzz::MemoryFile file(data, size);
    TemplateList list;
    try {
        readTemplateFile(file.path(), "", list);
    } catch (const Failure&) {
        return (0);
    }
    for (const auto& mistake : list.mistakes) {
        require(isPrintable(mistake), "a mistake is printable");
    }
    if (!list.templates.empty()) {
        checkPrinted(list);
    }
    return (0);
}
