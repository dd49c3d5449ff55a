// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SCAN_WORDING_H
#define CLONE_GUARD_TOOL_SCAN_SCAN_WORDING_H

#include <tool/inventory/inventory.h>
#include <tool/scan/shared_identifier.h>

#include <core/explain/explanation.h>

namespace clone_guard {

/// @brief The names of templates, by their identity, and of machines, by their hardware address.
struct ScanNames {
    Explainer explainer;
    Inventory inventory;
};

/// @brief Describes the evidence by which the machines are clones, or one machine.
std::string evidenceText(const SharedIdentifier& shared);

/// @return the number of the machine's subnet, or its prefix: "192.0.2.0/24".
std::string subnetText(const SeenMachine& machine);

/// @brief Explains the identifier and gives the remedy for it.
Explanation explain(const SharedIdentifier& shared, const ScanNames& names);

/// @brief Explains a DUID.
Explanation explain(const SharedDuid& shared, const ScanNames& names);

/// @return the DUID in words: "DUID-EN, created by systemd".
std::string duidText(const Explanation& known);

/// @return the machines of a finding, as the inventory knows them.
MachineGroup groupOf(const SharedIdentifier& shared, const Inventory& inventory);

}  // namespace clone_guard

#endif
