// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_LISTEN_JSON_H
#define CLONE_GUARD_TOOL_LISTEN_LISTEN_JSON_H

#include <tool/listen/capture_counts.h>
#include <tool/listen/observation.h>
#include <tool/scan/scan_wording.h>

#include <nlohmann/json_fwd.hpp>

namespace clone_guard {

/// @brief Formats the findings as JSON. Identifiers and machines have the fields of `scan --json`.
nlohmann::ordered_json listenJson(const Observation& found, const CaptureCounts& counts,
                                  const ScanNames& names);

}  // namespace clone_guard

#endif
