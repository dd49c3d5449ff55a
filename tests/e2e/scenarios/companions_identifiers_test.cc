// SPDX-License-Identifier: MPL-2.0
//
// In company: hook libraries that replace identifiers or hand them on, before and after the guard. In each
// order the clones are kept apart, and the other library does its job for a holder and for a claimant; where
// the order matters, a test says so. Libraries that the release does not ship have no tests here, see
// companions_commands_test.cc.

#include <tests/e2e/harness/fixtures/companion.h>
#include <tests/e2e/harness/servers/ha_backup.h>

namespace clone_guard {
namespace test {

namespace {

class FlexId : public CompanionTest {
protected:
    static ServerSetup byPort(bool replace) {
        return (inCompany("libdhcp_flex_id.so",
                          {{"identifier-expression", "relay4[1].hex"}, {"replace-client-id", replace}}));
    }

    /// @brief Has a machine's relay tell the port of the switch.
    static void plug(SimClient& machine, const std::string& port) {
        machine.addOption(OPTION_RELAY_AGENT, Bytes{1, uint8_t(port.size())} + fromText(port));
    }

    /// @brief The record of a machine's address is under the identifier that flex_id makes of a port.
    bool isOnRecordByPort(const SimClient& machine, const std::string& port) {
        const auto record = server().lease(machine.address());
        return (record && record->client_id == toHex(Bytes{0} + fromText(port)));
    }
};
CLONE_GUARD_IN_COMPANY(FlexId, bothOrders("libdhcp_flex_id.so"));

// Without replace-client-id flexible identifiers are for reservations: one holds for a claimant as one by its
// hardware address would (R6).
TEST_P(FlexId, Rule06ReservationsByFlexibleIdentifierApply) {
    ServerSetup setup = byPort(false);
    setup.subnets[0]["reservations"] = {{{"flex-id", "'port-2'"}, {"ip-address", "10.1.8.2"}}};
    setup.more["host-reservation-identifiers"] = {"flex-id", "hw-address"};
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    plug(second, "port-2");
    EXPECT_EQ(second.acquire(), addressIn(1, 8, 2));
    EXPECT_TRUE(setAside(server(), second));
    server().restart();
    expectKept(first);
    expectKept(second);
}

class FlexIdFirst : public FlexId {};
CLONE_GUARD_IN_COMPANY(FlexIdFirst, onlyBefore("libdhcp_flex_id.so"));

// With replace-client-id and flex_id first, Kea knows machines by what the expression makes; where it makes
// nothing, the guard keeps the clones apart.
TEST_P(FlexIdFirst, guardsThoseWhomTheExpressionDoesNotTellApart) {
    serve(byPort(true));
    SimClient& on_port = clone(11);
    SimClient& on_other_port = clone(12);
    plug(on_port, "port-1");
    plug(on_other_port, "port-2");
    EXPECT_FALSE(on_port.acquire().isZero());
    EXPECT_FALSE(on_other_port.acquire().isZero());
    EXPECT_NE(on_port.address(), on_other_port.address());
    EXPECT_TRUE(isOnRecordByPort(on_port, "port-1"));
    EXPECT_TRUE(isOnRecordByPort(on_other_port, "port-2"));
    EXPECT_TRUE(server().audit().empty());
    // Another machine behind a port takes over, which is what flex_id is for.
    SimClient& instead = clone(13);
    plug(instead, "port-1");
    EXPECT_EQ(instead.acquire(), on_port.address());
    meet();
    EXPECT_TRUE(undisturbed(server(), first()));
    EXPECT_TRUE(setAside(server(), second()));
    expectApart();
    expectKept(on_other_port);
}

class FlexIdLast : public FlexId {};
CLONE_GUARD_IN_COMPANY(FlexIdLast, onlyAfter("libdhcp_flex_id.so"));

// With replace-client-id and the guard first, flex_id keeps the clones apart by its own identifiers, and each reply
// carries the client's own all the same (R6). The guard, which finds no leases of the identifiers that it judges,
// reports a conflict for nothing.
TEST_P(FlexIdLast, Rule06EchoIsTheClientsOwn) {
    serve(byPort(true));
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    plug(first, "port-1");
    plug(second, "port-2");
    EXPECT_FALSE(first.acquire().isZero());
    const Reply offer = second.discover();
    ASSERT_EQ(offer.type(), OFFER);
    EXPECT_EQ(offer.packet->option(OPTION_CLIENT_IDENTIFIER), cloneIdentifier());
    EXPECT_EQ(second.request(offer).type(), ACK);
    EXPECT_NE(first.address(), second.address());
    EXPECT_TRUE(isOnRecordByPort(first, "port-1"));
    EXPECT_TRUE(isOnRecordByPort(second, "port-2"));
    EXPECT_EQ(server().audit("conflict-suspected").size(), 1U);
}

class FlexIdGuarded : public FlexId {};
CLONE_GUARD_IN_COMPANY(FlexIdGuarded, onlyBefore("libdhcp_flex_id.so"));

// What flex_id makes is no DUID; who wants it guarded all the same says client-id-types "all". Replies carry what the
// client sent (R1, R6).
TEST_P(FlexIdGuarded, Rule06TwoMachinesWithOneFlexibleIdentifierAreKeptApart) {
    ServerSetup setup = byPort(true);
    setup.guard.value()["client-id-types"] = "all";
    serve(setup);
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    plug(first, "port-1");
    plug(second, "port-1");
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_NE(first.address(), second.address());
    EXPECT_TRUE(isOnRecordByPort(first, "port-1"));
    expectKept(first);
    expectKept(second);
}

class HighAvailability : public CompanionTest {
protected:
    /// @brief A server with a backup, which answers a client only when the backup has the lease as well.
    static ServerSetup withBackup() {
        const Json server = {{"name", "server"}, {"url", "http://127.0.0.1:8001/"}, {"role", "primary"}};
        const Json backup = {{"name", "backup"}, {"url", "http://127.0.0.1:8002/"}, {"role", "backup"}};
        const bool threads = GetParam().threads > 0;
        // With threads the server speaks to its partner by itself, else through a control agent.
        const Json relationship = {
            {"this-server-name", "server"},
            {"mode", "passive-backup"},
            {"wait-backup-ack", true},
            {"multi-threading",
             {{"enable-multi-threading", threads}, {"http-dedicated-listener", threads}}},
            {"peers", {server, backup}}};
        return (inCompany("libdhcp_ha.so", {{"high-availability", Json::array({relationship})}}));
    }

    void awaitService() override {
        link().setPatience(Milliseconds(10000));
        EXPECT_TRUE(eventually([this] {
            return (server().command("status-get").dump().find("\"passive-backup\"") !=
                    std::string::npos);
        }));
    }

    /// @brief The identifier under which the backup was last told of a machine's address.
    std::string toldBackup(const SimClient& machine) const {
        std::string identifier;
        for (const Json& lease : backup_.received("lease4-update")) {
            if (lease.value("ip-address", "") == machine.address().toText()) {
                identifier = lease.value("client-id", "");
            }
        }
        return (identifier);
    }

    HaBackup backup_{8002};
};
CLONE_GUARD_IN_COMPANY(HighAvailability, bothOrdersThreaded("libdhcp_ha.so"));

// The backup is told of each lease before the machine is, of a claimant's under the derived identifier: it would
// judge as this server does (R3).
TEST_P(HighAvailability, Rule03BackupLearnsWhoIsAClaimant) {
    serve(withBackup());
    meet();
    EXPECT_TRUE(undisturbed(server(), first()));
    EXPECT_TRUE(setAside(server(), second()));
    EXPECT_EQ(toldBackup(first()), cloneIdentifierText());
    EXPECT_EQ(toldBackup(second()), toHex(derivedIdentifier(second().hwAddress(), cloneIdentifier())));
    expectApart();
}

// To look at the selected subnet is not to select it: networks are told apart (R2).
TEST_P(HighAvailability, Rule02NetworksAreToldApart) {
    serve(withBackup());
    meet();
    EXPECT_TRUE(undisturbed(server(), elsewhere()));
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_ONE_NETWORK").empty());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
