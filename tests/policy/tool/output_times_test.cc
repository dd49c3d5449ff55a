// SPDX-License-Identifier: MPL-2.0

/// @file
/// Each time in each output of scan, report and watch is a time of the input. The tests read the input themselves: they
/// share no parser and no formatter of times with the command.

#include <tests/policy/audit_sample.h>
#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/lease_lines.h>
#include <tests/policy/tool/temporary_folder.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;
using Times = std::vector<std::string>;

/// The time of a lease line in UTC: LEASE_EPOCH is 22:13:20, and the tests' leases end before midnight.
std::string
leaseTime(int64_t at) {
    const auto seconds = 22 * 3600 + 13 * 60 + 20 + at;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "2023-11-14T%02d:%02d:%02d",
                  static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60));
    return (text.data());
}

/// "2026-05-03T09:20:10.250Z" as a reader sees it: "2026-05-03 09:20:10".
std::string
forReader(std::string rfc3339) {
    rfc3339.resize(19);
    rfc3339[10] = ' ';
    return (rfc3339);
}

/// @return all dates with a time in a text, whatever their year and precision, in their order.
Times
timesIn(const std::string& text) {
    static const std::regex pattern(
        "[0-9]{4,}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?Z?");
    Times all;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
        all.push_back(at->str());
    }
    return (all);
}

/// @return the part of a text between two marks, or an empty text if a mark is missing.
std::string
between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto from = text.find(begin);
    const auto to = from == std::string::npos ? from : text.find(end, from + begin.size());
    return (to == std::string::npos ? "" : text.substr(from + begin.size(), to - from - begin.size()));
}

/// A machine's times in RFC 3339, which sort as text.
struct Seen {
    std::set<std::string> times;
    [[nodiscard]] std::string first() const {
        return (*times.begin());
    }
    [[nodiscard]] std::string last() const {
        return (*times.rbegin());
    }
};

/// The times in the sample's audit log, read with nothing but a JSON parser.
class AuditTimes {
public:
    AuditTimes() {
        for (const auto& line : sampleAudit()) {
            add(Json::parse(line));
        }
    }

    /// Times of all machines by hardware address. No two conflicts of the sample share a machine.
    std::map<std::string, Seen> machines;
    /// Times of the records by client identifier.
    std::map<std::string, Seen> conflicts;
    /// Times of all records, in the order of the log.
    Times records;
    /// Times of the records of a degraded guard.
    Times degraded;

private:
    void add(const Json& record) {
        const std::string time = record["time"];
        records.push_back(time);
        if (!record.contains("client_id")) {
            degraded.push_back(time);
            return;
        }
        conflicts[record["client_id"]].times.insert(time);
        machines[record["hw_address"]].times.insert(time);
        const auto& holder = record["holder"];
        auto& seen = machines[holder["hw_address"]];
        if (record["event"] == "conflict-confirmed") {
            seen.times.insert(time);
        }
        const std::string renewal = holder["last_seen"];
        // A renewal in the second of a record is the record's.
        const auto same = [&renewal](const std::string& other) {
            return (other.substr(0, 19) == renewal.substr(0, 19));
        };
        if (std::none_of(seen.times.begin(), seen.times.end(), same)) {
            seen.times.insert(renewal);
        }
    }
};

class OutputTimesTest : public ::testing::Test {
protected:
    void SetUp() override {
        std::string text;
        for (const auto& line : sampleAudit()) {
            text += line + "\n";
        }
        log_ = folder_.write("audit.jsonl", text);
        leases_ = folder_.write("leases.csv", leaseFile(lines_));
    }

    /// @return "2026-05-03 09:20 to 2026-05-05 14:00" of a period.
    static std::string period(const std::string& begin, const std::string& end) {
        const auto from = forReader(begin).substr(0, 16);
        const auto to = forReader(end).substr(0, 16);
        return (from == to
                    ? from
                    : from + " to " + (from.substr(0, 10) == to.substr(0, 10) ? to.substr(11) : to));
    }

    TemporaryFolder folder_;
    std::string log_;
    std::string leases_;
    const AuditTimes audit_;
    /// Two clones, and a network card that was replaced.
    const std::vector<LeaseLine> lines_{{0, 1, 1},
                                        {10, 2, 1},
                                        {307, 1, 1},
                                        {5, 3, 3, 600, identifierNumber(3)},
                                        {1003, 4, 3, 600, identifierNumber(3)}};
    /// First and last message of each machine of lines_, seconds after LEASE_EPOCH.
    const std::map<std::string, std::pair<int64_t, int64_t>> leased_{
        {"bc:24:11:00:00:01", {0, 307}},
        {"bc:24:11:00:00:02", {10, 10}},
        {"bc:24:11:00:00:03", {5, 5}},
        {"bc:24:11:00:00:04", {1003, 1003}}};
};

}  // namespace

// scan prints the first and the last message of each machine, and no other time.
TEST_F(OutputTimesTest, scanText) {
    const auto out = run("scan " + leases_).out;
    Times expected;
    for (const auto& [hw_address, seen] : leased_) {
        const Times own{forReader(leaseTime(seen.first)), forReader(leaseTime(seen.second))};
        EXPECT_EQ(timesIn(between(out, hw_address, "192.0.2.")), own) << out;
        expected.insert(expected.end(), own.begin(), own.end());
    }
    EXPECT_EQ(timesIn(out), expected) << out;
    EXPECT_NE(out.find(" Times are UTC.\n"), std::string::npos) << out;
}

// scan --json has the same times with milliseconds.
TEST_F(OutputTimesTest, scanJson) {
    const auto out = run("scan --json " + leases_).out;
    const auto found = Json::parse(out);
    size_t machines = 0;
    for (const auto* kind : {"clones", "moved"}) {
        for (const auto& machine : found[kind][0]["machines"]) {
            const auto& seen = leased_.at(machine["hw_address"]);
            EXPECT_EQ(machine["first_seen"], leaseTime(seen.first) + ".000Z");
            EXPECT_EQ(machine["last_seen"], leaseTime(seen.second) + ".000Z");
            ++machines;
        }
    }
    EXPECT_EQ(machines, leased_.size());
    EXPECT_EQ(timesIn(out).size(), 2 * machines);
}

// report prints the period of the log and of each conflict, and the first and last sighting of each machine.
TEST_F(OutputTimesTest, reportText) {
    const auto out = run("report " + log_).out;
    std::multiset<std::string> expected;
    const auto expect = [&expected](const std::string& text) {
        for (const auto& time : timesIn(text)) {
            expected.insert(time);
        }
    };
    expect(period(audit_.records.front(), audit_.records.back()));
    for (const auto& [identifier, seen] : audit_.conflicts) {
        const auto conflict = between(out, identifier, "\n\n");
        EXPECT_TRUE(contains(conflict, period(seen.first(), seen.last()) + ",")) << conflict;
        expect(period(seen.first(), seen.last()));
    }
    for (const auto& [hw_address, seen] : audit_.machines) {
        const auto first = forReader(seen.first());
        const auto last = forReader(seen.last());
        // The two times follow the hardware address before another one does.
        const auto row = between(out, hw_address, last);
        EXPECT_TRUE(contains(row + last, first))
            << hw_address << " without " << first << " and " << last << "\n"
            << out;
        EXPECT_LE(timesIn(row).size(), 1U) << hw_address << ": " << row;
        expect(first + " " + last);
    }
    expect(forReader(audit_.degraded.front()));
    const auto all = timesIn(out);
    EXPECT_EQ(std::multiset<std::string>(all.begin(), all.end()), expected) << out;
}

// report --json has each sighting of each machine, with milliseconds.
TEST_F(OutputTimesTest, reportJson) {
    const auto report = Json::parse(run("report --json " + log_).out);
    EXPECT_EQ(report["begin"], audit_.records.front());
    EXPECT_EQ(report["end"], audit_.records.back());
    EXPECT_EQ(report["degraded"][0]["first"], audit_.degraded.front());
    EXPECT_EQ(report["degraded"][0]["last"], audit_.degraded.back());
    size_t machines = 0;
    for (const auto& conflict : report["conflicts"]) {
        const auto& recorded = audit_.conflicts.at(conflict["client_id"]);
        EXPECT_EQ(conflict["first"], recorded.first());
        EXPECT_EQ(conflict["last"], recorded.last());
        for (const auto& machine : conflict["machines"]) {
            const auto& seen = audit_.machines.at(machine["hw_address"]);
            EXPECT_EQ(machine["first_seen"], seen.first());
            EXPECT_EQ(machine["last_seen"], seen.last());
            std::set<std::string> sightings;
            for (const auto& sighting : machine["signs"]) {
                sightings.insert(sighting["time"]);
            }
            EXPECT_EQ(sightings, seen.times) << machine["hw_address"];
            ++machines;
        }
    }
    EXPECT_EQ(machines, audit_.machines.size());
}

// The page shows the same times as the text, in the machine table and in the timeline of each conflict.
TEST_F(OutputTimesTest, reportHtml) {
    const auto page = run("report " + log_ + " --html -").out;
    std::set<std::string> known;
    for (const auto& [hw_address, seen] : audit_.machines) {
        const auto row = between(
            page, "<td role=\"cell\" data-name=\"Hardware address\"><span class=\"hex\">" + hw_address,
            "</tr>");
        EXPECT_EQ(timesIn(row), (Times{forReader(seen.first()), forReader(seen.last())}))
            << hw_address << row;
        for (const auto& time : seen.times) {
            known.insert(forReader(time));
        }
    }
    const auto marks = std::regex("title=\"([^\"]{19}) ");
    std::set<std::string> marked;
    for (std::sregex_iterator at(page.begin(), page.end(), marks), end; at != end; ++at) {
        marked.insert((*at)[1].str());
    }
    EXPECT_EQ(marked, known);
    EXPECT_TRUE(contains(page, period(audit_.records.front(), audit_.records.back()) + " UTC"));
    for (const auto& [identifier, seen] : audit_.conflicts) {
        EXPECT_TRUE(contains(page, "<dd>" + period(seen.first(), seen.last()) + " UTC,")) << identifier;
    }
    EXPECT_TRUE(contains(page, "<li><time>" + forReader(audit_.degraded.front()) + "</time>"));
    // Every time of the page is a time of the input, or its begin in minutes.
    for (const auto& record : audit_.records) {
        known.insert(forReader(record));
    }
    for (const auto& time : timesIn(page)) {
        const auto found = known.lower_bound(time);
        EXPECT_TRUE(found != known.end() && found->compare(0, time.size(), time) == 0) << time;
    }
}

// watch prints the time of each record, in the order of the log.
TEST_F(OutputTimesTest, watch) {
    Times expected;
    for (const auto& record : audit_.records) {
        expected.push_back(forReader(record) + "Z");
    }
    EXPECT_EQ(timesIn(run("watch --no-follow -n 100 " + log_).out), expected);
    EXPECT_EQ(timesIn(run("watch - <" + log_).out), expected);
}

}  // namespace test
}  // namespace clone_guard
