// SPDX-License-Identifier: MPL-2.0
//
// R12: `clone-guard scan` counts the addresses that clones made the server block, and its script frees them.

#include <tests/e2e/harness/fixtures/database_fixture.h>

#include <tests/policy/tool/command_runner.h>
#include <tests/policy/tool/temporary_folder.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

/// @brief Clones that decline all addresses of a server, and the script that frees them.
class Rule12DeclinedOn : public BackEndTest {
protected:
    /// @brief Starts a server with a pool of three addresses and the commands that the script needs.
    void serveThreeAddresses(ServerSetup setup, const std::string& commands = "libdhcp_lease_cmds.so") {
        setup.subnets = {subnet(1, {{"pools", {{{"pool", "10.1.1.0-10.1.1.2"}}}}})};
        if (!commands.empty()) {
            setup.hooks_after[commands] = Json();
        }
        serve(setup);
        // A ping that one address answers.
        folder_.write("bin/ping",
                      "#!/bin/sh\nfor address; do :; done\n[ \"$address\" = \"$ANSWERS\" ]\n");
        runShell("chmod +x " + folder_.path() + "/bin/ping");
    }

    /// @brief Makes two clones decline each address that they share, as dhcpcd does, until the pool is empty.
    void declineAll() {
        SimClient& first = clone(1);
        SimClient& second = clone(2);
        for (int round = 0; round < 3; ++round) {
            const Address address = first.acquire();
            EXPECT_EQ(second.acquire(), address);
            second.decline();
            second.settle();
            declined_.insert(address.toText());
        }
        EXPECT_EQ(declined_.size(), 3U);
        EXPECT_EQ(server().statistic("declined-addresses"), 3);
        EXPECT_TRUE(machine(7, cloneIdentifier(7)).acquire().isZero());
    }

    /// @brief The lease file, quoted for the shell.
    std::string leases() {
        return ("'" + server().directory() + "/leases.csv'");
    }

    /// @brief Runs the script that the command prints for a lease file, and returns its output.
    std::string free(const std::string& leases, const std::string& answering = "") {
        const auto script =
            run("scan --declined --socket '" + server().directory() + "/control' " + leases);
        EXPECT_EQ(script.status, 0);
        const auto path = folder_.write("free.sh", script.out);
        const auto outcome =
            runShell("PATH=" + folder_.path() + "/bin:$PATH ANSWERS=" + answering + " sh " + path);
        EXPECT_EQ(outcome.status, 0) << outcome.out;
        return (outcome.out);
    }

    TemporaryFolder folder_;
    std::set<std::string> declined_;
};

class Rule12Declined : public Rule12DeclinedOn {};

// R12: clones of a stock server block all addresses. After the script, new machines get them, and nothing is left to
// free. An address at which a machine answers stays blocked.
TEST_F(Rule12Declined, scriptFreesAddresses) {
    serveThreeAddresses(ServerSetup().withoutGuard());
    declineAll();
    const auto report = run("scan " + leases());
    EXPECT_TRUE(contains(report.out, "Declined: 3 addresses.")) << report.out;
    const std::string answering = *declined_.begin();
    const auto first_run = free(leases(), answering);
    EXPECT_TRUE(contains(first_run, answering + ": not freed, because a machine answers")) << first_run;
    EXPECT_EQ(server().statistic("declined-addresses"), 1);
    std::set<std::string> leased;
    for (const uint32_t number : {11U, 12U}) {
        leased.insert(machine(number, cloneIdentifier(number)).acquire().toText());
    }
    EXPECT_EQ(leased.size(), 2U);
    EXPECT_EQ(leased.count(answering), 0U);
    EXPECT_TRUE(machine(13, cloneIdentifier(13)).acquire().isZero());
    EXPECT_TRUE(contains(run("scan " + leases()).out, "Declined: 1 address."));
    const auto second_run = free(leases());
    EXPECT_TRUE(contains(second_run, answering + ": { \"result\": 0")) << second_run;
    EXPECT_EQ(machine(13, cloneIdentifier(13)).acquire().toText(), answering);
    EXPECT_FALSE(contains(run("scan " + leases()).out, "Declined:"));
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
}

// R12: an old script deletes no lease that a machine has in the meantime.
TEST_F(Rule12Declined, oldScriptDeletesNoLiveLease) {
    serveThreeAddresses(ServerSetup().withoutGuard());
    declineAll();
    free(leases());
    std::vector<SimClient*> machines;
    for (const uint32_t number : {11U, 12U, 13U}) {
        machines.push_back(&machine(number, cloneIdentifier(number)));
        EXPECT_FALSE(machines.back()->acquire().isZero());
    }
    const auto again =
        runShell("PATH=" + folder_.path() + "/bin:$PATH sh " + folder_.path() + "/free.sh");
    EXPECT_TRUE(contains(again.out, *declined_.begin() + ": not freed: {")) << again.out;
    for (SimClient* client : machines) {
        expectKept(*client);
    }
}

// R12: the guard is loaded, then the script frees the addresses: the clones get one each, and decline nothing more.
TEST_F(Rule12Declined, clonesGetTheFreedAddresses) {
    serveThreeAddresses(ServerSetup().withoutGuard());
    declineAll();
    ServerSetup setup = guarded("mac-fallback");
    setup.subnets = {subnet(1, {{"pools", {{{"pool", "10.1.1.0-10.1.1.2"}}}}})};
    setup.hooks_after["libdhcp_lease_cmds.so"] = Json();
    server().configure(setup);
    server().restart();
    EXPECT_TRUE(clone(1).acquire().isZero());
    const Json scanned = server().command("clone-guard-scan");
    EXPECT_EQ(scanned["result"], 0) << scanned;
    const Json& declined = scanned["arguments"]["declined"];
    ASSERT_EQ(declined.size(), 1U) << scanned;
    EXPECT_EQ(declined[0]["subnet-id"], 1);
    EXPECT_EQ(declined[0]["count"], 3);
    EXPECT_LE(declined[0]["first-until"], declined[0]["last-until"]);
    EXPECT_EQ(server().lease(addressIn(1, 1, 0))->expires >= declined[0]["first-until"], true);
    free(leases());
    EXPECT_FALSE(server().command("clone-guard-scan")["arguments"].contains("declined"));
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_NE(first.address(), second.address());
    expectKept(first);
    expectKept(second);
    EXPECT_FALSE(contains(run("scan " + leases()).out, "Declined:"));
}

// R12: without lease_cmds the script changes nothing, and prints the server's answer.
TEST_F(Rule12Declined, scriptWithoutLeaseCommands) {
    serveThreeAddresses(ServerSetup().withoutGuard(), "");
    declineAll();
    const auto out = free(leases());
    EXPECT_TRUE(contains(out, *declined_.begin() + ": not freed: { \"result\": 2")) << out;
    EXPECT_EQ(server().statistic("declined-addresses"), 3);
}

/// @brief The parameter is the engine of the database.
class Rule12DeclinedInDatabase : public Rule12DeclinedOn,
                                 public ::testing::WithParamInterface<std::string> {
protected:
    void SetUp() override {
        E2eTest::SetUp();
        if (!IsSkipped()) {
            useBackEnd(GetParam());
        }
    }

    /// @brief Dumps the leases with Kea's kea-admin, and returns the path of the file.
    std::string dump() {
        const auto path = folder_.path() + "/dump.csv";
        const std::string engine = GetParam() == "postgresql" ? "pgsql" : GetParam();
        const auto outcome =
            runShell("rm -f " + path + "; kea-admin lease-dump " + engine + " -4 -o " + path +
                     " -h 127.0.0.1 -u keatest -n keatest -p " + Database::PASSWORD + " 2>&1");
        EXPECT_EQ(outcome.status, 0) << outcome.out;
        return (path);
    }
};

INSTANTIATE_TEST_SUITE_P(Engines, Rule12DeclinedInDatabase, ::testing::Values("postgresql", "mysql"),
                         nameOf);

// R12: with a database, a dump of its leases takes the place of the lease file.
TEST_P(Rule12DeclinedInDatabase, scriptFreesAddresses) {
    ServerSetup setup = ServerSetup().withoutGuard();
    keepLeases(setup);
    serveThreeAddresses(setup);
    declineAll();
    EXPECT_TRUE(contains(run("scan " + dump()).out, "Declined: 3 addresses."));
    free(dump());
    for (const uint32_t number : {11U, 12U, 13U}) {
        EXPECT_FALSE(machine(number, cloneIdentifier(number)).acquire().isZero());
    }
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
    EXPECT_FALSE(contains(run("scan " + dump()).out, "Declined:"));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
