// SPDX-License-Identifier: MPL-2.0

#include <core/explain/remedy.h>
#include <core/explain/systemd.h>
#include <core/identity/client_identifier.h>
#include <core/identity/escape.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace clone_guard {

namespace {

constexpr const char* FORGET_MACHINE_ID =
    "truncate -s 0 /etc/machine-id; ln -sf /etc/machine-id /var/lib/dbus/machine-id";
constexpr const char* FORGET_DHCPCD = "rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease";
/// dhclient makes the IAID of the hardware address, so clones share only an identifier of its configuration.
constexpr const char* FORGET_DHCLIENT =
    "sed -i /dhcp-client-identifier/d /etc/dhcp/dhclient*.conf; rm -f /var/lib/dhcp/dhclient* "
    "/var/lib/dhclient/*";
constexpr const char* FORGET_NETWORK_MANAGER =
    "truncate -s 0 /etc/machine-id; ln -sf /etc/machine-id /var/lib/dbus/machine-id; "
    "rm -f /var/lib/NetworkManager/secret_key /var/lib/NetworkManager/*.lease";
constexpr const char* FORGET_WICKED = "rm -f /var/lib/wicked/*.xml";
constexpr const char* FORGET_ANY =
    "rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease /var/lib/dhcp/dhclient* /var/lib/dhclient/* "
    "/var/lib/wicked/*.xml; sed -i /dhcp-client-identifier/d /etc/dhcp/dhclient*.conf";

/// How to change the SMBIOS UUID of a machine, by the vendor of its virtual NIC.
constexpr std::array<std::pair<const char*, const char*>, 4> NEW_UUID{
    {{"Proxmox", "give each VM an SMBIOS UUID of its own ('qm set VMID --smbios1 uuid=$(uuidgen)')"},
     {"QEMU/KVM", "give each VM a <uuid> of its own in its libvirt definition ('virt-clone' makes one)"},
     {"VMware", "remove the line uuid.bios from the .vmx file of each VM"},
     {"VirtualBox",
      "give each VM an SMBIOS UUID of its own ('VBoxManage modifyvm VM --hardware-uuid=$(uuidgen)')"}}};

constexpr const char* NEW_OPENWRT_DUID =
    "run 'uci set network.globals.dhcp_default_duid=0004$(tr -d - </proc/sys/kernel/random/uuid); uci "
    "commit network; service network restart' in each router (OpenWrt), and remove dhcp_default_duid "
    "from "
    "the backup or image that they were made from";

/// BusyBox sends the hardware address unless an option says otherwise.
constexpr const char* NEW_UDHCPC_IDENTIFIER = "remove the option '-x 0x3d:...' of udhcpc from the "
                                              "network configuration of the template and of each "
                                              "clone, the holder too, and reboot them; on OpenWrt ";

/// Interfaces that can change their hardware address because they have several network cards.
constexpr std::array<std::pair<const char*, const char*>, 5> AGGREGATES{
    {{"bond", "bond"}, {"team", "team"}, {"br", "bridge"}, {"vmbr", "bridge"}, {"bridge", "bridge"}}};

/// Returns "bond", "team" or "bridge" by the name of an interface, or an empty string if it is another one.
std::string
aggregateKind(const std::string& nic) {
    const auto letters = nic.substr(0, nic.find_first_of("0123456789"));
    for (const auto& [name, kind] : AGGREGATES) {
        if (letters == name && letters.size() < nic.size()) {
            return (kind);
        }
    }
    return {};
}

/// Begins the remedy of a template, before its name.
constexpr std::string_view IN_TEMPLATE = "in the template";
/// Follows the name of the template.
constexpr std::string_view RUN = " run '";

std::string
seal(const Explanation& known, const char* command) {
    return (std::string(IN_TEMPLATE) +
            (known.template_name.empty() ? "" : " " + escape(known.template_name)) + std::string(RUN) +
            command + (command == FORGET_ANY ? "' (the files of dhcpcd, dhclient and wicked)" : "'") +
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

/// The remedy for a DUID that is not made of the machine-id by systemd.
std::string
remedyOfKind(ByteView duid, const Explanation& known, const char* forget) {
    const auto type = static_cast<DuidType>(toNumber(ByteView(duid.data(), 2)));
    return (type == DuidType::UUID ? newUuid(known) : seal(known, forget));
}

std::string
remedyOfDuid(ByteView duid, const Explanation& known, DhcpClient client) {
    switch (client) {
    case DhcpClient::OPENWRT:
        return (NEW_OPENWRT_DUID);
    case DhcpClient::UDHCPC:
        return (std::string(NEW_UDHCPC_IDENTIFIER) + NEW_OPENWRT_DUID);
    default:
        break;
    }
    const bool has_duid = duid.size() >= MIN_DUID;
    if (has_duid && client == DhcpClient::NETWORK_MANAGER) {
        return (seal(known, FORGET_NETWORK_MANAGER));
    }
    // NetworkManager can run dhclient with a DUID made of the machine-id.
    if (known.enterprise == systemd::ENTERPRISE) {
        return (seal(known, FORGET_MACHINE_ID));
    }
    if (client == DhcpClient::DHCLIENT) {
        return (seal(known, FORGET_DHCLIENT));
    }
    if (!has_duid) {
        return (
            "give each machine a client identifier of its own, or have it send its hardware address");
    }
    switch (client) {
    case DhcpClient::DHCPCD:
        return (remedyOfKind(duid, known, FORGET_DHCPCD));
    case DhcpClient::WICKED:
        return (seal(known, FORGET_WICKED));
    default:
        return (remedyOfKind(duid, known, FORGET_ANY));
    }
}

}  // namespace

std::string
remedyFor(ByteView duid, const Explanation& known, DhcpClient client) {
    const auto remedy = remedyOfDuid(duid, known, client);
    const auto kind = aggregateKind(known.nic);
    return (kind.empty() ? remedy
                         : remedy + "; if it is one machine whose " + kind + " " + escape(known.nic) +
                               " changed its hardware address, give the " + kind +
                               " a fixed hardware address instead");
}

std::string
nameTemplate(std::string remedy, const std::string& known, const std::string& name) {
    const auto begin = std::string(IN_TEMPLATE) + (known.empty() ? "" : " " + known) + std::string(RUN);
    if (!name.empty() && remedy.compare(0, begin.size(), begin) == 0) {
        remedy.replace(0, begin.size(), std::string(IN_TEMPLATE) + " " + name + std::string(RUN));
    }
    return (remedy);
}

bool
isAggregate(const std::string& nic) {
    return (!aggregateKind(nic).empty());
}

std::string
remedyAfterCure(const Explanation& known) {
    return (known.enterprise == systemd::ENTERPRISE
                ? known.remedy +
                      "; if the machines were sealed before, systemd made the same machine-id "
                      "again from the SMBIOS UUID that they share: give each VM a UUID of its "
                      "own, or run 'systemd-id128 new >/etc/machine-id' in each, and reboot it"
                : known.remedy);
}

}  // namespace clone_guard
