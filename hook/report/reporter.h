// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_REPORT_REPORTER_H
#define CLONE_GUARD_REPORT_REPORTER_H

#include <core/audit/audit_record.h>
#include <core/conflicts/conflict_table.h>
#include <hook/packet/effects.h>
#include <hook/report/outage.h>

#include <array>

namespace clone_guard {

/// @brief What can go wrong and is told once a spell.
enum class Trouble : size_t { LEASE_DATABASE, CLAIMS_FULL, CONFLICTS_FULL, UNFORESEEN };
constexpr size_t TROUBLES = 4;

/// @brief Tells people: the operator's log, the audit log, the statistics (R11).
///
/// Decides what is told by the conflict table's word, and nothing else.
class Reporter {
public:
    Reporter(ConflictTable& conflicts, const Explainer& explainer) :
        conflicts_(conflicts), explainer_(explainer) {}

    /// @brief A DISCOVER or REQUEST of a claimant was judged.
    void claimantHeard(const isc::dhcp::Pkt4& query, const Claimant& claimant, const Question& question,
                       const Judgement& judgement);

    /// @brief A DISCOVER or REQUEST passes with an identifier that others present too.
    void holderHeard(const isc::dhcp::Pkt4& query, const Claimant& sender, Sign sign, Instant now);

    /// @brief A REQUEST passes with an identifier that was another hardware address's until now.
    void identityMoved(const isc::dhcp::Pkt4& query, const Claimant& sender);

    /// @brief Nobody but the sender is left in a conflict.
    void conflictEnded(const isc::dhcp::Pkt4& query, const Claimant& sender);

    /// @brief An operator declared a conflict to be over.
    ///
    /// @param claimant without a hardware address: it is about all of them.
    void conflictDeleted(const Claimant& claimant);

    /// @brief A RELEASE or DECLINE of a claimant about the holder's lease was judged.
    void namedLeaseBlocked(const isc::dhcp::Pkt4& query, const Claimant& claimant, Message message,
                           uint32_t ip, Instant now);

    /// @brief A claimant is about to hear that an address is its own.
    void addressAssigned(const isc::dhcp::Pkt4& query, const Claimant& claimant, uint32_t ip,
                         Instant now);

    void malformed(const isc::dhcp::Pkt4& query, ByteView identifier);

    void trouble(Trouble kind, const std::string& what, Instant now);
    void noTrouble(Trouble kind, Instant now) {
        if (spells_[static_cast<size_t>(kind)].active()) {
            relief(kind, now);
        }
    }

    /// @brief What goes wrong at present; nothing where it does not.
    [[nodiscard]] std::optional<Spell::State> troubleNow(Trouble kind) const {
        return (spells_.at(static_cast<size_t>(kind)).state());
    }

private:
    void tellConflict(AuditRecord record, const Claimant& claimant, const Notice& notice);
    void relief(Trouble kind, Instant now);

    ConflictTable& conflicts_;
    const Explainer& explainer_;
    std::array<Spell, TROUBLES> spells_;
};

}  // namespace clone_guard

#endif
