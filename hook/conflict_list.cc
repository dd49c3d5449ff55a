// SPDX-License-Identifier: MPL-2.0

#include <conflict_list.h>

#include <core/derived_identifier.h>
#include <core/escape.h>
#include <lease_evidence.h>
#include <networks.h>

#include <asiolink/io_address.h>

namespace clone_guard {

namespace {

using isc::data::Element;
using isc::data::ElementPtr;
using isc::dhcp::ClientId;
using isc::dhcp::Lease4;
using isc::dhcp::Lease4Collection;

Record
listed(const Lease4& lease) {
    auto record = toRecord(lease);
    record.hostname = lease.hostname_;
    return (record);
}

Lease4Collection
leasesOf(ByteView identifier) {
    return (ask([identifier] {
        return (leaseDatabase().getLease4(ClientId(identifier.data(), identifier.size())));
    }));
}

/// Whose the identifier is on record: the live record in a network, else one that has run out.
Record
holderOnRecord(ByteView identifier, const Network& network) {
    Record holder;
    for (const auto& lease : leasesOf(identifier)) {
        if (!network.contains(lease->subnet_id_) || hardwareAddressOf(*lease).bytes().empty()) {
            continue;
        }
        auto record = listed(*lease);
        if (record.live) {
            return (record);
        }
        holder = record;
    }
    return (holder);
}

bool
hasLiveLease(const HardwareAddress& claimant, ByteView identifier) {
    const auto leases = leasesOf(derive(claimant, identifier));
    return (std::any_of(leases.begin(), leases.end(),
                        [](const auto& lease) { return (listed(*lease).live); }));
}

ElementPtr
machine(const HardwareAddress& address, const Record& record) {
    auto element = Element::createMap();
    element->set("hw-address", Element::create(address.toText()));
    if (record.ip != 0) {
        element->set("ip-address", Element::create(isc::asiolink::IOAddress(record.ip).toText()));
        element->set("subnet-id", Element::create(static_cast<int64_t>(record.subnet_id)));
        element->set("cltt", Element::create(record.last_seen));
        element->set("expired", Element::create(!record.live));
    }
    if (!record.hostname.empty()) {
        element->set("hostname", Element::create(record.hostname));
    }
    return (element);
}

}  // namespace

/// Finds the entry of a conflict or makes it, with its level and its holder.
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
    // A derived identifier that somebody presented belongs to nobody: it is its owner's record, not its word.
    if (!digest && !looksDerived(identifier)) {
        entry.holder = holderOnRecord(identifier, network);
        // In monitor the live record is that of whoever asked last.
        const bool doubtful = !entry.holder.live || network.policy() == Policy::MONITOR;
        if (doubtful && remembered && !remembered->holder.bytes().empty() &&
            entry.holder.address != remembered->holder) {
            entry.holder = Record();
            entry.holder.address = remembered->holder;
        }
    }
    entry.network = std::move(network);
    return (entries_.emplace(key, std::move(entry)).first->second);
}

void
ConflictList::add(const Lease4& lease) {
    const auto derived = parseDerived(identifierOf(lease));
    if (!derived) {
        return;
    }
    const auto record = listed(lease);
    if (!record.live) {
        return;
    }
    const bool digest = derived->identifier.empty();
    auto network = networks::ofSubnet(lease.subnet_id_, guard_.settings().scope);
    entry(digest ? derived->digest : derived->identifier, digest, std::move(network))
        .claimants[derived->address] = record;
}

void
ConflictList::add(const ConflictView& view, Instant now) {
    const auto network = networks::ofKey(view.network, guard_.settings().scope);
    for (const auto& [address, heard] : view.claimants) {
        if (now - heard < guard_.judge().presence(network) && !hasLiveLease(address, view.identifier)) {
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
        element->set("holder", machine(entry.holder.address, entry.holder));
    }
    auto claimants = Element::createList();
    for (const auto& [address, record] : entry.claimants) {
        claimants->add(machine(address, record));
    }
    element->set("claimants", claimants);
    if (!entry.digest) {
        const auto known = guard_.explainer()->explain(
            entry.identifier, {entry.claimants.begin()->first, entry.holder.address, {}});
        if (!known.template_name.empty()) {
            element->set("template", Element::create(escape(known.template_name)));
        }
        if (!known.nic.empty()) {
            element->set("nic", Element::create(known.nic));
        }
        element->set("remedy", Element::create(known.remedy));
    }
    return (element);
}

/// A machine has two records for a while when it returned to its identifier (R9), or when it lost it: the live
/// one under the identifier says what it is, else the derived one.
void
ConflictList::settle(Entry& entry) {
    if (entry.holder.live) {
        entry.claimants.erase(entry.holder.address);
    } else if (entry.claimants.count(entry.holder.address) > 0) {
        entry.holder = Record();
    }
}

ElementPtr
ConflictList::toElement() const {
    auto list = Element::createList();
    for (auto [key, entry] : entries_) {
        settle(entry);
        if (!entry.claimants.empty()) {
            list->add(toElement(entry));
        }
    }
    return (list);
}

}  // namespace clone_guard
