// SPDX-License-Identifier: MPL-2.0

#include <hook/packet/query.h>

#include <hook/kea_address.h>
#include <hook/kea_compat.h>

#include <dhcp/dhcp4.h>
#include <dhcp/option_custom.h>
#include <dhcp/option_int.h>

#include <atomic>
#include <typeinfo>

namespace clone_guard {
namespace query {

using namespace isc::dhcp;

namespace {

const isc::dhcp::Option*
find(const Pkt4& packet, uint16_t code) {
    const auto option = packet.options_.find(code);
    return (option == packet.options_.end() ? nullptr : option->second.get());
}

/// Pkt4::getType() without its cast of a shared pointer. The server read the option from the wire as this class. Types of
/// Kea are compared by name, which is expensive, so the last one that was equal is kept.
uint8_t
messageType(const Pkt4& packet) {
    static std::atomic<const std::type_info*> known{nullptr};
    const auto* option = find(packet, DHO_DHCP_MESSAGE_TYPE);
    if (option) {
        const auto* type = &typeid(*option);
        bool equal = type == known.load(std::memory_order_relaxed);
        if (!equal && *type == typeid(OptionUint8)) {
            known.store(type, std::memory_order_relaxed);
            equal = true;
        }
        if (equal) {
            return (static_cast<const OptionUint8*>(option)->getValue());
        }
    }
    return (packet.getType());
}

}  // namespace

std::optional<ByteView>
clientIdentifier(const Pkt4& packet) {
    const auto* option = find(packet, DHO_DHCP_CLIENT_IDENTIFIER);
    if (!option) {
        return (std::nullopt);
    }
    return (ByteView(option->getData()));
}

isc::dhcp::OptionPtr
identifierOption(const Pkt4& packet) {
    const auto option = packet.options_.find(DHO_DHCP_CLIENT_IDENTIFIER);
    return (option == packet.options_.end() ? isc::dhcp::OptionPtr() : option->second);
}

std::optional<Message>
message(const Pkt4& packet) {
    switch (messageType(packet)) {
    case DHCPDISCOVER:
        return (Message::DISCOVER);
    case DHCPREQUEST:
        return (Message::REQUEST);
    case DHCPRELEASE:
        return (Message::RELEASE);
    case DHCPDECLINE:
        return (Message::DECLINE);
    case DHCPINFORM:
        return (Message::INFORM);
    default:
        return (std::nullopt);
    }
}

std::optional<StrangerKind>
strangerKind(const Pkt4& packet, Message message, const HardwareAddress& address) {
    if (!address.usable()) {
        return (StrangerKind::NO_HARDWARE_ADDRESS);
    }
    if (message == Message::INFORM) {
        return (StrangerKind::INFORM);
    }
    // The bootp library turns a BOOTP query into a REQUEST.
    if (message == Message::REQUEST && isBootp(packet)) {
        return (StrangerKind::BOOTP);
    }
    return (std::nullopt);
}

Stage
stage(const Pkt4& packet, Message message) {
    if (message == Message::DISCOVER) {
        return (Stage::DISCOVERING);
    }
    if (!packet.getCiaddr().isV4Zero()) {
        return (Stage::RENEWING);
    }
    return (find(packet, DHO_DHCP_SERVER_IDENTIFIER) ? Stage::SELECTING : Stage::REBOOTING);
}

bool
isBootp(const Pkt4& packet) {
    return (packet.getClasses().contains("BOOTP"));
}

HardwareAddress
hardwareAddress(const Pkt4& packet) {
    const auto address = packet.getHWAddr();
    if (!address) {
        return {};
    }
    return {static_cast<uint8_t>(address->htype_), ByteView(address->hwaddr_)};
}

IpAddress
linkSelection(const Pkt4& packet) {
    // Most queries have no option with so high a code.
    if (packet.options_.empty() || packet.options_.rbegin()->first < DHO_DHCP_AGENT_OPTIONS) {
        return {};
    }
    if (const auto* relay = find(packet, DHO_DHCP_AGENT_OPTIONS)) {
        const auto& suboptions = relay->getOptions();
        const auto link = suboptions.find(isc::dhcp::RAI_OPTION_LINK_SELECTION);
        if (link != suboptions.end() &&
            !ignoresLinkSelection(*isc::dhcp::CfgMgr::instance().getCurrentCfg())) {
            const auto& data = link->second->getData();
            if (data.size() == sizeof(uint32_t)) {
                return (IpAddress(toNumber(ByteView(data))));
            }
        }
    }
    if (const auto* subnet =
            dynamic_cast<const isc::dhcp::OptionCustom*>(find(packet, DHO_SUBNET_SELECTION))) {
        return (fromKea(subnet->readAddress()));
    }
    return {};
}

Place
place(const Pkt4& packet, bool with_classes) {
    Place place;
    place.interface = packet.getIface();
    place.relay = fromKea(packet.getGiaddr());
    place.client = fromKea(packet.getCiaddr());
    place.source = fromKea(packet.getRemoteAddr());
    place.broadcast = packet.getLocalAddr().isV4Bcast();
    place.selection = linkSelection(packet);
    if (with_classes) {
        place.classes = packet.getClasses().toText();
    }
    return (place);
}

IpAddress
requestedAddress(const Pkt4& packet) {
    const auto requested = declinedAddress(packet);
    return (requested.isUnspecified() ? fromKea(packet.getCiaddr()) : requested);
}

IpAddress
declinedAddress(const Pkt4& packet) {
    const auto* option =
        dynamic_cast<const isc::dhcp::OptionCustom*>(find(packet, DHO_DHCP_REQUESTED_ADDRESS));
    return (option ? fromKea(option->readAddress()) : IpAddress());
}

bool
fromPxe(const Pkt4& packet) {
    return (text(packet, DHO_VENDOR_CLASS_IDENTIFIER).rfind("PXEClient", 0) == 0);
}

std::string
text(const Pkt4& packet, uint16_t code) {
    const auto* option = find(packet, code);
    if (!option) {
        return {};
    }
    const auto bytes = option->toBinary();
    return (std::string(bytes.begin(), bytes.end()));
}

std::string
relaySuboption(const Pkt4& packet, uint16_t code) {
    const auto* relay = find(packet, DHO_DHCP_AGENT_OPTIONS);
    if (!relay) {
        return {};
    }
    const auto& suboptions = relay->getOptions();
    const auto suboption = suboptions.find(code);
    return (suboption == suboptions.end() ? std::string()
                                          : toHex(ByteView(suboption->second->getData())));
}

}  // namespace query
}  // namespace clone_guard
