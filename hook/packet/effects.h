// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_PACKET_EFFECTS_H
#define CLONE_GUARD_HOOK_PACKET_EFFECTS_H

#include <hook/packet/query_context.h>

#include <dhcp/pkt4.h>
#include <hooks/hooks.h>

namespace clone_guard {

/// @brief Carries decisions out on packets. Nothing in here decides.
namespace effects {

/// @brief Replaces the query's client identifier by the derived identifier, which carries the context. Replies still carry
/// the client's own identifier.
///
/// If the server has to answer with NAK, this function also adds a server identifier (option 54) to the query. In
/// INIT-REBOOT the server ignores a client that it does not know. With option 54 the query is the answer to an offer, and
/// the server sends NAK if it cannot allocate the address. Guard::select() prevents the allocation. The server compares
/// option 54 with its own addresses before pkt4_receive, so any value serves.
void derive(isc::dhcp::Pkt4& query, const QueryContextPtr& context);

/// @brief Removes the server identifier that derive() added, once the server has read it. Libraries that come later in the
/// handling of the query see what the client sent.
void removeServerIdentifier(isc::dhcp::Pkt4& query, const QueryContext& context);

/// @brief Removes a lease that was refused in lease4_select from the deleted leases that the server reports to libraries.
void withholdRefusedLease(isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4& query);

/// @brief Makes the server drop the query, and counts the query as the server counts those that it drops itself.
void drop(isc::hooks::CalloutHandle& handle);

/// @return the context of a query under a derived identifier; null if the query is not a claimant's.
QueryContextPtr contextOf(const isc::dhcp::Pkt4& query);

}  // namespace effects
}  // namespace clone_guard

#endif
