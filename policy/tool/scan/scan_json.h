// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SCAN_JSON_H
#define CLONE_GUARD_TOOL_SCAN_SCAN_JSON_H

#include <tool/scan/scan_result.h>
#include <tool/scan/scan_wording.h>

#include <functional>
#include <nlohmann/json_fwd.hpp>

namespace clone_guard {

/// @return the name of a kind in the output, on which programs rely.
const char* jsonName(Sharing sharing) noexcept;

/// @brief Makes JSON of a machine: its names, its state, its addresses and when it was seen.
nlohmann::ordered_json machineJson(const SeenMachine& machine, const Inventory& inventory);

/// @brief Makes JSON of a DUID and its machines.
///
/// @param machine_json makes JSON of one machine.
nlohmann::ordered_json sharedDuidJson(
    const SharedDuid& shared, const ScanNames& names,
    const std::function<nlohmann::ordered_json(const SeenMachine&)>& machine_json);

/// @brief Makes JSON of the findings of a scan, with the field names of the audit log.
nlohmann::ordered_json scanJson(const ScanResult& result, const ScanNames& names);

}  // namespace clone_guard

#endif
