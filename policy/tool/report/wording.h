// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_WORDING_H
#define CLONE_GUARD_TOOL_REPORT_WORDING_H

#include <tool/audit/audit_summary.h>
#include <tool/cli/count_text.h>

#include <set>

namespace clone_guard {

/// @brief Joins texts with a separator.
std::string joined(const std::vector<std::string>& parts, const char* separator);

/// @brief Formats a time of a machine, or returns an empty text for std::nullopt.
std::string seenText(const std::optional<UtcTime>& time);

/// @brief Describes a status in half a sentence.
const char* describe(ConflictStatus status);

/// @brief Names the role of a machine in its conflict: "holder", "claimant", "has it now", or how the machine
/// left it: "off", "expired", "sealed", "gone".
std::string roleText(const AuditConflict& conflict, const AuditMachine& machine);

/// @brief Describes the guard's action about a machine: "got an address of its own". `clone-guard listen` has none.
std::string actionText(const AuditConflict& conflict, const AuditMachine& machine);

/// @brief Describes a sighting: "released another machine's lease: blocked".
std::string sightingText(const AuditConflict& conflict, std::string_view event);

/// @brief Explains why a conflict ended.
///
/// @param reason one of the words in end_reason.
std::string endText(const std::string& reason);

/// @return a note about a suspected conflict whose machines may be one machine; empty if nothing indicates that.
std::string oneMachineNote(const AuditConflict& conflict);

/// @brief Describes the kind of identifier: "DUID-EN (systemd), interface ens18".
std::string kindText(const AuditConflict& conflict);

/// @brief The conflicts that come from one template: those with one DUID, or with one identifier without a DUID.
struct Origin {
    std::string name;  ///< name of the template, else the DUID
    bool is_named = false;
    ConflictStatus status = ConflictStatus::ENDED;  ///< of the most urgent conflict
    const AuditConflict* most_urgent = nullptr;
    std::set<std::string> machines;  ///< hardware addresses
    std::set<std::string> networks;
};

/// @brief Groups conflicts by their origin.
///
/// @param conflicts in the order of AuditSummary::conflicts(), which the origins keep.
std::vector<Origin> originsOf(const std::vector<const AuditConflict*>& conflicts);

/// @return the number of conflicts by ConflictStatus.
std::array<size_t, CONFLICT_STATUSES> countByStatus(const std::vector<const AuditConflict*>& conflicts);

/// @brief Summarizes the conflicts in one sentence: "2 templates to seal: 7 machines share 3 identities.".
std::string headline(const std::vector<const AuditConflict*>& conflicts);

}  // namespace clone_guard

#endif
