// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_LEASES_KEA_LEASE_LOOKUP_H
#define CLONE_GUARD_LEASES_KEA_LEASE_LOOKUP_H

#include <hook/kea_compat.h>
#include <hook/leases/kea_address.h>
#include <hook/leases/networks.h>

#include <core/decision/judge.h>
#include <core/decision/verdict.h>

#include <dhcp/pkt4.h>

namespace clone_guard {

/// @brief The lease database did not answer.
class LeaseDatabaseDown : public isc::Exception {
public:
    LeaseDatabaseDown(const char* file, size_t line, const char* what) :
        isc::Exception(file, line, what) {}
};

/// @brief What the lease database and the server's configuration say about one query.
class KeaLeaseLookup : public LeaseLookup {
public:
    /// @brief Everything is referred to and has to live as long as this object.
    ///
    /// @param hints of the server's configuration.
    KeaLeaseLookup(const isc::dhcp::Pkt4Ptr& query, Message message, const GuardedQuery& question,
                   const Settings& settings, networks::SubnetSelectionHints hints);

    const Place& place() override;

    /// @throw LeaseDatabaseDown where the lease database does not answer.
    bool renewsLastingLease() override;
    std::vector<Lease> leases() override;
    std::vector<Lease> derivedLeases(const HardwareAddress& claimant) override;

    /// Looks at the reservations in the server's configuration, not at those in host databases: these would
    /// keep the query waiting.
    bool reservedForSender(const Lease& record) override;
    bool hasReservation() override;

    /// @brief Whether the query's sender has the live lease of an address under its derived identifier.
    ///
    /// @throw LeaseDatabaseDown where the lease database does not answer.
    bool holdsAsClaimant(IpAddress ip);

    Network networkOf(const Place& place) override;
    Network claimantNetworkOf(const Place& place, const Network& network) override;

private:
    isc::dhcp::Lease4Ptr leaseAt(const isc::asiolink::IOAddress& address);
    std::vector<Lease> leasesOf(ByteView identifier);
    Network ownNetwork();

    const isc::dhcp::Pkt4Ptr& query_;
    const Message message_;
    const GuardedQuery& question_;
    const Settings& settings_;
    const networks::SubnetSelectionHints hints_;
    std::optional<Place> place_;
    /// @brief What leaseAt() was asked last, and the answer.
    std::optional<isc::asiolink::IOAddress> looked_at_;
    isc::dhcp::Lease4Ptr found_;
};

/// @brief Asks the lease database.
///
/// @throw LeaseDatabaseDown for whatever the lease database throws.
template <typename Call>
auto
ask(Call call) -> decltype(call()) {
    try {
        return (call());
    } catch (const std::exception& error) {
        isc_throw(LeaseDatabaseDown, error.what());
    }
}

/// @brief A lease as lookup.
Lease toLease(const isc::dhcp::Lease4& lease);

/// @return the hardware address of a lease; empty where it has none.
HardwareAddress hardwareAddressOf(const isc::dhcp::Lease4& lease);

/// @return the client identifier of a lease; empty where it has none. A view into the lease.
ByteView identifierOf(const isc::dhcp::Lease4& lease);

}  // namespace clone_guard

#endif
