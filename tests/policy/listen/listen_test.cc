// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/listen/capture_builder.h>
#include <tests/policy/support.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <unistd.h>

namespace clone_guard {
namespace test {

namespace {

class ListenTest : public ::testing::Test {
protected:
    ListenTest() {
        for (const uint32_t machine : {1U, 2U, 1U, 2U}) {
            const auto request =
                renewal(machine, 100.0 * static_cast<double>(clones_.size()), address(100));
            clones_.push_back(request);
            clones_.push_back(reply(MessageType::ACK, request, address(100)));
        }
    }

    std::string write(const std::vector<Message>& messages) {
        return (folder_.write("dhcp.pcap", pcapOf(messages)));
    }

    static nlohmann::json json(const std::string& arguments) {
        return (nlohmann::json::parse(run("listen --json --read " + arguments).out));
    }

    TemporaryFolder folder_;
    /// Two clones that renew one address in turn.
    std::vector<Message> clones_;
};

}  // namespace

// R12: clones are listed with their machines, their address, the server and the remedy.
TEST_F(ListenTest, rule12Clones) {
    const auto outcome = run("listen --read " + write(clones_));
    EXPECT_EQ(outcome.status, 1);
    for (const auto* part :
         {"Clones: 1 client identifier on 2 machines.\n",
          "  ff:ca:53:09:5a:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d\n", "interface  ens18",
          "DUID       DUID-EN, created by systemd",
          "evidence   changed between machines 3 times, back and forth, 3 times while the previous "
          "machine's "
          "lease was live; two machines were alive at the same time",
          "remedy     in the template run 'truncate -s 0 /etc/machine-id",
          "bc:24:11:00:00:01  Proxmox  active  web-1      2026-05-01 10:00:00  2026-05-01 10:06:40  2",
          "Shared: 1 address acknowledged to a machine while the lease of another was live.",
          "192.0.2.100  -     3        bc:24:11:00:00:01, bc:24:11:00:00:02",
          "Server: 1 server answers.", "192.0.2.1  bc:24:11:00:00:fe",
          "Read 1 file: 8 frames, 4 queries, 4 replies, 2 machines, 1 client identifier.\n"
          "From 2026-05-01 10:00 to 10:10 UTC.\n"}) {
        EXPECT_TRUE(contains(outcome.out, part)) << part << " is missing in\n" << outcome.out;
    }
}

// JSON has the same findings, with the names of `scan --json`.
TEST_F(ListenTest, json) {
    for (auto& message : clones_) {
        message.segment.vlan = 100;
    }
    const auto found = json(write(clones_));
    ASSERT_EQ(found["clones"].size(), 1U);
    const auto& one = found["clones"][0];
    EXPECT_EQ(one["client_id"], toHex(cloneIdentifier()));
    EXPECT_EQ(one["nic"], "ens18");
    EXPECT_EQ(one["segments"], nlohmann::json::array({"VLAN 100"}));
    EXPECT_EQ(one["machines"][1]["hw_address"], "bc:24:11:00:00:02");
    EXPECT_EQ(one["machines"][1]["addresses"], nlohmann::json::array({"192.0.2.100"}));
    EXPECT_TRUE(contains(one["remedy"], "truncate -s 0 /etc/machine-id"));
    EXPECT_EQ(found["addresses"][0]["machines"].size(), 2U);
    EXPECT_EQ(found["servers"][0]["server"], "192.0.2.1");
    EXPECT_EQ(found["servers"][0]["acks"], 4);
    EXPECT_EQ(found["counts"]["queries"], 4);
}

// pcap, pcapng, compressed, from a pipe, and split over several files in any order: the findings are the same.
TEST_F(ListenTest, filesOfEachKind) {
    const auto first = write(clones_);
    const auto expected = json(first)["clones"];
    EXPECT_EQ(expected.size(), 1U);
    EXPECT_EQ(json(folder_.write("ng", pcapngOf(clones_)))["clones"], expected);
    EXPECT_EQ(json("- <" + first)["clones"], expected);
    ASSERT_EQ(runShell("gzip -k " + first).status, 0);
    EXPECT_EQ(json(first + ".gz")["clones"], expected);
    std::vector<Message> odd;
    std::vector<Message> even;
    for (size_t i = 0; i < clones_.size(); i += 2) {
        auto& half = i % 4 == 0 ? odd : even;
        half.insert(half.end(), {clones_[i], clones_[i + 1]});
    }
    EXPECT_EQ(
        json(folder_.write("odd", pcapOf(odd)) + " " + folder_.write("even", pcapOf(even)))["clones"],
        expected);
}

// Each machine with an identifier of its own: nothing is found.
TEST_F(ListenTest, nothingFound) {
    for (auto& message : clones_) {
        message.identifier = message.hw_address == mac(1) ? identifierNumber(1) : identifierNumber(2);
        message.your_address =
            message.is_reply ? address(message.hw_address == mac(1) ? 1 : 2) : IpAddress();
    }
    const auto outcome = run("listen --read " + write(clones_));
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out.rfind("No clones found.\n", 0), 0U) << outcome.out;
}

// The names of templates and of machines.
TEST_F(ListenTest, names) {
    const auto path = write(clones_);
    const auto templates =
        folder_.write("templates", "debian-12-base,d31ba602070b463aac004744a10d3e28\n");
    const auto inventory = folder_.write("machines.csv", "mac,name,template\nbc:24:11:00:00:02,db-7,\n");
    const auto out =
        run("listen --templates " + templates + " --inventory " + inventory + " --read " + path).out;
    EXPECT_TRUE(contains(out, "template   debian-12-base")) << out;
    EXPECT_TRUE(contains(out, "db-7     bc:24:11:00:00:02")) << out;
}

// A table with long names fits 100 columns in a pipe: the last columns are on a second line.
TEST_F(ListenTest, longNames) {
    const auto inventory = folder_.write(
        "machines.csv", "mac,name,template\nbc:24:11:00:00:02,database of the office,debian-12-base\n");
    const auto out = run("listen --inventory " + inventory + " --read " + write(clones_)).out;
    EXPECT_TRUE(contains(
        out, "\n    database of the office (from template debian-12-base)  bc:24:11:00:00:02  Proxmox"))
        << out;
    const auto begin = out.find("\n    machine ");
    ASSERT_NE(begin, std::string::npos) << out;
    EXPECT_LE(longestLine(out.substr(begin, out.find("Shared:") - begin)), 100U) << out;
}

// On a terminal of 80 columns, the totals of a long capture have two lines.
TEST_F(ListenTest, fitsTheTerminal) {
    for (double seconds = 1000; seconds < 6400; seconds += 100) {
        clones_.push_back(renewal(1, seconds, address(100)));
        clones_.push_back(reply(MessageType::ACK, clones_.back(), address(100)));
    }
    const auto out = runOnTerminal(80, "listen --color never --read " + write(clones_)).out;
    EXPECT_TRUE(contains(out, "Read 1 file: 116 frames, 58 queries, 58 replies, ")) << out;
    EXPECT_LE(longestLine(out), 80U) << out;
}

// A capture of the first 68 bytes has no DHCP options. It is said what to do, and the status is that of a blind scan.
TEST_F(ListenTest, cutShort) {
    const auto outcome = run("listen --read " + folder_.write("short", pcapOf(clones_, 68)));
    EXPECT_EQ(outcome.status, 3);
    EXPECT_TRUE(contains(outcome.out, "No DHCP message was captured.")) << outcome.out;
    EXPECT_TRUE(contains(outcome.out,
                         "Skipped 8 messages of which the capture has only the first bytes. Capture "
                         "with 'tcpdump -s 0'."))
        << outcome.out;
}

// A file whose end is missing is used as far as it goes.
TEST_F(ListenTest, truncatedFile) {
    auto bytes = pcapOf(clones_);
    bytes.resize(bytes.size() - 5);
    const auto path = folder_.write("cut.pcap", bytes);
    const auto outcome = run("listen --read " + path);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(contains(outcome.out, "cut.pcap: truncated dump file")) << outcome.out;
    EXPECT_TRUE(contains(outcome.out, "3 replies")) << outcome.out;
    EXPECT_TRUE(contains(complaint("listen --read " + path).out,
                         "cut.pcap' cannot be read to its end: truncated dump file"));
}

// Without replies, the report says where to listen.
TEST_F(ListenTest, noReplies) {
    clones_.erase(std::remove_if(clones_.begin(), clones_.end(),
                                 [](const Message& message) { return (message.is_reply); }),
                  clones_.end());
    const auto out = run("listen --read " + write(clones_)).out;
    EXPECT_TRUE(contains(out, "No reply of a server was captured.")) << out;
}

// R11: no control sequence of a client reaches the terminal.
TEST_F(ListenTest, rule11NoControlSequences) {
    for (auto& message : clones_) {
        message.hostname = "\x1b[31mweb\r\n\x07\x80";
    }
    const auto path = write(clones_);
    for (const auto* options : {"", "--json "}) {
        const auto out = run("listen " + std::string(options) + "--read " + path).out;
        EXPECT_TRUE(std::all_of(out.begin(), out.end(), [](char one) {
            return (one == '\n' || (one >= 0x20 && one < 0x7f));
        })) << out;
    }
}

// With --write, shared identifiers become an audit log that `watch` and `report` read.
TEST_F(ListenTest, writesAuditLog) {
    for (auto& message : clones_) {
        message.segment.vlan = 100;
    }
    const auto log = folder_.path() + "/audit.jsonl";
    EXPECT_EQ(run("listen --write " + log + " --read " + write(clones_)).status, 1);
    const auto watched = run("watch --no-follow " + log).out;
    for (const auto* part :
         {"2026-05-01 10:03:20Z  SUSPECTED  web-2 (bc:24:11:00:00:02, Proxmox) presents the identifier "
          "of web-1 "
          "(bc:24:11:00:00:01, 192.0.2.100)",
          "2026-05-01 10:10:00Z  CONFIRMED  web-2", "interface ens18, VLAN 100: only listened"}) {
        EXPECT_TRUE(contains(watched, part)) << part << " is missing in\n" << watched;
    }
    const auto report = run("report --json " + log);
    EXPECT_EQ(report.status, 0);
    EXPECT_TRUE(contains(report.out, "truncate -s 0 /etc/machine-id")) << report.out;
    EXPECT_TRUE(contains(report.out, R"("policy": "listen")")) << report.out;
    EXPECT_TRUE(contains(complaint("listen --write /none/log --read " + write(clones_)).out,
                         "'/none/log' cannot be written"));
}

// A report of such a log says what a listener knows: no subnet, no policy, no address that a machine keeps.
TEST_F(ListenTest, reportOfAuditLog) {
    const auto log = folder_.path() + "/audit.jsonl";
    const auto page = folder_.path() + "/report.html";
    run("listen --write " + log + " --read " + write(clones_));
    const auto text = run("report " + log).out;
    EXPECT_TRUE(contains(text, "1. CONFIRMED  captured messages\n")) << text;
    EXPECT_TRUE(contains(text, "none: only listened\n")) << text;
    EXPECT_EQ(run("report --html " + page + " " + log).status, 0);
    const auto html = runShell("cat " + page).out;
    for (const auto* part : {"<p>captured messages</p>", "none: only listened</td>", " sent a message\"",
                             "<p>clone-guard listen records each machine once"}) {
        EXPECT_TRUE(contains(html, part)) << part;
    }
    for (const auto* part : {"unknown subnet", "monitor", "keeps identifier", "only reported", "renewed",
                             "The guard", "<dt>Policy"}) {
        EXPECT_FALSE(contains(text + html, part)) << part;
    }
}

// On an interface, root is dropped once it is open, and each event is a line. The loopback interface of a network
// namespace carries what a client would send. An interface that disappears is named, and the report follows.
TEST_F(ListenTest, live) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "needs root for a network namespace";
    }
    for (size_t i = 0; i < 4; ++i) {
        const auto payload = payloadOf(clones_[2 * i]);
        folder_.write("payload" + std::to_string(i), std::string(payload.begin(), payload.end()));
    }
    folder_.write("script", R"sh(
        cd "$(dirname "$0")"
        ip link set lo up
        "$1" listen -i lo --write audit.jsonl >out 2>err & pid=$!
        until grep -qs listening err; do sleep 0.1; done
        grep -E '^(Uid|Groups|CapEff|CapBnd|NoNewPrivs)' /proc/$pid/status
        for one in 0 1 2 3; do
            socat -u FILE:payload$one UDP4-SENDTO:127.0.0.1:67,bind=127.0.0.1:68
        done
        until grep -q CONFIRMED out; do sleep 0.1; done
        kill -INT $pid
        wait $pid
        echo "status $?"
        cat out audit.jsonl
        ip link add left type veth peer name right
        ip link set left up
        "$1" listen -i left >out2 2>err2 & pid=$!
        until grep -qs listening err2; do sleep 0.1; done
        ip link delete left
        wait $pid
        echo "status $?"
        cat err2 out2
)sh");
    const auto out =
        runShell("timeout 300 unshare --net sh " + folder_.path() + "/script '" CLONE_GUARD_COMMAND "'")
            .out;
    for (const auto* part :
         {"Uid:\t65534\t65534\t65534\t65534\n", "CapEff:\t0000000000000000\n",
          "CapBnd:\t0000000000000000\n", "NoNewPrivs:\t1\n",
          "SUSPECTED  web-2 (bc:24:11:00:00:02, Proxmox) presents the identifier of web-1",
          "CONFIRMED  web-2", "Clones: 1 client identifier on 2 machines.", "seen on    lo\n",
          "Listened on 1 interface: 4 frames, 4 queries, 0 replies", "status 1\n",
          "\"event\":\"conflict-confirmed\"", "stopped listening on 'left': ", "status 3\n"}) {
        EXPECT_TRUE(contains(out, part)) << part << " is missing in\n" << out;
    }
    EXPECT_TRUE(
        contains(complaint("listen -i nosuch").out, "there is no interface 'nosuch'; these are up:"));
    EXPECT_TRUE(contains(
        runShell("setpriv --reuid 65534 --clear-groups '" CLONE_GUARD_COMMAND "' listen 2>&1").out,
        "no permission to listen on 'any'; run 'sudo clone-guard listen'"));
}

// Wrong usage, and files that are not captures: one line, status 2.
TEST_F(ListenTest, badUsage) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"--read", "listen needs captures: --read FILE..."},
        {"dhcp.pcap", "listen takes files with --read, and an interface with -i"},
        {"--read -i lo dhcp.pcap", "listen takes either --read, or -i and --duration"},
        {"--read " + folder_.path() + "/none", "No such file"},
        {"--read " + folder_.write("text", "address,hwaddr\n"),
         "is not a capture of tcpdump or Wireshark"},
        {"--read " + folder_.write("empty", ""), "is not a capture of tcpdump or Wireshark"},
        {"--read " + folder_.write("radio", pcapOf(127, {})),
         "frames of the link type IEEE802_11_RADIO are not supported"}};
    for (const auto& [arguments, text] : cases) {
        const auto outcome = complaint("listen " + arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_EQ(outcome.out.rfind("clone-guard: ", 0), 0U) << outcome.out;
        EXPECT_TRUE(contains(outcome.out, text)) << outcome.out;
    }
}

}  // namespace test
}  // namespace clone_guard
