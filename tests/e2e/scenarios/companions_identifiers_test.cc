// SPDX-License-Identifier: MPL-2.0
//
// The guard beside hook libraries that replace or forward identifiers, loaded before and after the guard. In each order
// the clones are kept apart, and the other library works for a holder and for a claimant; a test says where the order
// matters. Libraries that the release does not ship have no tests here, see companions_commands_test.cc.

#include <tests/e2e/harness/fixtures/companion_fixture.h>
#include <tests/e2e/harness/servers/ha_backup.h>

namespace clone_guard {
namespace test {

namespace {

class FlexId : public CompanionTest {
protected:
    static ServerSetup byPort(bool replace) {
        return (setupWith("libdhcp_flex_id.so",
                          {{"identifier-expression", "relay4[1].hex"}, {"replace-client-id", replace}}));
    }

    /// @brief Adds the port of the switch to a machine's relay agent information.
    static void plug(SimClient& machine, const std::string& port) {
        machine.addOption(OPTION_RELAY_AGENT, Bytes{1, uint8_t(port.size())} + fromText(port));
    }

    /// @brief True if the lease of a machine's address has the identifier that flex_id makes of a port.
    bool isOnRecordByPort(const SimClient& machine, const std::string& port) {
        const auto record = server().lease(machine.address());
        return (record && record->client_id == toHex(Bytes{0} + fromText(port)));
    }
};
CLONE_GUARD_IN_ORDERS(FlexId, bothOrders("libdhcp_flex_id.so"));

// R6: without replace-client-id, flexible identifiers serve reservations: one for a claimant applies, like one for its
// hardware address.
TEST_P(FlexId, rule06ReservationsByFlexibleIdentifierApply) {
    ServerSetup setup = byPort(false);
    setup.subnets[0]["reservations"] = {{{"flex-id", "'port-2'"}, {"ip-address", "10.1.8.2"}}};
    setup.more["host-reservation-identifiers"] = {"flex-id", "hw-address"};
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    plug(second, "port-2");
    EXPECT_EQ(second.acquire(), addressIn(1, 8, 2));
    EXPECT_TRUE(hasDerivedLease(server(), second));
    server().restart();
    expectKept(first);
    expectKept(second);
}

class FlexIdFirst : public FlexId {};
CLONE_GUARD_IN_ORDERS(FlexIdFirst, onlyBefore("libdhcp_flex_id.so"));

// With replace-client-id and flex_id first, Kea identifies machines by the expression. If its result is empty, the
// guard keeps the clones apart.
TEST_P(FlexIdFirst, guardsMachinesWithoutAFlexibleIdentifier) {
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
    // Another machine on the port takes the address over, which is the purpose of flex_id.
    SimClient& instead = clone(13);
    plug(instead, "port-1");
    EXPECT_EQ(instead.acquire(), on_port.address());
    bootClones();
    EXPECT_TRUE(hasOwnLease(server(), first()));
    EXPECT_TRUE(hasDerivedLease(server(), second()));
    expectApart();
    expectKept(on_other_port);
}

class FlexIdLast : public FlexId {};
CLONE_GUARD_IN_ORDERS(FlexIdLast, onlyAfter("libdhcp_flex_id.so"));

// R6: with replace-client-id and the guard first, flex_id keeps the clones apart by its own identifiers, and each reply
// still carries the client's own. The guard finds no leases of the identifiers that it judges, and so reports a
// conflict that does not exist.
TEST_P(FlexIdLast, rule06EchoIsTheClientsOwn) {
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
CLONE_GUARD_IN_ORDERS(FlexIdGuarded, onlyBefore("libdhcp_flex_id.so"));

// R1, R6: flex_id's identifier is not a DUID, so guarding it takes client-id-types "all". Replies carry the identifier
// that the client sent.
TEST_P(FlexIdGuarded, rule06TwoMachinesWithOneFlexibleIdentifierAreKeptApart) {
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
    /// @brief Makes a server with a backup; it answers a client only after the backup has the lease.
    static ServerSetup withBackup() {
        const Json server = {{"name", "server"}, {"url", "http://127.0.0.1:8001/"}, {"role", "primary"}};
        const Json backup = {{"name", "backup"}, {"url", "http://127.0.0.1:8002/"}, {"role", "backup"}};
        const bool threads = GetParam().threads > 0;
        // With threads the server connects to its partner itself, otherwise through a control agent.
        const Json relationship = {
            {"this-server-name", "server"},
            {"mode", "passive-backup"},
            {"wait-backup-ack", true},
            {"multi-threading",
             {{"enable-multi-threading", threads}, {"http-dedicated-listener", threads}}},
            {"peers", {server, backup}}};
        return (setupWith("libdhcp_ha.so", {{"high-availability", Json::array({relationship})}}));
    }

    void awaitService() override {
        link().setReplyTimeout(Milliseconds(60000));
        EXPECT_TRUE(eventually([this] {
            return (server().command("status-get").dump().find("\"passive-backup\"") !=
                    std::string::npos);
        }));
    }

    /// @brief Returns the identifier that the backup last received for a machine's address.
    std::string identifierAtBackup(const SimClient& machine) const {
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
CLONE_GUARD_IN_ORDERS(HighAvailability, bothOrdersThreaded("libdhcp_ha.so"));

// R3: the backup receives each lease before the machine does, a claimant's with the derived identifier. It would
// therefore judge like this server.
TEST_P(HighAvailability, rule03BackupReceivesDerivedIdentifiers) {
    serve(withBackup());
    bootClones();
    EXPECT_TRUE(hasOwnLease(server(), first()));
    EXPECT_TRUE(hasDerivedLease(server(), second()));
    EXPECT_EQ(identifierAtBackup(first()), cloneIdentifierText());
    EXPECT_EQ(identifierAtBackup(second()),
              toHex(derivedIdentifier(second().hwAddress(), cloneIdentifier())));
    expectApart();
}

// R2: the guard looks at the selected subnet without selecting it, and distinguishes networks.
TEST_P(HighAvailability, rule02NetworksAreDistinguished) {
    serve(withBackup());
    bootClones();
    EXPECT_TRUE(hasOwnLease(server(), elsewhere()));
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_ONE_NETWORK").empty());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
