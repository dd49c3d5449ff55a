// SPDX-License-Identifier: MPL-2.0
//
// After a power cut: everybody's lease has run out, and all come back in the same instant. R3 and R6.

#include <tests/e2e/harness/e2e_test.h>

#include <algorithm>
#include <random>
#include <set>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is the number of the server's threads. Each round brings new templates.
class PowerCut : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    /// @brief How a machine comes back.
    enum class Way { DISCOVERING, REBOOTING, RENEWING, REBINDING };

    /// @brief A machine, the template that it was cloned from, and what it remembers.
    struct Host {
        SimClient* client;
        uint32_t origin;
        Address remembered;
    };

    /// @brief So many clones of each template, and so many templates.
    static constexpr uint32_t CLONES = 4;
    static constexpr uint32_t TEMPLATES = 15;

    void serveShortLeases(ServerSetup setup = guarded("mac-fallback")) {
        setup.threads = GetParam();
        setup.more["valid-lifetime"] = SHORT_LIFETIME;
        setup.more["renew-timer"] = SHORT_LIFETIME / 4;
        setup.more["rebind-timer"] = SHORT_LIFETIME / 2;
        // To whom it does not know it says NAK instead of nothing: silence would cost the test time.
        setup.more["authoritative"] = true;
        serve(setup, true);
    }

    /// @brief New templates, whose first clone has a lease that the others have a copy of.
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

    /// @brief DISCOVERs of all at once, then REQUESTs of all at once.
    ///
    /// @return how many got an address.
    static size_t boot(const std::vector<Host*>& hosts) {
        std::vector<SimClient::Turn> discovers;
        for (Host* host : hosts) {
            host->client->remember(Address());
            discovers.push_back({host->client, host->client->packet(DISCOVER)});
        }
        std::vector<SimClient::Turn> requests;
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

    /// @brief All ask at once; whoever is not acknowledged what it remembers starts over, again at once.
    ///
    /// @return how many were acknowledged at first.
    size_t comeBack(Way way) {
        std::vector<Host*> left;
        if (way == Way::DISCOVERING) {
            for (Host& host : hosts_) {
                left.push_back(&host);
            }
        } else {
            std::vector<SimClient::Turn> turns;
            for (Host& host : hosts_) {
                turns.push_back({host.client, packetOf(host, way)});
            }
            size_t at = 0;
            for (const Reply& reply : SimClient::exchangeTogether(turns)) {
                if (reply.type() != ACK) {
                    left.push_back(&hosts_[at]);
                }
                ++at;
            }
        }
        if (!left.empty()) {
            EXPECT_EQ(boot(left), left.size()) << "not everybody who asked got an address";
        }
        return (hosts_.size() - left.size());
    }

    /// @brief Each asks in its own way, all at once: who boots is offered an address while others are
    /// acknowledged theirs, and asks for it together with those who start over.
    void comeBackInAllWays(std::mt19937_64& random) {
        std::vector<SimClient::Turn> turns;
        for (Host& host : hosts_) {
            turns.push_back({host.client, packetOf(host, Way(random() % 4))});
        }
        std::shuffle(turns.begin(), turns.end(), random);
        std::vector<SimClient::Turn> next;
        size_t at = 0;
        for (const Reply& reply : SimClient::exchangeTogether(turns)) {
            SimClient* client = turns[at++].client;
            if (reply.type() == OFFER) {
                client->remember(Address());
                next.push_back({client, client->selecting(reply.address())});
            } else if (reply.type() != ACK) {
                next.push_back({client, client->packet(DISCOVER)});
            }
        }
        for (const Reply& reply : SimClient::exchangeTogether(next)) {
            EXPECT_NE(reply.type(), NAK) << "of what was offered a moment ago";
        }
        for (Host& host : hosts_) {
            if (host.client->address().isZero()) {
                EXPECT_FALSE(host.client->acquire().isZero());
            }
        }
    }

    /// @brief Addresses that are held, by how many machines whatever.
    size_t addresses() const {
        std::set<Address> held;
        for (const Host& host : hosts_) {
            held.insert(host.client->address());
        }
        return (held.size());
    }

    /// @brief Nobody shares; of each template one has the identifier; everybody renews.
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
        EXPECT_EQ(comeBack(Way::RENEWING), hosts_.size()) << "not everybody renews";
        EXPECT_EQ(addresses(), hosts_.size());
    }

    /// @brief Rounds in which the clones of new templates come back, each for the address of the first.
    void playNewTemplates(unsigned rounds, Way way) {
        serveShortLeases();
        for (unsigned round = 0; round < rounds && !HasFailure(); ++round) {
            newTemplates();
            cutPower();
            // One of each template gets what all of them remember; DISCOVER does not ask for it.
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

// R3: they boot, all in the same instant: each gets an address at the first attempt, none the same.
TEST_P(Rule03PowerCut, clonesThatComeBackByDiscoverShareNothing) {
    playNewTemplates(8, Way::DISCOVERING);
}

// R3: they reboot with copies of one lease file: one is acknowledged that address, and only one.
TEST_P(Rule03PowerCut, clonesThatRebootForOneAddressShareNothing) {
    playNewTemplates(8, Way::REBOOTING);
}

// R3: they wake up bound and renew one address: one is acknowledged, and only one.
TEST_P(Rule03PowerCut, clonesThatRenewOneAddressShareNothing) {
    playNewTemplates(8, Way::RENEWING);
}

// R3: the same through the relay.
TEST_P(Rule03PowerCut, clonesThatRebindOneAddressShareNothing) {
    playNewTemplates(8, Way::REBINDING);
}

// R6: machines that were told apart before come back for what they had, however they ask: holder and
// claimants are acknowledged at once, power cut after power cut, also by a server that was killed.
TEST_P(Rule06PowerCut, everybodyKeepsItsAddressThroughManyPowerCuts) {
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

// R9: all boot at once, and whoever is first has the identifier from now on, be it a claimant until then.
TEST_P(Rule09PowerCut, whoeverIsFirstHasTheIdentifier) {
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

// R3, R9: some boot, some reboot, some renew, all at once: nobody shares.
TEST_P(Rule09PowerCut, inWhateverWayTheyComeBack) {
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
