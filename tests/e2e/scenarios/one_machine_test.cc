// SPDX-License-Identifier: MPL-2.0
//
// R9, R12: situations in which one machine, or several on purpose, use an identifier with two hardware addresses. These
// are the rows of the table "When it is not a clone" in docs/operator.md.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <algorithm>
#include <set>

namespace clone_guard {
namespace test {

namespace {

/// @brief The identifier that systemd-networkd sends for the interface bond0 of the template.
const char* const BOND = "ff:5b:38:bd:1e:00:02:00:00:ab:11:b6:32:e2:67:3b:d9:f5:5d";

class Rule12OneMachine : public E2eTest, public ::testing::WithParamInterface<const char*> {
protected:
    void serveShortLeases(const Json& exempt = Json::object()) {
        ServerSetup setup = guarded(GetParam());
        (*setup.guard)["exempt"] = exempt;
        setup.more["valid-lifetime"] = SHORT_LIFETIME;
        serve(setup, true);
    }

    bool is(const char* policy) const {
        return (std::string(GetParam()) == policy);
    }

    SimClient& named(uint32_t number, const Bytes& identifier, const std::string& name) {
        SimClient& client = machine(number, identifier);
        client.addOption(OPTION_HOST_NAME, fromText(name));
        return (client);
    }

    /// @brief Expects the remark in the only first record, in the log line and in the list; none if @c sign is empty.
    void expectSign(const std::string& sign, const std::string& text) {
        const auto records = server().audit("conflict-suspected");
        ASSERT_EQ(records.size(), 1U) << server().file("audit.log");
        EXPECT_EQ(records[0].value("one_machine", ""), sign);
        const auto lines = server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED");
        ASSERT_EQ(lines.size(), 1U);
        EXPECT_EQ(lines[0].find("may be one machine") != std::string::npos, !sign.empty()) << lines[0];
        EXPECT_NE(lines[0].find(text), std::string::npos) << lines[0];
        const Json list = server().command("clone-guard-conflict-get-all");
        EXPECT_EQ(list["arguments"]["conflicts"][0].value("one-machine", ""), sign) << list;
    }

    void expectNoReport() {
        EXPECT_TRUE(server().audit().empty()) << server().file("audit.log");
        EXPECT_EQ(server().command("clone-guard-conflict-get-all")["result"], 3);
    }
};

std::string
nameOfPolicy(const ::testing::TestParamInfo<const char*>& info) {
    std::string name(info.param);
    name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
    return (name);
}

INSTANTIATE_TEST_SUITE_P(Policies, Rule12OneMachine,
                         ::testing::Values("mac-fallback", "refuse", "monitor"), nameOfPolicy);

/// @brief Under the policies that give each machine a lease.
class Rule12ServedMachines : public Rule12OneMachine {};
INSTANTIATE_TEST_SUITE_P(Policies, Rule12ServedMachines, ::testing::Values("mac-fallback", "monitor"),
                         nameOfPolicy);

// R12: a bond takes the hardware address of its other card and renews. Under mac-fallback it gets another address, under
// refuse none while the lease of the first card lives, under monitor the same one.
TEST_P(Rule12OneMachine, bondThatChangesItsCard) {
    serveShortLeases();
    SimClient& before = machine(1, fromHex(BOND));
    SimClient& after = machine(2, fromHex(BOND));
    const Address first = before.acquire();
    after.remember(first);
    const Reply renewal = after.renew();
    EXPECT_EQ(renewal.type(), is("monitor") ? ACK : NAK);
    expectSign("interface",
               "; both may be one machine that changed its hardware address (interface bond0)");
    const Address second = after.acquire();
    EXPECT_EQ(second.isZero(), is("refuse"));
    EXPECT_EQ(second == first, is("monitor"));
    // The link returns to the first card.
    before.remember(second.isZero() ? first : second);
    before.renew();
    EXPECT_EQ(before.acquire(), first);
    // After the lease of the first card has expired, the machine has the identifier again.
    if (is("refuse")) {
        server().advanceClock(SHORT_LIFETIME + 10);
        EXPECT_EQ(after.acquire(), first);
    }
    EXPECT_TRUE(server().audit("conflict-confirmed").empty());
}

// R1: with the exemption that the manual names, the machine keeps its address at each change of the card, and nothing is
// reported.
TEST_P(Rule12OneMachine, exemptBond) {
    serveShortLeases({{"client-ids", {BOND}}});
    const Address first = machine(1, fromHex(BOND)).acquire();
    for (const uint32_t card : {2U, 1U, 2U}) {
        SimClient& bond = machine(card, fromHex(BOND));
        bond.remember(first);
        EXPECT_EQ(bond.renew().address(), first);
        EXPECT_EQ(bond.acquire(), first);
    }
    expectNoReport();
}

// R12: a claimant with the holder's host name may be the holder with another network card.
TEST_P(Rule12OneMachine, sameHostName) {
    serveShortLeases();
    named(1, cloneIdentifier(), "laptop").acquire();
    named(2, cloneIdentifier(), "laptop").acquire();
    expectSign("host-name",
               "; both may be one machine that changed its hardware address (same host name)");
    named(3, cloneIdentifier(), "laptop").acquire();
    EXPECT_FALSE(server().audit("conflict-suspected").back().contains("one_machine"))
        << "two claimants are two machines";
}

// R12: two different host names are not a sign of one machine.
TEST_P(Rule12OneMachine, otherHostName) {
    serveShortLeases();
    named(1, cloneIdentifier(), "web-01").acquire();
    named(2, cloneIdentifier(), "web-02").acquire();
    expectSign("", "If these machines are clones");
}

// R10, R12: once both machines are proven to be active at the same time, they are two.
TEST_P(Rule12ServedMachines, confirmedConflictHasNoSign) {
    serveShortLeases();
    SimClient& first = named(1, cloneIdentifier(), "laptop");
    SimClient& second = named(2, cloneIdentifier(), "laptop");
    first.acquire();
    second.acquire();
    for (SimClient* client : {&first, &second, &first, &second}) {
        EXPECT_EQ(client->renew().type(), ACK);
    }
    const auto records = server().audit("conflict-confirmed");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_FALSE(records[0].contains("one_machine"));
    const Json list = server().command("clone-guard-conflict-get-all");
    EXPECT_FALSE(list["arguments"]["conflicts"][0].contains("one-machine")) << list;
}

// R3, R9: a machine that releases its lease before it changes its hardware address gets an address at once, and is not
// reported as a conflict: Wi-Fi with a random hardware address for each connection.
TEST_P(Rule12OneMachine, releaseBeforeTheChange) {
    serveShortLeases();
    for (uint32_t connection = 1; connection <= 3; ++connection) {
        SimClient& radio = clone(connection);
        EXPECT_FALSE(radio.acquire().isZero());
        expectKept(radio);
        radio.release();
    }
    EXPECT_TRUE(server().audit("conflict-suspected").empty());
    EXPECT_EQ(server().command("clone-guard-conflict-get-all")["result"], 3);
}

// R2, R6: a repeater writes its own hardware address into the queries of several machines. Their identifiers keep them
// apart.
TEST_P(Rule12OneMachine, machinesBehindARepeater) {
    serveShortLeases();
    std::set<std::string> addresses;
    for (const uint64_t number : {1U, 2U, 3U}) {
        SimClient& behind = machine(9, cloneIdentifier(number));
        EXPECT_FALSE(behind.acquire().isZero());
        expectKept(behind);
        addresses.insert(behind.address().toText());
    }
    EXPECT_EQ(addresses.size(), 3U);
    expectNoReport();
}

// R3: the holder renews without option 61. The server finds its lease by the hardware address and removes the identifier
// from it. The holder keeps its address, and the next machine with the identifier gets another one.
TEST_P(Rule12OneMachine, holderRenewsWithoutItsIdentifier) {
    serveShortLeases();
    SimClient& holder = clone(1);
    const Address held = holder.acquire();
    holder.setIdentifier(std::nullopt);
    holder.expectEcho(SimClient::Echo::NONE);
    EXPECT_EQ(holder.renew().address(), held);
    server().advanceClock(SHORT_LIFETIME / 2);
    EXPECT_EQ(holder.renew().address(), held);
    SimClient& other = clone(2);
    EXPECT_FALSE(other.acquire().isZero());
    EXPECT_NE(other.address(), held);
    expectKept(other);
    EXPECT_EQ(holder.renew().address(), held);
}

// R9: a machine that is moved with its hardware address, as by live migration, is the same client behind another relay
// of the network.
TEST_P(Rule12OneMachine, liveMigration) {
    serveShortLeases();
    SimClient& machine = clone(1);
    machine.acquire();
    for (const char* port : {"rack-1", "rack-2", "rack-1"}) {
        SimClient& moved = clone(1);
        Bytes port_option = fromText(std::string("\x01\x06", 2) + port);
        moved.addOption(82, port_option);
        moved.remember(machine.address());
        EXPECT_EQ(moved.rebind().address(), machine.address());
    }
    expectNoReport();
}

// Two machines with one hardware address and one identifier are one client to each DHCP server, so the guard reports
// nothing. The lease file shows host names in turn.
TEST_P(Rule12OneMachine, sameHardwareAddressAndIdentifier) {
    serveShortLeases();
    SimClient& one = named(1, cloneIdentifier(), "node-a");
    SimClient& other = named(1, cloneIdentifier(), "node-b");
    const Address shared = one.acquire();
    EXPECT_EQ(other.acquire(), shared);
    for (SimClient* client : {&one, &other, &one}) {
        server().advanceClock(10);
        EXPECT_EQ(client->renew().address(), shared);
    }
    expectNoReport();
    const auto leases = server().file("leases.csv");
    const auto first = leases.find(",node-a,");
    const auto second = leases.find(",node-b,", first);
    EXPECT_NE(leases.find(",node-a,", second), std::string::npos) << leases;
}

// R12: an operator closed the conflict, and the machines come back with their identifier. The remedy then names what
// systemd made the identifier from.
TEST_P(Rule12OneMachine, remedyAfterACureThatFailed) {
    serveShortLeases();
    clone(1).acquire();
    clone(2).acquire();
    const auto remedy = [this] {
        const auto records = server().audit("conflict-suspected");
        return (records.empty() ? std::string() : records.back()["remedy"].get<std::string>());
    };
    const auto before = remedy();
    EXPECT_EQ(before.find("systemd-id128"), std::string::npos) << before;
    ASSERT_EQ(
        server().command("clone-guard-conflict-del", {{"client-id", cloneIdentifierText()}})["result"],
        0);
    // Under monitor the lease is that of the second machine by now.
    clone(2).acquire();
    clone(1).acquire();
    EXPECT_EQ(server().audit("conflict-suspected").size(), 2U);
    EXPECT_NE(remedy().find("'systemd-id128 new >/etc/machine-id'"), std::string::npos) << remedy();
    const Json list = server().command("clone-guard-conflict-get-all");
    EXPECT_EQ(list["arguments"]["conflicts"][0]["remedy"], remedy());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
