// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_INVENTORY_KNOWN_MACHINE_H
#define CLONE_GUARD_TOOL_INVENTORY_KNOWN_MACHINE_H

#include <core/identity/bytes.h>

#include <optional>
#include <string>
#include <string_view>

namespace clone_guard {

/// @brief A template as its owner names it. Both texts are raw, and either may be empty.
struct KnownTemplate {
    std::string number;  ///< "9000"; only Proxmox has numbers
    std::string name;

    [[nodiscard]] bool empty() const noexcept {
        return (number.empty() && name.empty());
    }
    friend bool operator==(const KnownTemplate& left, const KnownTemplate& right) {
        return (left.number == right.number && left.name == right.name);
    }
};

/// @brief Where a machine is defined: by a hypervisor, or in a list that an operator keeps.
enum class MachineKind {
    VM,         ///< virtual machine of Proxmox
    CONTAINER,  ///< container of Proxmox
    DOMAIN,     ///< virtual machine of libvirt
    LISTED,     ///< row of a CSV file
    RESERVED,   ///< reservation of Kea
};

/// @brief A machine as its owner names it. All texts are raw: a name may have any bytes.
struct KnownMachine {
    MachineKind kind = MachineKind::LISTED;
    std::string name;
    std::string number;  ///< "101"; only Proxmox has numbers
    std::string node;    ///< host of the cluster; empty if unknown
    std::string bridge;
    std::string vlan;
    KnownTemplate from;         ///< the template that it was cloned from; empty if unknown
    bool is_template = false;   ///< it is a template itself
    bool lacks_origin = false;  ///< it has disks, and their names or headers show no template
};

/// @brief Checks whether a hypervisor defines the machine, rather than a list.
inline bool
isDefinition(MachineKind kind) noexcept {
    return (kind != MachineKind::LISTED && kind != MachineKind::RESERVED);
}

/// @brief Parses the MAC address of a network card.
///
/// @return its 6 bytes, or std::nullopt if the text is something else.
std::optional<Bytes> parseMac(std::string_view text);

/// @brief Names a template: "9000 debian-12-base".
///
/// A remedy has the name beside a command in single quotes, so the name has none: each becomes an underscore. Otherwise
/// the text is raw.
std::string rawText(const KnownTemplate& known);

/// @brief Names a machine: "web-01 (VM 101 on pve1, from template 9000 debian-12-base)". The text is escaped for a
/// terminal.
std::string toText(const KnownMachine& machine);

/// @brief Describes a machine beside its name: "VM 101 on pve1, from template 9000 debian-12-base". The text is escaped.
std::string detailText(const KnownMachine& machine);

}  // namespace clone_guard

#endif
