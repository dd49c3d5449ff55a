// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_FINDING_REPORT_H
#define CLONE_GUARD_TOOL_SCAN_FINDING_REPORT_H

#include <tool/inventory/inventory.h>
#include <tool/scan/shared_identifier.h>

#include <core/explain/explanation.h>

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief The columns of a line where the output is not a terminal, for tables with the names of an inventory
/// or with lists of machines.
constexpr size_t FINDING_WIDTH = 100;

/// @brief What a finding rests on: lines of lease files, or captured messages.
struct RecordName {
    const char* singular;
    const char* plural;
};

/// @brief Names and texts in the order in which they are printed. A fact with an empty text is left out.
using Facts = std::vector<std::pair<const char*, std::string>>;

/// @brief Prints facts as a list.
void printFacts(std::ostream& out, const Facts& facts);

/// @brief Prints the template, the interface and the DUID of an identifier, then further facts and the machines.
///
/// @param known explains the identifier.
/// @param evidence what proves that the machines share it.
/// @param remedy facts about what to do, after those of the inventory.
void printFinding(std::ostream& out, const SharedIdentifier& shared, const Explanation& known,
                  const Inventory& inventory, const RecordName& record, const Facts& evidence,
                  const Facts& remedy);

/// @brief Prints a table of machines. Each has its name if the inventory knows one of them, and its subnet if there are
/// several.
///
/// @param machines at least one.
void printMachines(std::ostream& out, const std::vector<SeenMachine>& machines,
                   const Inventory& inventory, const RecordName& record);

/// @return the number of machines that still use an identifier of clones; 0 for an identifier that is not one.
size_t cloneCount(const SharedIdentifier& shared);

}  // namespace clone_guard

#endif
