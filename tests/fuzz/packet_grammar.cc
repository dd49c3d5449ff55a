// SPDX-License-Identifier: MPL-2.0

#include <tests/fuzz/packet_grammar.h>

#include <tests/hook/wire_bytes.h>
#include <tests/policy/support.h>

#include <core/identity/derived_identifier.h>

#include <dhcp/dhcp4.h>

#include <array>

namespace clone_guard {
namespace fuzz {

using namespace isc::dhcp;
using namespace clone_guard::test;

namespace {

constexpr uint8_t INFINIBAND = 32;

void
chooseSender(Choices& choices, Packet& packet) {
    packet.hlen = 6;
    packet.chaddr = chooseMachine(choices).bytes().copy();
    switch (choices.below(12)) {
    case 6:
        packet.chaddr = filled(6, 0);
        break;
    case 7:
        packet.hlen = 0;
        break;
    case 8:
        packet.chaddr = filled(6, 0xff);
        break;
    case 9:
        packet.htype = INFINIBAND;
        packet.hlen = 0;
        break;
    case 10:
        packet.htype = choices.byte();
        break;
    case 11:
        packet.hlen = choices.byte();
        packet.chaddr = choices.bytes(CHADDR_SIZE);
        break;
    default:
        break;
    }
}

std::optional<Bytes>
chooseOption61(Choices& choices, Bytes& others) {
    const auto shared = chooseIdentifier(choices);
    switch (choices.below(16)) {
    case 7:
        return (std::nullopt);
    case 8:
        return (Bytes());
    case 9:
        return (derive(chooseMachine(choices), shared));
    case 10:
        return (choices.bytes(choices.byte()));
    case 11:
        // Twice: the server reads both as one.
        appendOption(others, DHO_DHCP_CLIENT_IDENTIFIER, choices.bytes(choices.below(8)));
        return (shared);
    case 12:
        return (filled(200 + choices.below(200), 0xff));
    case 13:
        return (ByteView(shared.data(), choices.below(shared.size())).copy());
    case 14: {
        auto longer = shared;
        append(longer, choices.bytes(choices.byte()));
        return (longer);
    }
    case 15:
        return (Bytes{1, 2, 0, 0, 0, 0, 1});
    default:
        return (shared);
    }
}

std::optional<uint32_t>
chooseOptionalAddress(Choices& choices, uint32_t subnet) {
    switch (choices.below(6)) {
    case 1:
    case 2:
    case 3:
        return (chooseAddress(choices, subnet));
    case 4:
        return (chooseAddress(choices, 1 + static_cast<uint32_t>(choices.below(SUBNETS))));
    case 5:
        return (choices.number());
    default:
        return (std::nullopt);
    }
}

void
chooseOthers(Choices& choices, Bytes& others) {
    const auto subnet = 1 + static_cast<uint32_t>(choices.below(SUBNETS));
    switch (choices.below(13)) {
    case 4:
        appendOption(others, DHO_VENDOR_CLASS_IDENTIFIER, characters("PXEClient:Arch:00007"));
        break;
    case 5: {
        Bytes selection{5, 4};
        append(selection, fromNumber(addressIn(subnet, 0)));
        appendOption(others, DHO_DHCP_AGENT_OPTIONS, selection);
        break;
    }
    case 6:
        appendOption(others, DHO_SUBNET_SELECTION, fromNumber(addressIn(subnet, 0)));
        break;
    case 7:
        appendOption(others, DHO_DHCP_AGENT_OPTIONS, choices.bytes(choices.below(40)));
        break;
    case 8:
        appendOption(others, DHO_HOST_NAME, choices.bytes(choices.below(64)));
        break;
    case 9:
        // Options in sname and file too.
        appendOption(others, DHO_DHCP_OPTION_OVERLOAD, {choices.byte()});
        break;
    case 10:
        appendOption(others, choices.byte(), choices.bytes(choices.below(64)));
        break;
    case 11:
        append(others, choices.bytes(choices.below(64)));
        break;
    case 12: {
        // The circuit and the remote end.
        Bytes relay;
        appendOption(relay, 1, choices.bytes(choices.below(16)));
        appendOption(relay, 2, choices.bytes(choices.below(16)));
        appendOption(others, DHO_DHCP_AGENT_OPTIONS, relay);
        break;
    }
    default:
        break;
    }
}

}  // namespace

Bytes
Packet::write() const {
    Bytes bytes{op, htype, hlen, hops, 0x0b, 0xad, 0xca, 0xfe};
    append(bytes, {static_cast<uint8_t>(secs >> 8U), static_cast<uint8_t>(secs),
                   static_cast<uint8_t>(flags >> 8U), static_cast<uint8_t>(flags)});
    for (const auto field : {ciaddr, yiaddr, uint32_t{0}, giaddr}) {
        append(bytes, fromNumber(field));
    }
    appendAfterAddresses(bytes, chaddr);
    if (type) {
        appendOption(bytes, DHO_DHCP_MESSAGE_TYPE, {*type});
    }
    if (identifier) {
        appendOption(bytes, DHO_DHCP_CLIENT_IDENTIFIER, *identifier);
    }
    if (requested) {
        appendOption(bytes, DHO_DHCP_REQUESTED_ADDRESS, fromNumber(*requested));
    }
    if (server) {
        appendOption(bytes, DHO_DHCP_SERVER_IDENTIFIER, fromNumber(*server));
    }
    append(bytes, others);
    bytes.push_back(DHO_END);
    return (bytes);
}

HardwareAddress
chooseMachine(Choices& choices) {
    return (mac(1 + static_cast<uint32_t>(choices.below(MACHINES))));
}

Bytes
chooseIdentifier(Choices& choices) {
    // A DUID of each kind, and an identifier without one.
    static const std::array<Bytes, 8> identifiers{
        cloneIdentifier(),
        identifierNumber(1),
        identifierNumber(2),
        identifierNumber(3),
        hex("ff:bc:24:11:01:00:01:00:01:2c:0b:aa:10:bc:24:11:00:00:01"),
        hex("ff:00:00:00:01:00:03:00:01:52:54:00:12:34:56"),
        hex("ff:11:22:33:44:00:04:4c:4c:45:44:00:42:35:10:80:53:b4:c0:4f:56:44:33"),
        hex("01:bc:24:11:00:00:01"),
    };
    return (identifiers.at(choices.below(identifiers.size())));
}

uint32_t
chooseAddress(Choices& choices, uint32_t subnet) {
    return (addressIn(subnet, 10 + static_cast<uint32_t>(choices.below(6))));
}

Packet
ordinary(uint8_t type, uint32_t subnet, const HardwareAddress& sender, const Bytes& identifier) {
    Packet packet;
    packet.type = type;
    packet.htype = sender.type();
    packet.hlen = static_cast<uint8_t>(sender.bytes().size());
    packet.chaddr = sender.bytes().copy();
    packet.giaddr = addressIn(subnet, 1);
    packet.identifier = identifier;
    return (packet);
}

Packet
chooseStranger(Choices& choices) {
    constexpr uint8_t TYPES[] = {DHCPDISCOVER, DHCPREQUEST, DHCPREQUEST, DHCPREQUEST,
                                 DHCPRELEASE,  DHCPDECLINE, DHCPINFORM,  0};
    Packet packet;
    const auto subnet = 1 + static_cast<uint32_t>(choices.below(SUBNETS));
    const auto type = choices.below(9);
    packet.type = type == 8 ? choices.byte() : TYPES[type];
    if (packet.type == 0) {
        packet.type.reset();
    }
    chooseSender(choices, packet);
    packet.identifier = chooseOption61(choices, packet.others);
    packet.ciaddr = chooseOptionalAddress(choices, subnet).value_or(0);
    packet.requested = chooseOptionalAddress(choices, subnet);
    packet.server = choices.below(3) == 1 ? std::optional<uint32_t>(addressIn(1, 2)) : std::nullopt;
    const auto relayed = choices.below(8);
    packet.giaddr = relayed == 7 ? 0 : relayed == 6 ? choices.number() : addressIn(subnet, 1);
    chooseOthers(choices, packet.others);
    if (choices.below(4) == 3) {
        packet.op = choices.byte();
        packet.hops = choices.byte();
        packet.secs = choices.byte();
        packet.flags = static_cast<uint16_t>(choices.byte() << 8U);
        packet.yiaddr = choices.number();
    }
    return (packet);
}

}  // namespace fuzz
}  // namespace clone_guard
