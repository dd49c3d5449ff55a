// SPDX-License-Identifier: MPL-2.0

#include <hook/leases/kea_lease_lookup.h>

#include <core/identity/derived_identifier.h>
#include <hook/leases/networks.h>
#include <hook/packet/query.h>

#include <ctime>

namespace clone_guard {

using isc::dhcp::ClientId;
using isc::dhcp::Lease4;

namespace {

/// Whether a lease is in use, and will not have run out after some more seconds.
bool
isLive(const Lease4& lease, std::chrono::seconds more) {
    return (lease.state_ == isc::dhcp::Lease::STATE_DEFAULT &&
            (lease.valid_lft_ == isc::dhcp::Lease::INFINITY_LFT ||
             lease.cltt_ + static_cast<int64_t>(lease.valid_lft_) >= std::time(nullptr) + more.count()));
}

}  // namespace

KeaLeaseLookup::KeaLeaseLookup(const isc::dhcp::Pkt4Ptr& query, Message message,
                               const GuardedQuery& question, const Settings& settings,
                               networks::SubnetSelectionHints hints) :
    query_(query),
    message_(message), question_(question), settings_(settings), hints_(hints) {}

const Place&
KeaLeaseLookup::place() {
    if (!place_) {
        place_ = query::place(*query_, hints_.by_class);
    }
    return (*place_);
}

bool
KeaLeaseLookup::renewsLastingLease() {
    const auto& address = query_->getCiaddr();
    if (message_ != Message::REQUEST || address.isV4Zero()) {
        return (false);
    }
    const auto lease = leaseAt(address);
    return (lease && identifierOf(*lease) == question_.identifier && lease->hwaddr_ &&
            ByteView(lease->hwaddr_->hwaddr_) == question_.address.bytes() &&
            isLive(*lease, settings_.claim_window));
}

isc::dhcp::Lease4Ptr
KeaLeaseLookup::leaseAt(const isc::asiolink::IOAddress& address) {
    if (!looked_at_ || *looked_at_ != address) {
        found_ = ask([&address] { return (leaseDatabase().getLease4(address)); });
        looked_at_ = address;
    }
    return (found_);
}

bool
KeaLeaseLookup::holdsAsClaimant(IpAddress ip) {
    const auto lease = leaseAt(toKea(ip));
    return (lease && isLive(*lease, std::chrono::seconds(0)) &&
            hardwareAddressOf(*lease) == question_.address &&
            identifierOf(*lease) == ByteView(derive(question_.address, question_.identifier)));
}

std::vector<Lease>
KeaLeaseLookup::leasesOf(ByteView identifier) {
    std::vector<Lease> records;
    const auto leases = ask([identifier] {
        return (leaseDatabase().getLease4(ClientId(identifier.data(), identifier.size())));
    });
    records.reserve(leases.size());
    for (const auto& lease : leases) {
        // A lease that nobody can be told by is no evidence against anybody, and neither is one that was released:
        // Kea deletes it or, where leases have affinity, keeps it without a lifetime for its client.
        if (lease && lease->hwaddr_ && !lease->hwaddr_->hwaddr_.empty() && lease->valid_lft_ > 0) {
            records.push_back(toLease(*lease));
            if (records.back().address != question_.address) {
                records.back().hostname = lease->hostname_;
            }
        }
    }
    return (records);
}

std::vector<Lease>
KeaLeaseLookup::leases() {
    return (leasesOf(question_.identifier));
}

std::vector<Lease>
KeaLeaseLookup::derivedLeases(const HardwareAddress& claimant) {
    return (leasesOf(derive(claimant, question_.identifier)));
}

bool
KeaLeaseLookup::reservedForSender(const Lease& record) {
    const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
    const auto host = config->getCfgHosts()->get4(record.subnet_id, toKea(record.ip));
    const auto address = host ? host->getHWAddress() : isc::dhcp::HWAddrPtr();
    return (address && ByteView(address->hwaddr_) == question_.address.bytes());
}

bool
KeaLeaseLookup::hasReservation() {
    // To ask costs more than the look-up that it may spare.
    if (!hints_.reservations) {
        return (false);
    }
    const auto address = question_.address.bytes();
    const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
    return (!config->getCfgHosts()
                 ->getAll(isc::dhcp::Host::IDENT_HWADDR, address.data(), address.size())
                 .empty());
}

Network
KeaLeaseLookup::ownNetwork() {
    auto network = networks::select(query_, {}, settings_.scope);
    if (network.subnet_id == 0) {
        // A claimant that asks from its address in a subnet that is open to claimants only.
        network = networks::select(query_, settings_.scope.client_class, settings_.scope);
    }
    return (network);
}

Network
KeaLeaseLookup::networkOf(const Place& place) {
    // The query's own place is resolved from the query, which has all its classes.
    if (place == this->place()) {
        return (ownNetwork());
    }
    try {
        return (networks::select(place, settings_.scope));
    } catch (const isc::Exception&) {
        // The interface that a rival came by is gone. To take it for this network is on the safe side.
        return (ownNetwork());
    }
}

Network
KeaLeaseLookup::claimantNetworkOf(const Place&, const Network& network) {
    if (network.whole_server || network.policy() != Policy::MAC_FALLBACK) {
        return (network);
    }
    return (networks::select(query_, network.settings.client_class, settings_.scope));
}

HardwareAddress
hardwareAddressOf(const Lease4& lease) {
    if (!lease.hwaddr_) {
        return {};
    }
    return {static_cast<uint8_t>(lease.hwaddr_->htype_), ByteView(lease.hwaddr_->hwaddr_)};
}

ByteView
identifierOf(const Lease4& lease) {
    return (lease.client_id_ ? ByteView(lease.client_id_->getClientId()) : ByteView());
}

Lease
toLease(const Lease4& lease) {
    Lease record;
    record.address = hardwareAddressOf(lease);
    record.subnet_id = lease.subnet_id_;
    record.ip = fromKea(lease.addr_);
    record.last_seen = lease.cltt_;
    record.live = isLive(lease, std::chrono::seconds(0));
    return (record);
}

}  // namespace clone_guard
