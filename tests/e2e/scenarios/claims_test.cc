// SPDX-License-Identifier: MPL-2.0
//
// R3: which of several clones passes with an identifier. R4: nothing that a claimant sends disturbs the holder.

#include <tests/e2e/harness/fixtures/variant_fixture.h>

#include <cstdlib>
#include <random>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is the number of the server's threads.
class Rule03Claims : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    ServerSetup threaded() const {
        ServerSetup setup = guarded("mac-fallback");
        setup.threads = GetParam();
        return (setup);
    }

    /// @brief Makes a load of @c clients machines with so many identifiers, all at once.
    static LoadPlan together(uint32_t clients, uint32_t identifiers) {
        LoadPlan plan;
        plan.mode = LoadMode::CLONES;
        plan.clients = clients;
        plan.identifiers = identifiers;
        plan.window = clients;
        plan.requests_together = true;
        plan.timeout = Milliseconds(300);
        return (plan);
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule03Claims, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R3: of clones that boot at the same instant, exactly one of each identifier passes, and all get different addresses.
TEST_P(Rule03Claims, oneOfTheClonesThatBootTogetherPasses) {
    serve(threaded());
    LoadGenerator load(link(), together(400, 150));
    const LoadResult result = load.acquire();
    EXPECT_EQ(result.addresses, 400U) << result.toJson();
    EXPECT_EQ(result.shared_acks + result.wrong_echoes + result.naks, 0U) << result.toJson();
    unsigned original = 0;
    for (const auto& record : server().leases()) {
        original += looksDerived(fromHex(record.client_id)) ? 0 : 1;
    }
    EXPECT_EQ(original, 150U);
    const LoadResult renewed = load.renew(2);
    EXPECT_EQ(renewed.addresses, 400U) << renewed.toJson();
    EXPECT_EQ(renewed.naks + renewed.shared_acks, 0U) << renewed.toJson();
}

// R3: clones return at the same instant after all leases have expired, each to another's expired lease. They still get
// different addresses.
TEST_P(Rule03Claims, oneOfTheClonesThatReturnTogetherPasses) {
    ServerSetup setup = threaded();
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    LoadGenerator load(link(), together(200, 80));
    ASSERT_EQ(load.acquire().addresses, 200U);
    for (int round = 0; round < 3; ++round) {
        server().advanceClock(5000);
        load.powerCut();
        const LoadResult result = load.acquire();
        EXPECT_EQ(result.addresses, 200U) << result.toJson();
        EXPECT_EQ(result.shared_acks + result.wrong_echoes, 0U) << result.toJson();
    }
}

// R3: a claim ends after its window: if the machine with the claim did not return, the next may pass.
TEST_P(Rule03Claims, claimEndsAfterItsWindow) {
    ServerSetup setup = threaded();
    setup.guard->update({{"claim-window", 20}});
    serve(setup, true);
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    ASSERT_EQ(first.discover().type(), OFFER);
    server().advanceClock(15);
    ASSERT_EQ(second.discover().type(), OFFER);
    EXPECT_EQ(server().audit("conflict-suspected").size(), 1U);
    // The claimant's query made no claim. The first machine's claim has expired.
    server().advanceClock(10);
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), third));
}

// R3: the offers of two clones have different addresses, and stay different until both are requested.
TEST_P(Rule03Claims, claimCoversTheTimeBetweenOfferAndRequest) {
    serve(threaded());
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    const Reply offered_first = first.discover();
    const Reply offered_second = second.discover();
    EXPECT_EQ(second.request(offered_second).type(), ACK);
    EXPECT_EQ(first.request(offered_first).type(), ACK);
    EXPECT_NE(first.address(), second.address());
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R3: the guard is loaded where clones already share an address. The machine of the lease keeps it; the other gets one
// NAK, and then its own address.
TEST_P(Rule03Claims, clonesThatShareAlreadyAreSeparatedByOneNak) {
    const ServerSetup setup = threaded();
    serve(setup.withoutGuard());
    SimClient& first = holder();
    SimClient& second = clone(2);
    ASSERT_EQ(second.acquire(), first.address());
    server().stop();
    server().configure(setup);
    server().start();
    EXPECT_EQ(first.renew().type(), NAK);
    EXPECT_EQ(second.renew().type(), ACK);
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_NE(first.address(), second.address());
    EXPECT_TRUE(hasOwnLease(server(), second));
    EXPECT_EQ(first.renew().type(), ACK);
    EXPECT_EQ(second.renew().type(), ACK);
}

// R3: after the holder's lease has expired, the next machine takes the identifier over, and the former holder is a
// claimant when it returns. The two never share an address.
TEST_P(Rule03Claims, identifierIsFreeAfterTheHoldersLeaseHasExpired) {
    ServerSetup setup = threaded();
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    SimClient& first = holder();
    server().advanceClock(200);
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), second));
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_NE(first.address(), second.address());
    EXPECT_TRUE(hasOwnLease(server(), second));
}

// R3: with "takeover": "never" the identifier stays with the former holder while its lease is in the database, even if
// the lease has expired.
TEST_P(Rule03Claims, identifierStaysWithTheHolderIfTakeoverIsNever) {
    ServerSetup setup = threaded();
    setup.guard->update({{"takeover", "never"}});
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    SimClient& first = holder();
    const Address held = first.address();
    server().advanceClock(200);
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    const auto record = server().lease(second.address());
    ASSERT_TRUE(record);
    EXPECT_TRUE(looksDerived(fromHex(record->client_id))) << record->client_id;
    EXPECT_EQ(first.acquire(), held);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R3: the returning holder has the claim of the only address, and its lease has expired. A claimant that asks for the
// address in the meantime does not get it.
TEST_P(Rule03Claims, expiredLeaseGoesToTheMachineWithTheClaim) {
    ServerSetup setup = threaded();
    setup.more["valid-lifetime"] = 100;
    setup.subnets = {subnet(1, {{"pools", {{{"pool", "10.1.1.0 - 10.1.1.0"}}}}})};
    serve(setup, true);
    SimClient& first = holder();
    server().advanceClock(200);
    const Reply offer = first.discover();
    EXPECT_EQ(offer.address(), addressIn(1, 1, 0));
    EXPECT_EQ(clone(2).request(addressIn(1, 1, 0)).type(), NAK);
    EXPECT_EQ(first.request(offer).type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R3: the lease outweighs the claims: the holder passes although its claim has expired long ago.
TEST_P(Rule03Claims, holderPassesWithoutAClaim) {
    serve(threaded(), true);
    SimClient& first = holder();
    server().advanceClock(600);
    SimClient& second = clone(2);
    const Address address = second.acquire();
    EXPECT_EQ(first.acquire(), first.address());
    server().advanceClock(600);
    EXPECT_EQ(second.initReboot(address).address(), address);
    EXPECT_EQ(first.initReboot(first.address()).type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

class Rule03EndOfAClaim : public VariantTest {
protected:
    void serve() {
        E2eTest::serve(setup(), true);
    }
};

CLONE_GUARD_IN_VARIANTS(Rule03EndOfAClaim);

// R3: a stranger sends a DISCOVER in each claim window and takes no lease. The machine that asks beside it is served
// within three windows, and keeps its lease whatever the stranger sends.
TEST_P(Rule03EndOfAClaim, askingWithoutTakingKeepsNoMachineOffTheNetwork) {
    serve();
    SimClient& first = clone(1);
    SimClient& stranger = clone(2);
    ASSERT_EQ(stranger.discover().type(), OFFER);
    int waited = 0;
    while (first.acquire().isZero() && waited < 300) {
        server().advanceClock(15);
        waited += 15;
        stranger.discover();
    }
    EXPECT_FALSE(first.address().isZero());
    EXPECT_LE(waited, 90);
    for (int round = 0; round < 10; ++round) {
        server().advanceClock(15);
        stranger.discover();
        ASSERT_EQ(first.renew().type(), ACK) << "round " << round;
    }
    expectKept(first);
    // The stranger can take part as any machine can.
    EXPECT_EQ(stranger.acquire().isZero(), refuses());
    expectKept(first);
}

// R3: a machine gives its lease up and returns with another hardware address a second later, as a Wi-Fi client does
// that changes its address. It is not a clone, and it is served at once.
TEST_P(Rule03EndOfAClaim, claimEndsWithTheRelease) {
    serve();
    for (uint32_t number = 1; number <= 6; ++number) {
        SimClient& client = clone(number);
        EXPECT_FALSE(client.acquire().isZero()) << number;
        EXPECT_TRUE(hasOwnLease(server(), client)) << number;
        expectKept(client);
        client.release();
        server().advanceClock(1);
    }
    EXPECT_TRUE(server().audit("conflict-suspected").empty());
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_CONFLICT").empty());
}

// R3: the claim ends with a DECLINE too: the next machine is served at once.
TEST_P(Rule03EndOfAClaim, claimEndsWithTheDecline) {
    serve();
    SimClient& first = holder();
    const Address declined = first.address();
    first.decline();
    server().advanceClock(1);
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_NE(second.address(), declined);
    EXPECT_TRUE(hasOwnLease(server(), second));
    expectKept(second);
}

// R3: the RELEASE of another machine ends no claim.
TEST_P(Rule03EndOfAClaim, claimOutlastsTheReleaseOfAnotherMachine) {
    serve();
    SimClient& first = clone(1);
    const Reply offer = first.discover();
    ASSERT_EQ(offer.type(), OFFER);
    SimClient& second = clone(2);
    second.release(offer.address());
    second.decline(offer.address());
    EXPECT_EQ(second.acquire().isZero(), refuses());
    EXPECT_EQ(first.request(offer).type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

/// @brief The parameter is the policy.
class Rule04FirstHolderWins : public E2eTest, public ::testing::WithParamInterface<const char*> {
protected:
    static uint64_t seed() {
        const char* given = std::getenv("CLONE_GUARD_SEED");
        return (given != nullptr ? std::stoull(given) : std::random_device()());
    }

    /// @brief Sends any message that a machine can send, about any address.
    void anything(SimClient& client, Address address, uint64_t dice) {
        switch (dice % 8) {
        case 0:
            client.discover();
            break;
        case 1:
            client.request(address);
            break;
        case 2:
            client.initReboot(address);
            break;
        case 3:
            client.remember(address);
            client.renew();
            break;
        case 4:
            client.remember(address);
            client.rebind();
            break;
        case 5:
            client.release(address);
            break;
        case 6:
            client.decline(address);
            break;
        default:
            client.acquire();
            break;
        }
    }
};

INSTANTIATE_TEST_SUITE_P(Policies, Rule04FirstHolderWins, ::testing::Values("mac-fallback", "refuse"),
                         [](const auto& info) {
                             return (std::string(info.param) == "refuse" ? "refuse" : "macFallback");
                         });

// R4: whatever claimants send, in any order and about any address, the holder's lease does not change and the holder is
// answered.
TEST_P(Rule04FirstHolderWins, nothingThatClaimantsSendDisturbsTheHolder) {
    const uint64_t number = seed();
    SCOPED_TRACE("CLONE_GUARD_SEED=" + std::to_string(number));
    std::mt19937_64 dice(number);
    serve(guarded(GetParam()));
    SimClient& first = holder();
    const Address held = first.address();
    std::vector<SimClient*> claimants{&clone(2), &clone(3), &clone(4)};
    for (int step = 0; step < 80 && !HasFailure(); ++step) {
        SimClient& client = *claimants[dice() % claimants.size()];
        const bool own = dice() % 3 == 0 && !client.address().isZero();
        anything(client, own ? client.address() : held, dice());
        ASSERT_TRUE(hasOwnLease(server(), first)) << "step " << step;
        if (dice() % 4 == 0) {
            const Reply reply = dice() % 2 == 0 ? first.renew() : first.rebind();
            ASSERT_EQ(reply.address(), held) << "step " << step;
        }
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
