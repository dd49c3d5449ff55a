// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/failure.h>
#include <tool/listen/dhcp_options.h>
#include <tool/listen/dhcpv6_reader.h>
#include <tool/listen/frame_decoder.h>

#include <pcap/pcap.h>
#include <tins/bootp.h>
#include <tins/constants.h>
#include <tins/dot1q.h>
#include <tins/ethernetII.h>
#include <tins/exceptions.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/loopback.h>
#include <tins/rawpdu.h>
#include <tins/sll.h>
#include <tins/udp.h>

#include <algorithm>
#include <memory>

namespace clone_guard {

namespace {

constexpr uint16_t SERVER_PORT = 67;
constexpr uint16_t CLIENT_PORT = 68;
/// RFC 8415 section 7.2. A client or relay may send from any port.
constexpr uint16_t CLIENT_PORT_V6 = 546;
constexpr uint16_t SERVER_PORT_V6 = 547;
constexpr uint8_t BOOTREQUEST = 1;
constexpr uint8_t BOOTREPLY = 2;

/// The fixed part of a message, RFC 2131 section 2.
constexpr size_t HEADER = 236;
constexpr size_t CHADDR = 16;
constexpr size_t SNAME = 64;
constexpr size_t FILE_NAME = 128;

/// The header of a Linux cooked capture, version 2: protocol (2), reserved (2), interface (4), and 12 bytes about the
/// sender. https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
constexpr size_t COOKED2_HEADER = 20;
constexpr size_t COOKED2_INTERFACE = 4;
constexpr size_t COOKED2_ADDRESS_SIZE = 11;
constexpr size_t COOKED2_ADDRESS = 12;

using Pdu = std::unique_ptr<Tins::PDU>;

/// Decodes what follows a protocol number of Ethernet.
Pdu
parsePayload(uint16_t protocol, ByteView bytes) {
    const auto size = static_cast<uint32_t>(bytes.size());
    switch (protocol) {
    case Tins::Constants::Ethernet::IP:
        return (std::make_unique<Tins::IP>(bytes.data(), size));
    case Tins::Constants::Ethernet::IPV6:
        return (std::make_unique<Tins::IPv6>(bytes.data(), size));
    case Tins::Constants::Ethernet::VLAN:
    case Tins::Constants::Ethernet::QINQ:
    case Tins::Constants::Ethernet::OLD_QINQ:
        return (std::make_unique<Tins::Dot1Q>(bytes.data(), size));
    default:
        return (nullptr);
    }
}

Pdu
parseCooked2(ByteView frame, Message& message) {
    if (frame.size() < COOKED2_HEADER) {
        return (nullptr);
    }
    message.segment.link = toNumber({frame.data() + COOKED2_INTERFACE, 4});
    const auto size =
        std::min<size_t>(frame.data()[COOKED2_ADDRESS_SIZE], COOKED2_HEADER - COOKED2_ADDRESS);
    message.frame_source =
        HardwareAddress(HardwareAddress::ETHERNET, ByteView(frame.data() + COOKED2_ADDRESS, size));
    return (
        parsePayload(static_cast<uint16_t>(toNumber({frame.data(), 2})), frame.from(COOKED2_HEADER)));
}

Pdu
parseFrame(int link_type, ByteView frame, Message& message) {
    const auto size = static_cast<uint32_t>(frame.size());
    switch (link_type) {
    case DLT_EN10MB:
        return (std::make_unique<Tins::EthernetII>(frame.data(), size));
    case DLT_LINUX_SLL:
        return (std::make_unique<Tins::SLL>(frame.data(), size));
    case DLT_LINUX_SLL2:
        return (parseCooked2(frame, message));
    case DLT_NULL:
    case DLT_LOOP:
        return (std::make_unique<Tins::Loopback>(frame.data(), size));
    default:
        break;
    }
    constexpr unsigned VERSION_6 = 6;
    if (!frame.empty() && frame[0] >> 4U == VERSION_6) {
        return (std::make_unique<Tins::IPv6>(frame.data(), size));
    }
    return (std::make_unique<Tins::IP>(frame.data(), size));
}

IpAddress
toAddress(const Tins::IPv4Address& address) {
    return (IpAddress(Tins::Endian::be_to_host(static_cast<uint32_t>(address))));
}

HardwareAddress
toAddress(const Tins::HWAddress<6>& address) {
    return (HardwareAddress(HardwareAddress::ETHERNET, ByteView(address.begin(), address.size())));
}

/// Reads tags and addresses below UDP.
void
readLayers(const Tins::PDU& frame, Message& message) {
    for (const auto* pdu = &frame; pdu != nullptr; pdu = pdu->inner_pdu()) {
        if (const auto* const tag = dynamic_cast<const Tins::Dot1Q*>(pdu)) {
            message.segment.vlan = (message.segment.vlan << 12U) | tag->id();
        } else if (const auto* const ethernet = dynamic_cast<const Tins::EthernetII*>(pdu)) {
            message.frame_source = toAddress(ethernet->src_addr());
            message.frame_target = toAddress(ethernet->dst_addr());
        } else if (const auto* const cooked = dynamic_cast<const Tins::SLL*>(pdu)) {
            const auto source = cooked->address();
            const auto size = std::min<size_t>(cooked->lladdr_len(), source.size());
            message.frame_source =
                HardwareAddress(HardwareAddress::ETHERNET, ByteView(source.begin(), size));
        } else if (const auto* const ip = dynamic_cast<const Tins::IP*>(pdu)) {
            message.ip_source = toAddress(ip->src_addr());
        } else if (const auto* const ipv6 = dynamic_cast<const Tins::IPv6*>(pdu)) {
            message.ip_source = seenAddress(ipv6->src_addr());
            message.ip_target = seenAddress(ipv6->dst_addr());
        } else if (pdu->pdu_type() == Tins::PDU::UDP) {
            return;
        }
    }
}

bool
isV4(const Tins::UDP& udp) {
    const auto is_port = [](uint16_t port) { return (port == SERVER_PORT || port == CLIENT_PORT); };
    return (is_port(udp.dport()) && is_port(udp.sport()));
}

bool
isV6(const Tins::UDP& udp) {
    return (udp.dport() == SERVER_PORT_V6 || udp.dport() == CLIENT_PORT_V6);
}

FrameDecoder::Result
decodeV6(ByteView bytes, Message& message) {
    switch (readDhcpv6(bytes, message)) {
    case Dhcpv6Result::COMPLETE:
        return (FrameDecoder::Result::MESSAGE);
    case Dhcpv6Result::OTHER:
        return (FrameDecoder::Result::OTHER);
    case Dhcpv6Result::DAMAGED:
        break;
    }
    return (FrameDecoder::Result::DAMAGED);
}

FrameDecoder::Result
decodeV4(ByteView bytes, Message& message) {
    if (bytes.size() < HEADER) {
        return (FrameDecoder::Result::DAMAGED);
    }
    const Tins::BootP header(bytes.data(), static_cast<uint32_t>(bytes.size()), 0);
    if (header.opcode() != BOOTREQUEST && header.opcode() != BOOTREPLY) {
        return (FrameDecoder::Result::DAMAGED);
    }
    message.is_reply = header.opcode() == BOOTREPLY;
    message.transaction_id = header.xid();
    const auto address = header.chaddr();
    message.hw_address = HardwareAddress(
        header.htype(), ByteView(address.begin(), std::min<size_t>(header.hlen(), CHADDR)));
    message.client_address = toAddress(header.ciaddr());
    message.your_address = toAddress(header.yiaddr());
    message.segment.relay = toAddress(header.giaddr());
    switch (readOptions(
        {bytes.from(HEADER), ByteView(header.file(), FILE_NAME), ByteView(header.sname(), SNAME)},
        message)) {
    case OptionsResult::COMPLETE:
        return (FrameDecoder::Result::MESSAGE);
    case OptionsResult::NO_TYPE:
        return (FrameDecoder::Result::OTHER);
    case OptionsResult::DAMAGED:
        break;
    }
    return (FrameDecoder::Result::DAMAGED);
}

}  // namespace

FrameDecoder::FrameDecoder(int link_type) : link_type_(link_type) {
    switch (link_type) {
    case DLT_EN10MB:
    case DLT_LINUX_SLL:
    case DLT_LINUX_SLL2:
    case DLT_NULL:
    case DLT_LOOP:
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
        return;
    default:
        break;
    }
    const char* const name = pcap_datalink_val_to_name(link_type);
    throw Failure(std::string("frames of the link type ") +
                  (name ? std::string(name) : std::to_string(link_type)) +
                  " are not supported; capture on Ethernet, a bridge or the interface 'any'");
}

FrameDecoder::Result
FrameDecoder::decode(ByteView frame, Message& message) const {
    message = Message();
    try {
        const auto parsed = parseFrame(link_type_, frame, message);
        const auto* const udp = parsed ? parsed->find_pdu<Tins::UDP>() : nullptr;
        const auto* const payload = udp ? udp->find_pdu<Tins::RawPDU>() : nullptr;
        if (!payload || !(isV4(*udp) || isV6(*udp))) {
            return (Result::OTHER);
        }
        readLayers(*parsed, message);
        const auto& bytes = payload->payload();
        const ByteView view(bytes.data(), bytes.size());
        return (isV4(*udp) ? decodeV4(view, message) : decodeV6(view, message));
    } catch (const Tins::exception_base&) {
        return (Result::DAMAGED);
    }
}

}  // namespace clone_guard
