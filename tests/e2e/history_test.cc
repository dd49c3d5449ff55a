// SPDX-License-Identifier: MPL-2.0
//
// Random histories: whatever machines and the server go through, no two machines use one address.
// R3, R4, R6 and R8 together. CLONE_GUARD_SEED repeats a history that failed.

#include "e2e_test.h"

#include <cstdlib>
#include <iostream>
#include <random>

namespace clone_guard {
namespace test {

namespace {

const unsigned LIFETIME = 100;
/// @brief Machines stop using an address this long before the server thinks so: its clock runs on
/// while the test does.
const unsigned MARGIN = 30;

class History : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    /// @brief A machine, and until when it may use its address.
    struct Host {
        SimClient* client;
        bool shares_hw_address = false;
        unsigned until = 0;
    };

    /// @brief Three templates, of each four clones; some have a second system behind the same
    /// hardware address.
    void populate() {
        for (uint32_t number = 1; number <= 12; ++number) {
            const bool shares = number % 4 == 0;
            hosts_.push_back({&machine(number, cloneIdentifier(number % 3)), shares});
            if (shares) {
                hosts_.push_back({&machine(number, cloneIdentifier((number + 1) % 3)), shares});
                hosts_.push_back({&machine(number, macIdentifier(virtualMac(number))), shares});
            }
        }
    }

    bool usesAddress(const Host& host) const {
        return (!host.client->address().isZero() && host.until > now_);
    }

    void took(Host& host, const Reply& reply) {
        if (reply.type() != ACK) {
            return;
        }
        host.until = now_ + LIFETIME - MARGIN;
        for (const Host& other : hosts_) {
            if (other.client != host.client && usesAddress(other) &&
                other.client->address() == reply.address()) {
                ++shared_;
                last_ = host.client->hwText() + " was given " + reply.address().toText() + ", which " +
                        other.client->hwText() + " is using";
            }
        }
    }

    void boot(Host& host) {
        const Reply offer = host.client->discover();
        host.client->remember(Address());
        if (offer.type() == OFFER) {
            took(host, host.client->request(offer));
        }
    }

    /// @brief Two machines boot at once: their messages are interleaved.
    void bootTogether(Host& one, Host& other) {
        one.client->remember(Address());
        other.client->remember(Address());
        const Reply first = one.client->discover();
        const Reply second = other.client->discover();
        if (second.type() == OFFER) {
            took(other, other.client->request(second));
        }
        if (first.type() == OFFER) {
            took(one, one.client->request(first));
        }
    }

    /// @brief What a clone that woke up with another's memory does.
    void releaseThatOfASibling(SimClient& client) {
        for (Host& host : hosts_) {
            if (host.client != &client && usesAddress(host) &&
                host.client->identifier() == client.identifier()) {
                client.release(host.client->address());
                return;
            }
        }
    }

    /// @brief A machine is sealed, or made anew from one of the templates.
    void makeAnew(Host& host, uint64_t dice) {
        if (!host.shares_hw_address) {
            host.client->setIdentifier(cloneIdentifier(dice % 2 == 0 ? ++last_identifier_ : dice % 3));
        }
        boot(host);
    }

    void act(Host& host, Host& other, uint64_t dice) {
        SimClient& client = *host.client;
        const bool uses = usesAddress(host);
        if (!uses) {
            boot(host);
        } else if (dice < 40) {
            took(host, client.renew());
        } else if (dice < 50) {
            took(host, client.rebind());
        } else if (dice < 65) {
            took(host, client.initReboot(client.address()));
        } else if (dice < 75) {
            boot(host);
        } else if (dice < 80) {
            client.release();
        } else if (dice < 83) {
            client.decline();
        } else if (dice < 91) {
            releaseThatOfASibling(client);
            makeAnew(other, dice);
        } else if (dice < 96) {
            makeAnew(host, dice);
        } else {
            bootTogether(host, other);
        }
    }

    void disturbServer(const ServerSetup& setup, uint64_t dice) {
        if (dice < 40) {
            server().kill();
            server().start();
        } else if (dice < 60) {
            server().restart();
        } else if (dice < 70) {
            EXPECT_EQ(server().configSet(setup)["result"], 0);
        } else {
            const unsigned seconds = dice < 90 ? 35 : 5000;
            now_ += seconds;
            server().advanceClock(seconds);
        }
    }

    /// @brief Lives a history of so many steps.
    ///
    /// @return how often a machine was given an address that another was using.
    unsigned live(ServerSetup setup, unsigned steps, uint64_t seed) {
        setup.threads = GetParam();
        // Hardly more addresses than machines, so that what is given back is soon given out.
        setup.subnets = {subnet(1, {{"pools", {{{"pool", "10.1.1.0 - 10.1.1.29"}}}}})};
        setup.more["decline-probation-period"] = LIFETIME / 2;
        setup.more["valid-lifetime"] = LIFETIME;
        setup.more["renew-timer"] = LIFETIME / 4;
        setup.more["rebind-timer"] = LIFETIME / 2;
        serve(setup, true);
        populate();
        std::mt19937_64 random(seed);
        for (unsigned step = 0; step < steps; ++step) {
            if (random() % 12 == 0) {
                disturbServer(setup, random() % 100);
            }
            Host& host = hosts_[random() % hosts_.size()];
            Host& other = hosts_[random() % hosts_.size()];
            act(host, &host == &other ? hosts_.front() : other, random() % 100);
        }
        return (shared_);
    }

    static uint64_t seed() {
        const char* given = std::getenv("CLONE_GUARD_SEED");
        return (given != nullptr ? std::stoull(given) : std::random_device()());
    }

    std::vector<Host> hosts_;
    unsigned now_ = 1;
    uint64_t last_identifier_ = 1000;
    unsigned shared_ = 0;
    std::string last_;
};

INSTANTIATE_TEST_SUITE_P(Threads, History, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// With the guard no machine is ever given an address that another is using.
TEST_P(History, noAddressIsEverShared) {
    const uint64_t number = seed();
    std::cout << "CLONE_GUARD_SEED=" << number << std::endl;
    EXPECT_EQ(live(guarded("mac-fallback"), 300, number), 0U)
        << last_ << ", CLONE_GUARD_SEED=" << number;
}

// Without it that happens all the time, so the test above can tell.
TEST_P(History, stockKeaSharesAddressesAllTheTime) {
    EXPECT_GT(live(ServerSetup().withoutGuard(), 100, 1), 5U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
