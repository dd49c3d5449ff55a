// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_LEASES_KEA_LEASE_LOOKUP_H
#define CLONE_GUARD_HOOK_LEASES_KEA_LEASE_LOOKUP_H

#include <hook/kea_address.h>
#include <hook/kea_compat.h>
#include <hook/leases/networks.h>

#include <core/decision/judge.h>
#include <core/decision/verdict.h>

#include <dhcp/pkt4.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief Thrown if the lease database does not answer.
class LeaseDatabaseDown : public isc::Exception {
public:
    LeaseDatabaseDown(const char* file, size_t line, const char* what) :
        isc::Exception(file, line, what) {}
};

/// @brief Looks leases, reservations and networks up for one query, in the lease database and in the configuration.
class KeaLeaseLookup : public LeaseLookup {
public:
    /// @brief Keeps references to the query and to the settings.
    ///
    /// @param hints of the server's configuration.
    KeaLeaseLookup(const isc::dhcp::Pkt4Ptr& packet, Message message, const GuardedQuery& query,
                   const Settings& settings, networks::SubnetSelectionHints hints);

    const Place& place() override;

    /// @throw LeaseDatabaseDown if the lease database does not answer.
    bool renewsLastingLease() override;
    bool renewsLiveLease(const Network& network) override;
    std::vector<Lease> leases() override;
    std::vector<Lease> derivedLeases(const HardwareAddress& claimant) override;

    /// @brief Reads the reservations in the server's configuration. A look into a host database would delay the query.
    bool reservedForSender(const Lease& record) override;
    bool hasReservation() override;
    bool reservedForIdentifier(const Network& network) override;
    bool reservedTogether(const HardwareAddress& other, const Network& network) override;
    bool asksForAddress() override;

    /// @brief Checks whether the query's sender has the live lease of an address under its derived identifier.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer.
    bool holdsAsClaimant(IpAddress ip);

    /// @brief Checks whether the server would take the REQUEST of a claimant for the renewal of a lease that the claimant
    /// already has: under its derived identifier, or under its hardware address if the lease has no identifier, like that
    /// of a PXE stage.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer.
    bool extendsOwnLease(const Judgement& judgement);

    /// @brief Checks whether a query asks by option 50 for an address that is on record for another machine in a network.
    ///
    /// An expired lease counts only if the server has reclaimed it. Otherwise the server would reclaim it in order to
    /// allocate its address to the query's sender, and again when the allocation was refused.
    ///
    /// @throw LeaseDatabaseDown if the lease database does not answer.
    bool asksForAnothersLease(const Network& network);

    Network networkOf(const Place& place) override;
    Network claimantNetworkOf(const Place& place, const Network& network) override;

private:
    bool isFoundFirst(const isc::dhcp::Lease4& lease);
    isc::dhcp::Lease4Ptr leaseAt(const isc::asiolink::IOAddress& address);
    std::vector<Lease> leasesOf(ByteView identifier);
    Network selectWith(const std::string& name);
    const Network& ownNetwork();

    const isc::dhcp::Pkt4Ptr& packet_;
    const Message message_;
    const GuardedQuery& query_;
    const Settings& settings_;
    const networks::SubnetSelectionHints hints_;
    std::optional<Place> place_;
    std::optional<Network> own_network_;
    /// @brief The last address given to leaseAt(), and the lease found there.
    std::optional<isc::asiolink::IOAddress> looked_at_;
    isc::dhcp::Lease4Ptr found_;
};

/// @brief Calls the lease database.
///
/// @throw LeaseDatabaseDown if the lease database throws any exception.
template <typename Call>
auto
ask(Call call) -> decltype(call()) {
    try {
        return (call());
    } catch (const std::exception& error) {
        isc_throw(LeaseDatabaseDown, error.what());
    }
}

/// @brief Converts a lease, without its host name.
Lease toLease(const isc::dhcp::Lease4& lease);

/// @return all leases of a hardware address, with host names and identifiers.
/// @throw LeaseDatabaseDown if the lease database does not answer.
std::vector<Lease> leasesOfMachine(const HardwareAddress& machine);

/// @return the hardware address of a lease; empty if it has none.
HardwareAddress hardwareAddressOf(const isc::dhcp::Lease4& lease);

/// @return the client identifier of a lease, as a view into the lease; empty if it has none.
ByteView identifierOf(const isc::dhcp::Lease4& lease);

}  // namespace clone_guard

#endif
