// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/commands.h>

#include <core/identity/derived_identifier.h>
#include <hook/commands/command_arguments.h>
#include <hook/commands/conflict_list.h>
#include <hook/leases/lease_queries.h>
#include <hook/leases/networks.h>

#include <cc/command_interpreter.h>

#include <ctime>
#include <set>

namespace clone_guard {
namespace commands {

namespace {

using isc::config::CONTROL_RESULT_EMPTY;
using isc::config::CONTROL_RESULT_SUCCESS;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::Lease4;
using isc::dhcp::Lease4Collection;

const char* const FOUND = "found";

/// Where the page after this one begins; empty where there is none.
std::string
nextAfter(const Lease4Collection& page, size_t limit) {
    return (page.size() < limit ? std::string() : page.back()->addr_.toText());
}

ElementPtr
found(const ElementPtr& conflicts, const std::string& next) {
    auto arguments = Element::createMap();
    arguments->set("conflicts", conflicts);
    arguments->set("count", Element::create(static_cast<int64_t>(conflicts->size())));
    if (!next.empty()) {
        arguments->set("next", Element::create(next));
    }
    return (arguments);
}

std::string
inWords(size_t conflicts, const std::string& done, const std::string& next) {
    return (std::to_string(conflicts) + " conflict(s) " + done +
            (next.empty() ? "." : ", ask on from '" + next + "'."));
}

/// Adds a page of the list of all conflicts. Returns where the next one begins; empty after the last one.
std::string
fill(ConflictList& list, const Guard& guard, const Position& position, size_t limit) {
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
    const auto views = guard.conflicts().list(position.after_identifier, room);
    for (const auto& view : views) {
        list.add(view, std::chrono::steady_clock::now());
    }
    return (views.size() >= room ? IN_MEMORY + toHex(views.back().identifier) : std::string());
}

/// The conflicts about one identifier: those in memory, and what a page of leases tells.
class Search {
public:
    Search(const ConstElementPtr& given, const Guard& guard) :
        guard_(guard), list_(guard), arguments_(given, {"client-id", "subnet-id", "from", "limit"}),
        identifier_(arguments_.clientId()) {
        // All are checked before anything is looked up.
        const auto subnet = arguments_.subnetId();
        const auto after = arguments_.fromLease();
        const auto limit = arguments_.limit(MAX_LIMIT);
        if (subnet) {
            if (!networks::hasSubnet(*subnet)) {
                unknown_ = ": there is no subnet " + std::to_string(*subnet);
                return;
            }
            network_ = networks::ofSubnet(*subnet, guard.settings().scope).key;
        }
        addRemembered();
        const auto leases = lease_queries::page(after, limit);
        for (const auto& lease : leases) {
            addIfMeant(*lease);
        }
        next_ = nextAfter(leases, limit);
    }

    [[nodiscard]] const ConflictList& list() const {
        return (list_);
    }
    [[nodiscard]] const Bytes& identifier() const {
        return (identifier_);
    }
    /// The network that was asked for; empty for all.
    [[nodiscard]] const std::string& network() const {
        return (network_);
    }
    /// Those in memory, whether anybody in them is still there or not.
    [[nodiscard]] const std::vector<ConflictView>& remembered() const {
        return (remembered_);
    }
    [[nodiscard]] ConstElementPtr answer(size_t count, const char* done,
                                         const ElementPtr& conflicts) const {
        const auto next = count == 0 || done == FOUND ? next_ : std::string();
        const auto arguments = found(conflicts, next);
        arguments->set("count", Element::create(static_cast<int64_t>(count)));
        return (isc::config::createAnswer(count == 0 ? CONTROL_RESULT_EMPTY : CONTROL_RESULT_SUCCESS,
                                          inWords(count, done + unknown_, next), arguments));
    }

private:
    /// Those in memory, and the leases that their claimants have.
    void addRemembered() {
        for (const auto& view : guard_.conflicts().views(identifier_)) {
            if (!network_.empty() && view.network != network_) {
                continue;
            }
            remembered_.push_back(view);
            for (const auto& claimant : view.claimants) {
                for (const auto& lease : lease_queries::leasesOf(derive(claimant.first, identifier_))) {
                    addIfMeant(*lease);
                }
            }
            list_.add(view, std::chrono::steady_clock::now());
        }
    }

    void addIfMeant(const Lease4& lease) {
        const auto bytes = identifierOf(lease);
        const auto derived = parseDerived(bytes);
        if (!derived || bytes != ByteView(derive(derived->address, identifier_))) {
            return;
        }
        if (network_.empty() ||
            networks::ofSubnet(lease.subnet_id_, guard_.settings().scope).key == network_) {
            list_.add(lease);
        }
    }

    const Guard& guard_;
    ConflictList list_;
    const Arguments arguments_;
    const Bytes identifier_;
    std::string network_;
    std::string unknown_;
    std::vector<ConflictView> remembered_;
    std::string next_;
};

}  // namespace

ConstElementPtr
conflictGetAll(const ConstElementPtr& given, Guard& guard) {
    const Arguments arguments(given, {"from", "limit"});
    ConflictList list(guard);
    const auto next = fill(list, guard, arguments.from(), arguments.limit(STANDARD_LIMIT));
    const auto conflicts = list.toElement();
    const bool nothing = conflicts->empty() && next.empty();
    return (isc::config::createAnswer(nothing ? CONTROL_RESULT_EMPTY : CONTROL_RESULT_SUCCESS,
                                      inWords(conflicts->size(), FOUND, next), found(conflicts, next)));
}

ConstElementPtr
conflictGet(const ConstElementPtr& given, Guard& guard) {
    const Search search(given, guard);
    const auto conflicts = search.list().toElement();
    return (search.answer(conflicts->size(), FOUND, conflicts));
}

ConstElementPtr
conflictDel(const ConstElementPtr& given, Guard& guard) {
    const Search search(given, guard);
    const auto conflicts = search.list().toElement();
    std::set<std::string> ended;
    for (const auto& entry : search.list().entries()) {
        ended.insert(entry.network.key);
        guard.deleteConflict(search.identifier(), entry.network, entry.holder);
        // Where no network was named it is over in all of them, also in those on later pages.
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
    return (search.answer(ended.size(), "deleted", conflicts));
}

}  // namespace commands
}  // namespace clone_guard
