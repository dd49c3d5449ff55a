// SPDX-License-Identifier: MPL-2.0
//
// R1: a configuration that reserves one address for two hardware addresses declares them to be one machine.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

const Address RESERVED = addressIn(1, 200, 1);

/// @brief The place of the reservations, and the number of the server's threads.
struct Place {
    const char* name;
    bool global;
    unsigned threads;
};

class Rule01SharedReservation : public E2eTest, public ::testing::WithParamInterface<Place> {
protected:
    /// @brief Returns a setup in which one address is reserved for the machines 1 and 2.
    ServerSetup oneAddressForTwo(const char* policy) const {
        ServerSetup setup = guarded(policy);
        setup.threads = GetParam().threads;
        const Json entries{
            {"reservations",
             {{{"hw-address", toHex(virtualMac(1))}, {"ip-address", RESERVED.toText()}},
              {{"hw-address", toHex(virtualMac(2))}, {"ip-address", RESERVED.toText()}}}}};
        setup.more["ip-reservations-unique"] = false;
        if (GetParam().global) {
            setup.more["reservations-global"] = true;
            setup.more["reservations-in-subnet"] = false;
            setup.more.update(entries);
        } else {
            setup.subnets = {subnet(1, entries)};
        }
        return (setup);
    }

    /// @brief Boots the first card, then the second, then the first again.
    void useBothCards() {
        for (SimClient* card : {&clone(1), &clone(2), &clone(1)}) {
            EXPECT_EQ(card->acquire(), RESERVED) << card->hwText();
            expectKept(*card);
            EXPECT_TRUE(hasOwnLease(server(), *card));
        }
    }

    void expectNoConflict() {
        EXPECT_EQ(server().command("clone-guard-conflict-get-all")["result"], 3);
        EXPECT_TRUE(server().audit("conflict-suspected").empty());
        EXPECT_EQ(server().statistic("clone-guard-mac-fallback"), 0);
        EXPECT_EQ(server().statistic("clone-guard-refused"), 0);
    }
};

INSTANTIATE_TEST_SUITE_P(Places, Rule01SharedReservation,
                         ::testing::Values(Place{"subnet", false, 0},
                                           Place{"subnetFourThreads", false, 4},
                                           Place{"global", true, 0},
                                           Place{"globalFourThreads", true, 4}),
                         [](const auto& info) { return (std::string(info.param.name)); });

// R1: each card gets the reserved address as with stock Kea, under each policy, and there is no conflict.
TEST_P(Rule01SharedReservation, bothCardsHaveTheReservedAddress) {
    for (const char* policy : {"mac-fallback", "refuse", "monitor"}) {
        SCOPED_TRACE(policy);
        serve(oneAddressForTwo(policy));
        useBothCards();
        expectNoConflict();
        endServer();
    }
}

// R1, R8: the card that has the address now can release it, also if the lease has the other card's hardware address.
TEST_P(Rule01SharedReservation, eitherCardReleases) {
    serve(oneAddressForTwo("mac-fallback"));
    EXPECT_EQ(clone(1).acquire(), RESERVED);
    clone(2).release(RESERVED);
    EXPECT_FALSE(server().lease(RESERVED));
    EXPECT_TRUE(server().audit("release-blocked").empty());
    expectNoConflict();
}

// R4, R6: a clone without the reservation is a claimant, whichever card has the lease. It takes nothing from the machine.
TEST_P(Rule01SharedReservation, anotherMachineIsAClaimant) {
    serve(oneAddressForTwo("mac-fallback"));
    for (const uint32_t card : {1U, 2U}) {
        EXPECT_EQ(clone(card).acquire(), RESERVED);
        SimClient& stranger = clone(card + 10);
        EXPECT_FALSE(stranger.acquire().isZero());
        EXPECT_NE(stranger.address(), RESERVED);
        EXPECT_TRUE(hasDerivedLease(server(), stranger));
        SimClient& same = clone(card);
        same.remember(RESERVED);
        expectKept(same);
        EXPECT_TRUE(hasOwnLease(server(), same));
        EXPECT_EQ(clone(3 - card).acquire(), RESERVED);
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
