// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SCAN_REPORT_H
#define CLONE_GUARD_TOOL_SCAN_SCAN_REPORT_H

#include <tool/scan/lease_history.h>

#include <core/explain/explanation.h>

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>

namespace clone_guard {

/// @brief How much of a file was read.
struct ReadFile {
    std::string path;
    uint64_t rows = 0;
    uint64_t damaged = 0;  ///< lines that were skipped
};

/// @brief What was found in lease files.
struct ScanResult {
    std::vector<SharedIdentifier> shared;
    std::vector<SharedDuid> duids;
    std::vector<ReadFile> files;
    size_t identifiers = 0;

    /// @return so many of the shared identifiers are of this kind.
    [[nodiscard]] size_t count(Sharing sharing) const;
};

/// @brief Prints what was found, for people.
///
/// @param all whether to list what is harmless too, not only to count it.
void printScan(std::ostream& out, const ScanResult& result, const Explainer& explainer, bool all);

/// @brief The same for programs, with the field names of the audit log.
nlohmann::ordered_json scanJson(const ScanResult& result, const Explainer& explainer);

}  // namespace clone_guard

#endif
