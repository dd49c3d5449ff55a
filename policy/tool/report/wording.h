// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_WORDING_H
#define CLONE_GUARD_TOOL_REPORT_WORDING_H

#include <tool/audit/audit_summary.h>
#include <tool/cli/count_text.h>

#include <array>
#include <set>

namespace clone_guard {

/// @brief "2026-11-22 10:51:04", UTC.
std::string timeText(int64_t time_ms);

/// @brief "2026-11-22 10:51 to 12:03", with the date twice where it differs. UTC.
std::string periodText(int64_t begin_ms, int64_t end_ms);

/// @brief The parts with a text between them.
std::string joined(const std::vector<std::string>& parts, const char* between);

/// @brief What a standing means, in half a sentence.
const char* meaning(Standing standing);

/// @brief What a machine is in its conflict: "holder", "claimant"; "has it now", "left" where the conflict is over.
std::string roleText(const AuditConflict& conflict, const AuditMachine& machine);

/// @brief What was done about a machine: "got an address of its own".
std::string doneText(const AuditConflict& conflict, const AuditMachine& machine);

/// @brief What a sign of life was, for people: "released the holder's lease, in vain".
std::string signText(const std::string& event);

/// @brief The kind of identifier in words: "DUID-EN (systemd), interface ens18".
std::string kindText(const AuditConflict& conflict);

/// @brief All conflicts that come from one template: of one DUID, or of one identifier without.
struct Origin {
    std::string name;  ///< of the template, else the DUID
    bool is_named = false;
    Standing standing = Standing::ENDED;  ///< the worst of its conflicts
    const AuditConflict* worst = nullptr;
    std::set<std::string> machines;  ///< hardware addresses
    std::set<std::string> networks;
};

/// @brief Where the conflicts come from.
///
/// @param conflicts in the order of AuditStory::conflicts(), which the origins have too.
std::vector<Origin> originsOf(const std::vector<const AuditConflict*>& conflicts);

/// @brief How many conflicts stand how, by Standing.
std::array<size_t, STANDINGS> countByStanding(const std::vector<const AuditConflict*>& conflicts);

/// @brief The whole in one sentence: "2 templates to cure: 7 machines share 3 identities.".
std::string headline(const std::vector<const AuditConflict*>& conflicts);

}  // namespace clone_guard

#endif
