// SPDX-License-Identifier: MPL-2.0
//
// The guard's control commands and statistics, over the unix socket, and over HTTP if the server itself accepts
// commands over HTTP.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <algorithm>
#include <iostream>

namespace clone_guard {
namespace test {

namespace {

constexpr uint16_t HTTP_PORT = 8004;

const char* const STATUS_GET = "clone-guard-status-get";
const char* const GET_ALL = "clone-guard-conflict-get-all";
const char* const GET = "clone-guard-conflict-get";
const char* const DEL = "clone-guard-conflict-del";
const char* const SCAN = "clone-guard-scan";

/// @brief Returns the channels that this release's server accepts commands on.
std::vector<std::string>
channels() {
    return (KeaServer::takesHttp() ? std::vector<std::string>{"unix", "http"}
                                   : std::vector<std::string>{"unix"});
}

/// @brief A test with one server and one channel.
class Commands : public E2eTest, public ::testing::WithParamInterface<std::string> {
protected:
    void serveHere(ServerSetup setup) {
        setup.http_port = GetParam() == "http" ? HTTP_PORT : uint16_t(0);
        serve(setup);
    }

    Json ask(const std::string& name, const Json& arguments = Json::object()) {
        return (GetParam() == "http" ? server().commandByHttp(HTTP_PORT, name, arguments)
                                     : server().command(name, arguments));
    }

    /// @brief Returns the error text of a command.
    std::string complaint(const std::string& name, const Json& arguments) {
        const Json answer = ask(name, arguments);
        EXPECT_EQ(answer["result"], 1) << answer;
        return (answer["text"].get<std::string>());
    }
};

INSTANTIATE_TEST_SUITE_P(Channel, Commands, ::testing::ValuesIn(channels()),
                         [](const auto& param) { return (param.param); });

using StatisticsTest = E2eTest;

const std::vector<std::string> COUNTERS{
    "clone-guard-suspected",      "clone-guard-confirmed",       "clone-guard-mac-fallback",
    "clone-guard-refused",        "clone-guard-release-blocked", "clone-guard-decline-blocked",
    "clone-guard-release-passed", "clone-guard-decline-passed",  "clone-guard-moved",
    "clone-guard-stranger",       "clone-guard-sealed",          "clone-guard-degraded",
    "clone-guard-malformed"};

/// @brief Returns the guard's statistics with their values from statistic-get-all.
std::map<std::string, int64_t>
statistics(KeaServer& server) {
    std::map<std::string, int64_t> ours;
    const Json all = server.command("statistic-get-all")["arguments"];
    for (const auto& [name, value] : all.items()) {
        if (name.find("clone-guard") != std::string::npos) {
            ours[name] = value[0][0].get<int64_t>();
        }
    }
    return (ours);
}

/// @brief Returns all counters of the server at zero.
std::map<std::string, int64_t>
zeros() {
    std::map<std::string, int64_t> all;
    for (const auto& name : COUNTERS) {
        all[name] = 0;
    }
    return (all);
}

/// @brief Makes a setup with many subnets, each with 256 addresses.
ServerSetup
manySubnets(uint32_t count) {
    auto setup = guarded("mac-fallback");
    for (uint32_t id = 2; id <= count; ++id) {
        const auto network = Address((11U << 24) + (id << 8)).toText();
        setup.subnets.push_back({{"id", id}, {"subnet", network + "/24"}});
    }
    return (setup);
}

}  // namespace

// Prints the channels of this release. A release without HTTP has no skipped tests.
TEST(Channels, areNamed) {
    std::cout << "http: "
              << (KeaServer::takesHttp() ? "tested" : "not supported by this release's server") << "\n";
    EXPECT_FALSE(channels().empty());
}

// Each command is in the list of commands, and answers before there is a conflict.
TEST_P(Commands, allAnswer) {
    serveHere(guarded("mac-fallback"));
    const Json known = ask("list-commands")["arguments"];
    for (const char* name : {STATUS_GET, GET_ALL, GET, DEL, SCAN}) {
        EXPECT_EQ(std::count(known.begin(), known.end(), name), 1) << name;
    }
    EXPECT_EQ(ask(STATUS_GET)["result"], 0);
    for (const char* name : {GET_ALL, SCAN}) {
        EXPECT_EQ(ask(name)["result"], 3) << name;
    }
    for (const char* name : {GET, DEL}) {
        const Json answer = ask(name, {{"client-id", cloneIdentifierText()}});
        EXPECT_EQ(answer["result"], 3) << answer;
        EXPECT_EQ(answer["arguments"]["count"], 0);
    }
}

// All commands report a conflict.
TEST_P(Commands, reportAConflict) {
    serveHere(guarded("mac-fallback"));
    holder();
    clone(2).acquire();
    const Json about = {{"client-id", cloneIdentifierText()}};
    EXPECT_EQ(ask(STATUS_GET)["arguments"]["conflicts"]["count"], 1);
    const Json all = ask(GET_ALL);
    EXPECT_EQ(all["arguments"]["count"], 1) << all;
    EXPECT_EQ(ask(GET, about)["arguments"], all["arguments"]);
    EXPECT_EQ(ask(SCAN)["arguments"]["client-ids"][0]["client-id"], cloneIdentifierText());
    EXPECT_EQ(ask(DEL, about)["arguments"], all["arguments"]);
    EXPECT_EQ(ask(GET, about)["result"], 3);
}

// An unknown argument is rejected with its name and the names of the known arguments.
TEST_P(Commands, unknownArguments) {
    serveHere(guarded("mac-fallback"));
    const Json wrong = {{"colour", "blue"}};
    EXPECT_EQ(complaint(STATUS_GET, wrong), "unknown argument 'colour', the command has no arguments");
    for (const char* name : {GET_ALL, SCAN}) {
        EXPECT_EQ(complaint(name, wrong), "unknown argument 'colour', must be one of from, limit");
    }
    for (const char* name : {GET, DEL}) {
        EXPECT_EQ(complaint(name, wrong),
                  "unknown argument 'colour', must be one of client-id, subnet-id, from, limit");
    }
    for (const char* name : {STATUS_GET, GET_ALL, GET, DEL, SCAN}) {
        EXPECT_EQ(complaint(name, Json::array({1})), "the arguments must be a map");
    }
}

// A wrong type, a value out of range and an invalid start of a page are rejected.
TEST_P(Commands, wrongValues) {
    serveHere(guarded("mac-fallback"));
    for (const char* name : {GET_ALL, GET, DEL, SCAN}) {
        const auto about = [name](const char* argument, const Json& value) {
            Json arguments = {{argument, value}};
            if (name == std::string(GET) || name == std::string(DEL)) {
                arguments["client-id"] = cloneIdentifierText();
            }
            return (arguments);
        };
        EXPECT_EQ(complaint(name, about("limit", 0)),
                  "invalid limit: '0', must be an integer from 1 to 10000");
        EXPECT_EQ(complaint(name, about("limit", -1)),
                  "invalid limit: '-1', must be an integer from 1 to 10000");
        EXPECT_EQ(complaint(name, about("limit", 10001)),
                  "invalid limit: '10001', must be an integer from 1 to 10000");
        EXPECT_EQ(complaint(name, about("limit", "ten")),
                  "invalid limit: 'ten', must be an integer from 1 to 10000");
        for (const char* from : {"", "nowhere", "::1", "memory:zz", "10.1.1.256"}) {
            EXPECT_EQ(complaint(name, about("from", from)),
                      "invalid from: '" + std::string(from) +
                          "', must be \"start\" or the value of next in the previous page");
        }
        EXPECT_EQ(complaint(name, about("from", true)).rfind("invalid from: 'true', must be", 0), 0U);
    }
}

// The client identifier is required and has to be valid; a subnet is given by its number.
TEST_P(Commands, wrongIdentifiers) {
    serveHere(guarded("mac-fallback"));
    const std::string rule = ", must be hexadecimal of 2 to 255 bytes, like 'ff:ca:53:09:5a'";
    for (const char* name : {GET, DEL}) {
        EXPECT_EQ(complaint(name, {{"subnet-id", 1}}),
                  "missing argument 'client-id', it must be hexadecimal of 2 to 255 bytes, like "
                  "'ff:ca:53:09:5a'");
        for (const char* text : {"", "ff", "zz:00", "ff:c", "ff ca \x1b[31m"}) {
            EXPECT_EQ(complaint(name, {{"client-id", text}}),
                      "invalid client-id: '" + std::string(text) + "'" + rule);
        }
        EXPECT_EQ(complaint(name, {{"client-id", 7}}), "invalid client-id: '7'" + rule);
        const auto endless = complaint(name, {{"client-id", std::string(100000, 'a')}});
        EXPECT_LT(endless.size(), 1000U);
        for (const Json& id : {Json(0), Json(-1), Json(4294967295), Json("1"), Json(nullptr)}) {
            const auto said = complaint(name, {{"client-id", cloneIdentifierText()}, {"subnet-id", id}});
            EXPECT_EQ(said.rfind("invalid subnet-id: ", 0), 0U) << said;
            EXPECT_NE(said.find(", must be an integer from 1 to 4294967294"), std::string::npos) << said;
        }
    }
}

// An unknown identifier or subnet is not an error: the result is 3.
TEST_P(Commands, unknownIdentifierOrSubnet) {
    serveHere(guarded("mac-fallback"));
    holder();
    clone(2).acquire();
    for (const char* name : {GET, DEL}) {
        Json answer = ask(name, {{"client-id", toHex(cloneIdentifier(9))}});
        EXPECT_EQ(answer["result"], 3) << answer;
        answer = ask(name, {{"client-id", cloneIdentifierText()}, {"subnet-id", 99}});
        EXPECT_EQ(answer["result"], 3) << answer;
        EXPECT_NE(answer["text"].get<std::string>().find(": there is no subnet 99."), std::string::npos)
            << answer;
        // Longer than any identifier that Kea stores, but an option can be as long.
        EXPECT_EQ(ask(name, {{"client-id", std::string(510, 'f')}})["result"], 3);
    }
    EXPECT_EQ(ask(GET)["result"], 1);
    EXPECT_EQ(ask(GET, {{"client-id", cloneIdentifierText()}, {"subnet-id", 1}})["result"], 0);
}

// The status has the version, the settings and the fill level of the tables.
TEST_P(Commands, status) {
    auto setup = guarded("refuse");
    (*setup.guard)["claim-window"] = 7;
    (*setup.guard)["max-conflicts"] = 50;
    (*setup.guard)["exempt"] = {{"hw-addresses", {"02:00:00:00:00:99"}}};
    (*setup.guard)["templates"] =
        Json::array({{{"name", "debian"}, {"machine-id", "d31ba602070b463aac004744a10d3e28"}}});
    setup.subnets = {subnet(1), subnet(2, withPolicy("mac-fallback")), subnet(3, withPolicy("refuse"))};
    setup.shared_networks = {sharedNetwork("lab", {subnet(4)}, withPolicy("off"))};
    serveHere(setup);
    holder(2);
    clone(2, 2).acquire();
    const Json answer = ask(STATUS_GET);
    ASSERT_EQ(answer["result"], 0) << answer;
    const Json& status = answer["arguments"];
    const auto version = ask("version-get")["text"].get<std::string>();
    EXPECT_EQ(status["kea-version"], version.substr(0, version.find_first_of(" \n(")));
    EXPECT_EQ(answer["text"], "clone guard " + status["version"].get<std::string>() + " for Kea " +
                                  status["kea-version"].get<std::string>() +
                                  ": policy refuse, 1 conflict in memory.");
    const Json parameters = {{"policy", "refuse"},
                             {"takeover", "expired"},
                             {"client-class", "CLONE_CONFLICT"},
                             {"client-id-types", "duid"},
                             {"claim-window", 7},
                             {"audit-repeat", 86400},
                             {"max-conflicts", 50},
                             {"max-claims", 262144},
                             {"exempt",
                              {{"client-ids", Json::array()},
                               {"duids", Json::array()},
                               {"hw-addresses", {"02:00:00:00:00:99"}},
                               {"client-classes", Json::array()}}},
                             {"templates", (*setup.guard)["templates"]},
                             {"nic-names", Json::array()}};
    EXPECT_EQ(status["parameters"], parameters);
    const Json overrides = {{{"network", "lab"}, {"policy", "off"}},
                            {{"subnet-id", 2}, {"subnet", "10.2.0.0/16"}, {"policy", "mac-fallback"}}};
    EXPECT_EQ(status["overrides"], overrides);
    EXPECT_EQ(status["conflicts"], (Json{{"count", 1}, {"confirmed", 0}, {"limit", 50}}));
    EXPECT_EQ(status["claims"]["limit"], 262144);
    EXPECT_GE(status["claims"]["count"], 1);
    EXPECT_EQ(status["audit-log"], true);
    EXPECT_EQ(status["degraded"], Json::array());
    EXPECT_FALSE(status.contains("one-network"));
    EXPECT_EQ(status["configured-at"].get<std::string>().size(),
              std::string("2026-05-01T10:00:00.000Z").size());
}

// R13: a full table is an outage; the status reports it with its start time.
TEST_P(Commands, rule13StatusOfADegradedGuard) {
    auto setup = guarded("mac-fallback");
    (*setup.guard)["max-conflicts"] = 1;
    setup.audit_log = false;
    setup.more = {{"early-global-reservations-lookup", true}};
    serveHere(setup);
    for (const uint32_t number : {1U, 2U}) {
        machine(10 * number, cloneIdentifier(number)).acquire();
        machine(10 * number + 1, cloneIdentifier(number)).acquire();
    }
    const Json answer = ask(STATUS_GET);
    const Json& status = answer["arguments"];
    ASSERT_EQ(status["degraded"].size(), 1U) << answer;
    EXPECT_EQ(status["degraded"][0]["trouble"], "conflicts-full");
    EXPECT_GE(status["degraded"][0]["failures"], 1);
    EXPECT_GE(status["degraded"][0]["since"], status["configured-at"]);
    EXPECT_NE(answer["text"].get<std::string>().find(", degraded: conflicts-full."), std::string::npos);
    EXPECT_EQ(status["audit-log"], false);
    EXPECT_NE(status["one-network"].get<std::string>().find("early-global-reservations-lookup"),
              std::string::npos);
}

// The statistics of the server exist from the start, at zero. Those of a subnet begin with its first event.
TEST_F(StatisticsTest, areThereFromTheStart) {
    auto setup = guarded("mac-fallback");
    setup.subnets = {subnet(1), subnet(2)};
    setup.shared_networks = {sharedNetwork("lab", {subnet(3), subnet(4)})};
    serve(setup);
    EXPECT_EQ(statistics(server()), zeros());
    server().restart();
    EXPECT_EQ(statistics(server()), zeros());
    holder(2);
    clone(2, 2).acquire();
    auto expected = zeros();
    for (const char* name : {"clone-guard-suspected", "clone-guard-mac-fallback"}) {
        expected[name] = statistics(server())[name];
        EXPECT_GT(expected[name], 0) << name;
        expected[std::string("subnet[2].") + name] = expected[name];
    }
    EXPECT_EQ(statistics(server()), expected);
}

// A new configuration keeps the counters and removes those of former subnets.
TEST_F(StatisticsTest, followTheConfiguration) {
    auto setup = guarded("mac-fallback");
    setup.subnets = {subnet(1), subnet(2)};
    serve(setup);
    for (const uint32_t network : {1U, 2U}) {
        holder(network);
        clone(2, network).acquire();
    }
    auto expected = statistics(server());
    ASSERT_EQ(expected.at("subnet[2].clone-guard-suspected"), 1);
    setup.subnets = {subnet(1), subnet(3)};
    EXPECT_EQ(server().configSet(setup)["result"], 0);
    EXPECT_EQ(expected.erase("subnet[2].clone-guard-suspected"), 1U);
    EXPECT_EQ(expected.erase("subnet[2].clone-guard-mac-fallback"), 1U);
    EXPECT_EQ(statistics(server()), expected);
    server().configure(setup);
    EXPECT_EQ(server().command("config-reload")["result"], 0);
    EXPECT_EQ(statistics(server()), expected);
}

// A counter that an operator resets or removes counts again.
TEST_F(StatisticsTest, countAfterResetAndRemoval) {
    serve(guarded("mac-fallback"));
    holder();
    clone(2).acquire();
    const std::string name = "subnet[1].clone-guard-suspected";
    EXPECT_EQ(server().command("statistic-reset", {{"name", name}})["result"], 0);
    clone(3).acquire();
    EXPECT_EQ(statistics(server()).at(name), 1);
    for (const auto& removed : {name, std::string("clone-guard-suspected")}) {
        EXPECT_EQ(server().command("statistic-remove", {{"name", removed}})["result"], 0);
    }
    EXPECT_EQ(statistics(server()).count(name), 0U);
    clone(4).acquire();
    EXPECT_EQ(statistics(server()).at(name), 1);
    EXPECT_EQ(statistics(server()).at("clone-guard-suspected"), 1);
}

// R14: statistics do not grow with each configuration. Kea keeps the last twenty values of each.
TEST_F(StatisticsTest, rule14DoNotGrowWithConfigurations) {
    const auto setup = manySubnets(300);
    serve(setup);
    clone(2).acquire();
    const auto valuesOfGuard = [this] {
        size_t values = 0;
        const Json all = server().command("statistic-get-all")["arguments"];
        for (const auto& [name, value] : all.items()) {
            values += name.find("clone-guard") == std::string::npos ? 0 : value.size();
        }
        return (values);
    };
    ASSERT_EQ(server().configSet(setup)["result"], 0);
    const auto first = valuesOfGuard();
    EXPECT_LT(first, 100U);
    for (unsigned round = 2; round <= 20; ++round) {
        ASSERT_EQ(server().configSet(setup)["result"], 0);
    }
    EXPECT_EQ(valuesOfGuard(), first);
}

}  // namespace test
}  // namespace clone_guard
