// SPDX-License-Identifier: MPL-2.0
//
// R3 and R6: after a power cut all leases have expired, and all machines return at the same instant.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <algorithm>
#include <random>
#include <set>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is the number of the server's threads. Each round has new templates.
class PowerCut : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    /// @brief How a machine returns.
    enum class Way { DISCOVERING, REBOOTING, RENEWING, REBINDING };

    /// @brief A machine, the template that it was cloned from, and the address that it remembers.
    struct Host {
        SimClient* client;
        uint32_t origin;
        Address remembered;
    };

    /// @brief The number of clones of each template, and the number of templates.
    static constexpr uint32_t CLONES = 4;
    static constexpr uint32_t TEMPLATES = 15;

    void serveShortLeases(ServerSetup setup = guarded("mac-fallback")) {
        setup.threads = GetParam();
        setup.more["valid-lifetime"] = SHORT_LIFETIME;
        setup.more["renew-timer"] = SHORT_LIFETIME / 4;
        setup.more["rebind-timer"] = SHORT_LIFETIME / 2;
        // An authoritative server answers an unknown client with NAK, which is faster to test than silence.
        setup.more["authoritative"] = true;
        serve(setup, true);
    }

    /// @brief Makes new templates; the first clone has a lease, of which the others have a copy.
    void newTemplates() {
        hosts_.clear();
        for (uint32_t i = 0; i < TEMPLATES; ++i) {
            const uint32_t origin = ++last_template_;
            for (uint32_t number = 0; number < CLONES; ++number) {
                SimClient& client = machine(origin * CLONES + number, cloneIdentifier(origin));
                hosts_.push_back({&client, origin, Address()});
            }
        }
        std::vector<Host*> firsts;
        for (size_t i = 0; i < hosts_.size(); i += CLONES) {
            firsts.push_back(&hosts_[i]);
        }
        boot(firsts);
        for (size_t i = 0; i < hosts_.size(); ++i) {
            hosts_[i].remembered = hosts_[i - i % CLONES].client->address();
        }
    }

    void cutPower() {
        server().advanceClock(50 * SHORT_LIFETIME);
    }

    static Packet packetOf(Host& host, Way way) {
        host.client->remember(host.remembered);
        return (way == Way::DISCOVERING ? host.client->packet(DISCOVER)
                : way == Way::REBOOTING ? host.client->rebooting(host.remembered)
                : way == Way::RENEWING  ? host.client->renewing()
                                        : host.client->rebinding());
    }

    /// @brief Sends the DISCOVERs of all machines at once, then all REQUESTs at once.
    ///
    /// @return the number of machines that got an address.
    static size_t boot(const std::vector<Host*>& hosts) {
        std::vector<SimClient::ClientQuery> discovers;
        for (Host* host : hosts) {
            host->client->remember(Address());
            discovers.push_back({host->client, host->client->packet(DISCOVER)});
        }
        std::vector<SimClient::ClientQuery> requests;
        for (const Reply& offer : SimClient::exchangeTogether(discovers)) {
            SimClient* client = discovers[requests.size()].client;
            requests.push_back({client, client->selecting(offer.address())});
        }
        size_t acknowledged = 0;
        for (const Reply& reply : SimClient::exchangeTogether(requests)) {
            acknowledged += reply.type() == ACK ? 1 : 0;
        }
        return (acknowledged);
    }

    /// @brief Makes all machines ask at once; those that get no ACK for the remembered address boot, again at once.
    ///
    /// @return the number of machines that got an ACK at first.
    size_t comeBack(Way way) {
        std::vector<Host*> left;
        if (way == Way::DISCOVERING) {
            for (Host& host : hosts_) {
                left.push_back(&host);
            }
        } else {
            std::vector<SimClient::ClientQuery> queries;
            for (Host& host : hosts_) {
                queries.push_back({host.client, packetOf(host, way)});
            }
            size_t at = 0;
            for (const Reply& reply : SimClient::exchangeTogether(queries)) {
                if (reply.type() != ACK) {
                    left.push_back(&hosts_[at]);
                }
                ++at;
            }
        }
        if (!left.empty()) {
            EXPECT_EQ(boot(left), left.size()) << "some machines got no address";
        }
        return (hosts_.size() - left.size());
    }

    /// @brief Makes each machine ask in its own way, all at once. Some get offers while others get ACKs, and ask for
    /// the offered address together with those that start over.
    void comeBackInAllWays(std::mt19937_64& random) {
        std::vector<SimClient::ClientQuery> queries;
        for (Host& host : hosts_) {
            queries.push_back({host.client, packetOf(host, Way(random() % 4))});
        }
        std::shuffle(queries.begin(), queries.end(), random);
        std::vector<SimClient::ClientQuery> next;
        size_t at = 0;
        for (const Reply& reply : SimClient::exchangeTogether(queries)) {
            SimClient* client = queries[at++].client;
            if (reply.type() == OFFER) {
                client->remember(Address());
                next.push_back({client, client->selecting(reply.address())});
            } else if (reply.type() != ACK) {
                next.push_back({client, client->packet(DISCOVER)});
            }
        }
        for (const Reply& reply : SimClient::exchangeTogether(next)) {
            EXPECT_NE(reply.type(), NAK) << "the address has just been offered";
        }
        for (Host& host : hosts_) {
            if (host.client->address().isZero()) {
                EXPECT_FALSE(host.client->acquire().isZero());
            }
        }
    }

    /// @brief Returns the number of different addresses that machines hold.
    size_t addresses() const {
        std::set<Address> held;
        for (const Host& host : hosts_) {
            held.insert(host.client->address());
        }
        return (held.size());
    }

    /// @brief Expects that no two machines share an address, one of each template has the identifier, and all renew.
    void expectApart() {
        EXPECT_EQ(addresses(), hosts_.size());
        std::map<Address, LeaseRecord> records;
        for (const LeaseRecord& record : server().leases()) {
            records[record.address] = record;
        }
        std::map<uint32_t, unsigned> holders;
        for (Host& host : hosts_) {
            const LeaseRecord& record = records[host.client->address()];
            EXPECT_EQ(record.hw_address, host.client->hwText());
            holders[host.origin] += record.client_id == toHex(host.client->identifier()) ? 1 : 0;
            host.remembered = host.client->address();
        }
        for (const auto& entry : holders) {
            EXPECT_EQ(entry.second, 1U) << "of template " << entry.first;
        }
        EXPECT_EQ(comeBack(Way::RENEWING), hosts_.size()) << "some machines could not renew";
        EXPECT_EQ(addresses(), hosts_.size());
    }

    /// @brief Plays rounds in which the clones of new templates return for the address of the first clone.
    void playNewTemplates(unsigned rounds, Way way) {
        serveShortLeases();
        for (unsigned round = 0; round < rounds && !HasFailure(); ++round) {
            newTemplates();
            cutPower();
            // One clone of each template gets the remembered address; a DISCOVER does not ask for it.
            EXPECT_EQ(comeBack(way), way == Way::DISCOVERING ? 0 : TEMPLATES) << "round " << round;
            expectApart();
        }
    }

    std::vector<Host> hosts_;
    uint32_t last_template_ = 0;
};

using Rule03PowerCut = PowerCut;
using Rule06PowerCut = PowerCut;
using Rule09PowerCut = PowerCut;
using StockPowerCut = PowerCut;

INSTANTIATE_TEST_SUITE_P(Threads, Rule03PowerCut, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(Threads, Rule06PowerCut, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(Threads, Rule09PowerCut, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(Threads, StockPowerCut, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R3: clones boot at the same instant: each gets its own address at the first attempt.
TEST_P(Rule03PowerCut, clonesThatReturnByDiscoverShareNothing) {
    playNewTemplates(8, Way::DISCOVERING);
}

// R3: clones reboot with copies of one lease file: exactly one gets an ACK for that address.
TEST_P(Rule03PowerCut, clonesThatRebootForOneAddressShareNothing) {
    playNewTemplates(8, Way::REBOOTING);
}

// R3: clones resume bound and renew one address: exactly one gets an ACK.
TEST_P(Rule03PowerCut, clonesThatRenewOneAddressShareNothing) {
    playNewTemplates(8, Way::RENEWING);
}

// R3: clones rebind one address through the relay: exactly one gets an ACK.
TEST_P(Rule03PowerCut, clonesThatRebindOneAddressShareNothing) {
    playNewTemplates(8, Way::REBINDING);
}

// R6: machines that were kept apart return for their own addresses, by any message. Holder and claimants get an ACK at
// once, after each of several power cuts, also from a server that was killed.
TEST_P(Rule06PowerCut, machinesKeepTheirAddressesThroughManyPowerCuts) {
    serveShortLeases();
    newTemplates();
    comeBack(Way::DISCOVERING);
    expectApart();
    for (const Way way : {Way::REBOOTING, Way::RENEWING, Way::REBINDING}) {
        for (const bool killed : {false, true}) {
            cutPower();
            if (killed) {
                server().kill();
                server().start();
            }
            EXPECT_EQ(comeBack(way), hosts_.size());
            expectApart();
        }
    }
}

// R9: all boot at once, and the first has the identifier from then on, even if it was a claimant.
TEST_P(Rule09PowerCut, firstMachineGetsTheIdentifier) {
    serveShortLeases();
    newTemplates();
    comeBack(Way::DISCOVERING);
    expectApart();
    for (int round = 0; round < 6 && !HasFailure(); ++round) {
        cutPower();
        comeBack(Way::DISCOVERING);
        expectApart();
    }
}

// R3, R9: some boot, some reboot, some renew, all at once: no two machines share an address.
TEST_P(Rule09PowerCut, machinesReturnInDifferentWays) {
    std::mt19937_64 random(1);
    serveShortLeases();
    newTemplates();
    comeBack(Way::DISCOVERING);
    expectApart();
    for (int round = 0; round < 8 && !HasFailure(); ++round) {
        cutPower();
        comeBackInAllWays(random);
        expectApart();
    }
}

// Without the guard the same machines end up with one address for each template.
TEST_P(StockPowerCut, clonesThatRebootForOneAddressShareIt) {
    serveShortLeases(ServerSetup().withoutGuard());
    newTemplates();
    cutPower();
    comeBack(Way::REBOOTING);
    EXPECT_LT(addresses(), hosts_.size());
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
