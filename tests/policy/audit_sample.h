// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_AUDIT_SAMPLE_H
#define CLONE_GUARD_TESTS_POLICY_AUDIT_SAMPLE_H

#include <core/audit/audit_record.h>

#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief An audit log as the guard writes it: three days with clones of three templates, one network card that was
/// replaced and one conflict that is over, in two networks.
std::vector<std::string> sampleAudit();

/// @brief The same with machines whose host names and classes try to be HTML, script, style and control sequences,
/// as the guard writes them, and lines that the guard would never write.
std::vector<std::string> hostileAudit();

/// @brief A record of two days after the first of May 2026, with the identifier of the sample's first template.
///
/// @param seconds since the begin of the sample.
AuditRecord sampleRecord(const char* event, int64_t seconds, const std::string& claimant,
                         const std::string& holder);

/// @brief The record as a line of the log, with the sample's templates.
std::string sampleLine(const AuditRecord& record);

}  // namespace test
}  // namespace clone_guard

#endif
