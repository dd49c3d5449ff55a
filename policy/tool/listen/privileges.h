// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_PRIVILEGES_H
#define CLONE_GUARD_TOOL_LISTEN_PRIVILEGES_H

namespace clone_guard {

/// @brief Gives up what opening an interface needed: each capability, and root for the account nobody.
///
/// The process cannot get a privilege back, not even by running a program (PR_SET_NO_NEW_PRIVS).
///
/// @throw Failure if a privilege is left.
void dropPrivileges();

}  // namespace clone_guard

#endif
