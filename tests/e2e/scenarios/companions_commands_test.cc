// SPDX-License-Identifier: MPL-2.0
//
// The guard beside hook libraries that answer commands or record events, loaded before and after the guard. In each
// order the clones are kept apart, and the other library works for a holder and for a claimant. Libraries that the
// release does not ship have no tests here; the first test prints their names.

#include <tests/e2e/harness/fixtures/companion_fixture.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace clone_guard {
namespace test {

namespace {

// Prints the libraries of these tests, and whether the release ships them.
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

/// @brief Returns the number of leases in the answer of a lease command; an answer without "leases" has one lease.
size_t
leasesIn(const Json& answer) {
    return (answer.value("arguments", Json::object()).value("leases", Json::array()).size());
}

class LeaseCmds : public CompanionTest {};
CLONE_GUARD_IN_ORDERS(LeaseCmds, bothOrders("libdhcp_lease_cmds.so"));

// Leases are found by the client's identifier, by the derived identifier and by the hardware address. A lease deleted
// by command is gone: the guard keeps no other copy.
TEST_P(LeaseCmds, findsAndDeletesTheLeasesOfClones) {
    serve(setupWith("libdhcp_lease_cmds.so"));
    bootClones();
    const auto by_identifier = [this](const Bytes& identifier) {
        return (server().command("lease4-get-by-client-id", {{"client-id", toHex(identifier)}}));
    };
    // The holder's lease, and that of the holder in the other network.
    EXPECT_EQ(leasesIn(by_identifier(cloneIdentifier())), 2U);
    EXPECT_EQ(leasesIn(by_identifier(derivedIdentifier(second().hwAddress(), cloneIdentifier()))), 1U);
    const Json found = server().command("lease4-get-by-hw-address", {{"hw-address", second().hwText()}});
    ASSERT_EQ(leasesIn(found), 1U) << found;
    EXPECT_EQ(found["arguments"]["leases"][0]["ip-address"], second().address().toText());
    const Json deleted = server().command("lease4-del", {{"ip-address", second().address().toText()}});
    EXPECT_EQ(deleted["result"], 0) << deleted;
    EXPECT_FALSE(boot(second()).isZero());
    EXPECT_NE(second().address(), first().address());
    EXPECT_TRUE(hasOwnLease(server(), first()));
    expectApart();
}

// R3: a lease added by command, as by a partner in high availability, counts like one that a client got.
TEST_P(LeaseCmds, rule03LeasesAddedByCommandCount) {
    serve(setupWith("libdhcp_lease_cmds.so"));
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
CLONE_GUARD_IN_ORDERS(StatCmds, bothOrders("libdhcp_stat_cmds.so"));

// Each clone counts as one lease of its subnet.
TEST_P(StatCmds, countsEachCloneAsALease) {
    serve(setupWith("libdhcp_stat_cmds.so"));
    bootClones();
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
CLONE_GUARD_IN_ORDERS(HostCmds, bothOrders("libdhcp_host_cmds.so"));

// R6: reservations added by command apply like configured ones: one for the shared identifier to the holder, one for
// the claimant's hardware address to the claimant.
TEST_P(HostCmds, rule06ReservationsAddedByCommandApply) {
    serve(setupWith("libdhcp_host_cmds.so"));
    for (const Json& reservation :
         {Json{{"subnet-id", 1}, {"client-id", cloneIdentifierText()}, {"ip-address", "10.1.8.1"}},
          Json{{"subnet-id", 1}, {"hw-address", toHex(virtualMac(2))}, {"ip-address", "10.1.8.2"}}}) {
        const Json answer = server().command(
            "reservation-add", {{"reservation", reservation}, {"operation-target", "memory"}});
        EXPECT_EQ(answer["result"], 0) << answer;
    }
    bootClones();
    EXPECT_EQ(first().address(), addressIn(1, 8, 1));
    EXPECT_EQ(second().address(), addressIn(1, 8, 2));
    EXPECT_TRUE(hasDerivedLease(server(), second()));
    // A restart removes such reservations; the leases stay.
    expectApart();
}

class ClassCmds : public CompanionTest {};
CLONE_GUARD_IN_ORDERS(ClassCmds, bothOrders("libdhcp_class_cmds.so"));

// R6: the claimants' class can be defined and changed by command, and its options apply to claimants only.
TEST_P(ClassCmds, rule06ClassAddedByCommandAppliesToClaimants) {
    serve(setupWith("libdhcp_class_cmds.so"));
    const Json option = {{"code", 67}, {"data", "quarantine"}, {"always-send", true}};
    const Json answer = server().command(
        "class-add",
        {{"client-classes", {{{"name", "CLONE_CONFLICT"}, {"option-data", Json::array({option})}}}}});
    ASSERT_EQ(answer["result"], 0) << answer;
    bootClones();
    EXPECT_EQ(textOption(first().renew(), 67), "");
    EXPECT_EQ(textOption(second().renew(), 67), "quarantine");
    expectApart();
}

class SubnetCmds : public CompanionTest {};
CLONE_GUARD_IN_ORDERS(SubnetCmds, bothOrders("libdhcp_subnet_cmds.so"));

// R5: a subnet added by command is guarded from its first query on, with the policy of its user-context.
TEST_P(SubnetCmds, rule05SubnetAddedByCommandIsGuarded) {
    serve(setupWith("libdhcp_subnet_cmds.so"));
    bootClones();
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

// R2, R14: the network of a place is kept, and a command that moves a subnet into a shared network changes the network of
// the machines behind its relay.
TEST_P(SubnetCmds, rule02NetworkChangedByCommand) {
    ServerSetup setup = setupWith("libdhcp_subnet_cmds.so");
    setup.more["shared-networks"] = {{{"name", "lab"}, {"subnet4", {subnet(3), subnet(4)}}}};
    serve(setup);
    SimClient& elsewhere = clone(20, 3);
    SimClient& holder_here = clone(21, 1);
    SimClient& claimant_here = clone(22, 1);
    for (SimClient* machine : {&elsewhere, &holder_here, &claimant_here}) {
        EXPECT_FALSE(machine->acquire().isZero());
    }
    EXPECT_TRUE(hasOwnLease(server(), elsewhere));
    EXPECT_TRUE(hasOwnLease(server(), holder_here));
    EXPECT_TRUE(hasDerivedLease(server(), claimant_here));
    const Json moved = server().command("network4-subnet-add", {{"name", "lab"}, {"id", 1}});
    ASSERT_EQ(moved["result"], 0) << moved;
    SimClient& later = clone(23, 1);
    EXPECT_FALSE(later.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), later));
    EXPECT_EQ(
        server().command("clone-guard-conflict-get-all")["arguments"]["conflicts"].back()["network"],
        "lab");
    expectKept(elsewhere);
    expectKept(holder_here);
}

class Perfmon : public CompanionTest {
protected:
    /// @brief True if there is a statistic whose name begins so; the end of the name depends on the release.
    bool isPublished(const std::string& name) {
        const Json answer = server().command("statistic-get-all");
        const auto& all = answer["arguments"].items();
        return (std::any_of(all.begin(), all.end(), [&name](const auto& statistic) {
            return (statistic.key().rfind(name, 0) == 0);
        }));
    }
};
CLONE_GUARD_IN_ORDERS(Perfmon, bothOrders("libdhcp_perfmon.so"));

// The measured time of a query includes the guard's part.
TEST_P(Perfmon, measuresTheQueriesOfClones) {
    const unsigned width = 600;
    serve(setupWith("libdhcp_perfmon.so", {{"enable-monitoring", true}, {"interval-width-secs", width}}),
          true);
    bootClones();
    // A measurement is published after its interval has ended and the next one of its kind has come.
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
    /// @brief Returns the lines of the legal log that contain a text.
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
CLONE_GUARD_IN_ORDERS(LegalLog, bothOrders("libdhcp_legal_log.so"));

// Every lease is in the legal log with its address and hardware address. A claimant's entry has the derived identifier,
// which ends in the identifier that the claimant sent.
TEST_P(LegalLog, namesHolderAndClaimant) {
    serve(setupWith("libdhcp_legal_log.so"));
    bootClones();
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
                               << directory_.file("output")
                               << "\"\n"
                                  "echo \"$1 $LEASES4_AT0_ADDRESS $LEASES4_AT0_HWADDR "
                                  "$LEASES4_AT0_CLIENT_ID $QUERY4_HWADDR\" >>\""
                               << directory_.file("output") << "\"\n";
        std::filesystem::permissions(script_, std::filesystem::perms::owner_all);
        // Some releases run scripts from one directory only.
        setenv("KEA_HOOK_SCRIPTS_PATH", directory_.path().c_str(), 1);
        CompanionTest::SetUp();
    }

    void TearDown() override {
        CompanionTest::TearDown();
        unsetenv("KEA_HOOK_SCRIPTS_PATH");
    }

    std::string output() {
        std::ifstream stream(directory_.file("output"));
        return (std::string(std::istreambuf_iterator<char>(stream), {}));
    }

    /// @brief Waits until the script has run with a text; it runs beside the server.
    bool hasRun(const std::string& what) {
        return (eventually([&] { return (output().find(what) != std::string::npos); }));
    }

    ScratchDirectory directory_{"script"};
    const std::string script_ = directory_.file("script");
};
CLONE_GUARD_IN_ORDERS(RunScript, bothOrders("libdhcp_run_script.so"));

// The script runs for each lease; a claimant's has the derived identifier.
TEST_P(RunScript, runsForHolderAndClaimant) {
    serve(setupWith("libdhcp_run_script.so", {{"name", script_}, {"sync", false}}));
    bootClones();
    EXPECT_TRUE(hasRun("leases4_committed " + first().address().toText() + " " + first().hwText() + " " +
                       cloneIdentifierText() + " " + first().hwText()));
    EXPECT_TRUE(hasRun("leases4_committed " + second().address().toText() + " " + second().hwText() +
                       " " + toHex(derivedIdentifier(second().hwAddress(), cloneIdentifier())) + " " +
                       second().hwText()));
    expectApart();
}

// A library loaded before the guard is notified of a lease deletion when a claimant is refused; the guard warns of that
// at configuration. A library loaded after the guard is not notified.
TEST_P(RunScript, isNotNotifiedOfARefusalAfterTheGuard) {
    serve(setupWith("libdhcp_run_script.so", {{"name", script_}, {"sync", false}}), true);
    const auto said = server().operatorLog("CLONE_GUARD_LIBRARY_ORDER");
    EXPECT_EQ(said.size(), GetParam().before ? 1U : 0U);
    for (const auto& line : said) {
        EXPECT_NE(line.find("libdhcp_run_script.so is loaded before the clone guard"), std::string::npos)
            << line;
    }
    bootClones();
    const Address address = first().address();
    server().advanceClock(4000);
    EXPECT_EQ(first().discover().address(), address);
    second().discover();
    EXPECT_EQ(second().request(address).type(), NAK);
    if (GetParam().before) {
        EXPECT_TRUE(hasRun("deleted " + address.toText()));
    }
    SimClient& later = machine(20, cloneIdentifier(20));
    later.acquire();
    EXPECT_TRUE(hasRun(later.hwText()));
    EXPECT_EQ(output().find("deleted") != std::string::npos, GetParam().before) << output();
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
