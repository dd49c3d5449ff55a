// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/conflict_list.h>

#include <core/identity/derived_identifier.h>
#include <hook/leases/lease_queries.h>
#include <hook/leases/networks.h>

namespace clone_guard {

namespace {

using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::Lease4;

/// Returns the holder's lease: the live lease of the identifier in a network, or an expired one if none is live.
Lease
holderLease(ByteView identifier, const Network& network) {
    Lease holder;
    for (const auto& lease : lease_queries::leasesOf(identifier)) {
        if (!network.contains(lease->subnet_id_) || hardwareAddressOf(*lease).bytes().empty()) {
            continue;
        }
        auto record = lease_queries::leaseWithHostName(*lease);
        if (record.live) {
            return (record);
        }
        holder = record;
    }
    return (holder);
}

bool
hasLiveLease(const HardwareAddress& claimant, ByteView identifier) {
    const auto leases = lease_queries::leasesOf(derive(claimant, identifier));
    return (std::any_of(leases.begin(), leases.end(), [](const auto& lease) {
        return (lease_queries::leaseWithHostName(*lease).live);
    }));
}

}  // namespace

/// Finds the entry of a conflict, or makes one with level and holder.
ConflictList::Entry&
ConflictList::entry(ByteView identifier, bool digest, Network network) {
    const auto key = std::make_pair(identifier.copy(), network.key);
    const auto known = entries_.find(key);
    if (known != entries_.end()) {
        return (known->second);
    }
    Entry entry;
    entry.identifier = identifier.copy();
    entry.digest = digest;
    const auto remembered = guard_.conflicts().view(network.key, identifier);
    if (remembered) {
        entry.level = remembered->level;
    }
    // A derived identifier that a client presents has no holder: its leases belong to the claimant in it.
    if (!digest && !looksDerived(identifier)) {
        entry.holder = holderLease(identifier, network);
        // Under monitor, the live lease is that of the machine that asked last.
        const bool doubtful = !entry.holder.live || network.policy() == Policy::MONITOR;
        if (doubtful && remembered && !remembered->holder.bytes().empty() &&
            entry.holder.address != remembered->holder) {
            entry.holder = Lease();
            entry.holder.address = remembered->holder;
        }
    }
    entry.network = std::move(network);
    return (entries_.emplace(key, std::move(entry)).first->second);
}

/// Checks whether a lease is from before its conflict was deleted, and the claimant has sent no message since.
bool
ConflictList::isDeleted(ByteView identifier, const Network& network, const HardwareAddress& claimant,
                        const Lease& record) const {
    if (!guard_.deleted().covers(identifier, network.key, record.last_seen)) {
        return (false);
    }
    // Kea does not write the time of a renewal from the lease cache into the lease.
    const auto heard = guard_.conflicts().view(network.key, identifier);
    return (!heard || heard->claimants.count(claimant) == 0);
}

void
ConflictList::add(const Lease4& lease) {
    const auto derived = parseDerived(identifierOf(lease));
    if (!derived) {
        return;
    }
    const auto record = lease_queries::leaseWithHostName(lease);
    if (!record.live) {
        return;
    }
    const bool digest = derived->identifier.empty();
    const auto identifier = digest ? derived->digest : derived->identifier;
    auto network = networks::ofSubnet(lease.subnet_id_, guard_.settings().scope);
    if (!isDeleted(identifier, network, derived->address, record)) {
        entry(identifier, digest, std::move(network)).claimants[derived->address] = record;
    }
}

void
ConflictList::add(const ConflictView& view, Instant now) {
    const auto network = networks::ofKey(view.network, guard_.settings().scope);
    for (const auto& [address, heard] : view.claimants) {
        if (now - heard < guard_.judge().activeTimeout(network) &&
            !hasLiveLease(address, view.identifier)) {
            entry(view.identifier, false, network).claimants[address].address = address;
        }
    }
}

ElementPtr
ConflictList::toElement(const Entry& entry) const {
    auto element = Element::createMap();
    element->set(entry.digest ? "client-id-sha256" : "client-id",
                 Element::create(toHex(entry.identifier)));
    if (!entry.network.name.empty()) {
        element->set("network", Element::create(entry.network.name));
    }
    if (entry.network.subnet_id != 0) {
        element->set("subnet-id", Element::create(static_cast<int64_t>(entry.network.subnet_id)));
    }
    element->set("level", Element::create(toText(entry.level)));
    element->set("policy", Element::create(toText(entry.network.policy())));
    if (!entry.holder.address.bytes().empty()) {
        element->set("holder", lease_queries::machine(entry.holder.address, entry.holder));
    }
    auto claimants = Element::createList();
    for (const auto& [address, record] : entry.claimants) {
        claimants->add(lease_queries::machine(address, record));
    }
    element->set("claimants", claimants);
    if (!entry.digest) {
        const auto known = guard_.explainer()->explain(
            entry.identifier, {entry.claimants.begin()->first, entry.holder.address, {}});
        lease_queries::explain(element, known);
    }
    return (element);
}

/// Resolves a machine that is both holder and claimant. It has two leases for a while after it returned to its
/// identifier (R9), or lost it: a live lease under the identifier takes precedence over the derived one.
void
ConflictList::settle(Entry& entry) {
    if (entry.holder.live) {
        entry.claimants.erase(entry.holder.address);
    } else if (entry.claimants.count(entry.holder.address) > 0) {
        entry.holder = Lease();
    }
}

ElementPtr
ConflictList::toElement() const {
    auto list = Element::createList();
    for (const auto& entry : entries()) {
        list->add(toElement(entry));
    }
    return (list);
}

std::vector<ConflictList::Entry>
ConflictList::entries() const {
    std::vector<Entry> settled;
    for (auto [key, entry] : entries_) {
        settle(entry);
        if (!entry.claimants.empty()) {
            settled.push_back(std::move(entry));
        }
    }
    return (settled);
}

}  // namespace clone_guard
