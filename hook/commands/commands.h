// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_COMMANDS_COMMANDS_H
#define CLONE_GUARD_HOOK_COMMANDS_COMMANDS_H

#include <hook/guard.h>

#include <cc/data.h>

#include <vector>

namespace clone_guard {

/// @brief The commands of the control channel; docs/commands.md describes their arguments and answers.
namespace commands {

/// @brief One command.
struct Command {
    const char* name;
    /// @param arguments the arguments, or null if the request has none
    /// @return the answer
    /// @throw isc::Exception if an argument is invalid, LeaseDatabaseDown if the lease database does not answer
    isc::data::ConstElementPtr (*run)(const isc::data::ConstElementPtr& arguments, Guard& guard);
};

/// @brief Returns all commands.
const std::vector<Command>& table();

/// @brief Runs the command in a callout handle.
///
/// @param handle the handle with the argument "command". The argument "response" is set to the answer, also after an
/// error: for Kea, an invalid command is not a failure of the library.
void handle(isc::hooks::CalloutHandle& handle, Guard& guard);

isc::data::ConstElementPtr statusGet(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr conflictGetAll(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr conflictGet(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr conflictDel(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr scan(const isc::data::ConstElementPtr& arguments, Guard& guard);

}  // namespace commands
}  // namespace clone_guard

#endif
