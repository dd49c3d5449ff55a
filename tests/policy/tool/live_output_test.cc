// SPDX-License-Identifier: MPL-2.0

// What status and conflicts print about the answer of a server. Tests against a real server: tests/e2e/scenarios.

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/fake_server.h>
#include <tests/policy/tool/temporary_folder.h>

#include <core/identity/bytes.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

Json
machine(const char* hw_address, const char* state, const char* address, const char* name, int64_t seen) {
    return {{"hw-address", hw_address},
            {"state", state},
            {"ip-address", address},
            {"hostname", name},
            {"cltt", seen}};
}

/// A conflict between machines that were last seen at these seconds.
Json
conflict(int64_t holder_seen, int64_t claimant_seen) {
    return {
        {"client-id", "ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d"},
        {"subnet-id", 1},
        {"level", "confirmed"},
        {"policy", "mac-fallback"},
        {"template", "debian-12-base"},
        {"remedy",
         "in the template run 'truncate -s 0 /etc/machine-id', shut it down, and do not boot it again"},
        {"holder", machine("bc:24:11:5e:00:02", "off", "192.0.2.10", "clone-2", holder_seen)},
        {"claimants",
         Json::array({machine("bc:24:11:5e:00:01", "active", "192.0.2.11", "clone-1", claimant_seen)})}};
}

Json
status(const char* configured, const Json& degraded) {
    return {{"version", "0.1.0"},
            {"kea-version", "2.2.0"},
            {"configured-at", configured},
            {"conflicts", {{"count", 1}, {"confirmed", 0}, {"limit", 50}}},
            {"claims", {{"count", 2}, {"limit", 262144}}},
            {"audit-log", true},
            {"degraded", degraded},
            {"parameters", {{"policy", "mac-fallback"}, {"exempt", Json::object()}}},
            {"overrides", Json::array()}};
}

}  // namespace

class LiveOutputTest : public ::testing::Test {
protected:
    /// Runs a command against a server that gives this answer.
    std::string ask(const std::string& command, const Json& arguments, const std::string& text = "") {
        const auto path = folder_.path() + "/socket";
        FakeServer server(path, Json{{"result", 0}, {"text", text}, {"arguments", arguments}}.dump());
        return (run(command + " --socket " + path).out);
    }

    /// Runs `conflicts` on a terminal with some columns.
    std::string askOnTerminal(size_t columns, const Json& arguments,
                              const std::string& environment = "") {
        const auto path = folder_.path() + "/socket";
        FakeServer server(path, Json{{"result", 0}, {"text", ""}, {"arguments", arguments}}.dump());
        return (runOnTerminal(columns, "conflicts --socket " + path, environment).out);
    }

    static Json conflicts(const Json& one) {
        return {{"count", 1}, {"conflicts", Json::array({one})}};
    }

    TemporaryFolder folder_;
};

// R10: conflicts prints the state of each machine. Each time is the time of that machine in the answer, in UTC, to the second.
TEST_F(LiveOutputTest, timesOfConflicts) {
    const auto out = ask("conflicts", conflicts(conflict(1795516272, 951782400)));
    EXPECT_TRUE(contains(
        out,
        "bc:24:11:5e:00:02  holder    off     192.0.2.10  clone-2    2026-11-24 10:31:12  Proxmox\n"))
        << out;
    EXPECT_TRUE(contains(
        out,
        "bc:24:11:5e:00:01  claimant  active  192.0.2.11  clone-1    2000-02-29 00:00:00  Proxmox\n"))
        << out;
    EXPECT_TRUE(contains(out, "\n1 conflict.\n")) << out;
}

// Each time that status prints is the one of the answer.
TEST_F(LiveOutputTest, timesOfStatus) {
    const auto out = ask(
        "status",
        status(
            "2026-11-24T10:31:12.345Z",
            {{{"trouble", "lease-database"}, {"since", "2026-11-24T11:00:00.001Z"}, {"failures", 1}},
             {{"trouble", "conflicts-full"}, {"since", "2026-11-24T12:00:00.002Z"}, {"failures", 7}}}));
    EXPECT_TRUE(contains(out, "configured      2026-11-24T10:31:12.345Z\n")) << out;
    EXPECT_TRUE(
        contains(out, "degraded        lease-database since 2026-11-24T11:00:00.001Z, 1 failure\n"))
        << out;
    EXPECT_TRUE(
        contains(out, "                conflicts-full since 2026-11-24T12:00:00.002Z, 7 failures\n"))
        << out;
    EXPECT_TRUE(contains(out, "  exempt  none\n")) << out;
}

// A terminal of 80 columns gets lines of at most 80 columns, broken at words; a pipe gets each row in one line.
TEST_F(LiveOutputTest, fitsTheTerminal) {
    const auto one = conflicts(conflict(1795516272, 951782400));
    const auto piped = ask("conflicts", one);
    EXPECT_TRUE(contains(piped, "and do not boot it again\n")) << piped;
    const auto narrow = askOnTerminal(80, one, "NO_COLOR=1");
    EXPECT_LE(longestLine(narrow), 80U) << narrow;
    EXPECT_TRUE(contains(narrow, "2026-11-24 10:31:12")) << narrow;
    EXPECT_TRUE(contains(narrow, "clone-2")) << narrow;
    const auto narrower = askOnTerminal(60, one, "NO_COLOR=1");
    EXPECT_LE(longestLine(narrower), 60U) << narrower;
    EXPECT_TRUE(contains(narrower, "2026-11-24 10:31:12")) << narrower;
    // Wide enough, a terminal shows what a pipe gets.
    EXPECT_EQ(askOnTerminal(200, one, "NO_COLOR=1"), piped);
}

// A terminal gets colours, unless NO_COLOR, TERM or --color forbid them; a pipe gets them with --color=always alone.
TEST_F(LiveOutputTest, colours) {
    const auto one = conflicts(conflict(1795516272, 951782400));
    const std::string red = "\x1b[1;31mconfirmed, policy mac-fallback\x1b[0m";
    EXPECT_TRUE(contains(askOnTerminal(80, one), red));
    EXPECT_FALSE(contains(askOnTerminal(80, one, "NO_COLOR=1"), "\x1b["));
    EXPECT_FALSE(contains(askOnTerminal(80, one, "TERM=dumb"), "\x1b["));
    EXPECT_FALSE(contains(ask("conflicts", one), "\x1b["));
    EXPECT_TRUE(contains(ask("conflicts --color=always", one), red));
    EXPECT_FALSE(contains(ask("conflicts --json --color always", one), "\x1b["));
}

}  // namespace test
}  // namespace clone_guard
