// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_MODEL_REPORTS_H
#define CLONE_GUARD_TESTS_HISTORIES_MODEL_REPORTS_H

#include <tests/histories/model/leases.h>

#include <core/decision/judge.h>
#include <core/decision/verdict.h>

#include <nlohmann/json.hpp>

#include <vector>

namespace clone_guard {
namespace model {

struct Treatment;

/// @brief Records what the guard reports about conflicts: audit records and the list, as far as the rules read them.
class Reports {
public:
    Reports(ConflictRegistry& conflicts, Judge& judge, const Leases& leases) :
        conflicts_(conflicts), judge_(judge), leases_(leases) {}

    void passes(const Treatment& sender, const GuardedQuery& guarded, const Judgement& judgement);
    void claimantHeard(const Treatment& claimant, const GuardedQuery& guarded,
                       const Judgement& judgement);
    void namedLeaseBlocked(const Treatment& claimant, Message message, Instant now);
    void ended(const ConflictEnd& end, const Treatment& sender, Instant now);

    /// @brief Returns the audit records since the last call.
    std::vector<nlohmann::json> takeAudit();

    /// @brief Returns the conflicts in the lease database and in memory.
    [[nodiscard]] std::vector<nlohmann::json> list(const ScopeSettings& settings, uint64_t now) const;

private:
    void report(const ReportDecision& decision, const Treatment& about, const HardwareAddress& claimant,
                Instant now);

    ConflictRegistry& conflicts_;
    Judge& judge_;
    const Leases& leases_;
    std::vector<nlohmann::json> audit_;
};

}  // namespace model
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_MODEL_REPORTS_H
