// SPDX-License-Identifier: MPL-2.0
//
// Settings of the server that change its answers, with a holder and claimants under each: authoritative, lease caching
// (cache-threshold), and leases made at the offer (offer-lifetime).

#include <tests/e2e/harness/fixtures/e2e_test.h>

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

    /// @brief The server's answer to INIT-REBOOT for an unknown address.
    static int toUnknownClients() {
        return (GetParam() ? int(NAK) : 0);
    }
};

INSTANTIATE_TEST_SUITE_P(Server, Authoritative, ::testing::Bool(), [](const auto& info) {
    return (std::string(info.param ? "authoritative" : "not"));
});

// R7: a claimant that sends INIT-REBOOT for the holder's address gets NAK. For a free address it is answered like an
// unknown client: NAK from an authoritative server, otherwise silence. A DISCOVER later it has its own address.
TEST_P(Authoritative, rule07InitRebootOfAClaimant) {
    serve(setup("mac-fallback"));
    SimClient& first = holder();
    SimClient& stranger = machine(9, cloneIdentifier(9));
    SimClient& second = clone(2);
    for (const Address address : {first.address(), addressIn(1, 7, 7)}) {
        EXPECT_EQ(stranger.initReboot(address).type(), toUnknownClients()) << address;
        const bool free = address != first.address();
        EXPECT_EQ(second.initReboot(address).type(), free ? toUnknownClients() : NAK) << address;
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_FALSE(second.acquire().isZero());
    expectKept(second);
    expectKept(first);
}

// R6: holder and claimants get an ACK for INIT-REBOOT with their own address, also after a restart.
TEST_P(Authoritative, rule06InitRebootForTheOwnAddress) {
    serve(setup("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address own = second.acquire();
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(second.initReboot(own).address(), own);
        EXPECT_EQ(first.initReboot(first.address()).type(), ACK);
        // A known claimant does not get the other machine's address either.
        EXPECT_NE(second.initReboot(first.address()).type(), ACK);
        second.remember(own);
        server().restart();
    }
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R7: under refuse a claimant gets the same answers to INIT-REBOOT.
TEST_P(Authoritative, rule07InitRebootOfARefusedClaimant) {
    serve(setup("refuse"));
    SimClient& first = holder();
    EXPECT_EQ(clone(2).initReboot(first.address()).type(), NAK);
    EXPECT_EQ(clone(2).initReboot(addressIn(1, 7, 7)).type(), toUnknownClients());
    EXPECT_TRUE(clone(2).discover().isSilence());
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R8: RELEASE and DECLINE of a claimant are blocked with either setting.
TEST_P(Authoritative, rule08ReleaseAndDeclineAreBlocked) {
    serve(setup("mac-fallback"));
    SimClient& first = holder();
    clone(2).release(first.address());
    clone(3).decline(first.address());
    EXPECT_TRUE(hasOwnLease(server(), first));
}

/// @brief The parameter is the number of the server's threads.
class LeaseCaching : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    static constexpr unsigned LIFETIME = 1000;

    /// @brief Makes a setup that reuses a lease until a quarter of its lifetime is over.
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

    /// @brief Expects a renewal from the cache: the remaining lifetime, and an unchanged lease.
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

// R6: the server answers renewals of holder and claimant from the cache. It would not if their identity changed from
// message to message.
TEST_P(LeaseCaching, rule06HolderAndClaimantsAreCachedAlike) {
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
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R6: after the threshold each of them gets its full lifetime again.
TEST_P(LeaseCaching, rule06LeasesAreExtendedPastTheThreshold) {
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
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R4: a holder whose renewals came from the cache is live until the end of its lease, although its lease was not
// written again.
TEST_P(LeaseCaching, rule04CachedHolderIsLive) {
    serve(caching(), true);
    SimClient& first = holder();
    server().advanceClock(200);
    expectCached(first);
    server().advanceClock(780);
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), second));
    EXPECT_EQ(first.renew().type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

class OfferLifetime : public E2eTest {};

// R3, R6: if the server stores a lease at each offer, two clones that DISCOVER in turn have two leases. A server
// without this setting rejects it, and the test ends there.
TEST_F(OfferLifetime, rule06StoredOffersAreKeptApart) {
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
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
    expectKept(second);
    expectKept(first);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
