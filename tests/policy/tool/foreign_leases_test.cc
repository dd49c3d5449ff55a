// SPDX-License-Identifier: MPL-2.0
//
// Lease files of servers other than Kea. tests/policy/tool/data/README.md describes the origin of the samples.

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/lease_lines.h>
#include <tests/policy/tool/temporary_folder.h>

#include <tool/cli/failure.h>
#include <tool/scan/lease_file.h>
#include <tool/scan/lease_file_set.h>
#include <tool/scan/lease_time.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace clone_guard {
namespace test {

namespace {

using Json = nlohmann::json;

const std::string CLONE_ID = "ff:ca:53:09:5a:00:02:00:00:ab:11:01:02:03:04:05:06:07:08";

class ForeignLeasesTest : public ::testing::Test {
protected:
    static std::string data(const std::string& name) {
        return (CLONE_GUARD_TEST_DATA "/" + name);
    }

    /// @return the output for programs.
    static Json json(const std::string& arguments) {
        return (Json::parse(run("scan --json " + arguments).out));
    }

    /// Expects two clones, the first with .01 and the second with .02 at the end of the hardware address, and nothing
    /// else.
    static void expectTwoClones(const std::string& arguments) {
        const auto found = json(arguments);
        ASSERT_EQ(found["clones"].size(), 1U) << arguments;
        const auto& clones = found["clones"][0];
        EXPECT_EQ(clones["client_id"], CLONE_ID);
        EXPECT_EQ(clones["nic"], "ens18");
        ASSERT_EQ(clones["machines"].size(), 2U) << arguments;
        EXPECT_EQ(clones["machines"][0]["hw_address"], "bc:24:11:5e:00:01");
        EXPECT_EQ(clones["machines"][1]["hw_address"], "bc:24:11:5e:00:02");
        EXPECT_TRUE(contains(clones["remedy"], "truncate -s 0 /etc/machine-id"));
        EXPECT_TRUE(found["moved"].empty() && found["apart"].empty() && found["duids"].empty());
        EXPECT_EQ(run("scan " + arguments).status, 1);
    }

    /// Writes and opens a file.
    LeaseFile& open(const std::string& text, const LeaseAssumptions& assumptions = {}) {
        file_.emplace(
            folder_.write("leases", text),
            [this](uint64_t line, const std::string& reason) {
                damage_.push_back(std::to_string(line) + " " + reason);
            },
            assumptions);
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

    static std::string dhcpdLease(const std::string& body) {
        return ("lease 192.0.2.11 {\n  starts 5 2026/11/27 13:40:25;\n  ends 5 2026/11/27 13:42:25;\n"
                "  hardware ethernet bc:24:11:5e:00:01;\n" +
                body + "}\n");
    }

    TemporaryFolder folder_;
    std::vector<std::string> damage_;
    std::optional<LeaseFile> file_;
};

// R12: ISC dhcpd gives both clones one address. Its file is a history, which shows that they take turns.
TEST_F(ForeignLeasesTest, rule12Dhcpd) {
    expectTwoClones(data("clones-dhcpd.leases"));
    const auto found = json(data("clones-dhcpd.leases"));
    EXPECT_EQ(found["clones"][0]["evidence"]["returns"], 4);
    EXPECT_EQ(found["clones"][0]["machines"][0]["subnet"], "192.0.2.0/24");
    EXPECT_EQ(found["files"][0]["format"], "dhcpd");
    const auto text = run("scan " + data("clones-dhcpd.leases")).out;
    EXPECT_TRUE(contains(text, "in subnet 192.0.2.0/24")) << text;
    EXPECT_TRUE(contains(text, "ISC dhcpd writes no subnets")) << text;
}

// R12: dnsmasq keeps one lease for both clones. One copy of the file shows none, which the scan says; two copies do.
TEST_F(ForeignLeasesTest, rule12Dnsmasq) {
    const auto one = run("scan " + data("clones-dnsmasq-1.leases"));
    EXPECT_EQ(one.status, 3);
    EXPECT_TRUE(contains(one.out, "Clones cannot be seen here")) << one.out;
    EXPECT_FALSE(contains(one.out, "No clones found")) << one.out;
    EXPECT_TRUE(contains(one.out, "--copies")) << one.out;
    std::string copies = "--copies";
    for (const auto* number : {"1", "2", "3", "4"}) {
        copies += " " + data(std::string("clones-dnsmasq-") + number + ".leases");
        if (*number > '1') {
            expectTwoClones(copies);
        }
    }
    // Copies of a file without clones have no findings.
    const auto same =
        "--copies " + data("clones-dnsmasq-3.leases") + " " + data("clones-dnsmasq-4.leases");
    EXPECT_EQ(run("scan " + same).status, 0);
}

// R12: an export of RouterOS and its detailed print. A disabled lease and one without an address do not count.
TEST_F(ForeignLeasesTest, rule12Routeros) {
    expectTwoClones(data("clones-routeros-export.rsc"));
    expectTwoClones(data("clones-routeros-print.txt"));
    EXPECT_EQ(json(data("clones-routeros-export.rsc"))["files"][0]["damaged"], 1);
    const auto found = json(data("clones-routeros-print.txt"));
    EXPECT_EQ(found["files"][0]["format"], "routeros");
    EXPECT_EQ(found["files"][0]["records"], 3);
    EXPECT_EQ(found["clones"][0]["machines"][1]["addresses"][0], "192.168.88.11");
    EXPECT_EQ(found["clones"][0]["machines"][0]["hostname"], "web-1");
}

// The server of systemd-networkd keeps one lease for an identifier, with the first hardware address.
TEST_F(ForeignLeasesTest, networkd) {
    const auto outcome = run("scan " + data("networkd-leases.json"));
    EXPECT_EQ(outcome.status, 3);
    EXPECT_TRUE(contains(outcome.out, "does not show clones")) << outcome.out;
    LeaseFile file(data("networkd-leases.json"));
    const auto* row = file.next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->address.toText(), "192.0.2.26");
    EXPECT_EQ(toHex(row->identifier), CLONE_ID);
    EXPECT_EQ(row->hostname, "web-1");
    EXPECT_EQ(row->prefix, 25);
    EXPECT_EQ(row->time + row->lifetime, utcFromSeconds(1785791504));
    row = file.next();
    ASSERT_NE(row, nullptr);
    EXPECT_TRUE(row->hw_address.empty());
    EXPECT_EQ(file.next(), nullptr);
}

// dhcpd writes an identifier in quotes with octal numbers, or in hexadecimal.
TEST_F(ForeignLeasesTest, dhcpdIdentifiers) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"(  uid "\001\274$\021^\000\003";)", "01:bc:24:11:5e:00:03"},
        {R"(  uid 1:bc:24:11:5e:0:3;)", "01:bc:24:11:5e:00:03"},
        {R"(  uid "a\"b\\c;}{\x41\n";)", "61:22:62:5c:63:3b:7d:7b:41:0a"},
        {R"(  uid "\3777";)", "ff:37"}};
    for (const auto& [statement, expected] : cases) {
        auto& file = open(dhcpdLease(statement + "\n"));
        const auto* row = file.next();
        ASSERT_NE(row, nullptr) << statement;
        EXPECT_EQ(toHex(row->identifier), expected) << statement;
        EXPECT_EQ(row->time, utcFromSeconds(1795786825));
        EXPECT_EQ(row->lifetime, std::chrono::seconds(120));
        EXPECT_EQ(file.next(), nullptr);
    }
}

// The state and the times of a lease: released, without end, in seconds since 1970; abandoned ones have no client.
TEST_F(ForeignLeasesTest, dhcpdStates) {
    const auto* row = open(dhcpdLease("  binding state released;\n  next binding state free;\n")).next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->state, 3U);
    row = open(dhcpdLease("  cltt epoch 1795786900; # Fri Nov 27 13:41:40 2026\n")).next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->time, utcFromSeconds(1795786900));
    EXPECT_EQ(row->lifetime, std::chrono::seconds(45));
    row = open("lease 192.0.2.9 {\n starts 5 2026/11/27 13:40:25;\n ends never;\n"
               " hardware ethernet bc:24:11:5e:00:01;\n}\n")
              .next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->lifetime, std::chrono::seconds(UINT32_MAX));
    EXPECT_EQ(open(dhcpdLease("  binding state abandoned;\n")).next(), nullptr);
    // Blocks inside and outside of a lease.
    auto& file =
        open("failover peer \"dhcp\" state {\n  my state normal at 5 2026/11/27 13:40:25;\n}\n" +
             dhcpdLease("  on expiry {\n    set a = \"b\";\n  }\n  client-hostname \"web{\";\n"));
    row = file.next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->hostname, "web{");
    EXPECT_EQ(file.damaged(), 0U);
    EXPECT_TRUE(damage_.empty());
}

// dhcpd's previous file is read before the new one, which repeats its leases. A backup of Kea's file is not read.
TEST_F(ForeignLeasesTest, dhcpdCompanion) {
    folder_.write("dhcpd.leases", dhcpdLease(""));
    folder_.write("dhcpd.leases~", dhcpdLease(""));
    folder_.write("kea.csv", "");
    folder_.write("kea.csv~", "");
    const auto sets = leaseFileSets({folder_.path() + "/dhcpd.leases"}, true);
    ASSERT_EQ(sets.size(), 1U);
    ASSERT_EQ(sets[0].size(), 2U);
    EXPECT_EQ(sets[0][0].path, folder_.path() + "/dhcpd.leases~");
    EXPECT_TRUE(sets[0][1].is_snapshot);
    EXPECT_EQ(leaseFileSets({folder_.path() + "/kea.csv"}, true)[0].size(), 1U);
}

// dnsmasq: no identifier, no host name, another hardware type, no end; leases for DHCPv6 follow a line "duid".
TEST_F(ForeignLeasesTest, dnsmasqFields) {
    auto& file = open("1795786957 bc:24:11:5e:00:03 192.0.2.151 * *\n"
                      "0 20-01:02:03 192.0.2.152 printer 01:02\n"
                      "duid 00:01:00:01:32:9c:44:c9:06:e5:43:20:16:50\n"
                      "1795786957 5 2001:db8::1 web 00:01\n");
    const auto* row = file.next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->time, utcFromSeconds(1795786957 - 3600));
    EXPECT_TRUE(row->identifier.empty() && row->hostname.empty());
    row = file.next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(toHex(row->hw_address), "01:02:03");
    EXPECT_EQ(row->lifetime, std::chrono::seconds(UINT32_MAX));
    EXPECT_EQ(file.next(), nullptr);
    EXPECT_EQ(file.damaged(), 0U);
    LeaseAssumptions assumptions;
    assumptions.lease_time = std::chrono::seconds(120);
    assumptions.prefix = 16;
    row = open("1795786957 bc:24:11:5e:00:03 192.0.2.151 * *\n", assumptions).next();
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->time, utcFromSeconds(1795786957 - 120));
    EXPECT_EQ(row->subnet, 0xc0000000U);
}

// Damaged records are skipped, counted and named; a record that the server is still writing is not damaged.
TEST_F(ForeignLeasesTest, damage) {
    auto& dhcpd =
        open("lease 192.0.2.300 {\n}\nlease 192.0.2.9 {\n" + dhcpdLease("  uid \"open;\n") +
             dhcpdLease("  starts 5 2026/13/27 13:40:25;\n") + dhcpdLease("") + "lease 192.0.2.7 {\n");
    ASSERT_NE(dhcpd.next(), nullptr);
    EXPECT_EQ(dhcpd.next(), nullptr);
    EXPECT_EQ(damage_, (std::vector<std::string>{"1 invalid IPv4 address", "3 the lease has no end",
                                                 "4 invalid client identifier", "10 invalid time"}));
    damage_.clear();
    auto& dnsmasq =
        open("1795786957 bc:24:11:5e:00:03 192.0.2.151 * *\nx\n1 bc 192.0.2.1 *\n1 xx 1.2.3.4 * *\n"
             "1795786957 bc:24");
    ASSERT_NE(dnsmasq.next(), nullptr);
    EXPECT_EQ(dnsmasq.next(), nullptr);
    EXPECT_EQ(damage_, (std::vector<std::string>{"2 invalid time", "3 fields are missing",
                                                 "4 invalid hardware address"}));
}

// Files that cannot be used are an error of one line.
TEST_F(ForeignLeasesTest, refused) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"server-duid \"a\";\nia-na \"b\" {\n", "is a lease file for DHCPv6"},
        {"{\"Dhcp4\":{}}", "is JSON, but not a lease file of systemd-networkd"},
        {"{\"Leases\":[{\"ClientId\":[1", "its end is missing"},
        {std::string(100000, '['), "its end is missing"},
        {"\x7f\x45\x4c\x46 binary\n", "is not a lease file of Kea"}};
    for (const auto& [text, expected] : cases) {
        std::string message = refusal(text);
        if (message.empty()) {
            try {
                while (file_->next() != nullptr) {
                }
            } catch (const Failure& failure) {
                message = failure.what();
            }
        }
        EXPECT_TRUE(contains(message, expected)) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos);
    }
}

// A host name that a client chose is escaped in the output.
TEST_F(ForeignLeasesTest, hostileHostname) {
    auto text = dhcpdLease("  uid \"\\001a\";\n  client-hostname \"\\033[31mred\\012\";\n");
    auto other = text;
    other.replace(other.find("5e:00:01"), 8, "5e:00:02");
    const auto path = folder_.write("dhcpd.leases", text + other + text);
    const auto outcome = run("scan --all " + path);
    EXPECT_EQ(outcome.out.find('\033'), std::string::npos);
    EXPECT_TRUE(contains(outcome.out, "[31mred")) << outcome.out;
}

// Files of several servers in different formats are read together.
TEST_F(ForeignLeasesTest, mixedFormats) {
    const auto found = json(data("clones-dhcpd.leases") + " " + data("clones-dnsmasq-1.leases") + " " +
                            data("stock-leases4.csv"));
    EXPECT_EQ(found["clones"].size(), 2U);
    EXPECT_EQ(found["files"].size(), 3U);
    EXPECT_EQ(found["files"][2]["format"], "kea");
}

// An identifier in two networks is not a clone. The length of the prefix is a choice of the operator.
TEST_F(ForeignLeasesTest, rule02Prefix) {
    const auto path = folder_.write("dhcpd.leases", [] {
        auto text = dhcpdLease("  uid \"\\001a\";\n");
        auto other = text;
        other.replace(other.find("5e:00:01"), 8, "5e:00:02");
        other.replace(other.find("192.0.2"), 7, "192.0.3");
        return (text + other);
    }());
    EXPECT_EQ(run("scan " + path).status, 0);
    EXPECT_EQ(run("scan --prefix 23 " + path).status, 1);
    EXPECT_EQ(complaint("scan --prefix 33 " + path).status, 2);
    EXPECT_EQ(complaint("scan --lease-time 0 " + path).status, 2);
}

// A period of RouterOS, and a date in a leap year.
TEST_F(ForeignLeasesTest, times) {
    EXPECT_EQ(parsePeriod("1w1d1h1m1s"), std::chrono::seconds(604800 + 86400 + 3600 + 61));
    EXPECT_FALSE(parsePeriod("never"));
    EXPECT_FALSE(parsePeriod("99999999w"));
    EXPECT_EQ(makeTime({2000, 2, 29}, "00:00:00"), utcFromSeconds(951782400));
    EXPECT_EQ(makeTime({1970, 1, 1}, "00:00:00"), utcFromSeconds(0));
    EXPECT_EQ(makeTime({2026, 12, 31}, "23:59:59"), utcFromSeconds(1798761599));
    EXPECT_FALSE(makeTime({2026, 12, 31}, "24:00:00"));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
