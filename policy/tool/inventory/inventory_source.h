// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_INVENTORY_SOURCE_H
#define CLONE_GUARD_TOOL_INVENTORY_INVENTORY_SOURCE_H

#include <tool/cli/options.h>
#include <tool/inventory/inventory.h>

#include <string>
#include <vector>

namespace clone_guard {

/// @brief Reads a source of any kind; its content decides which.
///
/// @param source a directory of Proxmox or libvirt; a file with definitions of libvirt, a list, or a configuration of
///        Kea.
/// @throw Failure if the source cannot be read or is not an inventory.
void readInventory(const std::string& source, Inventory& inventory);

/// @brief The option --inventory, which several commands have.
class InventoryOption {
public:
    void declare(Options& options);

    /// @brief Reads the sources of the option, or that of this host if the option was not given.
    ///
    /// Mistakes in the sources are printed on the standard error.
    ///
    /// @param host the directory of a Proxmox host; it is ignored if it does not exist or has no machine.
    /// @throw Failure if a named source cannot be read or is not an inventory.
    [[nodiscard]] Inventory read(const std::string& host) const;
    [[nodiscard]] Inventory read() const;

private:
    std::vector<std::string> sources_;
};

}  // namespace clone_guard

#endif
