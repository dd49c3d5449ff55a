// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_REPORT_REPORTER_H
#define CLONE_GUARD_REPORT_REPORTER_H

#include <core/audit/audit_record.h>
#include <core/conflicts/conflict_registry.h>
#include <hook/packet/effects.h>
#include <hook/report/outage.h>

#include <array>

namespace clone_guard {

/// @brief What can go wrong and is told once a spell.
enum class Failure : size_t { LEASE_DATABASE, CLAIMS_FULL, CONFLICTS_FULL, UNFORESEEN };
constexpr size_t FAILURES = 4;

/// @brief Tells people: the operator's log, the audit log, the statistics (R11).
///
/// Decides what is told by the conflict table's word, and nothing else.
class Reporter {
public:
    Reporter(ConflictRegistry& conflicts, const Explainer& explainer) :
        conflicts_(conflicts), explainer_(explainer) {}

    /// @brief A DISCOVER or REQUEST of a claimant was judged.
    void claimantHeard(const isc::dhcp::Pkt4& query, const QueryContext& claimant,
                       const GuardedQuery& question, const Judgement& judgement);

    /// @brief A DISCOVER or REQUEST passes with an identifier that others present too.
    void holderHeard(const isc::dhcp::Pkt4& query, const QueryContext& sender, Activity activity,
                     Instant now);

    /// @brief A REQUEST passes with an identifier that was another hardware address's until now.
    void identityMoved(const isc::dhcp::Pkt4& query, const QueryContext& sender);

    /// @brief Nobody but the sender is left in a conflict.
    void conflictEnded(const isc::dhcp::Pkt4& query, const QueryContext& sender);

    /// @brief An operator declared a conflict to be over.
    ///
    /// @param claimant without a hardware address: it is about all of them.
    void conflictDeleted(const QueryContext& claimant);

    /// @brief A RELEASE or DECLINE of a claimant about the holder's lease was judged.
    void namedLeaseBlocked(const isc::dhcp::Pkt4& query, const QueryContext& claimant, Message message,
                           IpAddress ip, Instant now);

    /// @brief A claimant is about to hear that an address is its own.
    void addressAssigned(const isc::dhcp::Pkt4& query, const QueryContext& claimant, IpAddress ip,
                         Instant now);

    void malformed(const isc::dhcp::Pkt4& query, ByteView identifier);

    void reportFailure(Failure kind, const std::string& what, Instant now);
    void reportSuccess(Failure kind, Instant now) {
        if (outages_[static_cast<size_t>(kind)].active()) {
            reportRecovery(kind, now);
        }
    }

    /// @brief What goes wrong at present; nothing where it does not.
    [[nodiscard]] std::optional<Outage::State> outage(Failure kind) const {
        return (outages_.at(static_cast<size_t>(kind)).state());
    }

private:
    void tellConflict(AuditRecord record, const QueryContext& claimant, const ReportDecision& notice);
    void reportRecovery(Failure kind, Instant now);

    ConflictRegistry& conflicts_;
    const Explainer& explainer_;
    std::array<Outage, FAILURES> outages_;
};

}  // namespace clone_guard

#endif
