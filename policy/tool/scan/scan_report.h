// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SCAN_REPORT_H
#define CLONE_GUARD_TOOL_SCAN_SCAN_REPORT_H

#include <tool/scan/scan_result.h>
#include <tool/scan/scan_wording.h>

#include <iosfwd>

namespace clone_guard {

/// @brief Prints the findings of a scan as text.
///
/// @param all true to list harmless findings too, false to count them.
void printScan(std::ostream& out, const ScanResult& result, const ScanNames& names, bool all);

}  // namespace clone_guard

#endif
