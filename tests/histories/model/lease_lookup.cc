// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/lease_lookup.h>

#include <core/identity/derived_identifier.h>

#include <tests/histories/rules/history.h>

namespace clone_guard {
namespace model {

Record
toRecord(const Lease& lease, uint64_t now) {
    Record record;
    record.address = HardwareAddress(HardwareAddress::ETHERNET, lease.hw_address);
    record.subnet_id = lease.subnet;
    record.ip = lease.ip;
    record.last_seen = int64_t(lease.cltt);
    record.live = lease.state == Lease::DEFAULT && !lease.expired(now);
    return (record);
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
    for (const uint32_t id : subnetsFrom(subnet)) {
        network.subnets.push_back({id, true, true});
    }
    return (network);
}

LeasesEvidence::LeasesEvidence(const Inbound& query, const Question& question, const Leases& leases,
                               const Settings& settings, uint64_t now) :
    query_(query),
    question_(question), leases_(leases), settings_(settings), now_(now) {
    place_.interface = "lo";
    place_.relay = query.relay;
    place_.client = query.client;
    place_.source = query.relay != 0 ? query.relay : query.client;
}

bool
LeasesEvidence::renewsLastingLease() {
    const auto* lease =
        query_.message == Message::REQUEST && query_.client != 0 ? leases_.at(query_.client) : nullptr;
    return (lease && question_.identifier == ByteView(lease->client_id) &&
            question_.address.bytes() == ByteView(lease->hw_address) &&
            toRecord(*lease, now_ + uint64_t(settings_.claim_window.count())).live);
}

std::vector<Record>
LeasesEvidence::recordsOf(ByteView identifier) {
    std::vector<Record> records;
    for (const auto* lease : leases_.ofClient(identifier)) {
        if (!lease->hw_address.empty()) {
            records.push_back(toRecord(*lease, now_));
        }
    }
    return (records);
}

std::vector<Record>
LeasesEvidence::records() {
    return (recordsOf(question_.identifier));
}

std::vector<Record>
LeasesEvidence::derivedRecords(const HardwareAddress& claimant) {
    return (recordsOf(derive(claimant, question_.identifier)));
}

Network
LeasesEvidence::networkOf(const Place& place) {
    return (networkAround(selectSubnet(place.relay, place.client), settings_.scope));
}

Network
LeasesEvidence::claimantNetworkOf(const Place&, const Network& network) {
    return (network);
}

}  // namespace model
}  // namespace clone_guard
