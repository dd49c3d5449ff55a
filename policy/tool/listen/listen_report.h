// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_LISTEN_REPORT_H
#define CLONE_GUARD_TOOL_LISTEN_LISTEN_REPORT_H

#include <tool/listen/capture_counts.h>
#include <tool/listen/observation.h>
#include <tool/scan/scan_wording.h>

#include <iosfwd>

namespace clone_guard {

/// @brief Prints the findings, then what they rest on.
void printListen(std::ostream& out, const Observation& found, const CaptureCounts& counts,
                 const ScanNames& names);

}  // namespace clone_guard

#endif
