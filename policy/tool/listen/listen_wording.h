// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_LISTEN_LISTEN_WORDING_H
#define CLONE_GUARD_TOOL_LISTEN_LISTEN_WORDING_H

#include <tool/listen/observation.h>
#include <tool/scan/scan_wording.h>

#include <core/explain/explanation.h>

#include <string>
#include <vector>

namespace clone_guard {

/// @brief Describes a VLAN: "100", or "20.100" with the outer tag first; empty if untagged.
std::string vlanText(uint32_t vlan);

/// @brief Names an interface.
///
/// @param is_live the numbers of links are those of this machine's interfaces.
/// @return the name or the number; empty if the number is 0.
std::string linkText(uint32_t link, bool is_live);

/// @brief Describes a segment: "vmbr0, VLAN 100, DHCPv6, relay 2001:db8::1".
std::string segmentText(const Segment& segment, bool is_live);

/// @brief Describes each segment, leaving out one without interface, VLAN or relay. DHCPv4 is named beside DHCPv6.
std::vector<std::string> segmentTexts(const std::vector<Segment>& segments, bool is_live);

/// @brief Describes what proves that machines share an identifier.
std::string evidenceText(const ObservedIdentifier& found);

/// @brief Describes what the inventory proves about a DUID: "clones" or "one machine"; empty if it proves nothing.
std::string inventoryText(const SharedDuid& shared, const Inventory& inventory);

/// @brief Explains an identifier and gives the remedy for it.
Explanation explain(const ObservedIdentifier& found, const ScanNames& names);

}  // namespace clone_guard

#endif
