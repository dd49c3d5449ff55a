// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_LEASES_NETWORKS_H
#define CLONE_GUARD_LEASES_NETWORKS_H

#include <hook/kea_compat.h>

#include <core/decision/network.h>
#include <core/decision/place.h>

#include <dhcp/pkt4.h>

namespace clone_guard {

/// @brief Asks the server's current configuration which network something is in (R2).
///
/// Nothing is remembered: subnets come and go at run time (configuration back ends, commands) without
/// a new configuration. It is asked for conflicts only.
namespace networks {

/// @return why the network of a query cannot be known ahead of the server's own selection; empty
/// where it can.
std::string reasonNetworkUnknown(const isc::dhcp::SrvConfig& config);

/// @return the network that the server would select for a query.
/// @param with_class a client class to select with besides those the query has; empty for none.
Network select(const isc::dhcp::Pkt4Ptr& query, const std::string& with_class,
               const ScopeSettings& global);

/// @return the network that the server would have selected for an earlier query.
Network select(const Place& place, const ScopeSettings& global);

/// @return the network that a subnet is in.
Network ofSubnet(uint32_t subnet_id, const ScopeSettings& global);

/// @return whether there is such a subnet.
bool hasSubnet(uint32_t subnet_id);

/// @return the network that has a key; one without subnets where there is none any more.
Network ofKey(const std::string& key, const ScopeSettings& global);

/// @brief What of a configuration need not be looked up for every query.
struct SubnetSelectionHints {
    bool by_class = false;     ///< whether any subnet can be used by certain client classes only
    bool reservations = true;  ///< whether anything is reserved for anybody
};

SubnetSelectionHints hintsOf(const isc::dhcp::SrvConfig& config);

}  // namespace networks
}  // namespace clone_guard

#endif
