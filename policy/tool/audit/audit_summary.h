// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_AUDIT_AUDIT_SUMMARY_H
#define CLONE_GUARD_TOOL_AUDIT_AUDIT_SUMMARY_H

#include <tool/audit/audit_conflict.h>

#include <functional>
#include <unordered_map>

namespace clone_guard {

/// @brief A reason for which the guard was degraded.
struct Degradation {
    std::string reason;
    UtcTime first;
    UtcTime last;
    uint64_t count = 0;  ///< records
};

/// @brief Summarizes an audit log: its conflicts, their machines, and the status of each conflict.
///
/// Records are added in the order of time. The memory is bounded: at the limit of conflicts or machines, the less urgent
/// half is dropped and counted.
class AuditSummary {
public:
    static constexpr size_t MAX_CONFLICTS = 10000;
    static constexpr size_t MAX_ALL_MACHINES = 100000;
    static constexpr size_t MAX_REASONS = 20;

    /// @param max_conflicts limit of conflicts; tests set a smaller one.
    /// @param max_machines limit of the machines of all conflicts, likewise.
    explicit AuditSummary(size_t max_conflicts = MAX_CONFLICTS, size_t max_machines = MAX_ALL_MACHINES) :
        max_conflicts_(max_conflicts), max_machines_(max_machines) {}

    void add(const AuditEntry& entry);

    /// @return the conflicts by their status, the most urgent first, then the latest first.
    [[nodiscard]] std::vector<const AuditConflict*> conflicts() const;

    /// @brief Calls back with each conflict, in any order, to complete it.
    void update(const std::function<void(AuditConflict&)>& change);

    [[nodiscard]] const std::vector<Degradation>& degradations() const noexcept {
        return (degradations_);
    }

    [[nodiscard]] uint64_t records() const noexcept {
        return (records_);
    }

    /// @return the number of conflicts that were dropped at a limit.
    [[nodiscard]] uint64_t dropped() const noexcept {
        return (dropped_);
    }

    /// @return the time of the first record. It is undefined without records.
    [[nodiscard]] UtcTime begin() const noexcept {
        return (begin_);
    }
    /// @return the time of the last record. It is undefined without records.
    [[nodiscard]] UtcTime end() const noexcept {
        return (end_);
    }

private:
    void recordDegradation(const AuditEntry& entry);
    AuditConflict& findOrAddConflict(const AuditEntry& entry);
    AuditMachine* findOrAddMachine(AuditConflict& conflict, const std::string& hw_address);
    void recordHolder(AuditConflict& conflict, const AuditEntry& entry);
    void recordEnd(AuditConflict& conflict, const AuditEntry& entry);
    void recordSender(AuditConflict& conflict, const AuditEntry& entry);
    void dropLessUrgentHalf();

    size_t max_conflicts_;
    size_t max_machines_;
    std::unordered_map<std::string, AuditConflict> conflicts_;
    std::vector<Degradation> degradations_;
    size_t machines_ = 0;
    uint64_t records_ = 0;
    uint64_t dropped_ = 0;
    UtcTime begin_;
    UtcTime end_;
};

}  // namespace clone_guard

#endif
