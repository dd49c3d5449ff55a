// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/audit_sample.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/audit/audit_follow.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace clone_guard {
namespace test {

namespace {

/// A line of a log, with its number in the host name.
std::string
line(int number) {
    auto record = sampleRecord("conflict-suspected", number, "bc:24:11:00:00:02", "bc:24:11:00:00:01");
    record.hostname = "vm-" + std::to_string(number) + ".";
    return (sampleLine(record) + "\n");
}

std::string
linesFrom(int begin, int end) {
    std::string all;
    for (int i = begin; i < end; ++i) {
        all += line(i);
    }
    return (all);
}

class WatchTest : public ::testing::Test {
protected:
    /// @return the numbers of the lines in a text, in their order.
    static std::vector<int> numbers(const std::string& text) {
        std::vector<int> found;
        for (auto at = text.find("vm-"); at != std::string::npos; at = text.find("vm-", at + 1)) {
            found.push_back(std::stoi(text.substr(at + 3)));
        }
        return (found);
    }

    void append(const std::string& text) const {
        std::ofstream(path_, std::ios::app) << text;
    }

    TemporaryFolder folder_;
    std::string path_ = folder_.path() + "/audit.jsonl";
};

}  // namespace

// watch begins with the last ten records, or with -n records. Other lines are ignored.
TEST_F(WatchTest, lastRecords) {
    append(linesFrom(0, 400) + "rubbish\n\n" + linesFrom(400, 402) + "kea: started\n");
    EXPECT_EQ(numbers(run("watch --no-follow " + path_).out),
              (std::vector<int>{392, 393, 394, 395, 396, 397, 398, 399, 400, 401}));
    EXPECT_EQ(numbers(run("watch --no-follow -n 3 " + path_).out), (std::vector<int>{399, 400, 401}));
    EXPECT_TRUE(numbers(run("watch --no-follow -n 0 " + path_).out).empty());
    const auto all = numbers(run("watch --no-follow -n 5000 " + path_).out);
    EXPECT_EQ(all.size(), 402U);
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
}

// R12: a record is two lines: time, event, machines; template, network, action.
TEST_F(WatchTest, rule12Readable) {
    for (const auto& one : sampleAudit()) {
        append(one + "\n");
    }
    const auto out = run("watch --no-follow -n 100 " + path_).out;
    for (const auto* part :
         {"2026-05-03 09:20:10Z  SUSPECTED  web-02 (bc:24:11:5e:00:02, Proxmox) presents the identifier "
          "of web-01 "
          "(bc:24:11:5e:00:01, 192.0.2.100)\n",
          "template debian-12-base, interface ens18, network office, subnet 7: the claimant gets an "
          "address of its own\n",
          "CONFIRMED  cam-south", "the claimant gets no address",
          "got an address of its own: 192.0.2.102",
          "RELEASE    build-runner (bc:24:11:5e:00:03, Proxmox) released 192.0.2.100, which "
          "belongs to web-01",
          "the holder keeps its lease", "(46 more messages)", "moved      archive", "ended      ci-1",
          "only reported (policy monitor)", "DEGRADED   the lease database does not answer"}) {
        EXPECT_TRUE(contains(out, part)) << part << " is missing in\n" << out;
    }
}

// watch prints what is added to a log, also after a rotation and after a truncation. The reader drives the writer, and
// watch ends with its reader.
TEST_F(WatchTest, followsThroughRotation) {
    append(line(1));
    folder_.write("2", line(2));
    folder_.write("3", line(3));
    folder_.write("4", line(4));
    const auto outcome =
        runShell("cd '" + folder_.path() +
                 "' && timeout 60 '" CLONE_GUARD_COMMAND "' watch audit.jsonl | {\n"
                 "next() { read -r record && read -r rest && echo \"$record\"; }\n"
                 "next; cat 2 >>audit.jsonl\n"
                 "next; mv audit.jsonl audit.jsonl.1; cp 3 audit.jsonl\n"
                 "next; : >audit.jsonl.new; mv audit.jsonl.new audit.jsonl; cat 4 >>audit.jsonl\n"
                 "next; }");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(numbers(outcome.out), (std::vector<int>{1, 2, 3, 4}));
}

// The standard input is read to its end, for the journal.
TEST_F(WatchTest, standardInput) {
    append("Nov 22 10:51:04 dhcp1 kea-dhcp4[449]: " + line(1) + "noise\n" + line(2));
    EXPECT_EQ(numbers(run("watch - <" + path_).out), (std::vector<int>{1, 2}));
}

// An unfinished line is read once it is complete. A truncated file is read from its beginning.
TEST_F(WatchTest, followerReadsWholeLines) {
    std::string seen;
    append(line(1));
    FileFollower follower(path_, [&seen](const std::string& text) { seen += text + "\n"; });
    append(line(2).substr(0, 100));
    follower.skipToLast(10, [](const std::string& text) { return (!text.empty()); });
    EXPECT_EQ(seen, line(1));
    append(line(2).substr(100));
    follower.poll();
    EXPECT_EQ(seen, line(1) + line(2));
    // The old file has an unread line when it is rotated.
    append(line(3));
    ASSERT_EQ(std::rename(path_.c_str(), (path_ + ".1").c_str()), 0);
    follower.poll();
    append(line(4));
    follower.poll();
    EXPECT_EQ(numbers(seen), (std::vector<int>{1, 2, 3, 4}));
    ASSERT_EQ(truncate(path_.c_str(), 0), 0);
    follower.poll();
    append(line(5));
    follower.poll();
    EXPECT_EQ(numbers(seen), (std::vector<int>{1, 2, 3, 4, 5}));
}

// The last lines of a file do not depend on the chunks in which it is read from its end.
TEST_F(WatchTest, lastLinesOfPieces) {
    for (const size_t length : {1U, 65534U, 65535U, 65536U, 65537U, 131072U, 200000U}) {
        folder_.write("audit.jsonl", "first\n" + std::string(length, 'x') + "\nlast\n");
        const int file = open(path_.c_str(), O_RDONLY);
        ASSERT_GE(file, 0);
        const auto all =
            lastLines(file, length + 12, 3, [](const std::string& text) { return (!text.empty()); });
        close(file);
        ASSERT_EQ(all.size(), 3U) << length;
        EXPECT_EQ(all[0], "first") << length;
        // A line longer than a record is cut, but not to the length of a record.
        EXPECT_GE(all[1].size(), std::min<size_t>(length, 65536)) << length;
        EXPECT_EQ(all[2], "last") << length;
    }
}

// Output is coloured on a terminal without NO_COLOR, or with --color=always.
TEST_F(WatchTest, colours) {
    append(line(1));
    const std::string watch = "watch --no-follow " + path_;
    EXPECT_FALSE(contains(run(watch).out, "\x1b"));
    EXPECT_TRUE(contains(run(watch + " --color=always").out, "\x1b[33mSUSPECTED\x1b[0m"));
    const auto terminal = [&watch](const std::string& before) {
        return (runShell(before + " script -qec \"'" CLONE_GUARD_COMMAND "' " + watch +
                         "\" /dev/null </dev/null")
                    .out);
    };
    EXPECT_TRUE(contains(terminal("TERM=xterm"), "\x1b[33m"));
    EXPECT_FALSE(contains(terminal("TERM=xterm NO_COLOR=1"), "\x1b["));
    EXPECT_FALSE(contains(terminal("TERM=dumb"), "\x1b["));
}

// R11: no control sequence of a client or of a forged log reaches the terminal.
TEST_F(WatchTest, rule11NoControlSequences) {
    for (const auto& one : hostileAudit()) {
        append(one + "\n");
    }
    const auto out = run("watch --no-follow -n 1000 " + path_).out;
    EXPECT_FALSE(out.empty());
    for (const char character : out) {
        ASSERT_TRUE(character == '\n' || (character >= 0x20 && character < 0x7f))
            << static_cast<int>(character);
    }
}

// An empty file is a log without records so far.
TEST_F(WatchTest, emptyLog) {
    const auto outcome = complaint("watch --no-follow " + folder_.write("new", ""));
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(contains(outcome.out, "has no audit record yet")) << outcome.out;
}

// Bad usage, a missing log and a file that is not a log: one line, status 2.
TEST_F(WatchTest, badUsage) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "watch needs one audit log"},
        {"a b", "watch needs one audit log"},
        {"--color=blue a", "--color is one of auto, always, never"},
        {"-n many a", "many"},
        {folder_.path() + "/none", "No such file"},
        {"--no-follow " + folder_.write("other", "hello\n"), "has no audit record of the clone guard"},
        {folder_.write("log.gz", "\x1f\x8b\x08"), "is compressed (gzip) and cannot be followed"},
        {folder_.path(), "is a directory"}};
    for (const auto& [arguments, text] : cases) {
        EXPECT_EQ(run("watch " + arguments).status, 2) << arguments;
        const auto said = complaint("watch " + arguments).out;
        EXPECT_EQ(said.rfind("clone-guard: ", 0), 0U) << said;
        EXPECT_TRUE(contains(said, text)) << said;
    }
}

}  // namespace test
}  // namespace clone_guard
