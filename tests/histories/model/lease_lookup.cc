// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/lease_lookup.h>

#include <core/identity/derived_identifier.h>

#include <tests/histories/rules/history.h>

namespace clone_guard {
namespace model {

Lease
toLease(const StoredLease& lease, uint64_t now) {
    Lease record;
    record.address = HardwareAddress(HardwareAddress::ETHERNET, lease.hw_address);
    record.subnet_id = lease.subnet;
    record.ip = lease.ip;
    record.last_seen = int64_t(lease.cltt);
    record.live = lease.state == StoredLease::DEFAULT && lease.valid > 0 && !lease.expired(now);
    record.released = lease.valid == 0;
    record.ended = int64_t(lease.cltt) + int64_t(lease.valid);
    return (record);
}

ConflictCheck::LeaseSource
machineLeases(const Leases& leases, uint64_t now) {
    return ([&leases, now](const HardwareAddress& machine) {
        std::vector<Lease> records;
        for (const auto* lease : leases.ofHardware(machine.bytes())) {
            records.push_back(toLease(*lease, now));
            records.back().identifier = lease->client_id;
        }
        return (records);
    });
}

Network
networkAround(uint32_t subnet, const ScopeSettings& settings) {
    Network network;
    network.settings = settings;
    if (subnet == 0) {
        network.key = "none";
        network.settings.policy = Policy::OFF;
        return (network);
    }
    network.subnet_id = subnet;
    network.lifetime = std::chrono::seconds(e2e::history::LIFETIME);
    network.name = subnet == 1 ? "" : "floor";
    network.key = subnet == 1 ? "subnet 1" : "shared-network floor";
    std::vector<NetworkSubnet> subnets;
    for (const uint32_t id : subnetsFrom(subnet)) {
        subnets.push_back({id, true, true});
    }
    network.subnets = NetworkSubnets(std::move(subnets));
    return (network);
}

ModelLeaseLookup::ModelLeaseLookup(const Inbound& query, const GuardedQuery& guarded,
                                   const Leases& leases, const Settings& settings, uint64_t now,
                                   bool ignore_released) :
    query_(query),
    guarded_(guarded), leases_(leases), settings_(settings), now_(now),
    ignore_released_(ignore_released) {
    place_.interface = "lo";
    place_.relay = query.relay;
    place_.client = query.client;
    place_.source = query.relay.isUnspecified() ? query.client : query.relay;
}

bool
ModelLeaseLookup::renewsLastingLease() {
    const auto* lease = query_.message == Message::REQUEST && !query_.client.isUnspecified()
                            ? leases_.at(query_.client)
                            : nullptr;
    return (lease && guarded_.identifier == ByteView(lease->client_id) &&
            guarded_.address.bytes() == ByteView(lease->hw_address) &&
            toLease(*lease, now_ + uint64_t(settings_.claim_window.count())).live &&
            networkOf(place_).contains(lease->subnet));
}

bool
ModelLeaseLookup::renewsLiveLease(const Network& network) {
    const auto* lease = query_.client.isUnspecified() ? nullptr : leases_.at(query_.client);
    const auto derived = derive(guarded_.address, guarded_.identifier);
    return (lease && toLease(*lease, now_).live && network.contains(lease->subnet) &&
            (guarded_.identifier == ByteView(lease->client_id) || lease->client_id == derived));
}

std::vector<Lease>
ModelLeaseLookup::leasesOf(ByteView identifier) {
    std::vector<Lease> records;
    for (const auto* lease : leases_.ofClient(identifier)) {
        auto record = toLease(*lease, now_);
        if (record.address.usable() && !(ignore_released_ && record.released)) {
            records.push_back(std::move(record));
        }
    }
    return (records);
}

std::vector<Lease>
ModelLeaseLookup::leases() {
    return (leasesOf(guarded_.identifier));
}

std::vector<Lease>
ModelLeaseLookup::derivedLeases(const HardwareAddress& claimant) {
    return (leasesOf(derive(claimant, guarded_.identifier)));
}

Network
ModelLeaseLookup::networkOf(const Place& place) {
    return (networkAround(selectSubnet(place.relay, place.client), settings_.scope));
}

Network
ModelLeaseLookup::claimantNetworkOf(const Place&, const Network& network) {
    return (network);
}

}  // namespace model
}  // namespace clone_guard
