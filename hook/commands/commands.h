// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_COMMANDS_COMMANDS_H
#define CLONE_GUARD_COMMANDS_COMMANDS_H

#include <hook/guard.h>

#include <cc/data.h>

#include <vector>

namespace clone_guard {

/// @brief What the control channel can ask the guard. How each is asked and what it answers: docs/commands.md.
namespace commands {

/// @brief One command.
struct Command {
    const char* name;
    /// @param arguments of the command; null for none.
    /// @return the answer.
    /// @throw isc::Exception for wrong arguments, LeaseDatabaseDown where the lease database does not answer.
    isc::data::ConstElementPtr (*run)(const isc::data::ConstElementPtr& arguments, Guard& guard);
};

/// @brief All commands.
const std::vector<Command>& table();

/// @brief Carries out the command that the server hands over.
///
/// @param handle with the argument "command"; gets the argument "response", which also says what was
/// wrong: to Kea a wrong command is no failure of the library.
void handle(isc::hooks::CalloutHandle& handle, Guard& guard);

isc::data::ConstElementPtr statusGet(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr conflictGetAll(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr conflictGet(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr conflictDel(const isc::data::ConstElementPtr& arguments, Guard& guard);
isc::data::ConstElementPtr scan(const isc::data::ConstElementPtr& arguments, Guard& guard);

}  // namespace commands
}  // namespace clone_guard

#endif
