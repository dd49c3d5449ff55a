// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_STRANGER_H
#define CLONE_GUARD_CORE_DECISION_STRANGER_H

#include <core/decision/guarded_query.h>
#include <core/decision/judgement.h>
#include <core/decision/lease_lookup.h>
#include <core/decision/verdict.h>

#include <optional>

namespace clone_guard {

/// @brief The kinds of query that the guard leaves alone, unless that costs another machine its lease (R1).
enum class StrangerKind {
    NO_HARDWARE_ADDRESS,  ///< the hardware address is empty or all zero
    BOOTP,
    INFORM,
};

/// @brief Checks whether a query of such a kind presents the identifier of another machine (R15).
///
/// That is so if a machine with another, usable hardware address has a live lease of the identifier in the network of
/// the query, or if the identifier is forged. A BOOTP client that has a lease as a claimant stays a claimant. A query
/// outside any conflict costs one look-up, a BOOTP query without a lease two.
///
/// @return the judgement, or std::nullopt if the query is left alone.
std::optional<Judgement> judgeStranger(const GuardedQuery& query, StrangerKind kind,
                                       LeaseLookup& lookup);

/// @brief Decides how a policy handles the query of a stranger.
///
/// @param policy the effective policy of the network, see Network::policy().
Verdict decideStranger(Policy policy, StrangerKind kind) noexcept;

}  // namespace clone_guard

#endif
