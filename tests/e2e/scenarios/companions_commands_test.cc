// SPDX-License-Identifier: MPL-2.0
//
// In company: hook libraries that answer commands and that record what happened, before and after the
// guard. In each order the clones are kept apart, and the other library does its job for a holder and for a
// claimant. Libraries that the release does not ship have no tests here; the first test names them.

#include <tests/e2e/harness/fixtures/companion.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace clone_guard {
namespace test {

namespace {

// All libraries that play here, and whether the release has them. Some come with every release.
TEST(Companions, areNamedIfTheReleaseDoesNotShipThem) {
    for (const char* name : {"bootp", "class_cmds", "ddns_tuning", "flex_id", "flex_option", "ha",
                             "host_cmds", "lease_cmds", "legal_log", "limits", "perfmon", "ping_check",
                             "run_script", "stat_cmds", "subnet_cmds"}) {
        const bool shipped = KeaServer::ships(std::string("libdhcp_") + name + ".so");
        std::cout << name << ": " << (shipped ? "tested in both orders" : "not in this release") << "\n";
    }
    for (const char* name : {"bootp", "flex_option", "ha", "lease_cmds", "run_script", "stat_cmds"}) {
        EXPECT_TRUE(KeaServer::ships(std::string("libdhcp_") + name + ".so")) << name;
    }
}

/// @brief How many leases an answer of a lease command holds; one without "leases" is one lease.
size_t
leasesIn(const Json& answer) {
    return (answer.value("arguments", Json::object()).value("leases", Json::array()).size());
}

class LeaseCmds : public CompanionTest {};
CLONE_GUARD_IN_COMPANY(LeaseCmds, bothOrders("libdhcp_lease_cmds.so"));

// Leases are found by the client's identifier, the derived one and the hardware address; one that is taken
// away by command is simply gone, nothing else remembers it.
TEST_P(LeaseCmds, findsAndDeletesTheLeasesOfClones) {
    serve(inCompany("libdhcp_lease_cmds.so"));
    meet();
    const auto by_identifier = [this](const Bytes& identifier) {
        return (server().command("lease4-get-by-client-id", {{"client-id", toHex(identifier)}}));
    };
    // The holder's and that of the holder in the other network.
    EXPECT_EQ(leasesIn(by_identifier(cloneIdentifier())), 2U);
    EXPECT_EQ(leasesIn(by_identifier(derivedIdentifier(second().hwAddress(), cloneIdentifier()))), 1U);
    const Json found = server().command("lease4-get-by-hw-address", {{"hw-address", second().hwText()}});
    ASSERT_EQ(leasesIn(found), 1U) << found;
    EXPECT_EQ(found["arguments"]["leases"][0]["ip-address"], second().address().toText());
    const Json deleted = server().command("lease4-del", {{"ip-address", second().address().toText()}});
    EXPECT_EQ(deleted["result"], 0) << deleted;
    EXPECT_FALSE(boot(second()).isZero());
    EXPECT_NE(second().address(), first().address());
    EXPECT_TRUE(undisturbed(server(), first()));
    expectApart();
}

// Evidence that comes in by another way, as from a partner in high availability, counts the same (R3).
TEST_P(LeaseCmds, Rule03LeasesAddedByCommandAreEvidence) {
    serve(inCompany("libdhcp_lease_cmds.so"));
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    const Json holders = {{"subnet-id", 1},
                          {"ip-address", "10.1.4.1"},
                          {"hw-address", first.hwText()},
                          {"client-id", cloneIdentifierText()}};
    const Json claimants = {
        {"subnet-id", 1},
        {"ip-address", "10.1.4.2"},
        {"hw-address", second.hwText()},
        {"client-id", toHex(derivedIdentifier(second.hwAddress(), cloneIdentifier()))}};
    EXPECT_EQ(server().command("lease4-add", holders)["result"], 0);
    EXPECT_EQ(server().command("lease4-add", claimants)["result"], 0);
    EXPECT_EQ(second.acquire(), addressIn(1, 4, 2));
    EXPECT_EQ(first.acquire(), addressIn(1, 4, 1));
    second.remember(addressIn(1, 4, 2));
    EXPECT_EQ(second.renew().type(), ACK);
}

class StatCmds : public CompanionTest {};
CLONE_GUARD_IN_COMPANY(StatCmds, bothOrders("libdhcp_stat_cmds.so"));

// Each clone counts as a lease of its subnet.
TEST_P(StatCmds, countsEachCloneAsALease) {
    serve(inCompany("libdhcp_stat_cmds.so"));
    meet();
    const Json answer = server().command("stat-lease4-get", {{"subnet-id", 1}});
    ASSERT_EQ(answer["result"], 0) << answer;
    const Json& result = answer["arguments"]["result-set"];
    const auto& columns = result["columns"];
    const auto assigned = std::find(columns.begin(), columns.end(), "assigned-addresses");
    ASSERT_NE(assigned, columns.end()) << answer;
    EXPECT_EQ(result["rows"][0][size_t(assigned - columns.begin())], 2) << answer;
    expectApart();
}

class HostCmds : public CompanionTest {};
CLONE_GUARD_IN_COMPANY(HostCmds, bothOrders("libdhcp_host_cmds.so"));

// Reservations made by command hold as those of the configuration do: by the shared identifier the holder's,
// by its hardware address the claimant's (R6).
TEST_P(HostCmds, Rule06ReservationsAddedByCommandApply) {
    serve(inCompany("libdhcp_host_cmds.so"));
    for (const Json& reservation :
         {Json{{"subnet-id", 1}, {"client-id", cloneIdentifierText()}, {"ip-address", "10.1.8.1"}},
          Json{{"subnet-id", 1}, {"hw-address", toHex(virtualMac(2))}, {"ip-address", "10.1.8.2"}}}) {
        const Json answer = server().command(
            "reservation-add", {{"reservation", reservation}, {"operation-target", "memory"}});
        EXPECT_EQ(answer["result"], 0) << answer;
    }
    meet();
    EXPECT_EQ(first().address(), addressIn(1, 8, 1));
    EXPECT_EQ(second().address(), addressIn(1, 8, 2));
    EXPECT_TRUE(setAside(server(), second()));
    // Reservations made so are gone when the server is, the leases are not.
    expectApart();
}

class ClassCmds : public CompanionTest {};
CLONE_GUARD_IN_COMPANY(ClassCmds, bothOrders("libdhcp_class_cmds.so"));

// The claimants' class can be defined and changed by command: its options go to them alone (R6).
TEST_P(ClassCmds, Rule06ClassAddedByCommandIsTheClaimants) {
    serve(inCompany("libdhcp_class_cmds.so"));
    const Json option = {{"code", 67}, {"data", "quarantine"}, {"always-send", true}};
    const Json answer = server().command(
        "class-add",
        {{"client-classes", {{{"name", "CLONE_CONFLICT"}, {"option-data", Json::array({option})}}}}});
    ASSERT_EQ(answer["result"], 0) << answer;
    meet();
    EXPECT_EQ(textOption(first().renew(), 67), "");
    EXPECT_EQ(textOption(second().renew(), 67), "quarantine");
    expectApart();
}

class SubnetCmds : public CompanionTest {};
CLONE_GUARD_IN_COMPANY(SubnetCmds, bothOrders("libdhcp_subnet_cmds.so"));

// A subnet that is added by command is guarded from its first query on, with the policy in its user-context
// (R5).
TEST_P(SubnetCmds, Rule05SubnetAddedByCommandIsGuarded) {
    serve(inCompany("libdhcp_subnet_cmds.so"));
    meet();
    const Json added = subnet(3, withPolicy("refuse"));
    const Json answer = server().command("subnet4-add", {{"subnet4", Json::array({added})}});
    ASSERT_EQ(answer["result"], 0) << answer;
    SimClient& holder_there = clone(4, 3);
    SimClient& claimant_there = clone(5, 3);
    EXPECT_FALSE(holder_there.acquire().isZero());
    EXPECT_TRUE(claimant_there.discover().isSilence());
    expectKept(holder_there);
    expectApart();
}

class Perfmon : public CompanionTest {
protected:
    /// @brief Whether there is a statistic whose name begins so: releases differ in its end.
    bool isPublished(const std::string& name) {
        const Json answer = server().command("statistic-get-all");
        const auto& all = answer["arguments"].items();
        return (std::any_of(all.begin(), all.end(), [&name](const auto& statistic) {
            return (statistic.key().rfind(name, 0) == 0);
        }));
    }
};
CLONE_GUARD_IN_COMPANY(Perfmon, bothOrders("libdhcp_perfmon.so"));

// The time that queries take is measured with the guard's part in it.
TEST_P(Perfmon, measuresTheQueriesOfClones) {
    const unsigned width = 600;
    serve(inCompany("libdhcp_perfmon.so", {{"enable-monitoring", true}, {"interval-width-secs", width}}),
          true);
    meet();
    // What was measured is published when its time is over, and the next of its kind comes.
    server().advanceClock(width + 1);
    expectKept(second());
    for (const char* exchange : {"DHCPDISCOVER-DHCPOFFER", "DHCPREQUEST-DHCPACK"}) {
        EXPECT_TRUE(isPublished("subnet-id[1].perfmon." + std::string(exchange) + ".composite"))
            << exchange;
    }
    expectApart();
}

class LegalLog : public CompanionTest {
protected:
    /// @brief Lines of the legal log that contain a text.
    std::vector<std::string> legalLog(const std::string& text) {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator(server().directory())) {
            if (entry.path().filename().string().rfind("kea-legal.", 0) != 0) {
                continue;
            }
            std::ifstream stream(entry.path());
            for (std::string line; std::getline(stream, line);) {
                if (line.find(text) != std::string::npos) {
                    found.push_back(line);
                }
            }
        }
        return (found);
    }
};
CLONE_GUARD_IN_COMPANY(LegalLog, bothOrders("libdhcp_legal_log.so"));

// Every lease is in the legal log with its address and hardware address; a claimant's with the derived
// identifier, which ends in the one that it sent.
TEST_P(LegalLog, namesHolderAndClaimant) {
    serve(inCompany("libdhcp_legal_log.so"));
    meet();
    const auto holders = legalLog(first().address().toText() + " has been assigned");
    ASSERT_EQ(holders.size(), 1U);
    EXPECT_NE(holders[0].find(first().hwText() + ", client-id: " + cloneIdentifierText()),
              std::string::npos)
        << holders[0];
    const auto claimants = legalLog(second().address().toText() + " has been assigned");
    ASSERT_EQ(claimants.size(), 1U);
    const std::string derived = toHex(derivedIdentifier(second().hwAddress(), cloneIdentifier()));
    EXPECT_NE(claimants[0].find(second().hwText() + ", client-id: " + derived), std::string::npos)
        << claimants[0];
    expectApart();
    second().release();
    EXPECT_EQ(legalLog("has been released").size(), 1U);
}

class RunScript : public CompanionTest {
protected:
    void SetUp() override {
        std::ofstream(script_) << "#!/bin/sh\n"
                                  "[ \"${DELETED_LEASES4_SIZE:-0}\" = 0 ] || "
                                  "echo \"deleted $DELETED_LEASES4_AT0_ADDRESS\" >>\""
                               << directory_.file("told")
                               << "\"\n"
                                  "echo \"$1 $LEASES4_AT0_ADDRESS $LEASES4_AT0_HWADDR "
                                  "$LEASES4_AT0_CLIENT_ID $QUERY4_HWADDR\" >>\""
                               << directory_.file("told") << "\"\n";
        std::filesystem::permissions(script_, std::filesystem::perms::owner_all);
        // Releases that run scripts from one directory only.
        setenv("KEA_HOOK_SCRIPTS_PATH", directory_.path().c_str(), 1);
        CompanionTest::SetUp();
    }

    void TearDown() override {
        CompanionTest::TearDown();
        unsetenv("KEA_HOOK_SCRIPTS_PATH");
    }

    std::string told() {
        std::ifstream stream(directory_.file("told"));
        return (std::string(std::istreambuf_iterator<char>(stream), {}));
    }

    /// @brief Waits until the script was told something: it runs beside the server.
    bool wasTold(const std::string& what) {
        return (eventually([&] { return (told().find(what) != std::string::npos); }));
    }

    ScratchDirectory directory_{"script"};
    const std::string script_ = directory_.file("tell");
};
CLONE_GUARD_IN_COMPANY(RunScript, bothOrders("libdhcp_run_script.so"));

// The script is told of each lease; in a claimant's the identifier is the derived one.
TEST_P(RunScript, tellsTheScriptOfHolderAndClaimant) {
    serve(inCompany("libdhcp_run_script.so", {{"name", script_}, {"sync", false}}));
    meet();
    EXPECT_TRUE(wasTold("leases4_committed " + first().address().toText() + " " + first().hwText() +
                        " " + cloneIdentifierText() + " " + first().hwText()));
    EXPECT_TRUE(wasTold("leases4_committed " + second().address().toText() + " " + second().hwText() +
                        " " + toHex(derivedIdentifier(second().hwAddress(), cloneIdentifier())) + " " +
                        second().hwText()));
    expectApart();
}

// Who hears of leases before the guard does hears that one was deleted when a claimant is refused it; the guard says so
// when it is configured. Who hears after it is not told.
TEST_P(RunScript, hearsOfNoDeletionAfterTheGuard) {
    serve(inCompany("libdhcp_run_script.so", {{"name", script_}, {"sync", false}}), true);
    const auto said = server().operatorLog("CLONE_GUARD_LIBRARY_ORDER");
    EXPECT_EQ(said.size(), GetParam().before ? 1U : 0U);
    for (const auto& line : said) {
        EXPECT_NE(line.find("libdhcp_run_script.so stands before the clone guard"), std::string::npos)
            << line;
    }
    meet();
    const Address address = first().address();
    server().advanceClock(4000);
    EXPECT_EQ(first().discover().address(), address);
    second().discover();
    EXPECT_EQ(second().request(address).type(), NAK);
    if (GetParam().before) {
        EXPECT_TRUE(wasTold("deleted " + address.toText()));
    }
    SimClient& later = machine(20, cloneIdentifier(20));
    later.acquire();
    EXPECT_TRUE(wasTold(later.hwText()));
    EXPECT_EQ(told().find("deleted") != std::string::npos, GetParam().before) << told();
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
