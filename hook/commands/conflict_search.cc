// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/conflict_search.h>

#include <core/identity/derived_identifier.h>
#include <hook/commands/conflict_answer.h>
#include <hook/leases/lease_queries.h>
#include <hook/leases/networks.h>

namespace clone_guard {
namespace commands {

using isc::data::ConstElementPtr;
using isc::dhcp::Lease4;

ConflictSearch::ConflictSearch(const ConstElementPtr& given, Guard& guard) :
    guard_(guard), list_(guard), arguments_(given, {"client-id", "subnet-id", "from", "limit"}),
    identifier_(arguments_.clientId()) {
    // All arguments are checked before the first look-up.
    const auto subnet = arguments_.subnetId();
    auto position = arguments_.from();
    auto room = arguments_.limit();
    if (subnet) {
        if (!networks::hasSubnet(*subnet)) {
            remark_ = ": there is no subnet " + std::to_string(*subnet);
            return;
        }
        network_ = networks::ofSubnet(*subnet, guard.settings().scope).key;
    }
    const bool begins = !position.in_memory && position.after_lease.isV4Zero();
    if (begins) {
        position.after_claimant.identifier = identifier_;
    }
    if (begins || position.in_memory) {
        next_ = list_.addRemembered(position.after_claimant, room, &identifier_, network_);
    }
    findRemembered();
    if (room == 0) {
        return;
    }
    const auto leases = lease_queries::page(position.after_lease, room);
    for (const auto& lease : leases) {
        addIfMeant(*lease);
    }
    next_ = nextAfter(leases, room);
}

void
ConflictSearch::findRemembered() {
    // The list has closed the conflicts that are over.
    for (const auto& view : guard_.conflicts().views(identifier_)) {
        if (network_.empty() || view.network == network_) {
            remembered_.push_back(view);
        }
    }
}

void
ConflictSearch::addIfMeant(const Lease4& lease) {
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

}  // namespace commands
}  // namespace clone_guard
