// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_LIBVIRT_H
#define CLONE_GUARD_TOOL_INVENTORY_LIBVIRT_H

#include <tool/inventory/inventory.h>

#include <string>

namespace clone_guard {

/// @brief Checks whether a directory has a domain definition of libvirt, as /etc/libvirt/qemu has.
bool isLibvirt(const std::string& directory);

/// @brief Reads the domain definitions of libvirt in a directory, or in one file such as the output of `virsh dumpxml`.
///
/// The template of a domain is the domain that owns an image below the domain's image; otherwise it is the last image,
/// by its file name. The images are read if they are on this machine.
///
/// @param source a directory with *.xml, or a file with one or more domains.
/// @throw Failure if there is no domain, or the file is not XML.
void readLibvirt(const std::string& source, Inventory& inventory);

}  // namespace clone_guard

#endif
