// SPDX-License-Identifier: MPL-2.0

#include <hook/commands/conflict_list.h>

#include <core/conflicts/one_machine.h>
#include <core/explain/one_machine_text.h>
#include <core/explain/remedy.h>
#include <core/identity/derived_identifier.h>
#include <hook/commands/command_arguments.h>
#include <hook/leases/lease_queries.h>
#include <hook/leases/networks.h>

#include <algorithm>

namespace clone_guard {

namespace {

using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::Lease4;

ElementPtr
elementOf(const ConflictList::Member& member) {
    auto lease = member.other.value_or(member.lease);
    lease.hostname = member.hostname;
    auto element = lease_queries::machine(lease.address, lease);
    if (member.last_seen > 0) {
        element->set("last-seen", Element::create(member.last_seen));
    }
    element->set("state", Element::create(toText(member.state)));
    return (element);
}

/// The number of claimants that are copied while the table of conflicts is locked.
constexpr size_t PORTION = 100;

/// Whether a lease has a derived identifier that names the client's own by its digest only.
bool
hasDigest(const Lease& lease) {
    const auto derived = parseDerived(lease.identifier);
    return (derived && derived->identifier.empty());
}

}  // namespace

/// Finds the entry of a conflict, or makes one after a check of its machines.
ConflictList::Entry&
ConflictList::entry(ByteView identifier, bool digest, const Network& network) {
    const auto key = std::make_pair(identifier.copy(), network.key);
    const auto known = entries_.find(key);
    if (known != entries_.end()) {
        return (known->second);
    }
    guard_.checkConflict(identifier, network);
    Entry entry;
    entry.identifier = identifier.copy();
    entry.digest = digest;
    entry.network = network;
    entry.remembered = guard_.conflicts().view(network.key, identifier, 0);
    // A derived identifier that a client presents has no holder: its leases belong to the claimant in it.
    if (!digest && !looksDerived(identifier)) {
        addHolder(entry);
    }
    return (entries_.emplace(key, std::move(entry)).first->second);
}

/// Returns the holder's lease: the live lease of the identifier in a network, or an expired one if none is live.
Lease
ConflictList::holderLease(ByteView identifier, const Network& network) {
    const auto key = identifier.copy();
    auto known = leases_.find(key);
    if (known == leases_.end()) {
        known = leases_.emplace(key, std::multimap<uint32_t, isc::dhcp::Lease4Ptr>()).first;
        for (const auto& lease : lease_queries::leasesOf(identifier)) {
            if (!hardwareAddressOf(*lease).bytes().empty()) {
                known->second.emplace(lease->subnet_id_, lease);
            }
        }
    }
    const auto& leases = known->second;
    Lease holder;
    const auto search = [&holder](auto begin, auto end) {
        for (; begin != end && !holder.live; ++begin) {
            holder = lease_queries::leaseWithHostName(*begin->second);
        }
    };
    if (network.whole_server) {
        search(leases.begin(), leases.end());
        return (holder);
    }
    for (const auto& subnet : network.subnets) {
        search(leases.lower_bound(subnet.id), leases.upper_bound(subnet.id));
    }
    return (holder);
}

void
ConflictList::addHolder(Entry& entry) {
    auto lease = holderLease(entry.identifier, entry.network);
    const auto remembered = entry.remembered ? entry.remembered->holder : HardwareAddress();
    // Under monitor, the live lease is that of the machine that asked last.
    const bool doubtful = !lease.live || entry.network.policy() == Policy::MONITOR;
    const bool is_holders = remembered.bytes().empty() || lease.address == remembered;
    if (lease.live && (!is_holders || entry.network.policy() == Policy::MONITOR)) {
        entry.lease = lease;
    }
    MachineLeases leases;
    if (doubtful && !remembered.bytes().empty() && lease.address != remembered) {
        leases =
            leasesInConflict(leasesOfMachine(remembered), remembered, entry.identifier, entry.network);
        lease = Lease();
        lease.address = remembered;
    } else if (!lease.live && !entry.remembered && !lease.address.bytes().empty()) {
        leases = leasesInConflict(leasesOfMachine(lease.address), lease.address, entry.identifier,
                                  entry.network);
    } else if (!lease.address.bytes().empty()) {
        leases.own = lease;
    }
    if (!lease.address.bytes().empty()) {
        const bool heard = entry.remembered && lease.address == remembered;
        entry.holder = member(entry, lease.address, heard ? &entry.remembered->holder_activity : nullptr,
                              std::move(leases));
    }
}

ConflictList::Member
ConflictList::member(const Entry& entry, const HardwareAddress& address, const MachineActivity* heard,
                     MachineLeases leases) const {
    const auto timeout = guard_.activeTimeout(entry.network);
    Member member;
    member.state = stateOf(heard, leases, timeout, now_);
    // Kea does not write the time of a renewal from the lease cache into the lease, so the memory overrules its time.
    const bool deleted =
        !heard && leases.own &&
        guard_.deleted().covers(entry.identifier, entry.network.key, leases.own->last_seen);
    member.present = !deleted && member.state != MachineState::SEALED &&
                     !isGone(heard, leases, timeout, guard_.conflicts().patience(), now_);
    if (leases.own) {
        member.lease = std::move(*leases.own);
    }
    if (member.state == MachineState::SEALED) {
        member.other = std::move(leases.other);
    }
    member.lease.address = address;
    member.hostname = member.lease.hostname.empty() && heard ? heard->hostname : member.lease.hostname;
    member.last_seen = member.lease.last_seen;
    if (heard && heard->latest > 0) {
        const auto silence = std::chrono::duration_cast<std::chrono::seconds>(now_.steady - heard->last);
        member.last_seen = std::max<int64_t>(member.last_seen, now_.seconds - silence.count());
    } else if (heard) {
        member.last_seen = std::max(member.last_seen, heard->leased);
    }
    return (member);
}

void
ConflictList::add(const Lease4& lease) {
    const auto derived = parseDerived(identifierOf(lease));
    if (!derived) {
        return;
    }
    const bool digest = derived->identifier.empty();
    const auto identifier = digest ? derived->digest : derived->identifier;
    auto& conflict =
        entry(identifier, digest, networks::ofSubnet(lease.subnet_id_, guard_.settings().scope));
    const auto activity =
        guard_.conflicts().claimant(conflict.network.key, identifier, derived->address);
    const auto* heard = activity ? &*activity : nullptr;
    MachineLeases leases;
    leases.own = lease_queries::leaseWithHostName(lease);
    if (!digest && !leases.own->live && (!heard || heard->absence == Absence::SEALED)) {
        leases = leasesInConflict(leasesOfMachine(derived->address), derived->address, identifier,
                                  conflict.network);
    }
    const auto claimant = member(conflict, derived->address, heard, std::move(leases));
    auto& known = conflict.claimants[derived->address];
    if (!known.lease.live) {
        known = claimant;
    }
    if (!heard && !claimant.present) {
        conflict.claimants.erase(derived->address);
    }
}

void
ConflictList::add(const ConflictView& view) {
    auto& conflict =
        entry(view.identifier, false, networks::ofKey(view.network, guard_.settings().scope));
    if (!conflict.remembered) {
        return;
    }
    for (const auto& claimant : view.claimants) {
        const auto& address = claimant.first;
        // The check of the conflict may have changed the claimant.
        const auto heard = guard_.conflicts().claimant(view.network, view.identifier, address);
        if (!heard) {
            continue;
        }
        auto leases =
            leasesInConflict(leasesOfMachine(address), address, conflict.identifier, conflict.network);
        if (!leases.own || !hasDigest(*leases.own)) {
            conflict.claimants[address] = member(conflict, address, &*heard, std::move(leases));
        }
    }
}

std::string
ConflictList::addRemembered(ConflictPosition after, size_t& room, const Bytes* only,
                            const std::string& network) {
    std::string next;
    while (room > 0) {
        const auto portion = std::min(room, PORTION);
        const auto views = guard_.conflicts().list(after, portion, only);
        size_t taken = 0;
        for (const auto& view : views) {
            if (network.empty() || view.network == network) {
                add(view);
            }
            taken += std::max<size_t>(1, view.claimants.size());
        }
        room -= taken;
        if (taken < portion) {
            return {};
        }
        after = commands::lastIn(views);
        next = commands::nextInMemory(views);
    }
    return (next);
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
    element->set("level", Element::create(toText(entry.level())));
    element->set("policy", Element::create(toText(entry.network.policy())));
    if (entry.lease) {
        element->set("lease", lease_queries::machine(entry.lease->address, *entry.lease));
    }
    if (!entry.holder.lease.address.bytes().empty()) {
        element->set("holder", elementOf(entry.holder));
    }
    auto claimants = Element::createList();
    for (const auto& claimant : entry.claimants) {
        claimants->add(elementOf(claimant.second));
    }
    element->set("claimants", claimants);
    if (entry.remembered) {
        element->set("claimant-count",
                     Element::create(static_cast<int64_t>(entry.remembered->claimant_count)));
    }
    if (!entry.digest) {
        const auto& [address, claimant] = *entry.claimants.begin();
        Sender sender{address, entry.holder.lease.address, {}};
        if (entry.remembered) {
            // Clones run the same client, so that of the last claimant is that of all.
            sender.vendor_class = entry.remembered->client;
            sender.requested_options = entry.remembered->requested_options;
        }
        auto known = guard_.explainer()->explain(entry.identifier, sender);
        if (guard_.conflicts().wasCured(entry.identifier)) {
            known.remedy = remedyAfterCure(known);
        }
        const auto claimants =
            entry.remembered ? entry.remembered->claimant_count : entry.claimants.size();
        const auto sign = findOneMachine({entry.level(), claimants, isAggregate(known.nic),
                                          claimant.hostname, entry.holder.hostname});
        if (sign != OneMachine::NONE) {
            element->set("one-machine", Element::create(toText(sign)));
        }
        lease_queries::explain(element, known);
    }
    return (element);
}

/// Resolves a machine that is both holder and claimant. It has two leases for a while after it returned to its
/// identifier (R9), or lost it: a live lease under the identifier takes precedence, otherwise the later one.
void
ConflictList::settle(Entry& entry) {
    const auto claimant = entry.claimants.find(entry.holder.lease.address);
    if (claimant == entry.claimants.end()) {
        return;
    }
    const auto& own = claimant->second.lease;
    if (entry.holder.lease.live || (!own.live && entry.holder.lease.last_seen >= own.last_seen)) {
        entry.claimants.erase(claimant);
    } else {
        entry.holder = Member();
    }
}

/// Whether two machines are left, as far as this page shows. The holder of a digest or of a forged identifier is
/// unknown.
bool
ConflictList::isConflict(const Entry& entry) {
    if (entry.remembered) {
        return (!entry.claimants.empty());
    }
    const bool holder_unknown = entry.digest || looksDerived(entry.identifier);
    size_t present = entry.holder.present || holder_unknown ? 1 : 0;
    for (const auto& claimant : entry.claimants) {
        present += claimant.second.present ? 1 : 0;
    }
    return (present > 1);
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
        if (isConflict(entry)) {
            settled.push_back(std::move(entry));
        }
    }
    return (settled);
}

}  // namespace clone_guard
