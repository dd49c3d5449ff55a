// SPDX-License-Identifier: MPL-2.0
//
// The examples of kea-config/, word for word but for paths, interface and addresses: networks that are local
// to the test stand for those of the examples.

#include "database.h"
#include "ddns_server.h"
#include "e2e_test.h"
#include "ha_pair.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

namespace clone_guard {
namespace test {

namespace {

using Replacements = std::vector<std::pair<std::string, std::string>>;

const char* const LIBRARIES_OF_KEA = "/usr/lib/x86_64-linux-gnu/kea/hooks/";
const char* const LIBRARY = "/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_clone_guard.so";

std::string
replaceAll(std::string text, const Replacements& replacements) {
    for (const auto& [what, with] : replacements) {
        for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
            text.replace(at, what.size(), with);
        }
    }
    return (text);
}

std::string
guardOf(const KeaServer& server) {
    return (server.directory() + "/" + e2e::LIBRARIES + "/" + e2e::GUARD);
}

/// @brief The example with a parameter that does not exist.
std::string
misspelt(const std::string& example) {
    return (replaceAll(example, {{"\"parameters\": {", "\"parameters\": { \"polcy\": \"refuse\", "}}));
}

std::vector<std::string>
examples() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(CLONE_GUARD_EXAMPLES)) {
        if (entry.path().extension() == ".json") {
            names.push_back(entry.path().stem());
        }
    }
    std::sort(names.begin(), names.end());
    return (names);
}

std::string
read(const std::string& example, const std::string& extension = ".json") {
    std::ifstream stream(std::string(CLONE_GUARD_EXAMPLES) + "/" + example + extension);
    return (std::string(std::istreambuf_iterator<char>(stream), {}));
}

const char* const SHARED = "shared-";

/// @brief Whether an example keeps its leases in a database server; its name says in which.
bool
isShared(const std::string& example) {
    return (example.rfind(SHARED, 0) == 0);
}

class Example : public E2eTest {
protected:
    /// @brief Has the database server run that an example wants, without leases, and names it in place of the example's.
    static Replacements databaseOf(const std::string& example) {
        if (!isShared(example)) {
            return {};
        }
        const std::string engine = example.substr(std::string(SHARED).size());
        auto& mine = databases()[engine];
        if (!mine) {
            mine = Database::make(engine);
        }
        mine->clear();
        Replacements changes{{"\"host\": \"192.0.2.5\"", "\"host\": \"127.0.0.1\""}};
        for (const char* key : {"name", "user"}) {
            const std::string begin = std::string("\"") + key + "\": \"";
            changes.emplace_back(begin + "kea\"", begin + "keatest\"");
        }
        changes.emplace_back("\"secret\"", std::string("\"") + Database::PASSWORD + "\"");
        if (isLibrary(engine)) {
            changes.emplace_back("// { \"library\"", "{ \"library\"");
        }
        return (changes);
    }

    /// @brief Whether Kea has the engine in a library of its own.
    static bool isLibrary(const std::string& engine) {
        return (KeaServer::ships(engine == "mysql" ? "libdhcp_mysql.so" : "libdhcp_pgsql.so"));
    }

    /// @brief The example as a server of this test can have it.
    std::string adapted(const std::string& example, const KeaServer& server) const {
        const std::string& directory = server.directory();
        return (replaceAll(replaceAll(read(example), databaseOf(example)),
                           {{LIBRARIES_OF_KEA, server.directory() + "/" + e2e::LIBRARIES + "/"},
                            {"\"interfaces\": [ \"eth0\" ]",
                             "\"interfaces\": [ \"lo/127.0.0.1\" ], \"dhcp-socket-type\": \"udp\""},
                            {"/run/kea/kea4-ctrl-socket", directory + "/control"},
                            {"/var/lib/kea/kea-leases4.csv", directory + "/leases.csv"},
                            {"/var/log/kea/kea-dhcp4.log", directory + "/server.log"},
                            // Files stand for the system log, which is not the test's to read.
                            {"\"syslog\", \"pattern\"", "\"" + directory + "/audit.log\", \"pattern\""},
                            {"\"syslog\" }", "\"" + directory + "/operator.log\" }"},
                            {"192.0.2.", "10.1.0."},
                            {"198.51.100.", "10.2.0."},
                            {"203.0.113.", "10.3.0."}}));
    }

    static void write(const KeaServer& server, const std::string& text) {
        std::ofstream(server.directory() + "/kea-dhcp4.conf") << text;
    }

    /// @brief Starts a server with an example: in place of the configuration that it was made with.
    void serveExample(const std::string& example, const Replacements& changes = {}) {
        serve(ServerSetup().withoutGuard()).stop();
        write(server(), replaceAll(adapted(example, server()), changes));
        server().start();
    }

    SimClient& behind(const std::string& relay, uint32_t number,
                      const std::optional<Bytes>& identifier) {
        SimClient& client = machine(number, identifier);
        client.setRelay(Address(relay));
        return (client);
    }

    /// @brief Starts two servers with an example that is the same for both.
    void serveExampleTwice(const std::string& example) {
        for (const unsigned number : {1U, 2U}) {
            ServerSetup setup = ServerSetup().withoutGuard();
            setup.address = serverAddress(number);
            (number == 1 ? serve(setup) : serveBeside(setup)).stop();
            write(server(number), replaceAll(adapted(example, server(number)),
                                             {{"lo/127.0.0.1", "lo/" + setup.address.toText()}}));
        }
        server(1).start();
        server(2).start();
    }

    static bool within(Address address, const std::string& first, const std::string& last) {
        return (Address(first).value <= address.value && address.value <= Address(last).value);
    }

private:
    static std::map<std::string, std::unique_ptr<Database>>& databases() {
        static std::map<std::string, std::unique_ptr<Database>> all;
        return (all);
    }
};

class EveryExample : public Example, public ::testing::WithParamInterface<std::string> {};

// The server's own check of the file passes, comments and all.
TEST_P(EveryExample, passesTheServersCheck) {
    KeaServer server((ServerSetup()));
    write(server, adapted(GetParam(), server));
    EXPECT_TRUE(server.check("-t")) << server.file("console.log");
}

// Where the server can ask its libraries too, the guard passes it, and refuses it with a parameter that it does not
// have.
TEST_P(EveryExample, passesTheCheckThatAsksLibraries) {
    KeaServer server((ServerSetup()));
    write(server, adapted(GetParam(), server));
    if (!server.check("-T")) {
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

// Its first lines say when to use it, what it does and what to change.
TEST_P(EveryExample, saysWhatItIsFor) {
    const std::string text = read(GetParam());
    for (const char* heading : {"// When to use it: ", "// What it does:   ", "// What to change: "}) {
        EXPECT_NE(text.find(heading), std::string::npos) << heading;
    }
    EXPECT_NE(text.find(LIBRARY), std::string::npos) << "the path that this test replaces";
}

// A server starts with it and has the guard, and a machine gets an address.
TEST_P(EveryExample, servesAMachine) {
    if (GetParam().rfind("ha-", 0) == 0) {
        return;  // it takes two of them, see below
    }
    serveExample(GetParam());
    const Json loaded = server().command("config-get")["arguments"]["Dhcp4"]["hooks-libraries"];
    const std::string engine = GetParam().substr(isShared(GetParam()) ? std::string(SHARED).size() : 0);
    ASSERT_EQ(loaded.size(), isShared(GetParam()) && isLibrary(engine) ? 2U : 1U);
    EXPECT_EQ(loaded.back()["library"], guardOf(server()));
    EXPECT_EQ(server().command("statistic-get", {{"name", "clone-guard-suspected"}})["result"], 0);
    EXPECT_FALSE(behind("10.1.0.1", 1, cloneIdentifier()).acquire().isZero());
}

// A copy with a parameter that does not exist is refused at start, with the name of the parameter.
TEST_P(EveryExample, isRefusedWithAnUnknownParameter) {
    KeaServer server((ServerSetup()));
    write(server, misspelt(adapted(GetParam(), server)));
    const std::string said = server.startAndFail();
    EXPECT_NE(said.find("polcy"), std::string::npos) << said;
    EXPECT_NE(said.find("must be one of"), std::string::npos) << said;
}

// A copy with a policy that does not exist is refused at start, with key, value and rule.
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

// mac-fallback.json (R6): the holder keeps its address, each clone gets one of its own and keeps it.
TEST_F(Example, macFallbackGivesEachAnAddressOfItsOwn) {
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

// mac-fallback.json: the hardware address that it exempts shares an address as it would without the guard.
TEST_F(Example, macFallbackLeavesTheExemptAlone) {
    serveExample("mac-fallback");
    SimClient first(link(), Bytes{0, 0, 0x5e, 0, 1, 0x0a}, cloneIdentifier(), Address("10.1.0.1"));
    EXPECT_EQ(first.acquire(), holder().acquire());
}

// refuse.json (R7): the holder is served, a clone hears nothing.
TEST_F(Example, refuseServesTheHolderAlone) {
    serveExample("refuse");
    SimClient& first = holder();
    EXPECT_TRUE(clone(2).discover().isSilence());
    EXPECT_EQ(first.renew().address(), first.address());
}

// monitor.json (R5, R11): clones share the address as they would without the guard, and the system log says so.
TEST_F(Example, monitorChangesNothingAndSaysWhatItSaw) {
    serveExample("monitor");
    SimClient& first = holder();
    EXPECT_EQ(clone(2).acquire(), first.address());
    EXPECT_TRUE(eventually(
        [this] { return (!server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").empty()); }));
    EXPECT_EQ(server().statistic("clone-guard-suspected"), 1);
    EXPECT_TRUE(server().serverLog("CLONE_GUARD_CONFLICT_SUSPECTED").empty());
}

// per-subnet.json (R5, R2): each network has the policy that it says, and a shared network one for all its subnets.
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
    EXPECT_EQ(server().statistic("clone-guard-suspected"), reports) << "policy off says nothing";
}

// per-subnet.json: a policy on a subnet inside the shared network is rejected, and told where to go.
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

// quarantine.json (R6): a claimant gets address, lifetime and resolver of the quarantine, at each renewal too;
// holder, other machines, and the clone once it is sealed get those of everyone.
TEST_F(Example, quarantineHoldsClaimantsAndNobodyElse) {
    serveExample("quarantine");
    const uint8_t resolver = 6;
    const auto ask = [resolver](SimClient& client) {
        client.addOption(OPTION_PARAMETER_LIST, Bytes{OPTION_ROUTERS, resolver});
        client.acquire();
    };
    // A server that reuses the lease says what is left of it: a second less when the clock has struck meanwhile.
    const auto isUpTo = [](uint32_t full, const Reply& reply) {
        const auto left = reply.packet->numberOption(OPTION_LEASE_TIME).value_or(0);
        return (left <= full && left + 10 > full);
    };
    const auto isFree = [resolver, isUpTo](SimClient& client) {
        const Reply reply = client.renew();
        return (within(reply.address(), "10.1.0.100", "10.1.0.199") && isUpTo(3600, reply) &&
                reply.packet->addressOption(resolver) == Address("10.1.0.2"));
    };
    const auto isQuarantined = [resolver, isUpTo](SimClient& client) {
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

// quarantine.json: its condition is as long as it is because a class that is evaluated early, before the guard has
// seen the query, keeps no claimant out.
TEST_F(Example, quarantineNeedsAClassThatIsEvaluatedLate) {
    serveExample("quarantine", {{" and (member('KNOWN') or member('UNKNOWN'))", ""}});
    holder();
    EXPECT_TRUE(within(clone(2).acquire(), "10.1.0.100", "10.1.0.199"));
}

// audit-log.json (R11): what is written is one JSON object a line and nothing else; a clone makes two of them.
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

// ddns.json and kea-dhcp-ddns.conf (R4, R6): with both, name and reverse record are the holder's, a clone gets neither,
// and one with a reservation for its hardware address has a name of its own.
TEST_F(Example, ddnsLeavesTheNameWithTheHolder) {
    const NameServer names;
    const DdnsServer ddns([&names](const std::string& directory) {
        return (replaceAll(read("kea-dhcp-ddns", ".conf"),
                           {{"\"192.0.2.53\", \"port\": 53 ",
                             "\"127.0.0.1\", \"port\": " + std::to_string(names.port())},
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

// Whoever adds an example adds what it does here.
TEST_F(Example, eachIsShownAtWork) {
    EXPECT_EQ(examples(), (std::vector<std::string>{"audit-log", "ddns", "ha-1", "ha-2", "mac-fallback",
                                                    "monitor", "per-subnet", "quarantine", "refuse",
                                                    "shared-mysql", "shared-postgresql"}));
}

// ha-1.json and ha-2.json (R6): they differ in the name alone, and clones keep their addresses when the first is lost.
TEST_F(Example, haKeepsClonesApartOnTheOtherServer) {
    EXPECT_EQ(replaceAll(read("ha-2"),
                         {{"this is the second", "this is the first"},
                          {"ha-1.json", "ha-2.json"},
                          {"\"this-server-name\": \"server2\"", "\"this-server-name\": \"server1\""}}),
              read("ha-1"));
    const Replacements impatient{{"\"heartbeat-delay\": 10000", "\"heartbeat-delay\": 25"},
                                 {"\"max-response-delay\": 60000", "\"max-response-delay\": 10000"},
                                 {"\"max-unacked-clients\": 5", "\"max-unacked-clients\": 0"}};
    HaPlan plan;
    for (const unsigned number : {1U, 2U}) {
        ServerSetup setup = ServerSetup().withoutGuard();
        setup.address = serverAddress(number);
        (number == 1 ? serve(setup, true) : serveBeside(setup, true)).stop();
        const std::string text = adapted("ha-" + std::to_string(number), server(number));
        write(server(number), replaceAll(replaceAll(text, impatient),
                                         {{"lo/127.0.0.1", "lo/" + serverAddress(number).toText()}}));
        server(number).start();
    }
    HaPair pair(plan, server(1), server(2));
    pair.awaitNormal();
    link().setPatience(Milliseconds(500));
    SimClient& first = behind("10.1.0.1", 1, cloneIdentifier());
    SimClient& second = behind("10.1.0.1", 2, cloneIdentifier());
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_FALSE(second.acquire().isZero());
    pair.kill(1);
    turnTo(2);
    expectKept(first);
    expectKept(second);
    EXPECT_NE(first.address(), second.address());
}

// shared-postgresql.json and shared-mysql.json (R3, R6): two servers with the same file keep clones apart, and each
// keeps its address when one server is lost.
TEST_F(Example, sharedKeepsClonesApartOnBothServers) {
    for (const char* example : {"shared-postgresql", "shared-mysql"}) {
        serveExampleTwice(example);
        SimClient& first = behind("10.1.0.1", 1, cloneIdentifier());
        SimClient& second = behind("10.1.0.1", 2, cloneIdentifier());
        EXPECT_FALSE(first.acquire().isZero());
        turnTo(2);
        EXPECT_FALSE(second.acquire().isZero());
        EXPECT_NE(first.address(), second.address());
        server(1).kill();
        expectKept(first);
        expectKept(second);
        endServer();
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
