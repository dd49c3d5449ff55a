// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_DECISION_FAKE_LEASE_LOOKUP_H
#define CLONE_GUARD_TESTS_POLICY_DECISION_FAKE_LEASE_LOOKUP_H

#include <tests/policy/support.h>

#include <core/decision/judge.h>

namespace clone_guard {
namespace test {

using Standing = Judgement::Standing;
constexpr auto PASSES = Standing::PASSES;
constexpr auto CLAIMANT = Standing::CLAIMANT;

/// @brief A record of a machine: live for long, live for less than a claim is valid, or run out.
inline Record
live(uint32_t machine, uint32_t subnet = 1) {
    Record record;
    record.address = mac(machine);
    record.subnet_id = subnet;
    record.ip = 0xc0000200 + machine;
    record.last_seen = 1000 + machine;
    record.live = true;
    return (record);
}

inline Record
expired(uint32_t machine, uint32_t subnet = 1) {
    auto record = live(machine, subnet);
    record.live = false;
    return (record);
}

/// @brief Evidence as a test sets it. Counts how often it is asked.
class FakeEvidence : public Evidence {
public:
    /// @brief One network behind each of these relays, a lone subnet of the same number in it.
    FakeEvidence() {
        for (const uint32_t relay : {1U, 2U}) {
            Network network;
            network.key = "subnet " + std::to_string(relay);
            network.subnet_id = relay;
            network.subnets.push_back({relay, true, true});
            networks_.emplace(relay, network);
        }
    }

    const Place& place() override {
        return (place_);
    }
    bool renewsLastingLease() override {
        ++asked_renewal_;
        return (renews_lasting_lease_);
    }
    std::vector<Record> records() override {
        ++asked_records_;
        return (records_);
    }
    std::vector<Record> derivedRecords(const HardwareAddress& claimant) override {
        ++asked_derived_;
        const auto own = derived_of_.find(claimant);
        return (own == derived_of_.end() ? derived_ : own->second);
    }
    bool reservedForSender(const Record& record) override {
        return (reserved_ == record.ip);
    }
    bool hasReservation() override {
        return (has_reservation_ || reserved_ != 0);
    }
    Network networkOf(const Place& place) override {
        ++asked_networks_;
        return (networks_.at(place.relay));
    }
    Network claimantNetworkOf(const Place& place, const Network& network) override {
        const auto other = claimant_networks_.find(place.relay);
        return (other == claimant_networks_.end() ? network : other->second);
    }

    Place place_;
    uint32_t reserved_ = 0;  ///< for the sender
    bool has_reservation_ = false;
    bool renews_lasting_lease_ = false;
    std::vector<Record> records_;
    std::vector<Record> derived_;  ///< of whoever is not in derived_of_
    std::map<HardwareAddress, std::vector<Record>> derived_of_;
    std::map<uint32_t, Network> networks_;           ///< by relay
    std::map<uint32_t, Network> claimant_networks_;  ///< where they differ
    int asked_renewal_ = 0;
    int asked_records_ = 0;
    int asked_derived_ = 0;
    int asked_networks_ = 0;
};

}  // namespace test
}  // namespace clone_guard

#endif
