// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_PACKET_EFFECTS_H
#define CLONE_GUARD_PACKET_EFFECTS_H

#include <core/decision/judge.h>
#include <core/decision/verdict.h>

#include <dhcp/pkt4.h>
#include <hooks/hooks.h>

#include <memory>

namespace clone_guard {

/// @brief What is known about a claimant's query, kept with the query until it is answered.
struct QueryContext {
    Verdict verdict = Verdict::PASS;
    Bytes identifier;  ///< the client's own option 61
    HardwareAddress address;
    Place place;
    Network network;
    Lease holder;
    IpAddress own_ip;  ///< the address of its own lease, where that is known
    /// @brief The addresses on record for the identifier; nothing where they were not read.
    std::optional<std::vector<IpAddress>> on_record;
};

using QueryContextPtr = std::shared_ptr<const QueryContext>;

/// @brief What is done to packets; nothing in here decides.
namespace effects {

/// @brief Puts the derived identifier in place of the query's own; replies carry the client's own all the same.
void derive(isc::dhcp::Pkt4& query, const QueryContext& claimant);

/// @brief Keeps the server from answering, and counts the query as it does for its own drops.
void drop(isc::hooks::CalloutHandle& handle);

/// @brief Keeps what is known with the query.
void remember(isc::hooks::CalloutHandle& handle, QueryContextPtr claimant);

/// @brief What was remembered of a query.
///
/// @return null for a query that is not a claimant's. Costs a look at the option for those, not the
/// exception with which the server tells that nothing was remembered.
QueryContextPtr recall(const isc::hooks::CalloutHandle& handle, const isc::dhcp::Pkt4& query);

}  // namespace effects
}  // namespace clone_guard

#endif
