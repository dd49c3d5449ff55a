// SPDX-License-Identifier: MPL-2.0
//
// R7: a claimant in INIT-REBOOT gets NAK at once if it asks for an address on record for another machine.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief Seconds after which the holder has no claim, and only its lease counts.
const unsigned OUTLASTS_THE_CLAIM = 600;

/// @brief A policy, the number of the server's threads, and whether the server is authoritative.
using RebootVariant = std::tuple<std::string, unsigned, bool>;

std::string
nameOfRebootVariant(const ::testing::TestParamInfo<RebootVariant>& info) {
    return (std::string(std::get<0>(info.param) == "refuse" ? "refuse" : "macFallback") +
            std::to_string(std::get<1>(info.param)) + (std::get<2>(info.param) ? "Authoritative" : ""));
}

class Rule07InitReboot : public E2eTest, public ::testing::WithParamInterface<RebootVariant> {
protected:
    bool refuses() const {
        return (std::get<0>(GetParam()) == "refuse");
    }

    ServerSetup setup(const Json& guard = Json::object()) const {
        ServerSetup setup = guarded(std::get<0>(GetParam()));
        setup.guard->update(guard);
        setup.threads = std::get<1>(GetParam());
        setup.more["authoritative"] = std::get<2>(GetParam());
        return (setup);
    }

    SimClient& serveHolder(const ServerSetup& setup) {
        serve(setup, true);
        SimClient& first = holder();
        server().advanceClock(OUTLASTS_THE_CLAIM);
        return (first);
    }

    /// @brief The server's answer to a client that it does not know.
    int toUnknownClients() const {
        return (std::get<2>(GetParam()) ? int(NAK) : 0);
    }

    /// @brief Makes a machine's messages look like those of PXE firmware.
    static void makePxe(SimClient& client) {
        client.addOption(OPTION_VENDOR_CLASS, fromText("PXEClient:Arch:00007:UNDI:003016"));
    }

    /// @brief Expects that a claimant has no lease, then boots it: it gets an address of its own, or none under refuse.
    void bootAfterNak(SimClient& claimant, const SimClient& first) {
        for (const auto& lease : server().leases()) {
            EXPECT_NE(lease.hw_address, claimant.hwText());
        }
        EXPECT_EQ(claimant.acquire().isZero(), refuses());
        EXPECT_NE(claimant.address(), first.address());
        if (!refuses()) {
            EXPECT_TRUE(hasDerivedLease(server(), claimant));
            expectKept(claimant);
        }
    }
};

INSTANTIATE_TEST_SUITE_P(Policies, Rule07InitReboot,
                         ::testing::Combine(::testing::Values("mac-fallback", "refuse"),
                                            ::testing::Values(0U, 4U), ::testing::Bool()),
                         nameOfRebootVariant);

// R7: a clone with the lease file of its template gets one NAK, which carries its own option 61. The NAK makes no lease
// and changes none. The holder keeps its address.
TEST_P(Rule07InitReboot, claimantGetsNakAtOnce) {
    SimClient& first = serveHolder(setup());
    const auto before = server().lease(first.address());
    SimClient& second = clone(2);
    const Reply reply = second.initReboot(first.address());
    ASSERT_EQ(reply.type(), NAK) << reply;
    EXPECT_EQ(reply.packet->option(OPTION_CLIENT_IDENTIFIER), cloneIdentifier());
    ASSERT_TRUE(reply.packet->option(OPTION_SERVER_IDENTIFIER));
    EXPECT_EQ(server().leases().size(), 1U);
    const auto after = server().lease(first.address());
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->expires, before->expires);
    EXPECT_EQ(after->hw_address, first.hwText());
    bootAfterNak(second, first);
    EXPECT_TRUE(hasOwnLease(server(), first));
    expectKept(first);
}

// R7: the address of a machine that has nothing to do with the conflict is another machine's, too.
TEST_P(Rule07InitReboot, addressOfAMachineOutsideTheConflict) {
    SimClient& first = serveHolder(setup());
    SimClient& third = machine(3, cloneIdentifier(3));
    third.acquire();
    SimClient& second = clone(2);
    EXPECT_EQ(second.initReboot(third.address()).type(), NAK);
    bootAfterNak(second, first);
    EXPECT_NE(second.address(), third.address());
    expectKept(third);
    expectKept(first);
}

// R7: PXE firmware gives up after a NAK, so the guard asks the server for none.
TEST_P(Rule07InitReboot, firmwareGetsNoNakFromTheGuard) {
    SimClient& first = serveHolder(setup());
    SimClient& second = clone(2);
    makePxe(second);
    EXPECT_EQ(second.initReboot(first.address()).type(), refuses() ? 0 : toUnknownClients());
    expectKept(first);
}

// R7: an address without a lease may be on record on another server, so the claimant is answered like an unknown client.
TEST_P(Rule07InitReboot, addressWithoutALease) {
    SimClient& first = serveHolder(setup());
    EXPECT_EQ(clone(2).initReboot(addressIn(1, 7, 7)).type(), toUnknownClients());
    EXPECT_EQ(server().leases().size(), 1U);
    expectKept(first);
}

// R7: a claimant that asks for its own earlier lease gets it under mac-fallback, and no answer under refuse.
TEST_P(Rule07InitReboot, ownEarlierLease) {
    ServerSetup earlier = setup();
    (*earlier.guard)["policy"] = "mac-fallback";
    SimClient& first = serveHolder(earlier);
    SimClient& second = clone(2);
    const Address own = second.acquire();
    ASSERT_FALSE(own.isZero());
    EXPECT_EQ(server().configSet(setup())["result"], 0);
    EXPECT_EQ(second.initReboot(own).type(), refuses() ? 0 : int(ACK));
    EXPECT_EQ(second.initReboot(first.address()).type(), NAK);
    second.remember(own);
    EXPECT_TRUE(hasDerivedLease(server(), second));
    expectKept(first);
}

// R7, R9: with takeover never, an expired record still belongs to the machine that had it. Once the server has
// reclaimed it, a claimant that asks for its address gets NAK, and the returning holder gets the address.
TEST_P(Rule07InitReboot, reclaimedLeaseOfTheHolder) {
    ServerSetup short_leases = setup({{"takeover", "never"}});
    short_leases.more["valid-lifetime"] = SHORT_LIFETIME;
    short_leases.more["expired-leases-processing"] = {{"reclaim-timer-wait-time", 0}};
    serve(short_leases, true);
    SimClient& first = holder();
    const Address held = first.address();
    server().advanceClock(2 * SHORT_LIFETIME);
    SimClient& second = clone(2);
    EXPECT_NE(second.initReboot(held).type(), ACK);
    EXPECT_EQ(server().command("leases-reclaim", {{"remove", false}})["result"], 0);
    EXPECT_EQ(second.initReboot(held).type(), NAK);
    EXPECT_EQ(first.initReboot(held).address(), held);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_EQ(second.initReboot(held).type(), NAK);
    bootAfterNak(second, first);
    expectKept(first);
}

// R2, R7: all subnets of a shared network are one network. An address of another network says nothing about this one.
TEST_P(Rule07InitReboot, subnetsOfASharedNetwork) {
    ServerSetup shared = setup();
    shared.subnets = {subnet(3)};
    shared.shared_networks = {sharedNetwork("floor", {subnet(1), subnet(2)})};
    SimClient& first = serveHolder(shared);
    SimClient& neighbour = machine(4, cloneIdentifier(4), 2);
    neighbour.acquire();
    SimClient& far = machine(5, cloneIdentifier(5), 3);
    far.acquire();
    EXPECT_EQ(clone(2, 2).initReboot(first.address()).type(), NAK);
    EXPECT_EQ(clone(2).initReboot(neighbour.address()).type(), NAK);
    EXPECT_EQ(clone(2).initReboot(far.address()).type(), toUnknownClients());
    for (SimClient* client : {&first, &neighbour, &far}) {
        expectKept(*client);
    }
}

// R7: a card was moved to another board, and both boards have an address reserved by hardware address. The second board
// gets NAK for the first one's address, then its own under mac-fallback.
TEST_P(Rule07InitReboot, cardInAnotherBoardWithReservations) {
    ServerSetup reserved = setup();
    Json reservations = Json::array();
    for (const uint32_t number : {1U, 2U}) {
        reservations.push_back({{"hw-address", toHex(virtualMac(number))},
                                {"ip-address", addressIn(1, 200, uint8_t(number)).toText()}});
    }
    reserved.subnets = {subnet(1, {{"reservations", reservations}})};
    SimClient& first = serveHolder(reserved);
    ASSERT_EQ(first.address(), addressIn(1, 200, 1));
    SimClient& second = clone(2);
    EXPECT_EQ(second.initReboot(first.address()).type(), NAK);
    bootAfterNak(second, first);
    if (!refuses()) {
        EXPECT_EQ(second.address(), addressIn(1, 200, 2));
    }
    expectKept(first);
}

class InitReboot : public E2eTest {};

// R7: the policies that change no message cause no NAK.
TEST_F(InitReboot, rule07MonitorCausesNoNak) {
    for (const char* policy : {"monitor", "off"}) {
        expectSameAsStock(guarded(policy), [this] {
            SimClient& first = holder();
            note(clone(2).initReboot(first.address()));
            SimClient& third = machine(3, cloneIdentifier(3));
            third.acquire();
            note(clone(2).initReboot(third.address()));
        });
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
