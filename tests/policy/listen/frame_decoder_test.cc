// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/listen/capture_builder.h>
#include <tests/policy/support.h>

#include <tool/cli/failure.h>
#include <tool/listen/frame_decoder.h>

#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

using Result = FrameDecoder::Result;

Result
decode(int link_type, const Bytes& frame, Message& message) {
    return (FrameDecoder(link_type).decode(frame, message));
}

/// A payload whose options are these bytes, after the magic cookie.
Bytes
payloadWith(const std::string& options) {
    auto payload = payloadOf(query(MessageType::DISCOVER, 1, 0));
    payload.resize(240);
    const auto bytes = hex(options);
    payload.insert(payload.end(), bytes.begin(), bytes.end());
    return (payload);
}

}  // namespace

// All that the observer needs of a message.
TEST(FrameDecoderTest, fields) {
    auto sent = reply(MessageType::ACK, query(MessageType::REQUEST, 7, 5), address(100));
    sent.segment.relay = address(254);
    sent.client_address = address(99);
    sent.requested_address = address(98);
    sent.hostname = "web-7";
    sent.vendor_class = "anaconda";
    sent.requested_options = hex("01 03 06");
    Message message;
    ASSERT_EQ(decode(DLT_EN10MB, frameOf(sent), message), Result::MESSAGE);
    EXPECT_EQ(message.type, MessageType::ACK);
    EXPECT_TRUE(message.is_reply);
    EXPECT_EQ(message.transaction_id, 7005U);
    EXPECT_EQ(message.hw_address, mac(7));
    EXPECT_EQ(message.hw_address.type(), HardwareAddress::ETHERNET);
    EXPECT_EQ(message.frame_source, mac(0xfe));
    EXPECT_EQ(message.ip_source, SERVER);
    EXPECT_EQ(message.client_address, address(99));
    EXPECT_EQ(message.your_address, address(100));
    EXPECT_EQ(message.requested_address, address(98));
    EXPECT_EQ(message.server, SERVER);
    EXPECT_EQ(message.segment.relay, address(254));
    EXPECT_EQ(message.segment.vlan, 0U);
    EXPECT_EQ(message.lease_time, std::chrono::seconds(600));
    EXPECT_EQ(message.identifier, cloneIdentifier());
    EXPECT_EQ(message.hostname, "web-7");
    EXPECT_EQ(message.vendor_class, "anaconda");
    EXPECT_EQ(message.requested_options, hex("01 03 06"));
}

// Each link type that a bridge, a tunnel or the interface 'any' has, with and without tags.
TEST(FrameDecoderTest, linkTypes) {
    const auto packet = packetOf(payloadOf(query(MessageType::DISCOVER, 3, 0)), address(3));
    const auto loopback = [&packet] {
        Bytes bytes = hex("02 00 00 00");
        bytes.insert(bytes.end(), packet.begin(), packet.end());
        return (bytes);
    }();
    struct Case {
        const char* name;
        int link_type;
        Bytes frame;
        uint32_t vlan;
        uint32_t link;
    };
    const std::vector<Case> cases{
        {"Ethernet", DLT_EN10MB, ethernetOf(packet), 0, 0},
        {"802.1Q", DLT_EN10MB, ethernetOf(packet, {{0x8100, 100}}), 100, 0},
        {"802.1Q with priority", DLT_EN10MB, ethernetOf(packet, {{0x8100, 0xe000 + 100}}), 100, 0},
        {"QinQ", DLT_EN10MB, ethernetOf(packet, {{0x88a8, 20}, {0x8100, 100}}), (20U << 12U) + 100, 0},
        {"old QinQ", DLT_EN10MB, ethernetOf(packet, {{0x9100, 20}, {0x8100, 100}}), (20U << 12U) + 100,
         0},
        {"two 802.1Q", DLT_EN10MB, ethernetOf(packet, {{0x8100, 4094}, {0x8100, 1}}), (4094U << 12U) + 1,
         0},
        {"cooked", DLT_LINUX_SLL, cookedOf(packet), 0, 0},
        {"cooked 2", DLT_LINUX_SLL2, cooked2Of(packet, 17), 0, 17},
        {"raw", DLT_RAW, packet, 0, 0},
        {"loopback", DLT_NULL, loopback, 0, 0},
    };
    for (const auto& one : cases) {
        Message message;
        EXPECT_EQ(decode(one.link_type, one.frame, message), Result::MESSAGE) << one.name;
        EXPECT_EQ(message.hw_address, mac(3)) << one.name;
        EXPECT_EQ(message.ip_source, address(3)) << one.name;
        EXPECT_EQ(message.segment.vlan, one.vlan) << one.name;
        EXPECT_EQ(message.segment.link, one.link) << one.name;
        const bool has_address = one.link_type != DLT_RAW && one.link_type != DLT_NULL;
        EXPECT_EQ(message.frame_source, has_address ? mac(0xfe) : HardwareAddress()) << one.name;
    }
    EXPECT_THROW(FrameDecoder(DLT_IEEE802_11_RADIO), Failure);
}

// RFC 3396: the parts of an option are joined. RFC 2132 section 9.3: options continue in file, then in sname.
TEST(FrameDecoderTest, splitAndOverloadedOptions) {
    Message message;
    EXPECT_EQ(
        decode(DLT_RAW, packetOf(payloadWith("35 01 01 3d 03 ff ca 53 00 3d 02 09 5a ff")), message),
        Result::MESSAGE);
    EXPECT_EQ(message.identifier, hex("ff ca 53 09 5a"));
    auto payload = payloadWith("34 01 03 3d 02 ff ca ff");
    const auto file = hex("3d 01 53 35 01 03 ff");
    const auto sname = hex("3d 01 09 ff");
    std::copy(file.begin(), file.end(), payload.begin() + 108);
    std::copy(sname.begin(), sname.end(), payload.begin() + 44);
    EXPECT_EQ(decode(DLT_RAW, packetOf(payload), message), Result::MESSAGE);
    EXPECT_EQ(message.identifier, hex("ff ca 53 09"));
    EXPECT_EQ(message.type, MessageType::REQUEST);
}

// RFC 3046 section 2.0, and the host name of RFC 4702.
TEST(FrameDecoderTest, suboptionsAndNames) {
    Message message;
    EXPECT_EQ(decode(DLT_RAW, packetOf(payloadWith("35 01 01 52 07 01 02 61 62 02 01 63 ff")), message),
              Result::MESSAGE);
    EXPECT_EQ(message.circuit_id, hex("61 62"));
    EXPECT_EQ(message.remote_id, hex("63"));
    EXPECT_EQ(
        decode(DLT_RAW, packetOf(payloadWith("35 01 01 51 09 04 00 00 03 61 62 63 01 64 ff")), message),
        Result::MESSAGE);
    EXPECT_EQ(message.hostname, "abc");
    EXPECT_EQ(
        decode(DLT_RAW, packetOf(payloadWith("35 01 01 51 08 00 00 00 61 62 63 2e 64 ff")), message),
        Result::MESSAGE);
    EXPECT_EQ(message.hostname, "abc");
}

// A frame without DHCP is left out. A DHCP message that contradicts itself is counted as damaged.
TEST(FrameDecoderTest, otherAndDamaged) {
    const std::vector<std::pair<const char*, Result>> cases{
        {"35 01 01 3d 05 ff", Result::DAMAGED},        // the option is longer than the message
        {"35 01 01 3d", Result::DAMAGED},              // the length is missing
        {"35 01 01", Result::MESSAGE},                 // no end option
        {"35 01 01 ff 3d 99", Result::MESSAGE},        // anything may follow the end
        {"0c 01 61 ff", Result::OTHER},                // BOOTP
        {"35 01 09 ff", Result::OTHER},                // not a type of RFC 2132
        {"35 01 01 52 02 01 09 ff", Result::MESSAGE},  // a suboption that is too long is left out
        {"35 01 01 36 03 01 02 03 ff", Result::MESSAGE}};
    Message message;
    for (const auto& [options, result] : cases) {
        EXPECT_EQ(decode(DLT_EN10MB, ethernetOf(packetOf(payloadWith(options))), message), result)
            << options;
    }
    auto other_port = packetOf(payloadWith("35 01 01 ff"));
    other_port[23] = 69;
    EXPECT_EQ(decode(DLT_EN10MB, ethernetOf(other_port), message), Result::OTHER);
    EXPECT_EQ(decode(DLT_EN10MB, ethernetOf(packetOf(Bytes(100))), message), Result::DAMAGED);
}

// No beginning of a frame is read beyond its end, and only the whole one is a message.
TEST(FrameDecoderTest, cutFrames) {
    const auto packet = packetOf(payloadOf(query(MessageType::DISCOVER, 3, 0)));
    const std::vector<std::pair<int, Bytes>> frames{
        {DLT_EN10MB, ethernetOf(packet, {{0x88a8, 20}, {0x8100, 100}})},
        {DLT_LINUX_SLL, cookedOf(packet)},
        {DLT_LINUX_SLL2, cooked2Of(packet, 17)},
        {DLT_RAW, packet}};
    for (const auto& [link_type, frame] : frames) {
        // The message is complete without its end option.
        for (size_t size = 0; size + 1 < frame.size(); ++size) {
            // A copy of this size alone, so that a sanitizer sees each byte that is read beyond it.
            const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
            Message message;
            const auto result = decode(link_type, cut, message);
            EXPECT_TRUE(result != Result::MESSAGE || message.hostname.empty())
                << link_type << " " << size;
        }
    }
}

}  // namespace test
}  // namespace clone_guard
