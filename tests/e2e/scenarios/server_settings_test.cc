// SPDX-License-Identifier: MPL-2.0
//
// Settings of the server that change what clients are told, with holder and claimants under each:
// authoritative, lease caching (cache-threshold), leases that are made for offers (offer-lifetime).

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is whether the server is authoritative.
class Authoritative : public E2eTest, public ::testing::WithParamInterface<bool> {
protected:
    static ServerSetup setup(const std::string& policy) {
        ServerSetup setup = guarded(policy);
        setup.more["authoritative"] = GetParam();
        return (setup);
    }

    /// @brief What the server owes one who comes back for an address that it knows nothing of.
    static int toStrangers() {
        return (GetParam() ? int(NAK) : 0);
    }
};

INSTANTIATE_TEST_SUITE_P(Server, Authoritative, ::testing::Bool(), [](const auto& info) {
    return (std::string(info.param ? "authoritative" : "not"));
});

// R6: a claimant that comes back for the holder's address, or for nobody's, is answered like a
// stranger: NAK from an authoritative server, silence from another. It has its own address a DISCOVER
// later.
TEST_P(Authoritative, Rule06InitRebootOfAClaimant) {
    serve(setup("mac-fallback"));
    SimClient& first = holder();
    SimClient& stranger = machine(9, cloneIdentifier(9));
    SimClient& second = clone(2);
    for (const Address address : {first.address(), addressIn(1, 7, 7)}) {
        EXPECT_EQ(stranger.initReboot(address).type(), toStrangers()) << address;
        EXPECT_EQ(second.initReboot(address).type(), toStrangers()) << address;
    }
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_FALSE(second.acquire().isZero());
    expectKept(second);
    expectKept(first);
}

// R6: holder and claimants that come back for their own are at home, also after a restart.
TEST_P(Authoritative, Rule06InitRebootForOnesOwn) {
    serve(setup("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address own = second.acquire();
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(second.initReboot(own).address(), own);
        EXPECT_EQ(first.initReboot(first.address()).type(), ACK);
        // A claimant that remembers the other's address is not let have it by being known.
        EXPECT_NE(second.initReboot(first.address()).type(), ACK);
        second.remember(own);
        server().restart();
    }
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
}

// R7: under refuse a claimant is answered like a stranger whatever address it comes back for.
TEST_P(Authoritative, Rule07InitRebootOfTheRefused) {
    serve(setup("refuse"));
    SimClient& first = holder();
    for (const Address address : {first.address(), addressIn(1, 7, 7)}) {
        EXPECT_EQ(clone(2).initReboot(address).type(), toStrangers()) << address;
    }
    EXPECT_TRUE(clone(2).discover().isSilence());
    EXPECT_TRUE(undisturbed(server(), first));
}

// R8: RELEASE and DECLINE are nothing to be authoritative about.
TEST_P(Authoritative, Rule08ReleaseAndDeclineAreBlocked) {
    serve(setup("mac-fallback"));
    SimClient& first = holder();
    clone(2).release(first.address());
    clone(3).decline(first.address());
    EXPECT_TRUE(undisturbed(server(), first));
}

/// @brief The parameter is the number of the server's threads.
class LeaseCaching : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    static constexpr unsigned LIFETIME = 1000;

    /// @brief A lease is handed out again as it is until a quarter of it is over.
    ServerSetup caching() const {
        ServerSetup setup = guarded("mac-fallback");
        setup.threads = GetParam();
        setup.more["valid-lifetime"] = LIFETIME;
        setup.more["cache-threshold"] = 0.25;
        return (setup);
    }

    static unsigned lifetimeIn(const Reply& reply) {
        return (reply.packet ? reply.packet->numberOption(OPTION_LEASE_TIME).value_or(0) : 0);
    }

    /// @brief A renewal that is answered from the cache: what is left of the lease, the record as it was.
    void expectCached(SimClient& client) {
        const auto before = server().lease(client.address());
        const Reply reply = client.renew();
        EXPECT_EQ(reply.address(), client.address());
        EXPECT_LE(lifetimeIn(reply), LIFETIME - 100) << client.hwText();
        EXPECT_GE(lifetimeIn(reply), LIFETIME - 250) << client.hwText();
        const auto after = server().lease(client.address());
        ASSERT_TRUE(before && after);
        EXPECT_EQ(after->expires, before->expires);
        EXPECT_EQ(after->client_id, before->client_id);
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, LeaseCaching, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R6: renewals of holder and claimant come from the cache alike. They would not if who they are changed
// from message to message.
TEST_P(LeaseCaching, Rule06HolderAndClaimantsAreCachedAlike) {
    serve(caching(), true);
    SimClient& first = holder();
    SimClient& second = clone(2);
    SimClient& third = clone(3);
    second.acquire();
    third.acquire();
    server().advanceClock(100);
    for (SimClient* client : {&first, &second, &third, &first, &second}) {
        expectCached(*client);
    }
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
}

// R6: past the threshold every one of them gets its full lifetime again.
TEST_P(LeaseCaching, Rule06LeasesAreExtendedPastTheThreshold) {
    serve(caching(), true);
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    for (int round = 0; round < 4; ++round) {
        server().advanceClock(300);
        for (SimClient* client : {&first, &second}) {
            const Address address = client->address();
            const Reply reply = client->renew();
            EXPECT_EQ(reply.address(), address);
            EXPECT_EQ(lifetimeIn(reply), LIFETIME) << client->hwText();
        }
    }
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
}

// R4: a holder that has renewed from the cache alone is live to the end of its lease, although its
// record has not been written since.
TEST_P(LeaseCaching, Rule04CachedHolderIsLive) {
    serve(caching(), true);
    SimClient& first = holder();
    server().advanceClock(200);
    expectCached(first);
    server().advanceClock(780);
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(setAside(server(), second));
    EXPECT_EQ(first.renew().type(), ACK);
    EXPECT_TRUE(undisturbed(server(), first));
}

class OfferLifetime : public E2eTest {};

// R3, R6: where the server writes a record with each offer, two clones that DISCOVER in turn have two;
// servers that know no such setting say so and have nothing to show.
TEST_F(OfferLifetime, Rule06OffersOnRecordAreKeptApart) {
    serve(guarded("mac-fallback"));
    ServerSetup offering = guarded("mac-fallback");
    offering.more["offer-lifetime"] = 60;
    const Json answer = server().configSet(offering);
    if (answer["result"] != 0) {
        EXPECT_NE(answer["text"].get<std::string>().find("offer-lifetime"), std::string::npos) << answer;
        EXPECT_EQ(server().configSet(guarded("mac-fallback"))["result"], 0);
        holder();
        return;
    }
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    const Reply offered_first = first.discover();
    const Reply offered_second = second.discover();
    EXPECT_NE(offered_first.address(), offered_second.address());
    EXPECT_EQ(server().leases().size(), 2U);
    EXPECT_EQ(first.discover().address(), offered_first.address());
    EXPECT_EQ(second.request(offered_second).type(), ACK);
    EXPECT_EQ(first.request(offered_first).type(), ACK);
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
    expectKept(second);
    expectKept(first);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
