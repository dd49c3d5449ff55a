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

/// @brief What a history is to be like.
struct Plan {
    uint64_t seed = 1;
    unsigned steps = 2000;
    unsigned threads = 0;
    std::string policy = "mac-fallback";
    unsigned kill_every = 1000;  ///< steps from one kill -9 to the next
    std::string servers;         ///< what joins two servers; empty: there is but one
};

/// @brief Makes up histories, scene by scene. What it makes follows from the plan alone.
class Generator {
public:
    explicit Generator(const Plan& plan);

    History generate();

private:
    using Hosts = std::vector<unsigned>;

    uint64_t dice(uint64_t sides) {
        return (random_() % sides);
    }
    bool chance(unsigned percent) {
        return (dice(100) < percent);
    }
    unsigned anyone() {
        return (unsigned(dice(hosts_.size())));
    }
    void add(Action action, unsigned host = 0, unsigned other = 0, bool joined = false);
    void disturbServer();
    void kill();
    unsigned someServer();
    unsigned serverFor(Action action);
    void changePolicy();
    void scene();
    Hosts pick(Hosts from, size_t most);
    Hosts siblings();
    Hosts onNetwork(unsigned network) const;
    unsigned siblingOf(unsigned host);

    void boot();
    void crowd(const Hosts& hosts);
    void comeBack(const Hosts& hosts);
    void lapse();
    void renewals();
    void duel();
    void giveUp();
    void steal();
    void makeAnew();
    void lie();

    struct Cast {
        Role role;
        int group;  ///< whoever has the same number presents the same identifier; -1: nobody else does
    };

    Plan plan_;
    std::mt19937_64 random_;
    std::mt19937_64 turns_;  ///< of its own, so that nothing else depends on how many servers there are
    std::vector<Cast> hosts_;
    History history_;
    size_t next_kill_ = 0;
    size_t next_disturbance_ = 0;
    unsigned policy_ = 0;
};

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_HISTORIES_PLAYER_GENERATOR_H
