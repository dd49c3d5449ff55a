// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_LEASES_LEASE_QUERIES_H
#define CLONE_GUARD_HOOK_LEASES_LEASE_QUERIES_H

#include <core/explain/explanation.h>
#include <hook/leases/kea_lease_lookup.h>

#include <asiolink/io_address.h>
#include <cc/data.h>

namespace clone_guard {

/// @brief Reads leases for commands and shows leases and identifiers in their answers.
namespace lease_queries {

/// @brief Converts a lease, with its host name.
Lease leaseWithHostName(const isc::dhcp::Lease4& lease);

/// @return the leases of a client identifier; none if it is longer than the server accepts.
/// @throw LeaseDatabaseDown if the lease database does not answer.
isc::dhcp::Lease4Collection leasesOf(ByteView identifier);

/// @return the leases after an address, ordered by address; fewer than @c limit only at the end.
/// @throw LeaseDatabaseDown if the lease database does not answer.
isc::dhcp::Lease4Collection page(const isc::asiolink::IOAddress& after, size_t limit);

/// @return a map about a machine: `hw-address`, and with a lease also `ip-address`, `subnet-id`, `cltt`, `expired`, `hostname`.
isc::data::ElementPtr machine(const HardwareAddress& address, const Lease& lease);

/// @brief Adds `template`, `nic` and `remedy`, if they are known.
void explain(const isc::data::ElementPtr& element, const Explanation& known);

}  // namespace lease_queries
}  // namespace clone_guard

#endif
