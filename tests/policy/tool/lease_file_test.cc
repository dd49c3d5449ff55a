// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/lease_lines.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/cli/failure.h>
#include <tool/scan/lease_file.h>
#include <tool/scan/lease_file_set.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace clone_guard {
namespace test {

namespace {

class LeaseFileTest : public ::testing::Test {
protected:
    /// Writes and opens a file.
    LeaseFile& open(const std::string& text) {
        file_.emplace(folder_.write("leases.csv", text),
                      [this](uint64_t line, const std::string& reason) {
                          damage_.push_back(std::to_string(line) + " " + reason);
                      });
        return (*file_);
    }

    /// @return the error for a file that cannot be used.
    std::string refusal(const std::string& text) {
        try {
            open(text);
        } catch (const Failure& failure) {
            return (failure.what());
        }
        return ("");
    }

    TemporaryFolder folder_;
    std::vector<std::string> damage_;
    std::optional<LeaseFile> file_;
};

// A line is a lease: address, client, begin and lifetime.
TEST_F(LeaseFileTest, aLine) {
    auto& file = open(leaseFile({{60, 2, 7, 600, cloneIdentifier(), 5, 2, "web"}}));
    const auto* row = file.next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->address.toText(), "192.0.2.7");
    EXPECT_EQ(row->hw_address, mac(2).bytes());
    EXPECT_EQ(row->identifier, ByteView(cloneIdentifier()));
    EXPECT_EQ(row->time, utcFromSeconds(LEASE_EPOCH + 60));
    EXPECT_EQ(row->lifetime, std::chrono::seconds(600));
    EXPECT_EQ(row->subnet, 5U);
    EXPECT_EQ(row->state, 2U);
    EXPECT_EQ(row->hostname, "web");
    EXPECT_EQ(file.next(), nullptr);
    EXPECT_EQ(file.rows(), 1U);
}

// The first line names the columns, which differ between releases.
TEST_F(LeaseFileTest, columnsByName) {
    auto& file = open("subnet_id,pool_id,client_id,hwaddr,address,expire,valid_lifetime\n"
                      "9,3,01:02,bc:24:11:00:00:01,192.0.2.1,1700000600,600\n");
    const auto* row = file.next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->subnet, 9U);
    EXPECT_EQ(row->time, utcFromSeconds(LEASE_EPOCH));
    EXPECT_EQ(row->state, 0U);
    EXPECT_TRUE(row->hostname.empty());
}

// After an upgrade, lines have more columns than the first line names.
TEST_F(LeaseFileTest, newerColumns) {
    auto line = LeaseLine().text();
    line.insert(line.size() - 1, ",0");
    auto& file = open(LEASE_HEAD + line + LeaseLine().text());
    EXPECT_NE(file.next(), nullptr);
    EXPECT_NE(file.next(), nullptr);
    EXPECT_EQ(file.damaged(), 0U);
}

// Absent fields are empty: a client without option 61, a declined address without a client.
TEST_F(LeaseFileTest, emptyFields) {
    auto& file = open(std::string(LEASE_HEAD) + "192.0.2.1,bc:24:11:00:00:01,,600,1700000600,1,0,0,,0,\n"
                                                "192.0.2.2,,,600,1700000600,1,0,0,,1,\n");
    EXPECT_TRUE(file.next()->identifier.empty());
    EXPECT_TRUE(file.next()->hw_address.empty());
}

// Damaged lines are skipped and counted, with their numbers. The lines around them are read.
TEST_F(LeaseFileTest, damagedLines) {
    const auto good = LeaseLine().text();
    const std::vector<std::pair<std::string, std::string>> cases{
        {"192.0.2.1,bc:24", "fields are missing"},
        {"192.0.2,bc:24:11:00:00:01,ff:00,600,1700000600,1,0,0,,0,", "invalid IPv4 address"},
        {"192.0.2.256,bc:24:11:00:00:01,ff:00,600,1700000600,1,0,0,,0,", "invalid IPv4 address"},
        {"192.0.2.1,zz,ff:00,600,1700000600,1,0,0,,0,", "invalid hardware address"},
        {"192.0.2.1,bc:24:11:00:00:01,ff:0,600,1700000600,1,0,0,,0,", "invalid client identifier"},
        {"192.0.2.1,bc:24:11:00:00:01,ff:00,-1,1700000600,1,0,0,,0,", "invalid lifetime"},
        {"192.0.2.1,bc:24:11:00:00:01,ff:00,600,1,1,0,0,,0,", "invalid lifetime"},
        {"192.0.2.1,bc:24:11:00:00:01,ff:00,600,99999999999999999999,1,0,0,,0,", "invalid lifetime"},
        {"192.0.2.1,bc:24:11:00:00:01,ff:00,600,1700000600,x,0,0,,0,", "invalid subnet"},
        {"192.0.2.1,bc:24:11:00:00:01,ff:00,600,1700000600,1,0,0,,?,", "invalid state"},
        {good.substr(0, good.size() - 1) + good.substr(0, good.size() - 1), "too many fields"},
        {std::string(LineReader::MAX_LINE + 5, 'a'), "too long"}};
    std::string text = LEASE_HEAD;
    for (const auto& one : cases) {
        text += one.first + "\n" + good;
    }
    auto& file = open(text);
    while (file.next() != nullptr) {
    }
    EXPECT_EQ(file.rows(), cases.size());
    ASSERT_EQ(file.damaged(), cases.size());
    for (size_t i = 0; i < cases.size(); ++i) {
        EXPECT_EQ(damage_[i], std::to_string(2 + 2 * i) + " " + cases[i].second);
    }
}

// A running server may be writing the last line: it is not damage, and it is used if it is complete.
TEST_F(LeaseFileTest, unfinishedLastLine) {
    auto& whole = open(leaseFile({{}}) + "192.0.2.2,bc:24:11:00:00:01,ff:00,600,1700000600,1,0,0,,0,");
    EXPECT_NE(whole.next(), nullptr);
    EXPECT_NE(whole.next(), nullptr);
    EXPECT_EQ(whole.next(), nullptr);
    auto& half = open(leaseFile({{}}) + "192.0.2.2,bc:24:1");
    EXPECT_NE(half.next(), nullptr);
    EXPECT_EQ(half.next(), nullptr);
    EXPECT_EQ(half.damaged(), 0U);
}

// Line ends of another system and empty lines are not damage.
TEST_F(LeaseFileTest, otherLineEnds) {
    auto& file = open("address,hwaddr,client_id,valid_lifetime,expire,subnet_id\r\n\r\n\n"
                      "192.0.2.1,bc:24:11:00:00:01,ff:00,600,1700000600,1\r\n");
    EXPECT_NE(file.next(), nullptr);
    EXPECT_EQ(file.next(), nullptr);
    EXPECT_EQ(file.damaged(), 0U);
}

// A file that is not a DHCPv4 lease file is an error of one line that names its kind.
TEST_F(LeaseFileTest, noLeaseFile) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "is empty"},
        {"hello\n", "is not a lease file of Kea"},
        {std::string(3000, '\0'), "is not a lease file of Kea"},
        {std::string(3 * LineReader::MAX_LINE, ','), "is not a lease file of Kea"},
        {"address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_"
         "fwd,"
         "fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source\n",
         "is a lease file for DHCPv6"},
        {"\x1f\x8b\x08 rest", "is damaged: its gzip data"},
        {"\xfd"
         "7zXZ rest",
         "is damaged: its xz data"},
        {"\x28\xb5\x2f\xfd rest", "is compressed (zstd)"},
        {"BZh91AY", "is damaged: its bzip2 data"}};
    for (const auto& [text, expected] : cases) {
        const auto message = refusal(text);
        EXPECT_NE(message.find(expected), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
    EXPECT_THROW(LeaseFile(folder_.path()), Failure);
    EXPECT_THROW(LeaseFile(folder_.path() + "/none"), Failure);
}

// The server writes separators in hexadecimal. Other text is not changed.
TEST_F(LeaseFileTest, escapedText) {
    EXPECT_EQ(unescapeField("a&#x2cb"), "a,b");
    EXPECT_EQ(unescapeField("&#x26#x2c"), "&#x2c");
    EXPECT_EQ(unescapeField("&#x2C"), ",");
    for (const auto* text : {"", "web", "&#x", "&#x2", "&#xzz", "&#x-1", "&&#"}) {
        EXPECT_EQ(unescapeField(text), text);
    }
}

// An address is parsed as it is formatted. Other text is invalid.
TEST_F(LeaseFileTest, addresses) {
    for (const auto* text : {"0.0.0.0", "192.0.2.1", "255.255.255.255"}) {
        ASSERT_TRUE(parseAddress(text)) << text;
        EXPECT_EQ(parseAddress(text)->toText(), text);
    }
    for (const auto* text :
         {"", ".", "...", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", "2001:db8::1"}) {
        EXPECT_FALSE(parseAddress(text)) << text;
    }
}

// The history begins with FILE.2. The result of an unfinished cleanup comes after the files that it was made of.
TEST_F(LeaseFileTest, companionsInOrder) {
    const auto base = folder_.write("leases.csv", "");
    for (const auto* suffix : {".1", ".2", ".completed", ".output", ".pid"}) {
        folder_.write("leases.csv" + std::string(suffix), "");
    }
    const auto names = [&base](const std::vector<LeaseFileSet>& sets) {
        std::string text;
        for (const auto& set : sets) {
            for (const auto& part : set) {
                text += part.path.substr(base.size()) + (part.is_snapshot ? "*" : "") + " ";
            }
            text += "| ";
        }
        return (text);
    };
    EXPECT_EQ(names(leaseFileSets({base}, true)), ".2 .1 .completed*  | ");
    EXPECT_EQ(names(leaseFileSets({base}, false)), " | ");
    EXPECT_EQ(names(leaseFileSets({base + ".1", base, base + ".2"}, false)), ".2 .1  | ");
    EXPECT_EQ(names(leaseFileSets({base + ".1", base, base}, true)), ".2 .1 .completed*  | ");
    EXPECT_EQ(names(leaseFileSets({base + ".output"}, true)), ".output* | ");
    EXPECT_EQ(leaseFileSets({base, folder_.path() + "/other.csv"}, true).size(), 2U);
    EXPECT_EQ(leaseFileSets({"-"}, true).front().front().path, "-");
}

/// Damages a file as a disk or an editor can.
std::string
damaged(std::string text, std::mt19937_64& random) {
    static const std::vector<std::string> pieces{",",
                                                 "\n",
                                                 "\r",
                                                 ":",
                                                 "&#x",
                                                 "-1",
                                                 "ff:",
                                                 "\"",
                                                 std::string(1, '\0'),
                                                 "99999999999999999999",
                                                 ",,,,,,,,"};
    for (auto count = random() % 6; count > 0; --count) {
        const auto at = random() % (text.size() + 1);
        switch (random() % 4) {
        case 0:
            text.insert(at, pieces[random() % pieces.size()]);
            break;
        case 1:
            text.erase(at, random() % 40);
            break;
        case 2:
            text.resize(at);
            break;
        default:
            text.insert(at, 1, static_cast<char>(random()));
        }
        if (text.empty()) {
            return (text);
        }
    }
    return (text);
}

// Each line of a damaged file is read, counted as damaged, empty, or the unfinished last line.
TEST_F(LeaseFileTest, randomDamage) {
    std::mt19937_64 random(seed());
    std::vector<LeaseLine> lines;
    for (uint32_t i = 0; i < 8; ++i) {
        lines.push_back({i * 60, i, i, 600, identifierNumber(i), 1, 0, "host-" + std::to_string(i)});
    }
    const auto sound = leaseFile(lines);
    for (int i = 0; i < 500; ++i) {
        const auto text = damaged(sound, random);
        damage_.clear();
        try {
            auto& file = open(text);
            uint64_t rows = 0;
            while (const auto* row = file.next()) {
                ++rows;
                ASSERT_LE(row->identifier.size(), 255U) << text;
                ASSERT_GE(row->time, UtcSeconds()) << text;
                ASSERT_GE(row->lifetime.count(), 0) << text;
            }
            const auto ends = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
            ASSERT_EQ(rows, file.rows()) << text;
            ASSERT_EQ(damage_.size(), file.damaged()) << text;
            ASSERT_LE(rows + file.damaged(), ends + 1) << text;
            ASSERT_EQ(file.position(), text.size()) << text;
        } catch (const Failure&) {
            // The first line alone decides whether the file is a lease file.
            ASSERT_NE(text.substr(0, text.find('\n') + 1), LEASE_HEAD) << text;
        }
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
