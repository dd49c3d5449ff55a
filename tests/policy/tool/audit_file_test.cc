// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/audit_sample.h>
#include <tests/policy/support.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/audit/audit_file.h>
#include <tool/audit/audit_parser.h>
#include <tool/cli/failure.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace clone_guard {
namespace test {

namespace {

std::string
text(const std::vector<std::string>& lines, size_t begin, size_t end) {
    std::string all;
    for (size_t i = begin; i < std::min(end, lines.size()); ++i) {
        all += lines[i] + "\n";
    }
    return (all);
}

class AuditFileTest : public ::testing::Test {
protected:
    AuditCounts read(const std::vector<std::string>& names) {
        times_.clear();
        skipped_.clear();
        return (readAuditFiles(
            names, [this](const AuditEntry& entry) { times_.push_back(entry.time); },
            [this](const SkippedLine& skipped) { skipped_.push_back(skipped.line); }));
    }

    /// @return the error if files cannot be read, or an empty text.
    std::string failure(const std::vector<std::string>& names) {
        try {
            read(names);
        } catch (const Failure& error) {
            return (error.what());
        }
        return {};
    }

    TemporaryFolder folder_;
    std::vector<std::string> lines_ = sampleAudit();
    std::vector<UtcTime> times_;
    std::vector<uint64_t> skipped_;
};

}  // namespace

// R12: all fields of a record are read, those of the holder too.
TEST_F(AuditFileTest, rule12Fields) {
    auto record = sampleRecord("conflict-suspected", 60, "bc:24:11:00:00:02", "bc:24:11:00:00:01");
    record.hostname = "web-02";
    record.holder_address = "192.0.2.1";
    record.holder_last_seen = 1777798800;
    record.claimants = 3;
    record.suppressed = 41;
    std::string error;
    const auto entry = parseAuditLine(sampleLine(record), error);
    ASSERT_TRUE(entry) << error;
    EXPECT_EQ(entry->time, utcFromMilliseconds(1777798860250));
    EXPECT_EQ(entry->event, "conflict-suspected");
    EXPECT_EQ(entry->field("template"), "debian-12-base");
    EXPECT_EQ(entry->field("hostname"), "web-02");
    EXPECT_EQ(entry->field("holder.hw_address"), "bc:24:11:00:00:01");
    EXPECT_EQ(entry->field("holder.address"), "192.0.2.1");
    EXPECT_EQ(entry->holder_last_seen, utcFromSeconds(1777798800));
    EXPECT_EQ(entry->subnet_id, 7U);
    EXPECT_EQ(entry->claimants, 3U);
    EXPECT_EQ(entry->suppressed, 41U);
    EXPECT_EQ(entry->field("absent"), "");
}

// Of a name that is repeated, the last value counts. Values in other objects and in lists are ignored.
TEST_F(AuditFileTest, repeatedAndNestedNames) {
    const std::string begin = R"({"time":"2026-05-01T10:00:00.000Z","event":"x",)";
    AuditParser parser;
    const auto read = [&parser, &begin](const std::string& rest) {
        const auto* const entry = parser.parse(begin + rest);
        EXPECT_NE(entry, nullptr) << rest << ": " << parser.error();
        return (entry ? *entry : AuditEntry());
    };
    EXPECT_EQ(read(R"("relay":"a","hostname":"b","relay":"c"})").field("relay"), "c");
    EXPECT_EQ(read(R"("relay":"a","relay":7})").field("relay"), "");
    EXPECT_EQ(read(R"("subnet_id":7,"subnet_id":"7"})").subnet_id, 0U);
    EXPECT_EQ(read(R"("subnet_id":-7})").subnet_id, 0U);
    EXPECT_EQ(read(R"("holder":{"address":"a"},"holder":{}})").field("holder.address"), "");
    EXPECT_EQ(read(R"("holder.address":"a"})").field("holder.address"), "");
    EXPECT_EQ(read(R"("other":{"relay":"a"},"holder":[{"address":"b"}]})").field("relay"), "");
    EXPECT_EQ(read(R"("holder":[{"address":"b"}]})").field("holder.address"), "");
    EXPECT_EQ(
        read(R"("holder":{"address":"b","relay":"c","x":{"address":"d"}}})").field("holder.address"),
        "b");
    EXPECT_EQ(read(R"("holder":{"relay":"c"}})").field("relay"), "");
    // Nothing of an earlier line is left.
    EXPECT_EQ(read(R"("relay":["a","b"]})").field("holder.address"), "");
    EXPECT_EQ(parser.parse(begin + R"("time":7})"), nullptr);
}

// R11: a record is found after the prefix of syslog.
TEST_F(AuditFileTest, rule11Syslog) {
    std::string error;
    EXPECT_TRUE(parseAuditLine("Nov 22 10:51:04 dhcp1 kea-dhcp4[449]: " + lines_[0], error));
    EXPECT_TRUE(parseAuditLine(lines_[0] + "\r", error));
}

// A line without a valid record is rejected with the reason.
TEST_F(AuditFileTest, noRecords) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"kea started", "has no JSON object"},
        {lines_[0].substr(0, 200), "JSON is damaged"},
        {lines_[0] + "}", "damaged"},
        {"{}", "lacks a valid time or event"},
        {R"({"time":"yesterday","event":"x"})", "lacks a valid time or event"},
        {R"({"time":"9999-01-01T00:00:00Z","event":"x"})", "lacks a valid time or event"},
        {R"({"time":"2026-05-01T10:00:00Z","event":7})", "lacks a valid time or event"},
        {"{" + std::string(70000, ' ') + "}", "longer than a record"},
        {std::string(30000, '{'), "damaged"},
    };
    for (const auto& [line, expected] : cases) {
        std::string error;
        EXPECT_FALSE(parseAuditLine(line, error)) << line.substr(0, 80);
        EXPECT_NE(error.find(expected), std::string::npos) << line.substr(0, 80) << ": " << error;
    }
}

// R11: control characters of a forged record are escaped. A record of the guard is not changed.
TEST_F(AuditFileTest, rule11ForgedText) {
    std::string error;
    const auto forged = parseAuditLine(
        R"({"time":"2026-05-01T10:00:00.000Z","event":"x\u001b[2J","hostname":"\n\u0007\u00e9","reason":"a\\x1bb"})",
        error);
    ASSERT_TRUE(forged) << error;
    EXPECT_EQ(forged->event, "x\\x1b[2J");
    EXPECT_EQ(forged->field("hostname"), "\\x0a\\x07\\xc3\\xa9");
    EXPECT_EQ(forged->field("reason"), "a\\x1bb");
}

// Damaged lines are skipped and counted, with their numbers. Empty lines are not counted.
TEST_F(AuditFileTest, damagedLines) {
    const auto path =
        folder_.write("log", lines_[0] + "\n\nrubbish\n" + lines_[1] + "\n" + lines_[2].substr(0, 99));
    const auto counts = read({path});
    EXPECT_EQ(counts.records, 2U);
    EXPECT_EQ(counts.skipped, 2U);
    EXPECT_EQ(skipped_, (std::vector<uint64_t>{3, 5}));
}

// Rotated logs are read oldest first, in whatever order they are named.
TEST_F(AuditFileTest, rotatedLogs) {
    const auto oldest = folder_.write("log.2", text(lines_, 0, 5));
    const auto older = folder_.write("log.1", text(lines_, 5, 9));
    const auto newest = folder_.write("log", text(lines_, 9, lines_.size()));
    const auto empty = folder_.write("empty", "");
    EXPECT_EQ(read({newest, empty, older, oldest}).records, lines_.size());
    EXPECT_TRUE(std::is_sorted(times_.begin(), times_.end()));
}

// A file that is not an audit log, or cannot be read, is an error of one line. An empty log is valid.
TEST_F(AuditFileTest, noAuditLog) {
    const auto other = folder_.write("other", "address,hwaddr\n192.0.2.1,bc:24:11:00:00:01\n");
    const auto packed = folder_.write("log.gz", std::string("\x1f\x8b\x08\0\0\0", 6));
    EXPECT_NE(failure({other}).find("is not an audit log"), std::string::npos) << failure({other});
    EXPECT_NE(failure({packed}).find("is damaged: its gzip data"), std::string::npos)
        << failure({packed});
    EXPECT_NE(failure({folder_.path()}).find("is a directory"), std::string::npos);
    EXPECT_NE(failure({folder_.path() + "/none"}).find("No such file"), std::string::npos);
    EXPECT_EQ(failure({folder_.write("empty", "")}), "");
}

// R13: each line of a damaged log is either a record or counted, whatever the damage.
TEST_F(AuditFileTest, rule13RandomDamage) {
    std::mt19937_64 random(seed());
    const auto whole = text(hostileAudit(), 0, 1000);
    for (int round = 0; round < 200; ++round) {
        auto damaged = lines_[0] + "\n" + whole;
        for (int change = 0; change < 40; ++change) {
            damaged[lines_[0].size() + 1 + random() % whole.size()] = static_cast<char>(random());
        }
        const auto counts = read({folder_.write("log", damaged)});
        EXPECT_GE(counts.records, 1U);
        EXPECT_EQ(times_.size(), counts.records);
        EXPECT_EQ(skipped_.size(), counts.skipped);
    }
}

}  // namespace test
}  // namespace clone_guard
