// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_EXPLAIN_ONE_MACHINE_TEXT_H
#define CLONE_GUARD_CORE_EXPLAIN_ONE_MACHINE_TEXT_H

#include <core/conflicts/one_machine.h>

#include <string>
#include <string_view>

namespace clone_guard {

/// @return the value of the audit field `one_machine`; empty if there is no sign of a single machine.
std::string toText(OneMachine sign);

/// @brief Returns a sentence without a period about a value of the audit field `one_machine`.
///
/// @param sign the value; a later version of the guard may have others.
/// @param nic the interface in the identifier; may be empty.
std::string oneMachineText(std::string_view sign, const std::string& nic);

}  // namespace clone_guard

#endif
