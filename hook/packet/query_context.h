// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_PACKET_QUERY_CONTEXT_H
#define CLONE_GUARD_HOOK_PACKET_QUERY_CONTEXT_H

#include <core/decision/guarded_query.h>
#include <core/decision/judgement.h>
#include <core/decision/verdict.h>

#include <dhcp/option.h>

#include <memory>

namespace clone_guard {

/// @brief All that the guard knows about one query of a conflict: what it read, what the judge found, what the policy
/// decided. The context passes from the judge to effects and reporter and stays with the query of a claimant until it is
/// answered.
struct QueryContext {
    isc::dhcp::OptionPtr option;  ///< the client's own option 61, to which query.identifier refers
    Message message = Message::DISCOVER;
    GuardedQuery query;
    Judgement judgement;
    Verdict verdict = Verdict::PASS;
    bool nak = false;       ///< the server has to answer with NAK, see needsNak()
    bool stranger = false;  ///< the query is a stranger's, which opens no conflict (R1)
    IpAddress
        own_ip;  ///< the address of the claimant's own lease that it asks for, if it has not been recorded yet

    [[nodiscard]] const Network& network() const {
        return (judgement.network);
    }
    [[nodiscard]] const Lease& holder() const {
        return (judgement.holder);
    }
};

using QueryContextPtr = std::shared_ptr<const QueryContext>;

}  // namespace clone_guard

#endif
