// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_PROXMOX_H
#define CLONE_GUARD_TOOL_INVENTORY_PROXMOX_H

#include <tool/inventory/inventory.h>

#include <string>

namespace clone_guard {

/// @brief The directory of a Proxmox host that has the configuration of the whole cluster.
inline constexpr const char* PROXMOX_DIRECTORY = "/etc/pve";

/// @brief Checks whether a directory is /etc/pve or a copy, its nodes/, or the directory of one node.
bool isProxmox(const std::string& directory);

/// @brief Reads the virtual machines and containers of a Proxmox cluster: qemu-server/*.conf and lxc/*.conf of each node.
///
/// The format is that of qm.conf(5) and pct.conf(5).
///
/// @throw Failure if no file can be read.
void readProxmox(const std::string& directory, Inventory& inventory);

/// @brief Returns the number of the template in the name of a linked clone's volume.
///
/// Storage of images names the base first: "base-9000-disk-0/vm-101-disk-0" (ZFS, RBD),
/// "9000/base-9000-disk-0.qcow2/101/vm-101-disk-0.qcow2" (directories), "basevol-9000-disk-0/subvol-101-disk-0".
///
/// @param volume the volume without its storage.
/// @return the number, or an empty text if the volume names no base, as on LVM-thin.
std::string baseOfVolume(std::string_view volume);

}  // namespace clone_guard

#endif
