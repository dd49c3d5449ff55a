// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_REPORT_REPORT_CONTEXT_H
#define CLONE_GUARD_TOOL_REPORT_REPORT_CONTEXT_H

#include <tool/audit/audit_summary.h>
#include <tool/inventory/inventory.h>

namespace clone_guard {

/// @brief What a report shows beside the summary of the audit log.
struct ReportContext {
    std::string title;     ///< free of control characters
    uint64_t skipped = 0;  ///< lines of the log without a valid record
    Inventory inventory{};
};

}  // namespace clone_guard

#endif
