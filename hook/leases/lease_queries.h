// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_LEASES_LEASE_QUERIES_H
#define CLONE_GUARD_LEASES_LEASE_QUERIES_H

#include <core/explain/explanation.h>
#include <hook/leases/kea_lease_lookup.h>

#include <asiolink/io_address.h>
#include <cc/data.h>

namespace clone_guard {

/// @brief How answers to commands show leases and identifiers.
namespace lease_queries {

/// @brief A lease as a record, with its host name.
Lease leaseWithHostName(const isc::dhcp::Lease4& lease);

/// @brief The leases of a client identifier; none where it is longer than the server takes.
///
/// @throw LeaseDatabaseDown where the lease database does not answer.
isc::dhcp::Lease4Collection leasesOf(ByteView identifier);

/// @brief The leases after an address, in the order of addresses.
///
/// @return fewer than @c limit only where there are no more.
/// @throw LeaseDatabaseDown where the lease database does not answer.
isc::dhcp::Lease4Collection page(const isc::asiolink::IOAddress& after, size_t limit);

/// @brief A machine: `hw-address`, with a lease also `ip-address`, `subnet-id`, `cltt`, `expired`, `hostname`.
isc::data::ElementPtr machine(const HardwareAddress& address, const Lease& record);

/// @brief Adds `template`, `nic` and `remedy`, as far as they are known.
void explain(const isc::data::ElementPtr& element, const Explanation& known);

}  // namespace lease_queries
}  // namespace clone_guard

#endif
