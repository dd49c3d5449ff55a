// SPDX-License-Identifier: MPL-2.0

#include <core/explain/remedy.h>
#include <core/explain/systemd.h>
#include <core/identity/client_identifier.h>
#include <core/identity/escape.h>

#include <algorithm>
#include <array>
#include <utility>

namespace clone_guard {

namespace {

constexpr const char* FORGET_MACHINE_ID =
    "truncate -s 0 /etc/machine-id; ln -sf /etc/machine-id /var/lib/dbus/machine-id";
constexpr const char* FORGET_DHCPCD = "rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease";
constexpr const char* FORGET_ANY =
    "rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease /var/lib/dhcp/dhclient* /var/lib/dhclient/* "
    "/var/lib/wicked/*.xml";

/// How to change the SMBIOS UUID of a machine, by the vendor of its virtual NIC.
constexpr std::array<std::pair<const char*, const char*>, 4> NEW_UUID{
    {{"Proxmox", "give each VM an SMBIOS UUID of its own ('qm set VMID --smbios1 uuid=$(uuidgen)')"},
     {"QEMU/KVM", "give each VM a <uuid> of its own in its libvirt definition ('virt-clone' makes one)"},
     {"VMware", "remove the line uuid.bios from the .vmx file of each VM"},
     {"VirtualBox",
      "give each VM an SMBIOS UUID of its own ('VBoxManage modifyvm VM --hardware-uuid=$(uuidgen)')"}}};

bool
isDhcpcd(std::string_view vendor_class) {
    return (vendor_class.rfind("dhcpcd", 0) == 0);
}

std::string
seal(const Explanation& known, const char* command) {
    return ("in the template" + (known.template_name.empty() ? "" : " " + escape(known.template_name)) +
            " run '" + command +
            (command == FORGET_ANY ? "' (the files of dhcpcd, dhclient and wicked)" : "'") +
            ", shut it down, do not boot it again, then run the same in each clone, the holder too, and "
            "reboot it");
}

std::string
newUuid(const Explanation& known) {
    const auto* const found =
        std::find_if(NEW_UUID.begin(), NEW_UUID.end(),
                     [&known](const auto& entry) { return (known.hw_vendor == entry.first); });
    return (
        std::string(found != NEW_UUID.end()
                        ? found->second
                        : "give each machine an SMBIOS UUID of its own in its firmware or hypervisor") +
        " while it is off, start it, run 'rm -f /var/lib/dhcpcd/duid' in it and reboot it");
}

}  // namespace

std::string
remedyFor(ByteView duid, const Explanation& known, std::string_view vendor_class) {
    if (duid.size() < MIN_DUID) {
        return (
            "give each machine a client identifier of its own, or have it send its hardware address");
    }
    const char* const forget = isDhcpcd(vendor_class) ? FORGET_DHCPCD : FORGET_ANY;
    switch (static_cast<DuidType>(toNumber(ByteView(duid.data(), 2)))) {
    case DuidType::EN:
        return (seal(known, known.enterprise == systemd::ENTERPRISE ? FORGET_MACHINE_ID : forget));
    case DuidType::UUID:
        return (newUuid(known));
    case DuidType::LLT:
    case DuidType::LL:
        break;
    }
    return (seal(known, forget));
}

}  // namespace clone_guard
