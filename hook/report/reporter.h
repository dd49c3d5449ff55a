// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_REPORT_REPORTER_H
#define CLONE_GUARD_HOOK_REPORT_REPORTER_H

#include <core/audit/audit_record.h>
#include <core/conflicts/conflict_registry.h>
#include <core/decision/conflict_check.h>
#include <hook/packet/query_context.h>
#include <hook/report/outage.h>

#include <dhcp/pkt4.h>

#include <array>

namespace clone_guard {

/// @brief The kinds of failure. Each has its own outage.
enum class Failure : size_t {
    LEASE_DATABASE,
    CLAIMS_FULL,
    CONFLICTS_FULL,
    REPORTS_HELD_BACK,
    UNFORESEEN
};
constexpr size_t FAILURES = 5;

/// @brief Writes the operator's log, the audit log and the statistics (R11).
///
/// The registry of conflicts decides whether an event is reported.
class Reporter {
public:
    Reporter(ConflictRegistry& conflicts, const Explainer& explainer) :
        conflicts_(conflicts), explainer_(explainer) {}

    /// @brief Reports a DISCOVER or REQUEST of a claimant.
    void reportClaimant(const isc::dhcp::Pkt4& query, const QueryContext& context);

    /// @brief Reports a DISCOVER or REQUEST of the holder of an identifier that other machines present too.
    void reportHolder(const isc::dhcp::Pkt4& query, const QueryContext& context);

    /// @brief Reports that the sender of a REQUEST took the identifier over from another hardware address.
    void reportMove(const isc::dhcp::Pkt4& query, const QueryContext& context);

    /// @brief Reports that a machine of a conflict uses an identifier of its own.
    void reportSealed(const ConflictCheck::Sealed& sealed, ByteView identifier, const Network& network,
                      const Lease& holder);

    /// @brief Reports that a conflict is over: with a message of one of its machines, or in a list.
    void reportEnd(const ConflictEnd& end, const isc::dhcp::Pkt4& query, const QueryContext& context);
    void reportEnd(const ConflictEnd& end, ByteView identifier, const Network& network,
                   const Lease& holder);

    /// @brief Reports that an operator deleted a conflict.
    void reportDeletion(ByteView identifier, const Network& network, const Lease& holder);

    /// @brief Reports a RELEASE or DECLINE of a claimant for the holder's lease.
    ///
    /// @param ip the address of that lease.
    void reportBlocked(const isc::dhcp::Pkt4& query, const QueryContext& context, IpAddress ip);

    /// @brief Reports the address that a claimant is about to get, and the claimant itself if that was held back.
    void reportAddress(const isc::dhcp::Pkt4& query, const QueryContext& context, IpAddress ip,
                       Instant now);

    /// @brief Counts a failure, and logs the first one of an outage.
    ///
    /// @param text returns what failed. It is called for the first failure of an outage only, and escapes what comes from
    /// outside the guard.
    template <typename Text>
    void reportFailure(Failure kind, Text text, Instant now) {
        if (recordFailure(kind, now)) {
            logFailure(kind, text());
        }
    }

    /// @brief Logs the end of an outage if there is one and this success ends it.
    void reportSuccess(Failure kind, Instant now) {
        if (outages_[static_cast<size_t>(kind)].active()) {
            reportRecovery(kind, now);
        }
    }

    /// @return the current outage of a kind, or std::nullopt between outages.
    [[nodiscard]] std::optional<Outage::State> outage(Failure kind) const {
        return (outages_.at(static_cast<size_t>(kind)).state());
    }

private:
    void reportConflict(AuditRecord record, const QueryContext& context, Verdict verdict,
                        const ReportDecision& decision);
    static void countClaimant(const ReportDecision& decision, uint32_t subnet_id);
    bool recordFailure(Failure kind, Instant now);
    void logFailure(Failure kind, const std::string& what);
    void reportRecovery(Failure kind, Instant now);
    void reportHeldBack(const isc::dhcp::Pkt4& query, const GuardedQuery& sender);
    void reportEnd(AuditRecord record, const ConflictEnd& end, const Network& network);

    ConflictRegistry& conflicts_;
    const Explainer& explainer_;
    std::array<Outage, FAILURES> outages_;
};

}  // namespace clone_guard

#endif
