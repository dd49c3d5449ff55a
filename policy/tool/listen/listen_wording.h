// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_LISTEN_WORDING_H
#define CLONE_GUARD_TOOL_LISTEN_LISTEN_WORDING_H

#include <tool/listen/observation.h>
#include <tool/scan/scan_wording.h>

#include <core/explain/explanation.h>

#include <string>

namespace clone_guard {

/// @brief Describes a VLAN: "100", or "20.100" with the outer tag first; empty if untagged.
std::string vlanText(uint32_t vlan);

/// @brief Describes a segment: "vmbr0, VLAN 100, relay 192.0.2.1".
///
/// @param is_live the numbers of links are those of this machine's interfaces.
std::string segmentText(const Segment& segment, bool is_live);

/// @brief Describes what proves that machines share an identifier.
std::string evidenceText(const ObservedIdentifier& found);

/// @brief Explains an identifier and gives the remedy for it.
Explanation explain(const ObservedIdentifier& found, const ScanNames& names);

}  // namespace clone_guard

#endif
