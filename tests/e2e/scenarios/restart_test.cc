// SPDX-License-Identifier: MPL-2.0
//
// R3 and R6: the server is killed at any moment, restarted, and its lease file cleaned up. The decision follows from
// the lease database, not from the lost memory.

#include <tests/e2e/harness/fixtures/e2e_test.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace clone_guard {
namespace test {

namespace {

const uint32_t CLONES = 12;

/// @brief The parameter is the number of the server's threads.
class Restart : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    ServerSetup threaded(const Json& guard_parameters = Json::object()) const {
        ServerSetup setup = guarded("mac-fallback");
        setup.guard->update(guard_parameters);
        setup.threads = GetParam();
        setup.more["valid-lifetime"] = 1000;
        return (setup);
    }

    /// @brief Makes clones of three templates.
    void populate() {
        for (uint32_t number = 0; number < CLONES; ++number) {
            hosts_.push_back(&machine(100 + number, cloneIdentifier(number % 3)));
        }
    }

    void killAndStart() {
        server().kill();
        drain();
        server().start();
    }

    /// @brief Reads the replies that the server sent before it was killed, since they count.
    void drain() {
        while (const auto reply = link().receive(Milliseconds(20))) {
            for (SimClient* client : hosts_) {
                if (reply->type() == ACK && reply->chaddr == client->hwAddress()) {
                    client->remember(reply->yiaddr);
                }
            }
        }
    }

    /// @brief Renews machines that got an ACK, and boots the others. No two machines share an address.
    void expectAllApart() {
        std::set<Address> held;
        for (SimClient* client : hosts_) {
            const Address acknowledged = client->address();
            if (acknowledged.isZero()) {
                EXPECT_FALSE(client->acquire().isZero()) << client->hwText();
            } else {
                EXPECT_EQ(client->renew().address(), acknowledged) << client->hwText();
            }
            EXPECT_TRUE(held.insert(client->address()).second)
                << client->address() << " is shared by two machines";
        }
    }

    /// @brief Expects at most one holder for each template.
    void expectOneHolderEach() {
        std::set<std::string> original;
        for (const auto& record : server().leases()) {
            if (!looksDerived(fromHex(record.client_id))) {
                EXPECT_TRUE(original.insert(record.client_id).second) << record.client_id;
            }
        }
    }

    std::vector<Reply> offersToAll() {
        std::vector<Reply> offers;
        for (SimClient* client : hosts_) {
            offers.push_back(client->discover());
            EXPECT_EQ(offers.back().type(), OFFER);
        }
        return (offers);
    }

    std::vector<SimClient*> hosts_;
};

using Rule03Killed = Restart;
using Rule06CleanedUp = Restart;
using Rule09Killed = Restart;

INSTANTIATE_TEST_SUITE_P(Threads, Rule03Killed, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(Threads, Rule06CleanedUp, ::testing::Values(4U),
                         ::testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(Threads, Rule09Killed, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// R3: the server is killed between OFFER and REQUEST, and the claims are lost. The machines that ask for their offered
// address get it in any order, and the first of each template gets the identifier.
TEST_P(Rule03Killed, betweenOfferAndRequest) {
    serve(threaded());
    populate();
    const std::vector<Reply> offers = offersToAll();
    killAndStart();
    for (size_t i = hosts_.size(); i-- > 0;) {
        EXPECT_EQ(hosts_[i]->request(offers[i]).type(), ACK) << hosts_[i]->hwText();
    }
    expectAllApart();
    expectOneHolderEach();
    for (size_t i = hosts_.size() - 3; i < hosts_.size(); ++i) {
        EXPECT_TRUE(hasOwnLease(server(), *hosts_[i]));
    }
}

// R3: the same holds if all leases had expired and the offers are for expired leases.
TEST_P(Rule03Killed, betweenOfferAndRequestOfExpiredLeases) {
    serve(threaded(), true);
    populate();
    expectAllApart();
    server().advanceClock(5000);
    const std::vector<Reply> offers = offersToAll();
    killAndStart();
    for (size_t i = hosts_.size(); i-- > 0;) {
        EXPECT_EQ(hosts_[i]->request(offers[i]).type(), ACK) << hosts_[i]->hwText();
    }
    expectAllApart();
    expectOneHolderEach();
}

// R3: the server is killed when some machines have an ACK and others an offer: the leases decide.
TEST_P(Rule03Killed, whenSomeAreAcknowledged) {
    serve(threaded());
    populate();
    const std::vector<Reply> offers = offersToAll();
    for (size_t i = 0; i < hosts_.size(); i += 2) {
        ASSERT_EQ(hosts_[i]->request(offers[i]).type(), ACK);
    }
    killAndStart();
    for (size_t i = 1; i < hosts_.size(); i += 2) {
        EXPECT_EQ(hosts_[i]->request(offers[i]).type(), ACK) << hosts_[i]->hwText();
    }
    expectAllApart();
    expectOneHolderEach();
}

// R6: the server is killed right after the last ACK: holder and claimants keep their addresses.
TEST_P(Rule03Killed, rightAfterTheAck) {
    serve(threaded());
    for (uint32_t number = 1; number <= 4; ++number) {
        hosts_.push_back(&clone(number));
        ASSERT_FALSE(hosts_.back()->acquire().isZero());
        killAndStart();
        expectAllApart();
        EXPECT_TRUE(hasOwnLease(server(), *hosts_.front()));
    }
}

// R6: the server is killed right after a RELEASE of the holder, and right after a NAK to a claimant.
TEST_P(Rule03Killed, rightAfterOtherReplies) {
    serve(threaded());
    populate();
    expectAllApart();
    hosts_[0]->release();
    killAndStart();
    expectAllApart();
    const Address anothers = hosts_[1]->address();
    EXPECT_EQ(hosts_[4]->request(anothers).type(), NAK);
    killAndStart();
    expectAllApart();
    expectOneHolderEach();
}

// R3: the server is killed at different points while the REQUESTs of all machines arrive. A machine with an ACK keeps
// its address afterwards, whichever other machines ask.
TEST_P(Rule03Killed, whileRequestsArrive) {
    serve(threaded(), true);
    populate();
    for (const size_t replies : {0U, 1U, 4U, 8U}) {
        const std::vector<Reply> offers = offersToAll();
        for (size_t i = 0; i < hosts_.size(); ++i) {
            hosts_[i]->remember(Address());
            link().send(hosts_[i]->selecting(offers[i].address()));
        }
        for (size_t read = 0; read < replies; ++read) {
            const auto reply = link().receive(std::chrono::minutes(5));
            ASSERT_TRUE(reply);
            for (SimClient* client : hosts_) {
                if (reply->type() == ACK && reply->chaddr == client->hwAddress()) {
                    client->remember(reply->yiaddr);
                }
            }
        }
        killAndStart();
        expectAllApart();
        expectOneHolderEach();
        server().advanceClock(5000);
    }
}

// R6: the clean-up of the lease file removes outdated entries only, and none that a decision needs.
TEST_P(Rule06CleanedUp, whileTheServerRuns) {
    ServerSetup setup = threaded();
    setup.lfc_interval = 1;
    serve(setup);
    populate();
    expectAllApart();
    expectAllApart();
    const std::string busy = server().directory() + "/leases.csv.pid";
    EXPECT_TRUE(eventually([&] {
        const std::string cleaned = server().file("leases.csv.2");
        const bool line_a_record = std::count(cleaned.begin(), cleaned.end(), '\n') == CLONES + 1;
        return (line_a_record && !std::filesystem::exists(busy));
    })) << server().file("leases.csv.2");
    expectAllApart();
    setup.lfc_interval = 0;
    server().configure(setup);
    killAndStart();
    expectAllApart();
}

// R6: a server that finds the files of an interrupted clean-up decides as before.
TEST_P(Rule06CleanedUp, whenACleanUpWasInterrupted) {
    serve(threaded());
    populate();
    expectAllApart();
    const std::string file = server().directory() + "/leases.csv";
    for (const char* suffix : {".2", ".1"}) {
        server().kill();
        std::filesystem::rename(file, file + suffix);
        server().start();
        // The holders are in the new file, the claimants in the old one only.
        for (size_t i = 0; i < 3; ++i) {
            EXPECT_EQ(hosts_[i]->renew().type(), ACK);
        }
    }
    server().kill();
    std::filesystem::rename(file + ".2", file + ".completed");
    std::filesystem::remove(file + ".1");
    server().start();
    expectAllApart();
}

// R9: the server is killed between the OFFER and the REQUEST of a claimant that returns to its identifier. No two
// machines share an address afterwards, whichever comes first.
TEST_P(Rule09Killed, betweenOfferAndRequestOfAMove) {
    for (const bool holder_first : {true, false}) {
        serve(threaded(), true);
        hosts_ = {&clone(1), &clone(2)};
        SimClient& first = *hosts_[0];
        SimClient& second = *hosts_[1];
        ASSERT_FALSE(first.acquire().isZero());
        ASSERT_FALSE(second.acquire().isZero());
        const Address held = first.address();
        server().advanceClock(900);
        ASSERT_EQ(second.renew().type(), ACK);
        server().advanceClock(300);
        const Reply offer = second.discover();
        EXPECT_EQ(offer.address(), held) << "it returns to the identifier and its address";
        killAndStart();
        first.remember(Address());
        if (holder_first) {
            EXPECT_EQ(first.acquire(), held);
            EXPECT_NE(second.request(offer).type(), ACK);
            EXPECT_TRUE(hasOwnLease(server(), first));
        } else {
            EXPECT_EQ(second.request(offer).address(), held);
        }
        expectAllApart();
        endServer();
        hosts_.clear();
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
