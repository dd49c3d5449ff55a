// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/commands.h>

#include <hook/commands/conflict_answer.h>
#include <hook/commands/conflict_search.h>
#include <hook/leases/networks.h>

#include <ctime>
#include <set>

namespace clone_guard {
namespace commands {

isc::data::ConstElementPtr
conflictDel(const isc::data::ConstElementPtr& given, Guard& guard) {
    const ConflictSearch search(given, guard);
    const auto conflicts = search.list().toElement();
    std::set<std::string> ended;
    for (const auto& entry : search.list().entries()) {
        ended.insert(entry.network.key);
        guard.deleteConflict(search.identifier(), entry.network, entry.holder.lease);
        // Without a network, the conflict ends in all networks, including those on later pages.
        guard.deleted().insert(entry.identifier, search.network(), std::time(nullptr));
    }
    for (const auto& view : search.remembered()) {
        if (ended.insert(view.network).second) {
            Lease holder;
            holder.address = view.holder;
            guard.deleteConflict(search.identifier(),
                                 networks::ofKey(view.network, guard.settings().scope), holder);
        }
    }
    // Without a conflict on this page, the caller continues with the next one.
    const auto next = ended.empty() ? search.next() : std::string();
    return (conflictAnswer(ended.size(), "deleted" + search.remark(), conflicts, next, ended.empty()));
}

}  // namespace commands
}  // namespace clone_guard
