// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/fake_server.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/scan/server_leases.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

class ServerScanTest : public ::testing::Test {
protected:
    static constexpr const char* IDENTIFIER = "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d";
    static constexpr const char* DUID = "00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d";
    static constexpr int64_t NOW = 1795379594;

    static Json lease(unsigned number, unsigned subnet = 1, bool expired = false) {
        const auto text = std::to_string(number);
        return (Json{{"hw-address", "bc:24:11:5e:00:0" + text},
                     {"ip-address", "192.0.2." + text},
                     {"subnet-id", subnet},
                     {"cltt", NOW + number},
                     {"expired", expired},
                     {"hostname", "web-" + text}});
    }

    static Json claimant(unsigned number) {
        auto object = lease(number);
        object["claimant"] = true;
        return (object);
    }

    /// A page with one identifier.
    static Json page(const std::vector<Json>& leases, const char* name = "client-id",
                     const char* identifier = IDENTIFIER) {
        return (Json{{"leases", leases.size()},
                     {"count", 1},
                     {"compared-from", "start"},
                     {"client-ids", {{{name, identifier}, {"template", "debian"}, {"leases", leases}}}},
                     {"duids", Json::array()}});
    }

    static ScanResult resultOf(const std::vector<Json>& pages) {
        ServerLeases leases;
        for (const auto& one : pages) {
            leases.add(nlohmann::ordered_json::parse(one.dump()));
        }
        return (leases.result("/run/socket"));
    }

    Outcome scan(const Json& arguments, const std::string& options = "", int result = 0) {
        const FakeServer server(
            socket_, Json{{"result", result}, {"text", "no"}, {"arguments", arguments}}.dump());
        return (run("scan --socket " + socket_ + " " + options));
    }

    TemporaryFolder folder_;
    std::string socket_ = folder_.path() + "/socket";
};

}  // namespace

// The parts of one finding on several pages are joined; a lease on two pages counts once.
TEST_F(ServerScanTest, pages) {
    const auto result = resultOf({page({lease(1), claimant(2)}), page({claimant(2), claimant(3)})});
    ASSERT_EQ(result.shared.size(), 1U);
    const auto& shared = result.shared[0];
    EXPECT_EQ(shared.sharing, Sharing::CLONES);
    EXPECT_EQ(toHex(shared.identifier), IDENTIFIER);
    EXPECT_EQ(shared.template_name, "debian");
    ASSERT_EQ(shared.machines.size(), 3U);
    EXPECT_EQ(shared.machines[1].leases, 1U);
    EXPECT_TRUE(shared.machines[1].set_aside);
    EXPECT_FALSE(shared.machines[0].set_aside);
    EXPECT_EQ(result.files[0].leases, 4U);
}

// Machines with leases at the same time in one subnet are clones. If all leases but one have expired, the identifier
// moved. Leases in different subnets prove nothing.
TEST_F(ServerScanTest, kinds) {
    EXPECT_EQ(resultOf({page({lease(1), lease(2)})}).shared[0].sharing, Sharing::CLONES);
    EXPECT_EQ(resultOf({page({lease(1, 1, true), lease(2)})}).shared[0].sharing, Sharing::MOVED);
    EXPECT_EQ(resultOf({page({lease(1), lease(2, 2)})}).shared[0].sharing, Sharing::SEPARATE_SUBNETS);
    EXPECT_TRUE(resultOf({page({})}).shared.empty());
}

// Another scan of the server makes the comparison of DUIDs incomplete.
TEST_F(ServerScanTest, disturbed) {
    EXPECT_TRUE(resultOf({page({lease(1)})}).is_whole);
    auto second = page({lease(2)});
    second["compared-from"] = "192.0.2.7";
    EXPECT_FALSE(resultOf({page({lease(1)}), second}).is_whole);
}

// R12: the report has the form of that about files: machines, evidence and remedy, and what the source does not show.
TEST_F(ServerScanTest, rule12Report) {
    auto answer = page({lease(1), claimant(2)});
    answer["duids"].push_back(
        {{"duid", DUID}, {"duid-type", "DUID-EN"}, {"leases", {lease(3), lease(4)}}});
    answer["declined"] = {
        {{"subnet-id", 7}, {"count", 3}, {"first-until", NOW}, {"last-until", NOW + 60}}};
    answer["not-compared"] = 2;
    const auto outcome = scan(answer, "--all");
    EXPECT_EQ(outcome.status, 1);
    for (const auto* part :
         {"Clones: 1 client identifier on 2 machines.", "in subnet 1", "template   debian",
          "evidence   1 machine has a lease under a derived identifier",
          "remedy     in the template debian run 'truncate -s 0 /etc/machine-id",
          "bc:24:11:5e:00:01  Proxmox  active  web-1", "192.0.2.2 (derived identifier)",
          "One DUID in different identifiers: 1 DUID.", "host name  client identifier\n",
          "Declined: 3 addresses.", "    7       3         2026-11-22 20:33:14",
          "The server did not compare 2 DUIDs", "The server has its current leases and no history.",
          "The server has 2 leases. Times are UTC."}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
    const auto json = Json::parse(scan(answer, "--json").out);
    EXPECT_EQ(json["clones"][0]["machines"][1]["hw_address"], "bc:24:11:5e:00:02");
    EXPECT_EQ(json["files"][0]["format"], "server");
    EXPECT_EQ(json["declined"][0]["count"], 3);
    const auto none = scan({{"leases", 5}, {"client-ids", Json::array()}}, "", 3);
    EXPECT_EQ(none.status, 0);
    EXPECT_TRUE(contains(none.out, "No clones found.")) << none.out;
    EXPECT_TRUE(contains(none.out, "The server has 5 leases.\n")) << none.out;
}

// An identifier that is too long for the lease database is shown by its digest.
TEST_F(ServerScanTest, digest) {
    const auto outcome = scan(page({lease(1), claimant(2)}, "client-id-sha256",
                                   "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"));
    EXPECT_TRUE(contains(outcome.out, "an identifier with the SHA-256 00:11:22:33:44")) << outcome.out;
}

// Parts of an answer that have other types are ignored.
TEST_F(ServerScanTest, damagedAnswers) {
    for (const auto* text :
         {R"({"client-ids": 1, "duids": "x", "declined": {}, "leases": "many", "compared-from": 7})",
          R"({"client-ids": [1, null, {}, {"client-id": 5}, {"client-id": "zz", "leases": []}]})",
          R"({"client-ids": [{"client-id": "ff:01", "leases": [3, {}, {"hw-address": "none"}, [] ]}]})",
          R"({"client-ids": [{"client-id": "ff:01", "leases": [{"hw-address": "01:02", "cltt": "x",
              "subnet-id": -1, "ip-address": "::1", "expired": 3, "hostname": 4}]}]})",
          R"({"duids": [{"duid": "00:02", "leases": [{"hw-address": "01:02"}]}], "leases": -5})"}) {
        const auto outcome = scan(Json::parse(text), "--all");
        EXPECT_GE(outcome.status, 0) << text;
        EXPECT_LE(outcome.status, 1) << text;
    }
}

// A server without the guard, and wrong usage, end the scan with an explanation.
TEST_F(ServerScanTest, errors) {
    const auto error = [](const std::string& arguments) { return (complaint("scan " + arguments).out); };
    EXPECT_TRUE(contains(error("--socket /absent"), "there is no control socket '/absent'"));
    {
        const FakeServer server(socket_, R"({"result": 2, "text": "unsupported"})");
        EXPECT_TRUE(contains(error("--socket " + socket_), "has not loaded the clone guard"));
    }
    EXPECT_TRUE(contains(error("--socket /x leases.csv"), "either lease files or, with --socket,"));
    EXPECT_TRUE(contains(error("--socket /x --declined"), "--declined needs a lease file"));
    EXPECT_TRUE(contains(error("--socket /x --copies"), "are for lease files"));
    EXPECT_TRUE(contains(error(""), "scan needs a lease file"));
}

}  // namespace test
}  // namespace clone_guard
