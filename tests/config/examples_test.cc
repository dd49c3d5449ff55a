// SPDX-License-Identifier: MPL-2.0
//
// The examples of kea-config/, word for word except for paths, interface and addresses: networks that are local to the
// test replace those of the examples.

#include <tests/config/example.h>
#include <tests/e2e/harness/servers/ddns_server.h>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

class EveryExample : public Example, public ::testing::WithParamInterface<std::string> {};

// The server's own check accepts the file with its comments.
TEST_P(EveryExample, passesTheServersCheck) {
    KeaServer server((ServerSetup()));
    write(server, adapted(GetParam(), server));
    EXPECT_TRUE(server.check("-t")) << server.file("console.log");
}

// From Kea 3.0 on, the server also accepts the list of control sockets that the comment names.
TEST_P(EveryExample, passesTheServersCheckWithAListOfControlSockets) {
    const std::string text = withControlSockets(read(GetParam()));
    EXPECT_NE(text.find("// Kea 3.3.1 accepts only \"control-sockets\": [ { ... } ]"),
              std::string::npos);
    EXPECT_NE(text.find("    \"control-sockets\": [ { \"socket-type\""), std::string::npos);
    KeaServer server((ServerSetup()));
    write(server, withControlSockets(adapted(GetParam(), server)));
    EXPECT_EQ(server.check("-t"), e2e::takesControlSockets()) << server.file("console.log");
}

// If the server can check with its libraries, the guard accepts the file, and rejects it with an unknown parameter.
TEST_P(EveryExample, passesTheCheckWithLibraries) {
    KeaServer server((ServerSetup()));
    write(server, adapted(GetParam(), server));
    if (!server.check("-T")) {
        // In some releases high availability does not pass this check.
        if (server.file("console.log").find("CmdHttpListener cannot be started") != std::string::npos) {
            return;
        }
        EXPECT_NE(server.file("console.log").find("invalid option -- 'T'"), std::string::npos)
            << server.file("console.log");
        return;
    }
    EXPECT_EQ(server.file("console.log").find("CLONE_GUARD_AUDIT_UNUSED") == std::string::npos,
              read(GetParam()).find("clone-guard-audit") != std::string::npos)
        << server.file("console.log");
    write(server, misspelt(adapted(GetParam(), server)));
    EXPECT_FALSE(server.check("-T"));
    EXPECT_NE(server.file("console.log").find("polcy"), std::string::npos) << server.file("console.log");
}

// The first lines say when to use the example, what it does and what to change.
TEST_P(EveryExample, explainsItsPurpose) {
    const std::string text = read(GetParam());
    for (const char* heading : {"// When to use it: ", "// What it does:   ", "// What to change: "}) {
        EXPECT_NE(text.find(heading), std::string::npos) << heading;
    }
    EXPECT_NE(text.find(LIBRARY), std::string::npos) << "the path that this test replaces";
}

// A server starts with the file and has the guard, and a machine gets an address.
TEST_P(EveryExample, servesAMachine) {
    if (GetParam().rfind("ha-", 0) == 0) {
        return;  // it needs two servers, see examples_pairs_test.cc
    }
    serveExample(GetParam());
    const Json loaded = server().command("config-get")["arguments"]["Dhcp4"]["hooks-libraries"];
    const std::string engine = GetParam().substr(isShared(GetParam()) ? std::string(SHARED).size() : 0);
    ASSERT_EQ(loaded.size(), isShared(GetParam()) && isLibrary(engine) ? 2U : 1U);
    EXPECT_EQ(loaded.back()["library"], guardOf(server()));
    EXPECT_EQ(server().command("statistic-get", {{"name", "clone-guard-suspected"}})["result"], 0);
    EXPECT_FALSE(behind("10.1.0.1", 1, cloneIdentifier()).acquire().isZero());
}

// A copy with an unknown parameter is rejected at start, with the name of the parameter.
TEST_P(EveryExample, isRefusedWithAnUnknownParameter) {
    KeaServer server((ServerSetup()));
    write(server, misspelt(adapted(GetParam(), server)));
    const std::string said = server.startAndFail();
    EXPECT_NE(said.find("polcy"), std::string::npos) << said;
    EXPECT_NE(said.find("must be one of"), std::string::npos) << said;
}

// A copy with an unknown policy is rejected at start, with key, value and rule.
TEST_P(EveryExample, isRefusedWithAnUnknownPolicy) {
    KeaServer server((ServerSetup()));
    const std::string text = adapted(GetParam(), server);
    const std::string policy = text.find("\"policy\": \"refuse\"") != std::string::npos ? "refuse"
                               : text.find("\"policy\": \"monitor\"") != std::string::npos
                                   ? "monitor"
                                   : "mac-fallback";
    write(server, replaceAll(text, {{"\"policy\": \"" + policy + "\"", "\"policy\": \"fallback\""}}));
    const std::string said = server.startAndFail();
    EXPECT_NE(said.find("invalid policy: 'fallback', must be one of off, monitor, mac-fallback, refuse"),
              std::string::npos)
        << said;
}

std::string
testName(const ::testing::TestParamInfo<std::string>& info) {
    return (replaceAll(info.param, {{"-", "_"}}));
}

INSTANTIATE_TEST_SUITE_P(Kea, EveryExample, ::testing::ValuesIn(examples()), testName);

// R6: with mac-fallback.json the holder keeps its address, and each clone gets and keeps its own.
TEST_F(Example, macFallbackGivesEachMachineAnAddressOfItsOwn) {
    serveExample("mac-fallback");
    SimClient& first = holder();
    SimClient& second = clone(2);
    SimClient& third = clone(3);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_FALSE(third.acquire().isZero());
    EXPECT_NE(second.address(), first.address());
    EXPECT_NE(third.address(), first.address());
    EXPECT_NE(third.address(), second.address());
    for (SimClient* client : {&second, &first, &third}) {
        EXPECT_EQ(client->renew().address(), client->address());
    }
}

// R1: with mac-fallback.json the exempt hardware address shares an address as it would without the guard.
TEST_F(Example, macFallbackLeavesTheExemptMachineAlone) {
    serveExample("mac-fallback");
    SimClient first(link(), Bytes{0, 0, 0x5e, 0, 1, 0x0a}, cloneIdentifier(), Address("10.1.0.1"));
    EXPECT_EQ(first.acquire(), holder().acquire());
}

// R7: with refuse.json the holder is served, and a clone gets no answer.
TEST_F(Example, refuseServesTheHolderOnly) {
    serveExample("refuse");
    SimClient& first = holder();
    EXPECT_TRUE(clone(2).discover().isSilence());
    EXPECT_EQ(first.renew().address(), first.address());
}

// R5, R11: with monitor.json clones share the address as they would without the guard, and the system log reports it.
TEST_F(Example, monitorChangesNothingAndReports) {
    serveExample("monitor");
    SimClient& first = holder();
    EXPECT_EQ(clone(2).acquire(), first.address());
    EXPECT_TRUE(eventually(
        [this] { return (!server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").empty()); }));
    EXPECT_EQ(server().statistic("clone-guard-suspected"), 1);
    EXPECT_TRUE(server().serverLog("CLONE_GUARD_CONFLICT_SUSPECTED").empty());
}

// R5, R2: with per-subnet.json each network has its own policy, and a shared network has one for all its subnets.
TEST_F(Example, perSubnetHasAPolicyForEachNetwork) {
    serveExample("per-subnet");
    const auto fate = [this](const std::string& relay) {
        SimClient& first = behind(relay, 1, cloneIdentifier());
        SimClient& second = behind(relay, 2, cloneIdentifier());
        EXPECT_FALSE(first.acquire().isZero()) << relay;
        const Address address = second.acquire();
        return (std::string(address.isZero()             ? "nothing"
                            : address == first.address() ? "shared"
                                                         : "its own"));
    };
    EXPECT_EQ(fate("10.1.0.1"), "its own");
    EXPECT_EQ(fate("10.2.0.1"), "nothing");
    EXPECT_EQ(fate("10.3.0.1"), "shared");
    const auto reports = server().statistic("clone-guard-suspected");
    EXPECT_EQ(fate("10.3.0.129"), "shared");
    EXPECT_EQ(server().statistic("clone-guard-suspected"), reports) << "policy off reports nothing";
}

// R5: per-subnet.json with a policy on a subnet inside the shared network is rejected, with the place to put it.
TEST_F(Example, perSubnetWithAPolicyInsideASharedNetworkIsRefused) {
    KeaServer server((ServerSetup()));
    write(
        server,
        replaceAll(adapted("per-subnet", server),
                   {{"{ \"id\": 10,",
                     "{ \"id\": 10, \"user-context\": { \"clone-guard\": { \"policy\": \"off\" } },"}}));
    const std::string said = server.startAndFail();
    EXPECT_NE(said.find("shared network"), std::string::npos) << said;
    EXPECT_NE(said.find("production"), std::string::npos) << said;
}

// R6: with quarantine.json a claimant gets address, lifetime and resolver of the quarantine, also at each renewal. The
// holder, other machines, and the clone after sealing get the ordinary ones.
TEST_F(Example, quarantineContainsClaimantsOnly) {
    serveExample("quarantine");
    static constexpr uint8_t resolver = 6;
    const auto ask = [](SimClient& client) {
        client.addOption(OPTION_PARAMETER_LIST, Bytes{OPTION_ROUTERS, resolver});
        client.acquire();
    };
    // A server that reuses a lease sends its remaining lifetime, which may be a second less than the full one.
    const auto isUpTo = [](uint32_t full, const Reply& reply) {
        const auto left = reply.packet->numberOption(OPTION_LEASE_TIME).value_or(0);
        return (left <= full && left + 10 > full);
    };
    const auto isFree = [isUpTo](SimClient& client) {
        const Reply reply = client.renew();
        return (within(reply.address(), "10.1.0.100", "10.1.0.199") && isUpTo(3600, reply) &&
                reply.packet->addressOption(resolver) == Address("10.1.0.2"));
    };
    const auto isQuarantined = [isUpTo](SimClient& client) {
        const Reply reply = client.renew();
        return (within(reply.address(), "10.1.0.200", "10.1.0.249") && isUpTo(300, reply) &&
                reply.packet->addressOption(resolver) == Address("10.1.0.3"));
    };
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    SimClient& other = machine(30, macIdentifier(virtualMac(30)));
    for (SimClient* client : {&first, &second, &other}) {
        ask(*client);
    }
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(isFree(first)) << first.address();
        EXPECT_TRUE(isQuarantined(second)) << second.address();
        EXPECT_TRUE(isFree(other)) << other.address();
        server().restart();
    }
    second.setIdentifier(cloneIdentifier(2));
    ask(second);
    EXPECT_TRUE(isFree(second)) << second.address();
}

// R6: quarantine.json needs its long condition, because a class that is evaluated early, before the guard has seen the
// query, does not keep claimants out.
TEST_F(Example, quarantineNeedsAClassThatIsEvaluatedLate) {
    serveExample("quarantine", {{" and (member('KNOWN') or member('UNKNOWN'))", ""}});
    holder();
    EXPECT_TRUE(within(clone(2).acquire(), "10.1.0.100", "10.1.0.199"));
}

// R11: audit-log.json writes one JSON object a line and nothing else; a clone causes two of them.
TEST_F(Example, auditLogIsJsonLines) {
    serveExample("audit-log");
    holder();
    SimClient& second = clone(2);
    second.acquire();
    second.renew();
    EXPECT_TRUE(eventually([this] { return (server().audit().size() >= 2); }));
    const auto records = server().audit();
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0]["event"], "conflict-suspected");
    EXPECT_EQ(records[0]["hw_address"], second.hwText());
    EXPECT_EQ(records[1]["event"], "address-assigned");
    EXPECT_EQ(records[1]["address"], second.address().toText());
}

// R4, R6: with ddns.json and kea-dhcp-ddns.conf the holder has the name and the reverse record, and a clone gets
// neither. A clone with a reservation for its hardware address has its own name.
TEST_F(Example, ddnsLeavesTheNameWithTheHolder) {
    const NameServer names;
    const DdnsServer ddns([&names](const std::string& directory) {
        return (replaceAll(read("kea-dhcp-ddns", ".conf"),
                           {{"\"192.0.2.53\", \"port\": 53 ",
                             "\"127.0.0.1\", \"port\": " + std::to_string(names.port())},
                            // A slow machine must not make the server give an update up.
                            {"\"tsig-keys\"", "\"dns-server-timeout\": 30000, \"tsig-keys\""},
                            {"example.com.", FORWARD_ZONE},
                            {"2.0.192.in-addr.arpa.", REVERSE_ZONE},
                            {"\"severity\": \"INFO\"", "\"severity\": \"DEBUG\", \"debuglevel\": 0"},
                            {"/var/log/kea/kea-ddns.log", directory + "ddns.log"}}));
    });
    serveExample("ddns", {{"example.com", "lab.example"}});
    const auto boot = [](SimClient& client) {
        client.addOption(OPTION_HOST_NAME, fromText("web"));
        EXPECT_FALSE(client.acquire().isZero());
    };
    SimClient& first = behind("10.1.0.1", 1, cloneIdentifier());
    boot(first);
    const auto isUp = [&names](size_t records) {
        return (eventually([&names, records] { return (names.records().size() == records); }));
    };
    EXPECT_TRUE(isUp(4)) << "A, PTR, and a DHCID with each";
    const auto before = names.records();
    EXPECT_EQ(before[2], "web.lab.example A " + first.address().toText());
    SimClient& second = behind("10.1.0.1", 2, cloneIdentifier());
    boot(second);
    const Bytes derived = derivedIdentifier(second.hwAddress(), second.identifier());
    EXPECT_TRUE(eventually([&] { return (!ddns.outcomes(dhcid(derived, "web.lab.example")).empty()); }));
    EXPECT_EQ(ddns.outcomes(dhcid(derived, "web.lab.example")), std::vector<std::string>{"add failed"});
    EXPECT_EQ(names.records(), before);
    SimClient third(link(), Bytes{0, 0, 0x5e, 0, 1, 0x0b}, cloneIdentifier(), Address("10.1.0.1"));
    boot(third);
    EXPECT_TRUE(isUp(8));
    const auto after = names.records();
    EXPECT_EQ(std::count(after.begin(), after.end(), "web-2.lab.example A " + third.address().toText()),
              1);
}

// Fails if an example has no test of its own here.
TEST_F(Example, eachHasATestOfItsOwn) {
    EXPECT_EQ(examples(), (std::vector<std::string>{"audit-log", "ddns", "ha-1", "ha-2", "mac-fallback",
                                                    "monitor", "per-subnet", "quarantine", "refuse",
                                                    "shared-mysql", "shared-postgresql"}));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
