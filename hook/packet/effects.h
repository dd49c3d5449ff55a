// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_PACKET_EFFECTS_H
#define CLONE_GUARD_HOOK_PACKET_EFFECTS_H

#include <hook/packet/query_context.h>

#include <dhcp/pkt4.h>
#include <hooks/hooks.h>

namespace clone_guard {

/// @brief Carries decisions out on packets. Nothing in here decides.
namespace effects {

/// @brief Replaces the query's client identifier by the derived identifier. Replies still carry the client's own.
void derive(isc::dhcp::Pkt4& query, const QueryContext& context);

/// @brief Makes the server drop the query, and counts the query as the server counts those that it drops itself.
void drop(isc::hooks::CalloutHandle& handle);

/// @brief Stores the context with the query.
void store(isc::hooks::CalloutHandle& handle, QueryContextPtr context);

/// @brief Returns the context that was stored with a query.
///
/// Recognises a claimant's query by its derived identifier. To ask the server for a context that is absent is expensive,
/// because the server answers with an exception.
/// @return null if the query is not a claimant's.
QueryContextPtr load(const isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4& query);

}  // namespace effects
}  // namespace clone_guard

#endif
