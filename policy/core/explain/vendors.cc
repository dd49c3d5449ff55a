// SPDX-License-Identifier: MPL-2.0

#include <core/explain/vendors.h>

#include <algorithm>
#include <array>

namespace clone_guard {

namespace {

struct Prefix {
    std::array<uint8_t, 5> bytes;
    size_t size;
    const char* vendor;
};

/// Prefixes of virtual network interfaces; if two match, the first applies.
constexpr std::array<Prefix, 21> PREFIXES{{
    {{0x00, 0x00, 0x5e, 0x00, 0x01}, 5, "VRRP or CARP"},
    {{0xbc, 0x24, 0x11}, 3, "Proxmox"},
    {{0x52, 0x54, 0x00}, 3, "QEMU/KVM"},
    {{0x00, 0x50, 0x56}, 3, "VMware"},
    {{0x00, 0x0c, 0x29}, 3, "VMware"},
    {{0x00, 0x05, 0x69}, 3, "VMware"},
    {{0x00, 0x1c, 0x14}, 3, "VMware"},
    {{0x08, 0x00, 0x27}, 3, "VirtualBox"},
    {{0x00, 0x15, 0x5d}, 3, "Hyper-V"},
    {{0x00, 0x16, 0x3e}, 3, "Xen or LXD"},
    {{0x10, 0x66, 0x6a}, 3, "Incus"},
    {{0x00, 0x1c, 0x42}, 3, "Parallels"},
    {{0x50, 0x6b, 0x8d}, 3, "Nutanix"},
    {{0x00, 0x1a, 0x4a}, 3, "oVirt"},
    {{0xfa, 0x16, 0x3e}, 3, "OpenStack"},
    {{0x58, 0x9c, 0xfc}, 3, "bhyve"},
    {{0x00, 0x0d, 0x3a}, 3, "Azure"},
    {{0x00, 0x22, 0x48}, 3, "Azure"},
    {{0x60, 0x45, 0xbd}, 3, "Azure"},
    {{0x7c, 0x1e, 0x52}, 3, "Azure"},
    {{0x02, 0x42}, 2, "Docker"},
}};

struct Enterprise {
    uint32_t number;
    const char* name;
};

/// Enterprises that are common in DUIDs of hosts, switches, phones and firmware.
constexpr std::array<Enterprise, 16> ENTERPRISES{{
    {9, "Cisco"},
    {11, "Hewlett-Packard"},
    {42, "Sun"},
    {311, "Microsoft"},
    {343, "Intel"},
    {674, "Dell"},
    {2011, "Huawei"},
    {2312, "Red Hat"},
    {2636, "Juniper"},
    {6876, "VMware"},
    {12356, "Fortinet"},
    {14988, "MikroTik"},
    {30065, "Arista"},
    {41112, "Ubiquiti"},
    {43793, "systemd"},
    {4413, "Broadcom"},
}};

}  // namespace

std::string
hardwareVendor(ByteView address) {
    for (const auto& prefix : PREFIXES) {
        if (address.size() > prefix.size &&
            std::equal(prefix.bytes.begin(), prefix.bytes.begin() + prefix.size, address.begin())) {
            return (prefix.vendor);
        }
    }
    return {};
}

std::string
enterpriseName(uint32_t number) {
    const auto* const found =
        std::find_if(ENTERPRISES.begin(), ENTERPRISES.end(),
                     [number](const Enterprise& one) { return (one.number == number); });
    return (found == ENTERPRISES.end() ? "" : found->name);
}

}  // namespace clone_guard
