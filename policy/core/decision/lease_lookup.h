// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_LEASE_LOOKUP_H
#define CLONE_GUARD_CORE_DECISION_LEASE_LOOKUP_H

#include <core/decision/lease.h>
#include <core/decision/network.h>
#include <core/decision/place.h>

#include <vector>

namespace clone_guard {

/// @brief Looks up what the judge needs to know about one query. Each call has a cost, so the judge makes a call only
/// when the answer decides something.
class LeaseLookup {
public:
    virtual ~LeaseLookup() = default;

    /// @return the place that the query came from.
    virtual const Place& place() = 0;

    /// @brief Checks whether the query renews a lease that has the query's identifier and hardware address and
    /// outlasts a claim taken now. This is the cheapest look-up. A false result is inconclusive; call leases().
    virtual bool renewsLastingLease() = 0;

    /// @brief Checks whether ciaddr is a live lease in a network, of the query's identifier or of the sender's derived
    /// identifier (R10). The hardware address of the lease does not matter: under `monitor` two machines use one lease.
    virtual bool renewsLiveLease(const Network& network) = 0;

    /// @return the leases of the query's identifier in all networks, in the server's order.
    virtual std::vector<Lease> leases() = 0;

    /// @return the leases of the identifier that is derived from the query's for a hardware address.
    virtual std::vector<Lease> derivedLeases(const HardwareAddress& claimant) = 0;

    /// @return true if the address of a lease is reserved for the query's hardware address.
    virtual bool reservedForSender(const Lease& lease) = 0;

    /// @return true if any address is reserved for the query's hardware address. Does not read the lease database.
    virtual bool hasReservation() = 0;

    /// @return true if an address in the network is reserved for the query's identifier or its DUID. Does not read the lease
    /// database.
    virtual bool reservedForIdentifier(const Network& network) = 0;

    /// @brief Checks whether one address in the network is reserved for the query's hardware address and for another one.
    /// By such a configuration both are network cards of one machine. Does not read the lease database.
    virtual bool reservedTogether(const HardwareAddress& other, const Network& network) = 0;

    /// @return true if the query asks for an address (option 50).
    virtual bool asksForAddress() = 0;

    /// @return the network that the server selects for a place.
    virtual Network networkOf(const Place& place) = 0;

    /// @return the network in which a claimant from a place gets its lease: @c network, or another one if the server
    /// selects subnets by the class that claimants join.
    virtual Network claimantNetworkOf(const Place& place, const Network& network) = 0;
};

}  // namespace clone_guard

#endif
