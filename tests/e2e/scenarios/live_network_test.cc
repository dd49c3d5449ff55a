// SPDX-License-Identifier: MPL-2.0
//
// R3 and R5: the guard is loaded, gets another policy, and is removed while clones are active.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <set>

namespace clone_guard {
namespace test {

namespace {

/// @brief A machine and the number of NAKs that it got.
struct Host {
    SimClient* client;
    unsigned naks = 0;
};

class LiveNetwork : public E2eTest {
protected:
    static constexpr uint32_t CLONES = 5;

    /// @brief Makes clones of some templates, and for each clone a machine with its own identifier.
    void populate(uint32_t templates) {
        for (uint32_t origin = 1; origin <= templates; ++origin) {
            for (uint32_t number = 0; number < CLONES; ++number) {
                hosts_.push_back({&machine(origin * 100 + number, cloneIdentifier(origin))});
            }
            hosts_.push_back({&machine(origin * 100 + 99, cloneIdentifier(origin * 100 + 99))});
        }
    }

    void expectReconfigured(const ServerSetup& setup) {
        const Json answer = server().configSet(setup);
        ASSERT_EQ(answer["result"], 0) << answer;
    }

    void bootInTurn() {
        for (Host& host : hosts_) {
            ASSERT_FALSE(host.client->acquire().isZero());
        }
    }

    /// @brief Boots all machines as after a power cut: all have offers before the first has an address.
    void bootAtOnce() {
        std::vector<Reply> offers;
        for (Host& host : hosts_) {
            offers.push_back(host.client->discover());
        }
        for (size_t i = 0; i < hosts_.size(); ++i) {
            ASSERT_EQ(hosts_[i].client->request(offers[i]).type(), ACK);
        }
    }

    /// @brief Renews each machine once; a machine without an address, or with a NAK, boots.
    void renewAll() {
        for (Host& host : hosts_) {
            if (!host.client->address().isZero()) {
                const Reply reply = host.client->renew();
                host.naks += reply.type() == NAK ? 1 : 0;
                EXPECT_FALSE(reply.isSilence()) << host.client->hwText();
            }
            if (host.client->address().isZero()) {
                EXPECT_FALSE(host.client->acquire().isZero()) << host.client->hwText();
            }
        }
    }

    /// @brief Expects that all machines keep addresses of their own, after this number of NAKs at most.
    void expectAllApart(unsigned naks = 1) {
        std::set<Address> held;
        for (Host& host : hosts_) {
            const Address own = host.client->address();
            EXPECT_TRUE(held.insert(own).second) << own << " is shared by two machines";
            EXPECT_LE(host.naks, naks) << host.client->hwText();
            EXPECT_EQ(host.client->renew().address(), own) << host.client->hwText();
        }
    }

    std::vector<Host> hosts_;
};

/// @brief The parameter is the number of the server's threads.
class Rule03LiveNetwork : public LiveNetwork, public ::testing::WithParamInterface<unsigned> {
protected:
    ServerSetup threaded(const std::string& policy = "mac-fallback") const {
        ServerSetup setup = guarded(policy);
        setup.threads = GetParam();
        return (setup);
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule03LiveNetwork, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R3: the guard is loaded in a network whose clones booted in turn, so that the clones of a template share one address.
// Within one renewal each machine has its own address, after one NAK at most.
TEST_P(Rule03LiveNetwork, clonesThatShareAnAddressAreApartAfterOneRenewal) {
    serve(threaded().withoutGuard());
    populate(3);
    bootInTurn();
    expectReconfigured(threaded());
    renewAll();
    expectAllApart();
    for (size_t i = CLONES; i < hosts_.size(); i += CLONES + 1) {
        EXPECT_EQ(hosts_[i - 1].naks, 0U) << "the last clone has the lease, so it is the holder";
        EXPECT_EQ(hosts_[i].naks, 0U) << "a machine with its own identifier is not disturbed";
    }
}

// R3: the clones booted at once, and since then delete each other's leases at every renewal. Within one renewal each
// machine has its own address.
TEST_P(Rule03LiveNetwork, clonesThatDeleteEachOthersLeasesAreApartAfterOneRenewal) {
    serve(threaded().withoutGuard());
    populate(3);
    bootAtOnce();
    for (int round = 0; round < 2; ++round) {
        for (Host& host : hosts_) {
            host.client->renew();
        }
        for (Host& host : hosts_) {
            if (host.client->address().isZero()) {
                host.client->acquire();
            }
        }
    }
    expectReconfigured(threaded());
    renewAll();
    expectAllApart();
}

// R3: clones that share an address and renew at the same instant are apart afterwards.
TEST_P(Rule03LiveNetwork, clonesThatRenewOneAddressAtOnceAreApart) {
    serve(threaded().withoutGuard());
    populate(3);
    bootInTurn();
    expectReconfigured(threaded());
    std::vector<SimClient::ClientQuery> queries;
    for (Host& host : hosts_) {
        queries.push_back({host.client, host.client->renewing()});
    }
    size_t at = 0;
    for (const Reply& reply : SimClient::exchangeTogether(queries)) {
        Host& host = hosts_[at++];
        if (reply.type() != ACK) {
            ++host.naks;
            EXPECT_FALSE(host.client->acquire().isZero());
        }
    }
    expectAllApart();
}

// R7: under refuse the machine of the lease is served, and no other clone of its template.
TEST_P(Rule03LiveNetwork, underRefuseOneOfTheSharingClonesIsServed) {
    serve(threaded().withoutGuard());
    populate(1);
    bootInTurn();
    expectReconfigured(threaded("refuse"));
    for (Host& host : hosts_) {
        const bool served =
            host.client == hosts_[CLONES - 1].client || host.client == hosts_[CLONES].client;
        EXPECT_EQ(host.client->renew().type(), served ? ACK : NAK) << host.client->hwText();
        EXPECT_EQ(host.client->acquire().isZero(), !served) << host.client->hwText();
    }
}

// R6: the guard is removed, and the server is stock Kea: the clones get answers and share again. The guard has left
// nothing behind that hinders Kea, or the guard when it is loaded again.
TEST_P(Rule03LiveNetwork, guardIsRemovedAndLoadedAgain) {
    serve(threaded());
    populate(1);
    bootInTurn();
    expectAllApart(0);
    const Address holders = hosts_[0].client->address();
    expectReconfigured(threaded().withoutGuard());
    renewAll();
    for (const Host& host : hosts_) {
        // docs/install.md has a table of it.
        const bool is_clone = &host != &hosts_.back();
        EXPECT_EQ(host.client->address() == holders, is_clone) << host.client->hwText();
        EXPECT_EQ(host.naks, is_clone && &host != &hosts_[0] ? 1U : 0U) << host.client->hwText();
    }
    for (Host& host : hosts_) {
        host.naks = 0;
    }
    expectReconfigured(threaded());
    renewAll();
    expectAllApart();
}

/// @brief The parameter is the command that changes the policy.
class Rule05PolicyAtRunTime : public LiveNetwork, public ::testing::WithParamInterface<const char*> {
protected:
    void switchTo(const std::string& policy) {
        const ServerSetup setup = guarded(policy);
        if (std::string(GetParam()) == "configSet") {
            expectReconfigured(setup);
        } else {
            server().configure(setup);
            ASSERT_EQ(server().command("config-reload")["result"], 0);
        }
    }

    /// @brief Boots two clones of a new template under the present policy.
    void newClones() {
        hosts_.clear();
        ++origin_;
        for (const uint32_t number : {1U, 2U}) {
            hosts_.push_back({&machine(origin_ * 10 + number, cloneIdentifier(origin_))});
            hosts_.back().client->acquire();
        }
    }

    /// @brief Returns the number of audit records about the clones under a policy.
    size_t recordsUnder(const std::string& policy) {
        size_t found = 0;
        for (const auto& record : server().audit("conflict-suspected")) {
            found +=
                record["client_id"] == toHex(cloneIdentifier(origin_)) && record["policy"] == policy;
        }
        return (found);
    }

    /// @brief Expects that the clones are handled by the present policy.
    void expectPolicy(const std::string& policy) {
        SimClient& one = *hosts_[0].client;
        SimClient& other = *hosts_[1].client;
        if (policy == "mac-fallback") {
            renewAll();
            expectAllApart();
        } else if (policy == "refuse") {
            const bool first = one.renew().type() == ACK;
            EXPECT_NE(other.renew().type() == ACK, first) << "exactly one clone is served";
            EXPECT_EQ(one.acquire().isZero(), !first);
            EXPECT_EQ(other.acquire().isZero(), first);
        } else {
            EXPECT_FALSE(one.acquire().isZero());
            EXPECT_EQ(other.acquire(), one.address()) << "as in stock Kea";
        }
        EXPECT_EQ(recordsUnder(policy), policy == "off" ? 0U : 1U);
    }

    uint32_t origin_ = 10;
};

INSTANTIATE_TEST_SUITE_P(Commands, Rule05PolicyAtRunTime, ::testing::Values("configSet", "configReload"),
                         [](const auto& info) { return (std::string(info.param)); });

// R5: every policy follows every other while clones are active. From the next message on they are handled by the new
// policy, whatever the former one did.
TEST_P(Rule05PolicyAtRunTime, everyPolicyFollowsEveryOther) {
    const std::vector<std::string> walk{"off",          "monitor", "off",    "mac-fallback", "off",
                                        "refuse",       "monitor", "refuse", "mac-fallback", "monitor",
                                        "mac-fallback", "refuse",  "off"};
    serve(guarded(walk.front()));
    std::set<std::pair<std::string, std::string>> seen;
    for (size_t i = 1; i < walk.size(); ++i) {
        SCOPED_TRACE(walk[i - 1] + " -> " + walk[i]);
        seen.emplace(walk[i - 1], walk[i]);
        newClones();
        switchTo(walk[i]);
        expectPolicy(walk[i]);
    }
    EXPECT_EQ(seen.size(), 12U) << "each pair of policies";
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
