// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/listen/capture_builder.h>
#include <tests/policy/listen/dhcpv6_builder.h>
#include <tests/policy/support.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/cli/utc_time.h>
#include <tool/listen/frame_decoder.h>
#include <tool/listen/observer.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pcap/dlt.h>

#include <string>
#include <utility>
#include <vector>

namespace clone_guard {
namespace test {

namespace {

constexpr const char* SHARED = "2001:db8::100";

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
    EXPECT_EQ(nlohmann::json::parse(listen("--json").out)["clones"][0]["segments"],
              (nlohmann::json::array({"DHCPv4", "DHCPv6"})));
}

// Captures of real clients, each of two clones on ISC dhcpd: systemd-networkd, and dhclient with a copied lease file behind
// dnsmasq as a relay.
TEST_F(Dhcpv6Test, rule12RealClients) {
    const auto read = [](const std::string& name) {
        const auto outcome =
            run("listen --json --read " CLONE_GUARD_TEST_DATA "/clones-" + name + "-dhcpv6.pcap");
        EXPECT_EQ(outcome.status, 1);
        return (nlohmann::json::parse(outcome.out));
    };
    auto found = read("networkd");
    ASSERT_EQ(found["clones"].size(), 1U);
    EXPECT_EQ(found["clones"][0]["nic"], "ens18");
    EXPECT_EQ(found["clones"][0]["machines"][1]["hostname"], "clone-2");
    EXPECT_EQ(found["clones"][0]["machines"][1]["addresses"],
              (nlohmann::json::array({"fd00::8d51", "fd00:1:ff00::/56"})));
    EXPECT_EQ(found["clones"][0]["evidence"]["confirmed"], true);
    // SOLICIT, REQUEST and RENEW, each with two associations of one identifier.
    EXPECT_EQ(found["clones"][0]["machines"][1]["messages"], 3);
    EXPECT_EQ(found["addresses"].size(), 2U);
    EXPECT_EQ(found["counts"]["replies"], 6);
    found = read("dhclient");
    ASSERT_EQ(found["clones"].size(), 1U);
    EXPECT_EQ(found["clones"][0]["segments"], nlohmann::json::array({"DHCPv6, relay fd01::1"}));
    EXPECT_EQ(found["clones"][0]["evidence"]["confirmed"], true);
    EXPECT_EQ(found["addresses"][0]["address"], "fd01::f462");
    EXPECT_EQ(found["addresses"][0]["machines"],
              (nlohmann::json::array({"bc:24:11:5e:00:05", "bc:24:11:5e:00:06"})));
    EXPECT_EQ(found["counts"]["unidentified"], 0);
}

// R11: the record of a boot has the relay, and no address: the one in a CONFIRM is not the client's yet.
TEST_F(Dhcpv6Test, rule11Boot) {
    const auto log = folder_.path() + "/audit.jsonl";
    run("listen --write " + log + " --read " CLONE_GUARD_TEST_DATA "/clones-dhclient-dhcpv6.pcap");
    expectParts(runShell("head -n 1 " + log).out,
                {"\"relay\":\"fd01::1\",\"network\":\"DHCPv6\",\"holder\":{"});
}

// R10: a clone that came back with a DUID of its own is sealed, once its lease under the shared one has expired.
TEST_F(Dhcpv6Test, rule10Sealed) {
    renewInTurn();
    renew(1, 8000, SHARED);
    auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_EQ(json["clones"].size(), 1U);
    renew(2, 8001, "2001:db8::200", CLONE_IAID, hex("00 02 00 00 ab 11 77 88 99"));
    // It has no lease in DHCPv4, where it never sent the shared identifier.
    auto request = renewal(2, 0, address(200));
    request.identifier = hex("01 bc 24 11 00 00 02");
    add(8002, frameOf(request));
    json = nlohmann::json::parse(listen("--json").out);
    EXPECT_TRUE(json["clones"].empty());
    ASSERT_EQ(json["sealed"].size(), 1U);
    EXPECT_EQ(json["sealed"][0]["machines"][1]["state"], "sealed");
}

// R10: a clone that has an identity of its own in DHCPv6 alone is not sealed: DHCPv4 still shows the shared one.
TEST_F(Dhcpv6Test, rule10SealedInOneProtocol) {
    renewInTurn();
    for (const uint32_t machine : {1U, 2U, 1U}) {
        add(500.0 + static_cast<double>(frames_.size()), frameOf(renewal(machine, 0, address(100))));
    }
    renew(1, 8000, SHARED);
    renew(2, 8001, "2001:db8::200", CLONE_IAID, hex("00 02 00 00 ab 11 77 88 99"));
    const auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_EQ(json["clones"].size(), 1U);
    EXPECT_TRUE(json["sealed"].empty());
}

// Addresses that are not made of a hardware address are stored up to the bound. A reply to a further one is not evidence.
TEST_F(Dhcpv6Test, boundOfAddresses) {
    Observer observer(2);
    const FrameDecoder decoder(DLT_EN10MB);
    for (uint32_t machine = 1; machine <= 3; ++machine) {
        const auto number = std::to_string(machine);
        const auto peer = "fe80::1234:5678:9abc:" + number;
        const auto option79 = option6(79, hex("00 01 bc 24 11 00 00 0" + number));
        for (const auto& frame :
             {betweenRelayAndServer(relayed6(Type6::RELAY_FORW, "2001:db8::1", peer,
                                             ask(Type6::REQUEST, machine), {option79})),
              betweenRelayAndServer(
                  relayed6(Type6::RELAY_REPL, "2001:db8::1", peer, answer(machine, SHARED)), false)}) {
            Message message;
            ASSERT_EQ(decoder.decode(frame, message), FrameDecoder::Result::MESSAGE);
            message.time = utcFromSeconds(1777629600);
            observer.record(message);
        }
    }
    const auto found = observer.observation();
    EXPECT_EQ(found.machines, 2U);
    EXPECT_EQ(found.unidentified, 1U);
}

// A client sends REBIND at boot for its prefixes (RFC 8415 section 18.2.12). Two hardware addresses that a machine uses in
// turn, as in a dock and out of it, are not alive at the same time.
TEST_F(Dhcpv6Test, rebindAtBoot) {
    for (uint32_t turn = 0; turn < 6; ++turn) {
        const auto machine = turn % 2 + 1;
        add(100.0 * turn, fromClient(mac(machine), ask(Type6::REBIND, turn, {SHARED})));
        add(100.0 * turn + 1, toClient(mac(machine), answer(turn, SHARED)));
    }
    EXPECT_FALSE(contains(listen().out, "alive at the same time"));
    // Without the boots in between both are.
    frames_.clear();
    renewInTurn();
    EXPECT_TRUE(contains(listen().out, "alive at the same time"));
}

// R12: the lease file of dhclient has the IAID, so a clone with that file sends the IAID of the template. wicked looks like
// this in DHCPv4 only.
TEST_F(Dhcpv6Test, rule12ClonedLeaseFile) {
    const auto duid = hex("00 01 00 01 32 9c d6 4a bc 24 11 00 00 01");
    for (uint32_t turn = 0; turn < 4; ++turn) {
        renew(turn % 2 + 1, 100.0 * turn, SHARED, 0x11000001, duid);
    }
    const auto log = folder_.path() + "/audit.jsonl";
    const std::string remedy =
        "rm -f /var/lib/dhcpcd/duid /var/lib/dhcpcd/*.lease /var/lib/dhcp/dhclient*";
    expectParts(listen("--write " + log).out, {remedy});
    expectParts(runShell("tail -n 1 " + log).out, {remedy});
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
    EXPECT_EQ(nlohmann::json::parse(listen("--json --inventory " + one).out)["duids"][0]["inventory"],
              "one machine");
    EXPECT_FALSE(contains(outcome.out, "remedy")) << outcome.out;
    const auto two =
        folder_.write("two.csv", "mac,name\nbc:24:11:00:00:01,web-1\nbc:24:11:00:00:02,web-2\n");
    expectParts(listen("--inventory " + two).out,
                {"inventory  clones", "remedy     in the template run 'truncate"});
}

// A DUID that is listed among the clones is not listed again because of a machine with another IAID.
TEST_F(Dhcpv6Test, clonesAndAnotherIaid) {
    renewInTurn();
    renew(3, 500, "2001:db8::300", 0x11000003);
    const auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_EQ(json["clones"].size(), 1U);
    EXPECT_TRUE(json["duids"].empty()) << json["duids"];
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

// systemd-networkd has one IAID for its address and its prefix. The address names the machine.
TEST_F(Dhcpv6Test, rule11AddressBeforePrefix) {
    for (uint32_t turn = 0; turn < 4; ++turn) {
        const auto number = turn % 2 + 1;
        const auto machine = mac(number);
        const std::vector<Bytes> leases{
            clientId(cloneDuid()), serverId(),
            iaNa(0x11000000 + number, {"2001:db8::7" + std::to_string(number)}),
            iaPd(CLONE_IAID, "2001:db8:1::"), iaNa(CLONE_IAID, {SHARED})};
        add(100.0 * turn, fromClient(machine, message6(Type6::RENEW, turn, leases)));
        add(100.0 * turn + 1, toClient(machine, message6(Type6::REPLY, turn, leases)));
    }
    const auto log = folder_.path() + "/audit.jsonl";
    expectParts(listen("--write " + log).out, {"Shared: 2 addresses", "2001:db8:1::/56, 2001:db8::100"});
    expectParts(runShell("tail -n 1 " + log).out,
                {"\"event\":\"conflict-confirmed\"", "\"address\":\"2001:db8::100\",\"holder\":{",
                 "\"hw_address\":\"bc:24:11:00:00:01\",\"address\":\"2001:db8::100\""});
}

// A machine without an address is named by its prefix.
TEST_F(Dhcpv6Test, rule11PrefixAlone) {
    for (uint32_t turn = 0; turn < 4; ++turn) {
        const auto machine = mac(turn % 2 + 1);
        const std::vector<Bytes> leases{clientId(cloneDuid()), serverId(),
                                        iaPd(CLONE_IAID, "2001:db8:1::")};
        add(100.0 * turn, fromClient(machine, message6(Type6::RENEW, turn, leases)));
        add(100.0 * turn + 1, toClient(machine, message6(Type6::REPLY, turn, leases)));
    }
    const auto log = folder_.path() + "/audit.jsonl";
    EXPECT_EQ(listen("--write " + log).status, 1);
    expectParts(runShell("tail -n 1 " + log).out,
                {"\"address\":\"2001:db8:1::/56\",\"holder\":{",
                 "\"hw_address\":\"bc:24:11:00:00:01\",\"address\":\"2001:db8:1::/56\""});
}

// An address with a lifetime of 0 is taken back, and is not assigned.
TEST_F(Dhcpv6Test, addressTakenBack) {
    renew(1, 0, SHARED);
    add(10, fromClient(mac(2), ask(Type6::RENEW, 7, {SHARED}, 2)));
    add(11, toClient(mac(2), message6(Type6::REPLY, 7,
                                      {clientId(cloneDuid()), serverId(), iaNa(2, {SHARED}, 0),
                                       iaNa(3, {"2001:db8::200"})})));
    const auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_TRUE(json["addresses"].empty()) << json["addresses"];
    EXPECT_EQ(json["counts"]["replies"], 2);
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
    ASSERT_EQ(json["addresses"].size(), 1U);
    EXPECT_EQ(json["addresses"][0]["machines"],
              (nlohmann::json::array({"bc:24:11:00:00:07", "bc:24:11:00:00:08"})));
    EXPECT_EQ(json["counts"]["unidentified"], 0);
    EXPECT_EQ(json["clones"][0]["segments"], nlohmann::json::array({"DHCPv6, relay 2001:db8::1"}));
}

// The address of a client may have been made of a hardware address that is not its own. Option 79 of the query decides.
TEST_F(Dhcpv6Test, repliesToForeignAddresses) {
    const auto peer = linkLocal(mac(9));
    for (const auto& [number, option] : {std::pair(7U, "00 01 bc 24 11 00 00 07"), std::pair(9U, "")}) {
        const std::vector<Bytes> options(*option != 0 ? 1 : 0, option6(79, hex(option)));
        add(number, betweenRelayAndServer(relayed6(Type6::RELAY_FORW, "2001:db8::1", peer,
                                                   ask(Type6::REQUEST, number, {}, number), options)));
        add(number + 0.1, betweenRelayAndServer(
                              relayed6(Type6::RELAY_REPL, "2001:db8::1", peer,
                                       answer(number, "2001:db8::" + std::to_string(number), number)),
                              false));
    }
    const auto json = nlohmann::json::parse(listen("--json").out);
    EXPECT_TRUE(json["clones"].empty()) << json["clones"];
    ASSERT_EQ(json["duids"].size(), 1U);
    const auto& machines = json["duids"][0]["machines"];
    ASSERT_EQ(machines.size(), 2U);
    for (const auto& machine : machines) {
        const auto last = machine["hw_address"].get<std::string>().back();
        EXPECT_EQ(machine["addresses"], nlohmann::json::array({std::string("2001:db8::") + last}));
    }
}

// A relay without option 79, and clients with addresses that do not show their hardware address: that is said.
TEST_F(Dhcpv6Test, unidentified) {
    add(0, betweenRelayAndServer(
               relayed6(Type6::RELAY_FORW, "2001:db8::1", "fe80::1234:5678", ask(Type6::SOLICIT, 1))));
    // A message of DHCPv4 without a hardware address does not count here.
    auto request = renewal(1, 0, address(100));
    request.hw_address = {};
    add(1, frameOf(request));
    const auto outcome = listen();
    EXPECT_EQ(outcome.status, 0);
    expectParts(outcome.out,
                {"Not evidence: 1 DHCPv6 message that does not show the hardware address of the "
                 "client. A relay adds that address as option 79 (RFC 6939)."});
    EXPECT_EQ(nlohmann::json::parse(listen("--json").out)["counts"]["unidentified"], 1);
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
