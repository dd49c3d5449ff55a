// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/commands.h>

#include <hook/leases/kea_lease_lookup.h>

#include <cc/command_interpreter.h>

#include <algorithm>

namespace clone_guard {
namespace commands {

namespace {

using isc::config::CONTROL_RESULT_ERROR;
using isc::data::ConstElementPtr;

ConstElementPtr
failure(const std::string& text) {
    return (isc::config::createAnswer(CONTROL_RESULT_ERROR, text));
}

ConstElementPtr
answer(const ConstElementPtr& request, Guard& guard) {
    ConstElementPtr arguments;
    const auto name = isc::config::parseCommand(arguments, request);
    const auto& all = table();
    const auto command =
        std::find_if(all.begin(), all.end(), [&name](const Command& one) { return (name == one.name); });
    if (command == all.end()) {
        return (failure("'" + name + "' is not a command of the clone guard"));
    }
    return (command->run(arguments, guard));
}

}  // namespace

const std::vector<Command>&
table() {
    static const std::vector<Command> commands{{"clone-guard-status-get", statusGet},
                                               {"clone-guard-conflict-get-all", conflictGetAll},
                                               {"clone-guard-conflict-get", conflictGet},
                                               {"clone-guard-conflict-del", conflictDel},
                                               {"clone-guard-scan", scan}};
    return (commands);
}

void
handle(isc::hooks::CalloutHandle& handle, Guard& guard) {
    ConstElementPtr response;
    try {
        ConstElementPtr request;
        handle.getArgument("command", request);
        response = answer(request, guard);
    } catch (const LeaseDatabaseDown& error) {
        response = failure(std::string("the lease database does not answer: ") + error.what());
    } catch (const std::exception& error) {
        response = failure(error.what());
    }
    handle.setArgument("response", response);
}

}  // namespace commands
}  // namespace clone_guard
