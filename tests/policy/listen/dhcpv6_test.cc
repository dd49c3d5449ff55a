// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/listen/capture_builder.h>
#include <tests/policy/listen/dhcpv6_builder.h>
#include <tests/policy/support.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/listen/frame_decoder.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pcap/dlt.h>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

using Result = FrameDecoder::Result;

constexpr const char* SHARED = "2001:db8::100";

Bytes
clientId(const Bytes& duid) {
    return (option6(1, duid));
}

/// DUID-LL of a server.
Bytes
serverId(uint32_t server = 0xfe) {
    auto duid = hex("00 03 00 01");
    const auto address = mac(server);
    duid.insert(duid.end(), address.bytes().begin(), address.bytes().end());
    return (option6(2, duid));
}

/// A client's query from one IAID for an address.
Bytes
ask(Type6 type, uint32_t xid, const std::vector<std::string>& addresses = {}, uint32_t iaid = CLONE_IAID,
    const Bytes& duid = cloneDuid()) {
    return (message6(type, xid, {clientId(duid), iaNa(iaid, addresses)}));
}

Bytes
answer(uint32_t xid, const std::string& address, uint32_t iaid = CLONE_IAID,
       const Bytes& duid = cloneDuid(), Type6 type = Type6::REPLY) {
    return (message6(type, xid, {clientId(duid), serverId(), iaNa(iaid, {address})}));
}

Result
decode(const Bytes& frame, Message& message, int link_type = DLT_EN10MB) {
    return (FrameDecoder(link_type).decode(frame, message));
}

/// The message of a frame, which has to have one.
Message
decoded(const Bytes& frame) {
    Message message;
    EXPECT_EQ(decode(frame, message), Result::MESSAGE);
    return (message);
}

class Dhcpv6Test : public ::testing::Test {
protected:
    void add(double seconds, const Bytes& frame) {
        frames_.emplace_back(seconds, frame);
    }

    /// A machine extends the lease of its address, and the server agrees.
    void renew(uint32_t machine, double seconds, const std::string& address, uint32_t iaid = CLONE_IAID,
               const Bytes& duid = cloneDuid()) {
        const auto xid = static_cast<uint32_t>(machine * 1000 + seconds);
        add(seconds, fromClient(mac(machine), ask(Type6::RENEW, xid, {address}, iaid, duid)));
        add(seconds + 0.001, toClient(mac(machine), answer(xid, address, iaid, duid)));
    }

    /// Two clones renew one address in turn.
    void renewInTurn() {
        for (uint32_t turn = 0; turn < 4; ++turn) {
            renew(turn % 2 + 1, 100.0 * turn, SHARED);
        }
    }

    Outcome listen(const std::string& options = "") {
        return (run("listen " + options + " --read " + folder_.write("v6.pcap", pcapAt(frames_))));
    }

    void expectParts(const std::string& text, const std::vector<std::string>& parts) {
        for (const auto& part : parts) {
            EXPECT_TRUE(contains(text, part)) << part << " is missing in\n" << text;
        }
    }

    TemporaryFolder folder_;
    std::vector<std::pair<double, Bytes>> frames_;
};

}  // namespace

// RFC 8415: what the observer needs of a query and of a reply.
TEST_F(Dhcpv6Test, fields) {
    const auto name = hex("01 05 77 65 62 2d 37 02 64 65 00");
    const auto query = decoded(
        fromClient(mac(7), message6(Type6::RENEW, 0x123456,
                                    {clientId(cloneDuid()), serverId(), iaNa(CLONE_IAID, {SHARED}),
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
    EXPECT_EQ(query.associations[0].addresses[0].address.toText(), SHARED);
    EXPECT_EQ(query.associations[0].addresses[0].lifetime, std::chrono::seconds(600));
    EXPECT_EQ(query.associations[1].addresses[0].address.toText(), "2001:db8:1::/56");
    const auto reply = decoded(toClient(mac(7), answer(1, SHARED)));
    EXPECT_EQ(reply.type, MessageType::ACK);
    EXPECT_TRUE(reply.is_reply);
    EXPECT_EQ(reply.hw_address, mac(7));
    EXPECT_EQ(reply.ip_source.toText(), "fe80::be24:11ff:fe00:fe");
    EXPECT_EQ(toHex(reply.server_duid), "00:03:00:01:bc:24:11:00:00:fe");
    // The server has no such binding: a status in the association.
    const auto refusal = decoded(toClient(
        mac(7), message6(Type6::REPLY, 1,
                         {clientId(cloneDuid()),
                          option6(3, hex("00 00 00 01 00 00 00 00 00 00 00 00 00 0d 00 02 00 03"))})));
    EXPECT_EQ(refusal.type, MessageType::NAK);
}

// The hardware address of the client: of the frame, of option 79 (RFC 6939), or of the address behind the relay next to
// it. A message without any of these is not evidence.
TEST_F(Dhcpv6Test, hardwareAddresses) {
    const auto query = ask(Type6::SOLICIT, 1);
    const std::string privacy = "fe80::1234:5678:9abc:def0";
    EXPECT_EQ(decoded(fromClient(mac(7), query, privacy)).hw_address, mac(7));
    EXPECT_FALSE(decoded(fromClient(mac(7), query, "2001:db8::77")).hw_address.usable());
    EXPECT_EQ(decoded(toClient(mac(7), answer(1, SHARED), privacy)).hw_address, mac(7));
    const auto relay = [&](const std::string& peer, const std::vector<Bytes>& options = {}) {
        return (relayed6(Type6::RELAY_FORW, "2001:db8::1", peer, query, options));
    };
    auto message = decoded(betweenRelayAndServer(relay(linkLocal(mac(7)))));
    EXPECT_EQ(message.hw_address, mac(7));
    EXPECT_EQ(message.segment.relay.toText(), "2001:db8::1");
    EXPECT_FALSE(decoded(betweenRelayAndServer(relay(privacy))).hw_address.usable());
    const auto option79 = option6(79, hex("00 01 bc 24 11 00 00 08"));
    EXPECT_EQ(decoded(betweenRelayAndServer(relay(privacy, {option79}))).hw_address, mac(8));
    // Two relays in a row: the inner one is next to the client.
    message = decoded(betweenRelayAndServer(relayed6(Type6::RELAY_FORW, "2001:db8:5::1", "fe80::5",
                                                     relay(privacy, {option79}), {option79})));
    EXPECT_EQ(message.hw_address, mac(8));
    EXPECT_EQ(message.segment.relay.toText(), "2001:db8::1");
    message = decoded(betweenRelayAndServer(
        relayed6(Type6::RELAY_REPL, "2001:db8::1", linkLocal(mac(7)), answer(1, SHARED)), false));
    EXPECT_EQ(message.hw_address, mac(7));
    EXPECT_TRUE(message.is_reply);
}

// Messages that concern no client are left out; those that contradict themselves are counted as damaged.
TEST_F(Dhcpv6Test, otherAndDamaged) {
    Message message;
    const auto result = [&message](const Bytes& payload) {
        return (decode(fromClient(mac(1), payload), message));
    };
    EXPECT_EQ(result(message6(Type6::RECONFIGURE, 1, {})), Result::OTHER);
    EXPECT_EQ(result(message6(static_cast<Type6>(14), 1, {})), Result::OTHER);  // LEASEQUERY, RFC 5007
    EXPECT_EQ(result(message6(Type6::SOLICIT, 1, {})), Result::MESSAGE);
    EXPECT_EQ(result(message6(Type6::SOLICIT, 1, {option6(3, hex("00 00 00 01"))})), Result::DAMAGED);
    EXPECT_EQ(result(message6(Type6::SOLICIT, 1, {option6(4, hex("00 00 00 01"))})), Result::MESSAGE);
    EXPECT_EQ(result(message6(Type6::SOLICIT, 1,
                              {option6(3, hex("00 00 00 01 00 00 00 00 00 00 00 00 00 05 00 01 00"))})),
              Result::DAMAGED);
    EXPECT_EQ(result(message6(Type6::SOLICIT, 1, {hex("00 01 00 09 00")})), Result::DAMAGED);
    EXPECT_EQ(result(message6(Type6::RELAY_FORW, 1, {})), Result::DAMAGED);
    auto nested = ask(Type6::SOLICIT, 1);
    for (int i = 0; i < 40; ++i) {
        nested = relayed6(Type6::RELAY_FORW, "::", linkLocal(mac(1)), nested);
    }
    EXPECT_EQ(result(nested), Result::DAMAGED);
    // A DUID of no or of two bytes identifies no machine.
    ASSERT_EQ(result(message6(Type6::SOLICIT, 1, {clientId(hex("00 02")), iaNa(1)})), Result::MESSAGE);
    EXPECT_TRUE(message.associations[0].identifier.empty());
    EXPECT_EQ(decode(packet6("fe80::1", "ff02::1:2", 547, ask(Type6::SOLICIT, 1)), message, DLT_RAW),
              Result::MESSAGE);
}

// No beginning of a frame is read beyond its end.
TEST_F(Dhcpv6Test, cutFrames) {
    const auto frame = betweenRelayAndServer(
        relayed6(Type6::RELAY_FORW, "2001:db8::1", "fe80::1", ask(Type6::SOLICIT, 1, {SHARED})));
    for (size_t size = 0; size < frame.size(); ++size) {
        const Bytes cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
        Message message;
        EXPECT_NE(decode(cut, message), Result::MESSAGE) << size;
    }
}

// R12: clones with one DUID and one IAID get one address. The words and the remedy are those of DHCPv4.
TEST_F(Dhcpv6Test, rule12Clones) {
    renewInTurn();
    const auto outcome = listen();
    EXPECT_EQ(outcome.status, 1);
    expectParts(outcome.out,
                {"Clones: 1 client identifier on 2 machines.\n",
                 "  ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d\n", "interface  ens18",
                 "seen on    DHCPv6\n",
                 "back and forth, 3 times while the previous machine's lease was live",
                 "two machines were alive at the same time",
                 "remedy     in the template run 'truncate -s 0 /etc/machine-id", SHARED,
                 "Shared: 1 address acknowledged to a machine while the lease of another was live.",
                 "Server: 1 server answers.", "00:03:00:01:bc:24:11:00:00:fe",
                 "4 queries, 4 replies, 2 machines, 1 client identifier.\n"});
    const auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_EQ(json["clones"][0]["segments"], nlohmann::json::array({"DHCPv6"}));
    EXPECT_EQ(json["clones"][0]["machines"][1]["addresses"], nlohmann::json::array({SHARED}));
    EXPECT_EQ(json["addresses"][0]["address"], SHARED);
    EXPECT_EQ(json["servers"][0]["duid"], "00:03:00:01:bc:24:11:00:00:fe");
    EXPECT_EQ(json["servers"][0]["acks"], 4);
}

// systemd-networkd sends one DUID and one IAID in both protocols: that is one finding.
TEST_F(Dhcpv6Test, rule12BothProtocols) {
    renewInTurn();
    for (const uint32_t machine : {1U, 2U, 1U}) {
        auto request = renewal(machine, 0, address(100));
        add(500.0 + static_cast<double>(frames_.size()), frameOf(request));
    }
    const auto outcome = listen();
    expectParts(outcome.out, {"Clones: 1 client identifier on 2 machines.\n",
                              "seen on    DHCPv4; DHCPv6\n", "2 machines, 1 client identifier.\n"});
}

// One DUID with an IAID for each hardware address is a machine with two interfaces, or clones whose IAID comes from
// their hardware address. An inventory decides.
TEST_F(Dhcpv6Test, severalIaids) {
    for (uint32_t turn = 0; turn < 4; ++turn) {
        const auto machine = turn % 2 + 1;
        renew(machine, 100.0 * turn, "2001:db8::" + std::to_string(machine), 0x11000000 + machine);
    }
    auto outcome = listen();
    EXPECT_EQ(outcome.status, 0);
    expectParts(outcome.out, {"No clones found.",
                              "One DUID with several IAIDs: 1 DUID. Either clones, or one machine with "
                              "several interfaces: DHCP does not show which.",
                              "DUID 00:02:00:00:ab:11:",
                              "remedy  if they are clones: in the template run 'truncate"});
    EXPECT_EQ(nlohmann::json::parse(listen("--json").out)["duids"][0]["machines"].size(), 2U);
    const auto one =
        folder_.write("one.csv", "mac,name\nbc:24:11:00:00:01,router\nbc:24:11:00:00:02,router\n");
    outcome = listen("--inventory " + one);
    expectParts(outcome.out, {"inventory  one machine"});
    EXPECT_FALSE(contains(outcome.out, "remedy")) << outcome.out;
    const auto two =
        folder_.write("two.csv", "mac,name\nbc:24:11:00:00:01,web-1\nbc:24:11:00:00:02,web-2\n");
    expectParts(listen("--inventory " + two).out,
                {"inventory  clones", "remedy     in the template run 'truncate"});
}

// A machine that asks for an address and for a prefix, with an IAID each, has one DUID and one hardware address.
TEST_F(Dhcpv6Test, addressAndPrefixOfOneMachine) {
    for (const double seconds : {0.0, 300.0}) {
        add(seconds,
            fromClient(mac(1), message6(Type6::SOLICIT, 1, {clientId(cloneDuid()), iaNa(1), iaPd(2)})));
    }
    const auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_TRUE(json["clones"].empty());
    EXPECT_TRUE(json["duids"].empty());
}

// Cloned routers are delegated one prefix.
TEST_F(Dhcpv6Test, sharedPrefix) {
    for (const uint32_t machine : {1U, 2U}) {
        const auto seconds = 10.0 * machine;
        add(seconds, fromClient(mac(machine),
                                message6(Type6::REQUEST, machine, {clientId(cloneDuid()), iaPd(7)})));
        add(seconds + 1, toClient(mac(machine), message6(Type6::REPLY, machine,
                                                         {clientId(cloneDuid()), serverId(),
                                                          iaPd(7, "2001:db8:1::")})));
    }
    const auto outcome = listen();
    EXPECT_EQ(outcome.status, 1);
    expectParts(outcome.out, {"Shared: 1 address", "2001:db8:1::/56"});
}

// In DHCPv6 NetworkManager makes a DUID-UUID of the machine-id. The UUID of the SMBIOS has no part in it.
TEST_F(Dhcpv6Test, rule12NetworkManager) {
    const auto duid = hex("00 04 51 fe 19 3e 2b 5a 4c 1e 9d 3a 1b 2c 3d 4e 5f 60");
    for (uint32_t turn = 0; turn < 4; ++turn) {
        renew(turn % 2 + 1, 100.0 * turn, SHARED, CLONE_IAID, duid);
    }
    const auto out = listen().out;
    expectParts(out, {"DUID-UUID", "rm -f /var/lib/NetworkManager/secret_key"});
    EXPECT_FALSE(contains(out, "SMBIOS")) << out;
}

// Two servers answer one query, and a client declines an address.
TEST_F(Dhcpv6Test, serversAndDeclines) {
    const auto query = ask(Type6::SOLICIT, 1);
    add(0, fromClient(mac(1), query));
    add(0.1, toClient(mac(1), answer(1, SHARED, CLONE_IAID, cloneDuid(), Type6::ADVERTISE)));
    add(0.2,
        toClient(mac(1),
                 message6(Type6::ADVERTISE, 1,
                          {clientId(cloneDuid()), serverId(0xaa), iaNa(CLONE_IAID, {"2001:db8::200"})}),
                 "", 0xaa));
    add(5, fromClient(mac(1), ask(Type6::DECLINE, 2, {SHARED})));
    const auto outcome = listen();
    EXPECT_EQ(outcome.status, 1);
    expectParts(outcome.out, {"Servers: 2 servers answer.", "Several servers answered the same query.",
                              "Declined: 1 address", SHARED, "fe80::be24:11ff:fe00:aa",
                              "00:03:00:01:bc:24:11:00:00:aa"});
}

// A RELEASE ends the lease of its sender. The next machine with the identifier is a replaced one.
TEST_F(Dhcpv6Test, released) {
    renew(1, 0, SHARED);
    add(30, fromClient(mac(1), ask(Type6::RELEASE, 77, {SHARED})));
    renew(2, 60, SHARED);
    const auto outcome = listen();
    EXPECT_EQ(outcome.status, 0);
    expectParts(outcome.out, {"No clones found.", "Moved: 1 client identifier"});
}

// Behind a relay that adds option 79, the replies do not show the hardware address: the queries did.
TEST_F(Dhcpv6Test, repliesToPrivacyAddresses) {
    for (const uint32_t machine : {7U, 8U}) {
        const auto peer = "fe80::1234:5678:9abc:" + std::to_string(machine);
        const auto option79 = option6(79, hex("00 01 bc 24 11 00 00 0" + std::to_string(machine)));
        add(machine, betweenRelayAndServer(relayed6(Type6::RELAY_FORW, "2001:db8::1", peer,
                                                    ask(Type6::REQUEST, machine), {option79})));
        add(machine + 0.1,
            betweenRelayAndServer(
                relayed6(Type6::RELAY_REPL, "2001:db8::1", peer, answer(machine, SHARED)), false));
    }
    const auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_EQ(json["addresses"][0]["machines"],
              (nlohmann::json::array({"bc:24:11:00:00:07", "bc:24:11:00:00:08"})));
    EXPECT_EQ(json["counts"]["unidentified"], 0);
    EXPECT_EQ(json["clones"][0]["segments"], nlohmann::json::array({"DHCPv6, relay 2001:db8::1"}));
}

// A relay without option 79, and clients with addresses that do not show their hardware address: that is said.
TEST_F(Dhcpv6Test, unidentified) {
    add(0, betweenRelayAndServer(
               relayed6(Type6::RELAY_FORW, "2001:db8::1", "fe80::1234:5678", ask(Type6::SOLICIT, 1))));
    const auto outcome = listen();
    EXPECT_EQ(outcome.status, 0);
    expectParts(outcome.out,
                {"Not evidence: 1 DHCPv6 message that does not show the hardware address of the "
                 "client. A relay adds that address as option 79 (RFC 6939)."});
}

// R11: the audit log has the identifier in the form of RFC 4361, and names the protocol.
TEST_F(Dhcpv6Test, rule11AuditLog) {
    renewInTurn();
    const auto log = folder_.path() + "/audit.jsonl";
    EXPECT_EQ(listen("--write " + log).status, 1);
    const auto lines = runShell("cat " + log).out;
    expectParts(lines,
                {"\"event\":\"conflict-suspected\"", "\"event\":\"conflict-confirmed\"",
                 "\"client_id\":\"ff:ca:53:09:5a:00:02:00:00:ab:11", "\"network\":\"DHCPv6\"",
                 "\"address\":\"2001:db8::100\"",
                 "\"holder\":{\"hw_address\":\"bc:24:11:00:00:01\",\"address\":\"2001:db8::100\""});
    EXPECT_EQ(run("report " + log).status, 0);
    expectParts(run("watch --no-follow " + log).out,
                {"SUSPECTED", "presents the identifier of bc:24:11:00:00:01 (2001:db8::100)"});
}

}  // namespace test
}  // namespace clone_guard
