// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_HISTORIES_PLAYER_GENERATOR_H
#define CLONE_GUARD_TESTS_HISTORIES_PLAYER_GENERATOR_H

#include <tests/histories/rules/history.h>
#include <tests/histories/rules/hosts.h>

#include <random>
#include <vector>

namespace clone_guard {
namespace e2e {
namespace history {

/// @brief The properties of a history to be generated.
struct Plan {
    uint64_t seed = 1;
    unsigned steps = 2000;
    unsigned threads = 0;
    std::string policy = "mac-fallback";
    unsigned kill_every = 1000;  ///< steps from one kill -9 to the next
    bool strangers = true;       ///< whether strangers send messages
    std::string servers;         ///< how two servers are joined; empty: there is one server
    bool keep_released = true;   ///< whether a single server keeps released leases
};

/// @brief Generates a history, scene by scene. The same plan always gives the same history.
class Generator {
public:
    explicit Generator(const Plan& plan);

    History generate();

private:
    using Hosts = std::vector<unsigned>;

    uint64_t randomBelow(uint64_t sides) {
        return (random_() % sides);
    }
    bool chance(unsigned percent) {
        return (randomBelow(100) < percent);
    }
    unsigned anyHost() {
        return (unsigned(randomBelow(hosts_.size())));
    }
    static unsigned numberOf(const std::string& policy);
    void add(Action action, unsigned host = 0, unsigned other = 0, bool joined = false);
    void disturbServer();
    void kill();
    unsigned anyServer();
    unsigned serverFor(Action action);
    void changePolicy();
    void scene();
    Hosts pick(Hosts from, size_t most);
    Hosts siblings();
    Hosts onNetwork(unsigned network) const;
    unsigned siblingOf(unsigned host);
    unsigned forgerOn(unsigned network) const;

    void boot();
    void bootTogether(const Hosts& hosts);
    void returnTogether(const Hosts& hosts);
    void expireLeases();
    void renewals();
    void contestAddress();
    void giveUpLease();
    void requestSiblingAddress();
    void changeHost();
    void forgeIdentifier();
    void strangers();
    void forgeConflict();
    void askAndNeverTake();
    void nights();
    void leaseBeforeRefusal(const Hosts& clones);

    struct HostState {
        HostSpec spec;
        int group;  ///< hosts with the same number present the same identifier; -1: a unique identifier
    };

    Plan plan_;
    std::mt19937_64 random_;
    std::mt19937_64
        server_random_;  ///< separate, so that the rest is the same with one server and with two
    std::vector<HostState> hosts_;
    History history_;
    size_t next_kill_ = 0;
    size_t next_disturbance_ = 0;
    unsigned policy_ = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_GENERATOR_H
