// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_AUDIT_SAMPLE_H
#define CLONE_GUARD_TESTS_POLICY_AUDIT_SAMPLE_H

#include <core/audit/audit_record.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief Returns an audit log as the guard writes it.
///
/// It covers three days in two networks: clones of three templates, one replaced network card, and one conflict that
/// has ended.
std::vector<std::string> sampleAudit();

/// @brief Returns the sample with hostile machines and forged lines.
///
/// Host names and vendor classes contain HTML, script, style and control sequences, escaped by the guard. The forged
/// lines are ones that the guard never writes.
std::vector<std::string> hostileAudit();

/// @brief Returns a record with the identifier of the first template of the sample.
///
/// @param seconds seconds since the beginning of the sample
AuditRecord sampleRecord(const char* event, int64_t seconds, const std::string& claimant,
                         const std::string& holder);

/// @brief Formats a record as a line of the log, with the templates of the sample.
std::string sampleLine(const AuditRecord& record);

}  // namespace test
}  // namespace clone_guard

#endif
