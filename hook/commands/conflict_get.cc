// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/commands.h>

#include <hook/commands/conflict_answer.h>
#include <hook/commands/conflict_search.h>

namespace clone_guard {
namespace commands {

isc::data::ConstElementPtr
conflictGet(const isc::data::ConstElementPtr& given, Guard& guard) {
    const ConflictSearch search(given, guard);
    const auto conflicts = search.list().toElement();
    const auto count = conflicts->size();
    return (conflictAnswer(count, "found" + search.remark(), conflicts, search.next(), count == 0));
}

}  // namespace commands
}  // namespace clone_guard
