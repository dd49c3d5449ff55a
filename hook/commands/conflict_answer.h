// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_COMMANDS_CONFLICT_ANSWER_H
#define CLONE_GUARD_HOOK_COMMANDS_CONFLICT_ANSWER_H

#include <cc/data.h>
#include <dhcpsrv/lease.h>

#include <string>

namespace clone_guard {
namespace commands {

/// @brief Returns the beginning of the page after a page of leases.
///
/// @param limit the requested size of the page
/// @return the address of the last lease, or an empty string if this is the last page
std::string nextAfter(const isc::dhcp::Lease4Collection& page, size_t limit);

/// @brief Makes the answer of a command about conflicts.
///
/// @param count the number of conflicts
/// @param done what the command did with them: "found", "deleted", with a remark
/// @param conflicts a list with a map for each conflict
/// @param next the beginning of the next page, or an empty string after the last page
/// @param is_empty whether the result is 3
isc::data::ConstElementPtr conflictAnswer(size_t count, const std::string& done,
                                          const isc::data::ElementPtr& conflicts,
                                          const std::string& next, bool is_empty);

}  // namespace commands
}  // namespace clone_guard

#endif
