// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/commands.h>

#include <hook/commands/command_arguments.h>
#include <hook/commands/conflict_answer.h>
#include <hook/commands/conflict_list.h>
#include <hook/leases/lease_queries.h>

namespace clone_guard {
namespace commands {

namespace {

/// Adds a page of the list of all conflicts.
///
/// @return the beginning of the next page, or an empty string after the last page
std::string
fill(ConflictList& list, const Position& position, size_t limit) {
    auto room = limit;
    if (!position.in_memory) {
        const auto leases = lease_queries::page(position.after_lease, limit);
        for (const auto& lease : leases) {
            list.add(*lease);
        }
        auto next = nextAfter(leases, limit);
        if (!next.empty()) {
            return (next);
        }
        room -= leases.size();
    }
    return (list.addRemembered(position.after_claimant, room));
}

}  // namespace

isc::data::ConstElementPtr
conflictGetAll(const isc::data::ConstElementPtr& given, Guard& guard) {
    const Arguments arguments(given, {"from", "limit"});
    ConflictList list(guard);
    const auto next = fill(list, arguments.from(), arguments.limit());
    const auto conflicts = list.toElement();
    const bool is_empty = conflicts->empty() && next.empty();
    return (conflictAnswer(conflicts->size(), "found", conflicts, next, is_empty));
}

}  // namespace commands
}  // namespace clone_guard
