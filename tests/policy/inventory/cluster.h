// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_POLICY_INVENTORY_CLUSTER_H
#define CLONE_GUARD_TESTS_POLICY_INVENTORY_CLUSTER_H

#include <tests/policy/tool/temporary_folder.h>

#include <string>

namespace clone_guard {
namespace test {

/// @brief The storage of a cluster's disks; each names the volume of a linked clone in its own way.
enum class Storage { ZFS, RBD, LVM_THIN, DIRECTORY };

/// @brief The files below /etc/pve of a Proxmox cluster.
class Cluster {
public:
    /// @brief Writes the configuration of a virtual machine.
    ///
    /// @param base number of the template that it is a linked clone of.
    void addVm(unsigned node, unsigned number, const std::string& name, const std::string& hw_address,
               Storage storage, unsigned base);

    /// @brief Writes the configuration of a template.
    void addTemplate(unsigned node, unsigned number, const std::string& name, Storage storage);

    /// @brief Writes the configuration of a container, a linked clone on ZFS.
    void addContainer(unsigned node, unsigned number, const std::string& name,
                      const std::string& hw_address, unsigned base);

    /// @brief Writes a file of a node: "qemu-server/101.conf".
    void write(unsigned node, const std::string& name, const std::string& text);

    /// @return the directory, as a Proxmox host has it at /etc/pve.
    [[nodiscard]] const std::string& path() const noexcept {
        return (folder_.path());
    }

private:
    TemporaryFolder folder_;
};

/// @brief Returns the hardware address with a number: "bc:24:11:5e:00:01".
std::string hwAddressNumber(unsigned number);

}  // namespace test
}  // namespace clone_guard

#endif
