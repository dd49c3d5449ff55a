// SPDX-License-Identifier: MPL-2.0

#include <lease_evidence.h>

#include <core/derived_identifier.h>
#include <networks.h>

namespace clone_guard {

using isc::dhcp::ClientId;
using isc::dhcp::Lease4;

LeaseEvidence::LeaseEvidence(const isc::dhcp::Pkt4Ptr& query, const Question& question, const ScopeSettings& global)
    : query_(query), question_(question), global_(global) {
}

std::vector<Record>
LeaseEvidence::recordsOf(ByteView identifier) {
    std::vector<Record> records;
    const auto leases = ask([identifier] {
        return (leaseDatabase().getLease4(ClientId(identifier.data(), identifier.size())));
    });
    records.reserve(leases.size());
    for (const auto& lease : leases) {
        // A lease that nobody can be told by is no evidence against anybody.
        if (lease && lease->hwaddr_ && !lease->hwaddr_->hwaddr_.empty()) {
            records.push_back(toRecord(*lease));
            if (records.back().address != question_.address) {
                records.back().hostname = lease->hostname_;
            }
        }
    }
    return (records);
}

std::vector<Record>
LeaseEvidence::records() {
    return (recordsOf(question_.identifier));
}

std::vector<Record>
LeaseEvidence::derivedRecords() {
    return (recordsOf(derive(question_.address, question_.identifier)));
}

Network
LeaseEvidence::networkOf(const Place& place) {
    // The query's own place is resolved from the query, which has all its classes.
    return (place == question_.place ? networks::select(query_, {}, global_)
                                     : networks::select(place, global_));
}

Network
LeaseEvidence::claimantNetworkOf(const Place&, const Network& network) {
    if (network.whole_server || network.policy() != Policy::MAC_FALLBACK) {
        return (network);
    }
    return (networks::select(query_, network.settings.client_class, global_));
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

Record
toRecord(const Lease4& lease) {
    Record record;
    record.address = hardwareAddressOf(lease);
    record.subnet_id = lease.subnet_id_;
    record.ip = lease.addr_.toUint32();
    record.last_seen = lease.cltt_;
    record.live = lease.state_ == isc::dhcp::Lease::STATE_DEFAULT && !lease.expired();
    return (record);
}

} // namespace clone_guard
