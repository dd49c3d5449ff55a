// SPDX-License-Identifier: MPL-2.0

#include <core/client_identifier.h>
#include <core/remedy.h>

namespace clone_guard {

namespace {

/// systemd's private enterprise number, in the IANA registry.
constexpr uint32_t ENTERPRISE_SYSTEMD = 43793;

}  // namespace

std::string
remedyFor(ByteView identifier) {
    const auto parts = parseRfc4361(identifier);
    if (!parts) {
        return (
            "give each machine a client identifier of its own, or have it send its hardware address");
    }
    switch (static_cast<DuidType>(parts->duidType())) {
    case DuidType::EN:
        if (duidEnterprise(parts->duid) == ENTERPRISE_SYSTEMD) {
            return ("in the template run 'truncate -s 0 /etc/machine-id', shut it down, do not boot it "
                    "again, then run the same in each clone and reboot it");
        }
        return ("clear the DHCP client's stored DUID in the template and in each clone");
    case DuidType::LLT:
    case DuidType::LL:
        return (
            "remove the DHCP client's stored DUID and leases (/var/lib/dhcpcd/duid, /var/lib/dhcp/*, "
            "/var/lib/wicked/*) in the template and in each clone");
    case DuidType::UUID:
        return ("give each machine an SMBIOS UUID of its own in the hypervisor, or remove a stored "
                "DUID (/var/lib/dhcpcd/duid)");
    }
    return ("clear the DHCP client's stored DUID in the template and in each clone");
}

}  // namespace clone_guard
