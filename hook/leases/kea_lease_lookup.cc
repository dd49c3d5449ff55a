// SPDX-License-Identifier: MPL-2.0

#include <hook/leases/kea_lease_lookup.h>

#include <core/identity/client_identifier.h>
#include <core/identity/derived_identifier.h>
#include <hook/leases/networks.h>
#include <hook/packet/query.h>

#include <algorithm>
#include <ctime>

namespace clone_guard {

using isc::dhcp::ClientId;
using isc::dhcp::Lease4;

namespace {

/// Whether a lease is in use and will not have expired after some more seconds.
bool
isLive(const Lease4& lease, std::chrono::seconds more) {
    return (lease.state_ == isc::dhcp::Lease::STATE_DEFAULT && lease.valid_lft_ > 0 &&
            (lease.valid_lft_ == isc::dhcp::Lease::INFINITY_LFT ||
             lease.cltt_ + static_cast<int64_t>(lease.valid_lft_) >= std::time(nullptr) + more.count()));
}

}  // namespace

KeaLeaseLookup::KeaLeaseLookup(const isc::dhcp::Pkt4Ptr& packet, Message message,
                               const GuardedQuery& query, const Settings& settings,
                               networks::SubnetSelectionHints hints) :
    packet_(packet),
    message_(message), query_(query), settings_(settings), hints_(hints) {}

const Place&
KeaLeaseLookup::place() {
    if (!place_) {
        place_ = query::place(*packet_, hints_.by_class);
    }
    return (*place_);
}

bool
KeaLeaseLookup::renewsLastingLease() {
    if (message_ != Message::REQUEST || query_.stage != Stage::RENEWING) {
        return (false);
    }
    const auto lease = leaseAt(packet_->getCiaddr());
    return (lease && identifierOf(*lease) == query_.identifier && lease->hwaddr_ &&
            ByteView(lease->hwaddr_->hwaddr_) == query_.address.bytes() &&
            isLive(*lease, settings_.claim_window) && isFoundFirst(*lease));
}

/// Whether the server finds this lease before others of the identifier. It selects the subnet by one address, usually in the
/// subnet of the lease. In other cases the selection is made here, which is much slower.
bool
KeaLeaseLookup::isFoundFirst(const Lease4& lease) {
    auto decisive = query::linkSelection(*packet_);
    if (decisive.isUnspecified()) {
        const auto relay = fromKea(packet_->getGiaddr());
        const bool relayed = !relay.isUnspecified();
        if (relayed ? !hints_.by_relay_list : !packet_->getLocalAddr().isV4Bcast()) {
            decisive = relayed ? relay : fromKea(packet_->getCiaddr());
        }
    }
    // A command can change the prefix of a subnet.
    auto* const known = hints_.by_relay_list ? nullptr : hints_.in_prefix;
    if (known && known->contains(lease.subnet_id_, decisive)) {
        return (true);
    }
    if (!decisive.isUnspecified() && networks::isSearchedFirst(lease.subnet_id_, decisive)) {
        if (known) {
            known->add(lease.subnet_id_, decisive);
        }
        return (true);
    }
    return (ownNetwork().isSearchedFirst(lease.subnet_id_));
}

bool
KeaLeaseLookup::renewsLiveLease(const Network& network) {
    const auto& address = packet_->getCiaddr();
    const auto lease = address.isV4Zero() ? isc::dhcp::Lease4Ptr() : leaseAt(address);
    if (!lease || !isLive(*lease, std::chrono::seconds(0))) {
        return (false);
    }
    if (identifierOf(*lease) == query_.identifier) {
        return (network.contains(lease->subnet_id_));
    }
    return (identifierOf(*lease) == ByteView(derive(query_.address, query_.identifier)) &&
            (network.contains(lease->subnet_id_) ||
             claimantNetworkOf(place(), network).contains(lease->subnet_id_)));
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
            hardwareAddressOf(*lease) == query_.address &&
            identifierOf(*lease) == ByteView(derive(query_.address, query_.identifier)));
}

bool
KeaLeaseLookup::asksForAnothersLease(const Network& network) {
    const auto requested = query::declinedAddress(*packet_);
    const auto lease = requested.isUnspecified() ? isc::dhcp::Lease4Ptr() : leaseAt(toKea(requested));
    if (!lease || !network.contains(lease->subnet_id_) ||
        (!isLive(*lease, std::chrono::seconds(0)) &&
         lease->state_ != isc::dhcp::Lease::STATE_EXPIRED_RECLAIMED)) {
        return (false);
    }
    const auto owner = hardwareAddressOf(*lease);
    return (owner.usable() && owner != query_.address);
}

bool
KeaLeaseLookup::extendsOwnLease(const Judgement& judgement) {
    const auto requested = query::requestedAddress(*packet_);
    const auto meant = [requested](IpAddress ip) {
        return (requested.isUnspecified() || requested == ip);
    };
    for (const auto& lease : leasesAsClaimant(judgement, *this, query_.address)) {
        if (!lease.released && meant(lease.ip)) {
            return (true);
        }
    }
    const isc::dhcp::HWAddr address(query_.address.bytes().copy(), query_.address.type());
    for (const auto& lease : ask([&address] { return (leaseDatabase().getLease4(address)); })) {
        if (!lease->client_id_ && judgement.network.contains(lease->subnet_id_) &&
            meant(fromKea(lease->addr_))) {
            return (true);
        }
    }
    return (false);
}

std::vector<Lease>
KeaLeaseLookup::leasesOf(ByteView identifier) {
    std::vector<Lease> leases;
    const auto found = ask([identifier] {
        return (leaseDatabase().getLease4(ClientId(identifier.data(), identifier.size())));
    });
    leases.reserve(found.size());
    for (const auto& lease : found) {
        // Ignore leases without a usable hardware address.
        if (lease && hardwareAddressOf(*lease).usable()) {
            leases.push_back(toLease(*lease));
            if (leases.back().address != query_.address) {
                leases.back().hostname = lease->hostname_;
            }
        }
    }
    return (leases);
}

std::vector<Lease>
KeaLeaseLookup::leases() {
    return (leasesOf(query_.identifier));
}

std::vector<Lease>
KeaLeaseLookup::derivedLeases(const HardwareAddress& claimant) {
    return (leasesOf(derive(claimant, query_.identifier)));
}

bool
KeaLeaseLookup::reservedForSender(const Lease& lease) {
    const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
    const auto host = config->getCfgHosts()->get4(lease.subnet_id, toKea(lease.ip));
    const auto address = host ? host->getHWAddress() : isc::dhcp::HWAddrPtr();
    return (address && ByteView(address->hwaddr_) == query_.address.bytes());
}

bool
KeaLeaseLookup::hasReservation() {
    // The search is more expensive than the look-up of leases that it may save.
    if (!hints_.reservations) {
        return (false);
    }
    const auto address = query_.address.bytes();
    const auto config = isc::dhcp::CfgMgr::instance().getCurrentCfg();
    return (!config->getCfgHosts()
                 ->getAll(isc::dhcp::Host::IDENT_HWADDR, address.data(), address.size())
                 .empty());
}

bool
KeaLeaseLookup::reservedForIdentifier(const Network& network) {
    using isc::dhcp::Host;
    const auto hosts = isc::dhcp::CfgMgr::instance().getCurrentCfg()->getCfgHosts();
    const auto identifier = parseRfc4361(query_.identifier);
    const auto reserved = [&hosts](uint32_t subnet, Host::IdentifierType type, ByteView bytes) {
        const auto host = hosts->get4(subnet, type, bytes.data(), bytes.size());
        return (host && !host->getIPv4Reservation().isV4Zero());
    };
    return (std::any_of(network.subnets.begin(), network.subnets.end(), [&](const auto& subnet) {
        return (reserved(subnet.id, Host::IDENT_CLIENT_ID, query_.identifier) ||
                (identifier && reserved(subnet.id, Host::IDENT_DUID, identifier->duid)));
    }));
}

bool
KeaLeaseLookup::reservedTogether(const HardwareAddress& other, const Network& network) {
    return (hints_.reservations && networks::haveOneReservation(query_.address, other, network));
}

bool
KeaLeaseLookup::asksForAddress() {
    return (!query::declinedAddress(*packet_).isUnspecified());
}

/// The network that the server selects for the query, with a client class in addition to its own.
Network
KeaLeaseLookup::selectWith(const std::string& name) {
    const auto select = [&] { return (networks::select(packet_, name, settings_.scope)); };
    return (hints_.selected ? hints_.selected->find(place(), name, select) : select());
}

const Network&
KeaLeaseLookup::ownNetwork() {
    if (!own_network_) {
        own_network_ = selectWith({});
        if (own_network_->subnet_id == 0) {
            // The query comes from a claimant in a subnet that only claimants may use.
            own_network_ = selectWith(settings_.scope.client_class);
        }
    }
    return (*own_network_);
}

Network
KeaLeaseLookup::networkOf(const Place& place) {
    // For the query's own place the server selects by the query itself, which has all its classes.
    if (place == this->place()) {
        return (ownNetwork());
    }
    const auto select = [&] { return (networks::select(place, settings_.scope)); };
    try {
        return (hints_.selected ? hints_.selected->find(place, {}, select) : select());
    } catch (const isc::Exception&) {
        // The interface of the rival's query no longer exists. The safe assumption is that the rival is in this network.
        return (ownNetwork());
    }
}

Network
KeaLeaseLookup::claimantNetworkOf(const Place&, const Network& network) {
    if (network.whole_server || network.policy() != Policy::MAC_FALLBACK) {
        return (network);
    }
    // The class can lead to another subnet only if subnets are restricted to classes.
    return (hints_.by_class ? selectWith(network.settings.client_class) : ownNetwork());
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
    Lease converted;
    converted.address = hardwareAddressOf(lease);
    converted.subnet_id = lease.subnet_id_;
    converted.ip = fromKea(lease.addr_);
    converted.last_seen = lease.cltt_;
    converted.live = isLive(lease, std::chrono::seconds(0));
    // Kea deletes a released lease or, with lease affinity, keeps it for its client with a lifetime of zero.
    converted.released = lease.valid_lft_ == 0;
    converted.ended = lease.cltt_ + static_cast<int64_t>(lease.valid_lft_);
    return (converted);
}

std::vector<Lease>
leasesOfMachine(const HardwareAddress& machine) {
    const isc::dhcp::HWAddr address(machine.bytes().copy(), machine.type());
    std::vector<Lease> leases;
    for (const auto& lease : ask([&address] { return (leaseDatabase().getLease4(address)); })) {
        leases.push_back(toLease(*lease));
        leases.back().hostname = lease->hostname_;
        leases.back().identifier = identifierOf(*lease).copy();
    }
    return (leases);
}

}  // namespace clone_guard
