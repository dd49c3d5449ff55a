// SPDX-License-Identifier: MPL-2.0

#include <tool/inventory/inventory_report.h>

#include <tool/cli/count_text.h>
#include <tool/cli/paragraph.h>
#include <tool/cli/terminal.h>

#include <algorithm>
#include <ostream>

namespace clone_guard {

namespace {

/// The number of hardware addresses that are listed.
constexpr size_t MAX_LISTED = 20;

}  // namespace

std::string
duplicateText(const Inventory& inventory, ByteView hw_address) {
    std::string names;
    const auto machines = inventory.find(hw_address);
    for (const auto& machine : machines) {
        names += (names.empty() ? "" : " and ") + toText(machine);
    }
    return (toHex(hw_address) + " belongs to " + names);
}

void
printDuplicates(std::ostream& out, const Inventory& inventory) {
    const auto duplicates = inventory.duplicates();
    if (duplicates.empty()) {
        return;
    }
    out << '\n'
        << Styled(Style::WARNING, "In two places:") << ' '
        << countText(duplicates.size(), "hardware address of the inventory",
                     "hardware addresses of the inventory")
        << ".\n";
    printParagraph(out,
                   "Such machines share an address on any DHCP server, and no report can distinguish "
                   "them. Give each its own hardware address.");
    out << '\n';
    for (size_t i = 0; i < std::min(duplicates.size(), MAX_LISTED); ++i) {
        printParagraph(out, duplicateText(inventory, duplicates[i]), "  ", 4);
    }
    if (duplicates.size() > MAX_LISTED) {
        out << "  and " << duplicates.size() - MAX_LISTED << " more\n";
    }
}

}  // namespace clone_guard
