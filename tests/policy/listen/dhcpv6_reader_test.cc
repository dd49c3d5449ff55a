// SPDX-License-Identifier: MPL-2.0
//
// What the decoder reads of a DHCPv6 message.

#include <tests/policy/listen/capture_builder.h>
#include <tests/policy/listen/dhcpv6_builder.h>
#include <tests/policy/support.h>

#include <tool/listen/frame_decoder.h>

#include <gtest/gtest.h>
#include <pcap/dlt.h>

#include <chrono>
#include <utility>

namespace clone_guard {
namespace test {

namespace {

using Result = FrameDecoder::Result;
using std::chrono::seconds;

constexpr const char* ADDRESS = "2001:db8::100";
constexpr const char* PRIVACY = "fe80::1234:5678:9abc:def0";

Result
decode(const Bytes& frame, Message& message, int link_type = DLT_EN10MB) {
    return (FrameDecoder(link_type).decode(frame, message));
}

/// The result for a client's message.
Result
resultOf(const Bytes& payload) {
    Message message;
    return (decode(fromClient(mac(1), payload), message));
}

/// The message of a frame, which has to have one.
Message
decoded(const Bytes& frame) {
    Message message;
    EXPECT_EQ(decode(frame, message), Result::MESSAGE);
    return (message);
}

/// A client's message with one option beside its DUID.
Message
withOption(const Bytes& option, const Bytes& duid = cloneDuid()) {
    return (decoded(fromClient(mac(1), message6(Type6::SOLICIT, 1, {clientId(duid), option}))));
}

/// A reply with options beside the DUIDs.
Message
replyWith(std::vector<Bytes> options) {
    options.insert(options.begin(), {clientId(cloneDuid()), serverId()});
    return (decoded(toClient(mac(1), message6(Type6::REPLY, 1, options))));
}

/// A query behind relays in a row that add no option.
Bytes
behindRelays(int count) {
    auto nested = ask(Type6::SOLICIT, 1);
    for (int i = 0; i < count; ++i) {
        nested = relayed6(Type6::RELAY_FORW, "::", linkLocal(mac(1)), nested);
    }
    return (betweenRelayAndServer(nested));
}

const Bytes&
option79() {
    static const Bytes option = option6(79, hex("00 01 bc 24 11 00 00 08"));
    return (option);
}

const Bytes&
noBinding() {
    static const Bytes status = option6(13, hex("00 03"));
    return (status);
}

/// An IA_NA with one option.
Bytes
iaNaWith(const Bytes& option) {
    auto value = hex("00 00 00 01 00 00 00 00 00 00 00 00");
    value.insert(value.end(), option.begin(), option.end());
    return (option6(3, value));
}

}  // namespace

// RFC 8415: what the observer needs of a query and of a reply.
TEST(Dhcpv6ReaderTest, fields) {
    const auto name = hex("01 05 77 65 62 2d 37 02 64 65 00");
    const auto query = decoded(
        fromClient(mac(7), message6(Type6::RENEW, 0x123456,
                                    {clientId(cloneDuid()), serverId(), iaNa(CLONE_IAID, {ADDRESS}),
                                     iaPd(1, "2001:db8:1::"), option6(39, name)})));
    EXPECT_TRUE(query.segment.is_ipv6);
    EXPECT_FALSE(query.is_reply);
    EXPECT_TRUE(query.isRenewal());
    EXPECT_EQ(query.transaction_id, 0x123456U);
    EXPECT_EQ(query.hw_address, mac(7));
    EXPECT_EQ(query.hostname, "web-7");
    ASSERT_EQ(query.associations.size(), 2U);
    EXPECT_EQ(query.associations[0].identifier, cloneIdentifier());
    ASSERT_EQ(query.associations[0].addresses.size(), 1U);
    EXPECT_EQ(query.associations[0].addresses[0].address.toText(), ADDRESS);
    EXPECT_EQ(query.associations[0].addresses[0].lifetime, std::chrono::seconds(600));
    EXPECT_EQ(query.associations[1].addresses[0].address.toText(), "2001:db8:1::/56");
    const auto reply = decoded(toClient(mac(7), answer(1, ADDRESS)));
    EXPECT_EQ(reply.type, MessageType::ACK);
    EXPECT_TRUE(reply.is_reply);
    EXPECT_EQ(reply.hw_address, mac(7));
    EXPECT_EQ(reply.ip_source.toText(), "fe80::be24:11ff:fe00:fe");
    EXPECT_EQ(toHex(reply.server_duid), "00:03:00:01:bc:24:11:00:00:fe");
}

// The hardware address of the client: of the frame, of option 79 (RFC 6939), or of the address behind the relay next to
// it. A message without any of these is not evidence.
TEST(Dhcpv6ReaderTest, hardwareAddresses) {
    const auto query = ask(Type6::SOLICIT, 1);
    EXPECT_EQ(decoded(fromClient(mac(7), query, PRIVACY)).hw_address, mac(7));
    EXPECT_FALSE(decoded(fromClient(mac(7), query, "2001:db8::77")).hw_address.usable());
    EXPECT_EQ(decoded(toClient(mac(7), answer(1, ADDRESS), PRIVACY)).hw_address, mac(7));
    const auto relay = [&](const std::string& peer, const std::vector<Bytes>& options = {}) {
        return (relayed6(Type6::RELAY_FORW, "2001:db8::1", peer, query, options));
    };
    auto message = decoded(betweenRelayAndServer(relay(linkLocal(mac(7)))));
    EXPECT_EQ(message.hw_address, mac(7));
    EXPECT_EQ(message.segment.relay.toText(), "2001:db8::1");
    EXPECT_FALSE(decoded(betweenRelayAndServer(relay(PRIVACY))).hw_address.usable());
    EXPECT_EQ(decoded(betweenRelayAndServer(relay(PRIVACY, {option79()}))).hw_address, mac(8));
    // Two relays in a row: the inner one is next to the client.
    message = decoded(betweenRelayAndServer(relayed6(Type6::RELAY_FORW, "2001:db8:5::1", "fe80::5",
                                                     relay(PRIVACY, {option79()}), {option79()})));
    EXPECT_EQ(message.hw_address, mac(8));
    EXPECT_EQ(message.segment.relay.toText(), "2001:db8::1");
    message = decoded(betweenRelayAndServer(
        relayed6(Type6::RELAY_REPL, "2001:db8::1", linkLocal(mac(7)), answer(1, ADDRESS)), false));
    EXPECT_EQ(message.hw_address, mac(7));
    EXPECT_TRUE(message.is_reply);
}

// Messages that concern no client are left out; those that contradict themselves are counted as damaged.
TEST(Dhcpv6ReaderTest, otherAndDamaged) {
    EXPECT_EQ(resultOf(message6(Type6::RECONFIGURE, 1, {})), Result::OTHER);
    EXPECT_EQ(resultOf(message6(static_cast<Type6>(14), 1, {})), Result::OTHER);  // LEASEQUERY, RFC 5007
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {})), Result::MESSAGE);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {option6(3, hex("00 00 00 01"))})), Result::DAMAGED);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {option6(4, hex("00 00 00 01"))})), Result::MESSAGE);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {option6(4, hex("00 00 00"))})), Result::DAMAGED);
    // A status, an address and a prefix that are cut short.
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {iaNaWith(hex("00 0d 00 05 00 01 00"))})),
              Result::DAMAGED);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {iaNaWith(option6(5, Bytes(24, 1)))})),
              Result::MESSAGE);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {iaNaWith(option6(5, Bytes(23, 1)))})),
              Result::DAMAGED);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {iaNaWith(option6(26, Bytes(25, 1)))})),
              Result::MESSAGE);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {iaNaWith(option6(26, Bytes(24, 1)))})),
              Result::DAMAGED);
    // The good address of an association does not hide the bad one.
    const auto bad_then_good = [] {
        auto options = option6(5, Bytes(23, 1));
        const auto good = option6(5, Bytes(24, 1));
        options.insert(options.end(), good.begin(), good.end());
        return (options);
    }();
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {iaNaWith(bad_then_good)})), Result::DAMAGED);
    EXPECT_EQ(resultOf(message6(Type6::SOLICIT, 1, {hex("00 01 00 09 00")})), Result::DAMAGED);
    EXPECT_EQ(resultOf(message6(Type6::RELAY_FORW, 1, {})), Result::DAMAGED);
    Message message;
    const auto packet = packet6("fe80::1", "ff02::1:2", 547, ask(Type6::SOLICIT, 1));
    EXPECT_EQ(decode(packet, message, DLT_RAW), Result::MESSAGE);
    auto cooked = hex("86 dd 00 00 00 00 00 07 00 01 01 06 bc 24 11 00 00 07 00 00");
    cooked.insert(cooked.end(), packet.begin(), packet.end());
    EXPECT_EQ(decode(cooked, message, DLT_LINUX_SLL2), Result::MESSAGE);
    EXPECT_EQ(message.hw_address, mac(7));
}

// RFC 8415 section 7.3: each message type has its counterpart in DHCPv4. Only RENEW shows that a client has been up since
// its boot: at boot it may send CONFIRM, and REBIND for its prefixes (section 18.2.12).
TEST(Dhcpv6ReaderTest, types) {
    const auto check = [](Type6 type, MessageType expected, bool is_reply, bool is_renewal = false) {
        const auto message = decoded(fromClient(mac(1), ask(type, 1, {ADDRESS})));
        EXPECT_EQ(message.type, expected) << static_cast<int>(type);
        EXPECT_EQ(message.is_reply, is_reply) << static_cast<int>(type);
        EXPECT_EQ(message.isRenewal(), is_renewal) << static_cast<int>(type);
    };
    check(Type6::SOLICIT, MessageType::DISCOVER, false);
    check(Type6::ADVERTISE, MessageType::OFFER, true);
    check(Type6::REQUEST, MessageType::REQUEST, false);
    check(Type6::CONFIRM, MessageType::REQUEST, false);
    check(Type6::RENEW, MessageType::REQUEST, false, true);
    check(Type6::REBIND, MessageType::REQUEST, false);
    check(Type6::REPLY, MessageType::ACK, true);
    check(Type6::RELEASE, MessageType::RELEASE, false);
    check(Type6::DECLINE, MessageType::DECLINE, false);
    check(Type6::INFORMATION_REQUEST, MessageType::INFORM, false);
}

// A reply that assigns nothing and has a failure is a refusal, wherever its status is.
TEST(Dhcpv6ReaderTest, refusals) {
    const auto type = [](std::vector<Bytes> options) { return (replyWith(std::move(options)).type); };
    const auto prefix_status = [] {
        auto value = hex("00 00 00 01 00 00 00 00 00 00 00 00");
        value.insert(value.end(), noBinding().begin(), noBinding().end());
        return (option6(25, value));
    }();
    EXPECT_EQ(type({noBinding()}), MessageType::NAK);
    EXPECT_EQ(type({iaNaWith(noBinding())}), MessageType::NAK);
    EXPECT_EQ(type({prefix_status}), MessageType::NAK);
    EXPECT_EQ(type({iaNa(1, {ADDRESS}, 0), noBinding()}), MessageType::NAK);
    EXPECT_EQ(type({option6(13, hex("00 00"))}), MessageType::ACK);
    EXPECT_EQ(type({iaNaWith(option6(13, hex("00 00")))}), MessageType::ACK);
    EXPECT_EQ(type({iaNa(1, {ADDRESS}, 0)}), MessageType::ACK);
    // An address, but no prefix.
    EXPECT_EQ(type({iaNa(1, {ADDRESS}), prefix_status}), MessageType::ACK);
    // One of two addresses is taken back.
    EXPECT_EQ(type({iaNa(1, {ADDRESS}, 0), iaNa(2, {ADDRESS}), noBinding()}), MessageType::ACK);
    EXPECT_EQ(decoded(fromClient(mac(1), message6(Type6::REQUEST, 1, {noBinding()}))).type,
              MessageType::REQUEST);
}

// IA_TA has no times. An unspecified address is a hint for a length alone.
TEST(Dhcpv6ReaderTest, associations) {
    auto value = hex("00 00 00 09");
    const auto address = iaNa(1, {ADDRESS});
    value.insert(value.end(), address.begin() + 16, address.end());
    auto message = withOption(option6(4, value));
    ASSERT_EQ(message.associations.size(), 1U);
    EXPECT_EQ(toHex(message.associations[0].identifier).substr(0, 14), "ff:00:00:00:09");
    ASSERT_EQ(message.associations[0].addresses.size(), 1U);
    EXPECT_EQ(message.associations[0].addresses[0].address.toText(), ADDRESS);
    EXPECT_TRUE(withOption(iaPd(1, "::")).associations[0].addresses.empty());
    message = withOption(iaPd(1, "2001:db8:1::", 600));
    EXPECT_EQ(message.associations[0].addresses[0].lifetime, seconds(600));
    EXPECT_TRUE(withOption(option6(6, hex("00 17"))).associations.empty());
}

// Further associations and addresses than a client can have are ignored.
TEST(Dhcpv6ReaderTest, bounds) {
    const auto count = [](uint32_t associations) {
        std::vector<Bytes> options{clientId(cloneDuid())};
        for (uint32_t i = 0; i < associations; ++i) {
            options.push_back(iaNa(i));
        }
        return (decoded(fromClient(mac(1), message6(Type6::SOLICIT, 1, options))).associations.size());
    };
    EXPECT_EQ(count(16), 16U);
    EXPECT_EQ(count(17), 16U);
    const auto addresses = [](size_t number) {
        return (withOption(iaNa(1, std::vector<std::string>(number, ADDRESS)))
                    .associations[0]
                    .addresses.size());
    };
    EXPECT_EQ(addresses(16), 16U);
    EXPECT_EQ(addresses(17), 16U);
    Message message;
    EXPECT_EQ(decode(behindRelays(32), message), Result::MESSAGE);
    EXPECT_EQ(decode(behindRelays(33), message), Result::DAMAGED);
}

// RFC 8415 section 11.1: a DUID has 3 to 130 bytes. Another one identifies neither a client nor a server.
TEST(Dhcpv6ReaderTest, duids) {
    const auto size = [](size_t duid) {
        return (withOption(iaNa(1), Bytes(duid, 7)).associations[0].identifier.size());
    };
    EXPECT_EQ(size(0), 0U);
    EXPECT_EQ(size(2), 0U);
    EXPECT_EQ(size(3), 8U);
    EXPECT_EQ(size(130), 135U);
    EXPECT_EQ(size(131), 0U);
    const auto server = [](size_t duid) {
        return (withOption(option6(2, Bytes(duid, 7))).server_duid.size());
    };
    EXPECT_EQ(server(130), 130U);
    EXPECT_EQ(server(131), 0U);
    EXPECT_TRUE(decoded(fromClient(mac(1), message6(Type6::SOLICIT, 1, {iaNa(1)})))
                    .associations[0]
                    .identifier.empty());
}

// The host name is the first label of option 39. It may be cut short or absent.
TEST(Dhcpv6ReaderTest, hostnames) {
    const auto name = [](const char* value) { return (withOption(option6(39, hex(value))).hostname); };
    EXPECT_EQ(name("01 05 77 65 62 2d 37"), "web-7");
    EXPECT_EQ(name("01 09 77 65 62"), "web");
    EXPECT_EQ(name("01 00"), "");
    EXPECT_EQ(name("01"), "");
}

// A relayed message is that of its client. What the relays around it add is read of the one next to the client.
TEST(Dhcpv6ReaderTest, relays) {
    const auto query = ask(Type6::SOLICIT, 1);
    const auto nested = [&](const std::string& link, const std::vector<Bytes>& inner) {
        return (decoded(betweenRelayAndServer(
            relayed6(Type6::RELAY_FORW, "2001:db8:5::1", "fe80::5",
                     relayed6(Type6::RELAY_FORW, link, PRIVACY, query, inner),
                     {option79(), option6(18, hex("aa")), option6(37, hex("bb"))}))));
    };
    auto message = nested("2001:db8::1", {option6(18, hex("65 31")), option6(37, hex("72 32"))});
    EXPECT_EQ(toHex(message.circuit_id), "65:31");
    EXPECT_EQ(toHex(message.remote_id), "72:32");
    EXPECT_EQ(message.peer.toText(), PRIVACY);
    // The hardware address that the outer relay adds is that of the inner one.
    EXPECT_FALSE(message.hw_address.usable());
    message = nested("::", {});
    EXPECT_TRUE(message.circuit_id.empty());
    EXPECT_TRUE(message.remote_id.empty());
    // A relay on layer 2 has no link-address (RFC 6221).
    EXPECT_EQ(message.segment.relay.toText(), "2001:db8:5::1");
}

// Option 79 has the type of the hardware (RFC 6939). A frame to a group of machines does not show the one that it is for.
TEST(Dhcpv6ReaderTest, groupsAndOtherHardware) {
    const auto infiniband = option6(79, hex("00 20 01 02 03 04 05 06 07 08"));
    auto message = decoded(betweenRelayAndServer(
        relayed6(Type6::RELAY_FORW, "2001:db8::1", PRIVACY, ask(Type6::SOLICIT, 1), {infiniband})));
    EXPECT_EQ(message.hw_address.type(), 32);
    EXPECT_EQ(message.hw_address, HardwareAddress(32, hex("01 02 03 04 05 06 07 08")));
    const auto empty = option6(79, hex("00 01"));
    EXPECT_FALSE(decoded(betweenRelayAndServer(relayed6(Type6::RELAY_FORW, "2001:db8::1", PRIVACY,
                                                        ask(Type6::SOLICIT, 1), {empty})))
                     .hw_address.usable());
    EXPECT_EQ(decoded(betweenRelayAndServer(relayed6(Type6::RELAY_FORW, "2001:db8::1", linkLocal(mac(7)),
                                                     ask(Type6::SOLICIT, 1), {empty})))
                  .hw_address,
              mac(7));
    const HardwareAddress group(HardwareAddress::ETHERNET, hex("33 33 00 00 00 01"));
    EXPECT_EQ(decoded(toClient(group, answer(1, ADDRESS), linkLocal(mac(7)))).hw_address, mac(7));
    EXPECT_FALSE(decoded(toClient(group, answer(1, ADDRESS), PRIVACY)).hw_address.usable());
}

// No beginning of a frame is read beyond its end.
TEST(Dhcpv6ReaderTest, cutFrames) {
    const auto frame = betweenRelayAndServer(
        relayed6(Type6::RELAY_FORW, "2001:db8::1", "fe80::1", ask(Type6::SOLICIT, 1, {ADDRESS})));
    for (size_t size = 0; size < frame.size(); ++size) {
        const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
        Message message;
        EXPECT_NE(decode(cut, message), Result::MESSAGE) << size;
    }
}

}  // namespace test
}  // namespace clone_guard
