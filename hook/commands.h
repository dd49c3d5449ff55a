// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_COMMANDS_H
#define CLONE_GUARD_COMMANDS_H

#include <guard.h>

namespace clone_guard {

/// @brief What the control channel can ask the guard.
namespace commands {

/// @brief clone-guard-conflict-get-all: lists conflicts page by page.
///
/// A page looks at up to `limit` leases, from the address `from` on, and after the last of them at the conflicts
/// that are in memory only. It is not the whole lease database at once, because the server waits meanwhile.
///
/// @param handle with the argument "command"; gets the argument "response", which also says what was
/// wrong: to Kea a wrong command is no failure of the library.
void conflictGetAll(isc::hooks::CalloutHandle& handle, const Guard& guard);

}  // namespace commands
}  // namespace clone_guard

#endif
