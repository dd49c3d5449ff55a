// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/wire.h>

#include <tests/hook/wire_bytes.h>
#include <tests/policy/support.h>

#include <asiolink/io_address.h>

namespace clone_guard {
namespace test {

namespace {

using isc::asiolink::IOAddress;
using isc::dhcp::Pkt4;
using isc::dhcp::Pkt4Ptr;

}  // namespace

Pkt4Ptr
Wire::received() const {
    const auto chaddr = address.bytes();
    Bytes bytes{1, address.type(), static_cast<uint8_t>(chaddr.size()),
                giaddr == "0.0.0.0" ? uint8_t{0} : uint8_t{1}};
    const auto client = IOAddress(ciaddr).toUint32();
    const auto relay = IOAddress(giaddr).toUint32();
    for (const auto field : {transaction, uint32_t{0}, client, uint32_t{0}, uint32_t{0}, relay}) {
        append(bytes, fromNumber(field));
    }
    appendAfterAddresses(bytes, chaddr.copy());
    appendOption(bytes, isc::dhcp::DHO_DHCP_MESSAGE_TYPE, {type});
    if (identifier) {
        appendOption(bytes, isc::dhcp::DHO_DHCP_CLIENT_IDENTIFIER, *identifier);
    }
    if (!requested.empty()) {
        appendOption(bytes, isc::dhcp::DHO_DHCP_REQUESTED_ADDRESS,
                     fromNumber(IOAddress(requested).toUint32()));
    }
    if (!vendor_class.empty()) {
        appendOption(bytes, isc::dhcp::DHO_VENDOR_CLASS_IDENTIFIER, characters(vendor_class));
    }
    if (!hostname.empty()) {
        appendOption(bytes, isc::dhcp::DHO_HOST_NAME, characters(hostname));
    }
    if (!relay_options.empty()) {
        appendOption(bytes, isc::dhcp::DHO_DHCP_AGENT_OPTIONS, relay_options);
    }
    bytes.push_back(isc::dhcp::DHO_END);
    const Pkt4Ptr packet(new Pkt4(bytes.data(), bytes.size()));
    packet->setIface(interface);
    packet->setIndex(2);
    packet->setRemoteAddr(IOAddress(giaddr == "0.0.0.0" ? ciaddr : giaddr));
    packet->setLocalAddr(
        IOAddress(ciaddr == "0.0.0.0" && giaddr == "0.0.0.0" ? "255.255.255.255" : "192.0.2.2"));
    packet->unpack();
    return (packet);
}

Wire
clone(uint32_t machine, uint8_t type) {
    Wire wire;
    wire.type = type;
    wire.address = mac(machine);
    wire.identifier = cloneIdentifier();
    return (wire);
}

Pkt4Ptr
answer(const Pkt4Ptr& query, uint8_t type, const std::string& yiaddr) {
    const Pkt4Ptr response(new Pkt4(type, query->getTransid()));
    response->setYiaddr(IOAddress(yiaddr));
    const auto identifier = query->getOption(isc::dhcp::DHO_DHCP_CLIENT_IDENTIFIER);
    if (identifier) {
        response->addOption(identifier);
    }
    return (response);
}

std::optional<Bytes>
identifierOnWire(isc::dhcp::Pkt4& packet) {
    packet.pack();
    const auto& buffer = packet.getBuffer();
    isc::dhcp::Pkt4 read(static_cast<const uint8_t*>(buffer.getData()), buffer.getLength());
    read.unpack();
    return (identifierIn(read));
}

std::optional<Bytes>
identifierIn(const Pkt4& packet) {
    const auto option = packet.options_.find(isc::dhcp::DHO_DHCP_CLIENT_IDENTIFIER);
    if (option == packet.options_.end()) {
        return (std::nullopt);
    }
    return (option->second->getData());
}

}  // namespace test
}  // namespace clone_guard
