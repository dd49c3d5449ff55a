// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/conflict_answer.h>

#include <hook/commands/command_arguments.h>

#include <cc/command_interpreter.h>

namespace clone_guard {
namespace commands {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

std::string
nextAfter(const isc::dhcp::Lease4Collection& page, size_t limit) {
    return (page.size() < limit ? std::string() : page.back()->addr_.toText());
}

ConstElementPtr
conflictAnswer(size_t count, const std::string& done, const ElementPtr& conflicts,
               const std::string& next, bool is_empty) {
    const auto arguments = Element::createMap();
    arguments->set("conflicts", conflicts);
    arguments->set("count", Element::create(static_cast<int64_t>(count)));
    if (!next.empty()) {
        arguments->set("next", Element::create(next));
    }
    const auto text = counted(count, "conflict") + " " + done +
                      (next.empty() ? "." : ", the next page is from '" + next + "'.");
    return (isc::config::createAnswer(is_empty ? isc::config::CONTROL_RESULT_EMPTY
                                               : isc::config::CONTROL_RESULT_SUCCESS,
                                      text, arguments));
}

}  // namespace commands
}  // namespace clone_guard
