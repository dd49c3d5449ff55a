// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_DECISION_FAKE_LEASE_LOOKUP_H
#define CLONE_GUARD_TESTS_POLICY_DECISION_FAKE_LEASE_LOOKUP_H

#include <tests/policy/support.h>

#include <core/decision/judge.h>

namespace clone_guard {
namespace test {

constexpr auto PASSES = Role::HOLDER;
constexpr auto CLAIMANT = Role::CLAIMANT;

/// @brief Returns a lease of a machine: live or expired.
inline Lease
live(uint32_t machine, uint32_t subnet = 1) {
    Lease lease;
    lease.address = mac(machine);
    lease.subnet_id = subnet;
    lease.ip = IpAddress(0xc0000200 + machine);
    lease.last_seen = 1000 + machine;
    lease.live = true;
    return (lease);
}

inline Lease
expired(uint32_t machine, uint32_t subnet = 1) {
    auto lease = live(machine, subnet);
    lease.live = false;
    return (lease);
}

inline Lease
released(uint32_t machine, uint32_t subnet = 1) {
    auto lease = expired(machine, subnet);
    lease.released = true;
    return (lease);
}

/// @brief Simulates one network without reservations; a class made of it has the leases.
class OneNetworkLookup : public LeaseLookup {
public:
    explicit OneNetworkLookup(uint32_t relay) : place_(behindRelay(relay)) {}

    const Place& place() override {
        return (place_);
    }
    bool renewsLastingLease() override {
        return (false);
    }
    bool renewsLiveLease(const Network&) override {
        return (false);
    }
    bool reservedForSender(const Lease&) override {
        return (false);
    }
    bool hasReservation() override {
        return (false);
    }
    bool reservedForIdentifier(const Network&) override {
        return (false);
    }
    bool reservedTogether(const HardwareAddress&, const Network&) override {
        return (false);
    }
    bool asksForAddress() override {
        return (false);
    }
    Network networkOf(const Place&) override {
        Network network;
        network.key = "subnet 1";
        network.subnet_id = 1;
        network.subnets = {{1, true, true}};
        return (network);
    }
    Network claimantNetworkOf(const Place&, const Network& network) override {
        return (network);
    }

private:
    const Place place_;
};

/// @brief Returns what a test has set, and counts the look-ups.
class FakeLeaseLookup : public LeaseLookup {
public:
    /// @brief Makes one network behind each of two relays, with one subnet of the same number.
    FakeLeaseLookup() {
        for (const uint32_t relay : {1U, 2U}) {
            Network network;
            network.key = "subnet " + std::to_string(relay);
            network.subnet_id = relay;
            network.subnets = {{relay, true, true}};
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
    bool renewsLiveLease(const Network&) override {
        ++asked_live_renewal_;
        return (renews_live_lease_);
    }
    std::vector<Lease> leases() override {
        ++asked_leases_;
        return (leases_);
    }
    std::vector<Lease> derivedLeases(const HardwareAddress& claimant) override {
        ++asked_derived_;
        const auto own = derived_of_.find(claimant);
        return (own == derived_of_.end() ? derived_ : own->second);
    }
    bool reservedForSender(const Lease& lease) override {
        return (reserved_ == lease.ip);
    }
    bool hasReservation() override {
        return (has_reservation_ || !reserved_.isUnspecified());
    }
    bool reservedForIdentifier(const Network&) override {
        return (reserved_for_identifier_);
    }
    bool reservedTogether(const HardwareAddress& other, const Network&) override {
        ++asked_together_;
        return (other == reserved_together_);
    }
    bool asksForAddress() override {
        return (asks_for_address_);
    }
    Network networkOf(const Place& place) override {
        ++asked_networks_;
        return (networks_.at(place.relay.toUint32()));
    }
    Network claimantNetworkOf(const Place& place, const Network& network) override {
        const auto other = claimant_networks_.find(place.relay.toUint32());
        return (other == claimant_networks_.end() ? network : other->second);
    }

    Place place_;
    IpAddress reserved_;  ///< for the sender
    bool has_reservation_ = false;
    bool reserved_for_identifier_ = false;
    HardwareAddress reserved_together_;  ///< has the sender's reserved address too
    bool asks_for_address_ = false;
    bool renews_lasting_lease_ = false;
    bool renews_live_lease_ = true;
    std::vector<Lease> leases_;
    std::vector<Lease> derived_;  ///< of machines that are not in derived_of_
    std::map<HardwareAddress, std::vector<Lease>> derived_of_;
    std::map<uint32_t, Network> networks_;           ///< by relay
    std::map<uint32_t, Network> claimant_networks_;  ///< where they differ
    int asked_renewal_ = 0;
    int asked_live_renewal_ = 0;
    int asked_leases_ = 0;
    int asked_derived_ = 0;
    int asked_networks_ = 0;
    int asked_together_ = 0;
};

}  // namespace test
}  // namespace clone_guard

#endif
