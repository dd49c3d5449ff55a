// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_LEASE_LOOKUP_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_LEASE_LOOKUP_H

#include <tests/histories/model/leases.h>
#include <tests/histories/model/message.h>

#include <core/decision/conflict_check.h>
#include <core/decision/judge.h>

namespace clone_guard {
namespace model {

/// @brief Returns the time as the type of policy/.
inline Instant
instant(uint64_t now) {
    return (Instant(std::chrono::seconds(now)));
}

/// @brief Converts a lease.
Lease toLease(const StoredLease& lease, uint64_t now);

/// @brief Returns what looks up all leases of a hardware address.
ConflictCheck::LeaseSource machineLeases(const Leases& leases, uint64_t now);

/// @brief Returns the network that a subnet is in.
Network networkAround(uint32_t subnet, const ScopeSettings& settings);

/// @brief Looks leases up in the simulated lease database for one query.
class ModelLeaseLookup : public LeaseLookup {
public:
    /// @param ignore_released Whether released leases are not found: a deliberate fault.
    ModelLeaseLookup(const Inbound& query, const GuardedQuery& guarded, const Leases& leases,
                     const Settings& settings, uint64_t now, bool ignore_released = false);

    const Place& place() override {
        return (place_);
    }
    bool renewsLastingLease() override;
    bool renewsLiveLease(const Network& network) override;
    std::vector<Lease> leases() override;
    std::vector<Lease> derivedLeases(const HardwareAddress& claimant) override;
    /// @brief Returns false: there are no reservations.
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
        return (!query_.requested.isUnspecified());
    }
    Network networkOf(const Place& place) override;
    Network claimantNetworkOf(const Place& place, const Network& network) override;

private:
    std::vector<Lease> leasesOf(ByteView identifier);

    const Inbound& query_;
    const GuardedQuery& guarded_;
    const Leases& leases_;
    const Settings& settings_;
    const uint64_t now_;
    const bool ignore_released_;
    Place place_;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_LEASE_LOOKUP_H
