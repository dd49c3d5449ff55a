// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_SCAN_WORDING_H
#define CLONE_GUARD_TOOL_SCAN_SCAN_WORDING_H

#include <tool/scan/shared_identifier.h>

#include <core/explain/explanation.h>

namespace clone_guard {

/// @brief Describes the evidence by which the machines are clones, or one machine.
std::string evidenceText(const SharedIdentifier& shared);

/// @return the number of the machine's subnet, or its prefix: "192.0.2.0/24".
std::string subnetText(const SeenMachine& machine);

/// @brief Explains the identifier and gives the remedy for it.
Explanation explain(const SharedIdentifier& shared, const Explainer& explainer);

}  // namespace clone_guard

#endif
