// SPDX-License-Identifier: MPL-2.0
//
// R10 (suspected), R11 and R12: what is logged, how often, and with which content.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <algorithm>
#include <regex>
#include <set>

namespace clone_guard {
namespace test {

namespace {

class Rule11Logs : public E2eTest {
protected:
    /// @brief Returns the lines of the operator's log that a client's packets caused.
    std::vector<std::string> linesAboutClients() {
        std::vector<std::string> found;
        for (const auto& line : server().operatorLog()) {
            bool about_configuration = false;
            for (const char* id : {"CLONE_GUARD_LOADED", "CLONE_GUARD_CONFIGURED",
                                   "CLONE_GUARD_AUDIT_UNUSED", "CLONE_GUARD_ONE_NETWORK"}) {
                about_configuration |= line.find(id) != std::string::npos;
            }
            if (!about_configuration) {
                found.push_back(line);
            }
        }
        return (found);
    }
};

// R11: ten thousand queries of one claimant cause one line for the operator, two audit records (first sighting, address
// assigned), and the count in the statistics.
TEST_F(Rule11Logs, tenThousandQueriesOfOneClaimantAreOneLineAndTwoRecords) {
    serve(guarded("mac-fallback"));
    holder();
    SimClient& second = clone(2);
    ASSERT_FALSE(second.acquire().isZero());
    const int64_t before = server().statistic("clone-guard-mac-fallback");
    for (int i = 0; i < 9998; ++i) {
        ASSERT_EQ(second.discover().type(), OFFER);
    }
    EXPECT_EQ(linesAboutClients().size(), 1U) << server().file("operator.log");
    const auto records = server().audit();
    ASSERT_EQ(records.size(), 2U) << server().file("audit.log");
    EXPECT_EQ(records[0]["event"], "conflict-suspected");
    EXPECT_EQ(records[1]["event"], "address-assigned");
    EXPECT_EQ(server().statistic("clone-guard-mac-fallback"), before + 9998);
    EXPECT_EQ(server().statistic("subnet[1].clone-guard-mac-fallback"), before + 9998);
    EXPECT_EQ(server().statistic("clone-guard-suspected"), 1);
}

// R11: reports of refused and of blocked messages are limited in the same way.
TEST_F(Rule11Logs, refusedAndBlockedMessagesAreLimitedLikewise) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    for (int i = 0; i < 50; ++i) {
        second.request(first.address());
        second.release(first.address());
        second.decline(first.address());
    }
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_RELEASE_BLOCKED").size(), 1U);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_DECLINE_BLOCKED").size(), 1U);
    EXPECT_EQ(linesAboutClients().size(), 3U);
    EXPECT_EQ(server().audit().size(), 3U);
    EXPECT_EQ(server().statistic("clone-guard-release-blocked"), 50);
    EXPECT_EQ(server().statistic("clone-guard-decline-blocked"), 50);
}

// R11: after audit-repeat there is one more record, with the count of the suppressed reports.
TEST_F(Rule11Logs, repeatedRecordHasTheSuppressedCount) {
    ServerSetup setup = guarded("mac-fallback");
    setup.guard->update({{"audit-repeat", 3600}});
    setup.more["valid-lifetime"] = 86400;
    serve(setup, true);
    holder();
    SimClient& second = clone(2);
    second.acquire();
    for (int i = 0; i < 20; ++i) {
        second.discover();
    }
    const size_t records = server().audit().size();
    server().advanceClock(3700);
    second.discover();
    const auto after = server().audit();
    ASSERT_EQ(after.size(), records + 1) << server().file("audit.log");
    EXPECT_GE(after.back().value("suppressed", 0), 20) << after.back();
    second.discover();
    EXPECT_EQ(server().audit().size(), records + 1);
}

// R11: holders, clients with other identifiers and clients without a conflict cause no line.
TEST_F(Rule11Logs, ordinaryClientsCauseNoLine) {
    serve(guarded("mac-fallback"));
    for (uint32_t i = 1; i <= 20; ++i) {
        SimClient& client = machine(i, cloneIdentifier(i));
        ASSERT_FALSE(client.acquire().isZero());
        client.renew();
        client.rebind();
        client.initReboot(client.address());
        client.release();
    }
    EXPECT_TRUE(linesAboutClients().empty()) << linesAboutClients().front();
    EXPECT_TRUE(server().audit().empty());
}

// R11: at DEBUG the operator's log has each query of a claimant; the audit log does not change.
TEST_F(Rule11Logs, debugLogsEachQueryOfAClaimant) {
    ServerSetup setup = guarded("mac-fallback");
    setup.operator_severity = "DEBUG";
    serve(setup);
    holder();
    SimClient& second = clone(2);
    second.acquire();
    for (int i = 0; i < 3; ++i) {
        second.renew();
    }
    EXPECT_GE(server().operatorLog("CLONE_GUARD_CLAIMANT").size(), 5U);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
    EXPECT_EQ(server().audit().size(), 2U);
}

// R11: no packet can forge, split or end a line in either log. Host names, vendor classes and relay options have
// quotes, newlines, escape sequences, percent signs and invalid UTF-8.
TEST_F(Rule11Logs, hostileTextsCannotForgeALine) {
    ServerSetup setup = guarded("mac-fallback");
    setup.operator_severity = "DEBUG";
    serve(setup);
    const std::vector<std::string> texts{
        "a\nWARN  [kea-dhcp4.clone-guard-hooks] CLONE_GUARD_CONFLICT_SUSPECTED forged",
        "\"}\n{\"event\":\"forged\"}",
        "%1 %2 %3 %4 %5",
        "\x1b[2J\x1b]0;title\x07",
        std::string("nul\0byte", 8),
        "\xff\xfe\xc0\x80 not utf-8",
        "\\\" \\n \\u0000",
        "\r\n\t\x7f",
        "\xe2\x80\xa8 line separator \xc2\x85"};
    uint32_t number = 1;
    for (const auto& text : texts) {
        for (const uint32_t i : {0U, 1U}) {
            SimClient& client = machine(number * 10 + i, cloneIdentifier(number));
            client.addOption(OPTION_HOST_NAME, fromText(text));
            client.addOption(OPTION_VENDOR_CLASS, fromText(text));
            Bytes relay{1, uint8_t(text.size())};
            relay = relay + fromText(text) + Bytes{2, uint8_t(text.size())} + fromText(text);
            client.addOption(OPTION_RELAY_AGENT, relay);
            client.acquire();
        }
        ++number;
    }
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").size(), texts.size());
    for (const auto& line : server().operatorLog()) {
        EXPECT_TRUE(std::regex_search(line, std::regex("^[0-9]{4}-[0-9-]+ .* CLONE_GUARD_[A-Z_]+ ")))
            << line;
        EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](unsigned char character) {
            return (character >= 0x20 && character != 0x7f);
        })) << line;
    }
    const auto records = server().audit();
    EXPECT_EQ(server().audit("conflict-suspected").size(), texts.size());
    for (const auto& record : records) {
        EXPECT_NE(record["event"], "forged");
    }
}

class Rule10Levels : public E2eTest {};

// R10: a new claimant makes a suspected conflict, with one record for each hardware address.
TEST_F(Rule10Levels, everyClaimantIsSuspectedOnce) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    std::set<std::string> claimants;
    for (uint32_t i = 2; i <= 6; ++i) {
        SimClient& claimant = clone(i);
        claimant.acquire();
        claimant.renew();
        claimants.insert(claimant.hwText());
    }
    const auto records = server().audit("conflict-suspected");
    EXPECT_EQ(records.size(), 5U);
    for (const auto& record : records) {
        EXPECT_EQ(claimants.erase(record["hw_address"]), 1U) << record;
        EXPECT_EQ(record["holder"]["hw_address"], first.hwText()) << record;
    }
    EXPECT_EQ(server().statistic("clone-guard-suspected"), 5);
}

class Rule12Logs : public E2eTest {};

// R12: a record has the machine, the network, the action and the remedy.
TEST_F(Rule12Logs, recordHasMachineNetworkActionAndRemedy) {
    serve(guarded("mac-fallback"));
    SimClient& first = clone(1);
    first.addOption(OPTION_HOST_NAME, fromText("web-1"));
    first.acquire();
    SimClient& second = clone(2);
    second.addOption(OPTION_HOST_NAME, fromText("web-2"));
    second.addOption(OPTION_VENDOR_CLASS, fromText("systemd"));
    second.addOption(OPTION_RELAY_AGENT, Bytes{1, 3, 'g', 'e', '1', 2, 2, 0xab, 0xcd});
    second.acquire();
    const auto records = server().audit();
    ASSERT_EQ(records.size(), 2U);
    for (const Json& record : records) {
        EXPECT_TRUE(std::regex_match(record.value("time", ""),
                                     std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z")))
            << record;
        EXPECT_EQ(record["policy"], "mac-fallback") << record;
        EXPECT_EQ(record["action"], "mac-fallback") << record;
        EXPECT_EQ(record["client_id"], cloneIdentifierText()) << record;
        EXPECT_EQ(record["iaid"], "ca:53:09:5a") << record;
        EXPECT_EQ(record["duid"], toHex(systemdDuid(0xb632e2673bd9f55d))) << record;
        EXPECT_EQ(record["hw_address"], second.hwText()) << record;
        EXPECT_EQ(record["relay"], relayOf(1).toText()) << record;
        EXPECT_EQ(record["subnet_id"], 1) << record;
        EXPECT_EQ(record["holder"]["hw_address"], first.hwText()) << record;
        EXPECT_EQ(record["holder"]["address"], first.address().toText()) << record;
    }
    EXPECT_EQ(records[0]["hostname"], "web-2") << records[0];
    EXPECT_EQ(records[0]["vendor_class"], "systemd") << records[0];
    EXPECT_EQ(records[0]["circuit_id"], "67:65:31") << records[0];
    EXPECT_EQ(records[0]["remote_id"], "ab:cd") << records[0];
    EXPECT_EQ(records[1]["address"], second.address().toText()) << records[1];
    EXPECT_FALSE(records[0].value("remedy", "").empty()) << records[0];
    EXPECT_NE(records[0].value("remedy", "").find("/etc/machine-id"), std::string::npos) << records[0];
}

// R12: the operator's line names the identifier and both hardware addresses.
TEST_F(Rule12Logs, operatorsLineNamesIdentifierAndBothMachines) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    const auto lines = server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines[0].find("WARN"), std::string::npos) << lines[0];
    for (const auto& text : {cloneIdentifierText(), first.hwText(), second.hwText()}) {
        EXPECT_NE(lines[0].find(text), std::string::npos) << text << " is not in: " << lines[0];
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
