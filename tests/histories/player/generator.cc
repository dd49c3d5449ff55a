// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/generator.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

unsigned
numberOf(const std::string& policy) {
    const auto& all = policies();
    return (unsigned(std::find(all.begin(), all.end(), policy) - all.begin()));
}

}  // namespace

Generator::Generator(const Plan& plan) :
    plan_(plan), random_(plan.seed), turns_(plan.seed + 1), policy_(numberOf(plan.policy)) {
    for (const Role& role : cast()) {
        hosts_.push_back({role, role.made_from});
    }
}

History
Generator::generate() {
    history_.seed = plan_.seed;
    history_.threads = plan_.threads;
    history_.policy = plan_.policy;
    history_.servers = plan_.servers;
    history_.takeover = chance(25) ? "never" : "expired";
    // Early enough for the last to be no later than the end, though scenes take several steps.
    next_kill_ = plan_.kill_every / 2 + dice(plan_.kill_every / 4);
    next_disturbance_ = plan_.kill_every;
    while (history_.events.size() < plan_.steps) {
        scene();
        disturbServer();
    }
    history_.events.resize(plan_.steps);
    return (history_);
}

void
Generator::add(Action action, unsigned host, unsigned other, bool joined) {
    history_.events.push_back({action, host, other, joined, serverFor(action)});
}

unsigned
Generator::someServer() {
    return (1 + unsigned(turns_() % 2));
}

/// Whoever renews or releases turns to the server that it knows, as a rule.
unsigned
Generator::serverFor(Action action) {
    if (plan_.servers.empty() || action == Action::KILL || action == Action::START) {
        return (EVERY_SERVER);
    }
    const bool knows = action == Action::RENEW || action == Action::RELEASE;
    const bool turns = isMessage({action}) || action == Action::RESTART || action == Action::RELOAD ||
                       action == Action::RECLAIM;
    return (!turns || (knows && turns_() % 4 != 0) ? EVERY_SERVER : someServer());
}

/// Of two servers one is down for some scenes.
void
Generator::kill() {
    const bool in_flight = chance(50);
    if (in_flight) {
        crowd(siblings());
    }
    add(Action::KILL, 0, 0, in_flight);
    if (plan_.servers.empty()) {
        return;
    }
    const unsigned server = someServer();
    history_.events.back().server = server;
    for (uint64_t scenes = 1 + turns_() % 12; scenes > 0; --scenes) {
        scene();
    }
    add(Action::START);
    history_.events.back().server = server;
}

void
Generator::disturbServer() {
    const size_t now = history_.events.size();
    if (now >= next_kill_) {
        next_kill_ += plan_.kill_every;
        kill();
        if (chance(50)) {
            comeBack(onNetwork(unsigned(dice(2))));
        }
    }
    if (now >= next_disturbance_) {
        next_disturbance_ += plan_.kill_every / 2 + dice(plan_.kill_every);
        switch (dice(4)) {
        case 0:
            return (add(Action::RESTART));
        case 1:
            return (add(Action::RELOAD));
        default:
            return (changePolicy());
        }
    }
}

/// Mostly the policies that promise something; where one did that does not, it is soon over.
void
Generator::changePolicy() {
    const unsigned own = numberOf(plan_.policy);
    if (own > numberOf("refuse")) {
        return (add(Action::POLICY, 0, own));
    }
    const uint64_t which = dice(100);
    const char* policy = which < 40   ? "mac-fallback"
                         : which < 75 ? "refuse"
                         : which < 90 ? "monitor"
                                      : "off";
    policy_ = which < 15 ? own : numberOf(policy);
    add(Action::POLICY, 0, policy_);
    const bool promises = policy_ <= numberOf("refuse");
    for (size_t scenes = promises ? 30 : 4; scenes > 0 && policy_ != own; --scenes) {
        scene();
    }
    if (policy_ != own) {
        policy_ = own;
        add(Action::POLICY, 0, policy_);
    }
}

Generator::Hosts
Generator::pick(Hosts from, size_t most) {
    std::shuffle(from.begin(), from.end(), random_);
    from.resize(std::min(from.size(), most));
    return (from);
}

/// Hosts of one network that present the same identifier.
Generator::Hosts
Generator::siblings() {
    const unsigned network = unsigned(dice(2));
    const int group = int(dice(TEMPLATES));
    Hosts found;
    for (unsigned number = 0; number < hosts_.size(); ++number) {
        if (hosts_[number].role.network == network && hosts_[number].group == group) {
            found.push_back(number);
        }
    }
    return (found);
}

Generator::Hosts
Generator::onNetwork(unsigned network) const {
    Hosts found;
    for (unsigned number = 0; number < hosts_.size(); ++number) {
        if (hosts_[number].role.network == network) {
            found.push_back(number);
        }
    }
    return (found);
}

unsigned
Generator::siblingOf(unsigned host) {
    Hosts found;
    for (unsigned number = 0; number < hosts_.size(); ++number) {
        if (number != host && hosts_[number].group == hosts_[host].group && hosts_[number].group >= 0 &&
            hosts_[number].role.network == hosts_[host].role.network) {
            found.push_back(number);
        }
    }
    return (found.empty() ? anyone() : found[dice(found.size())]);
}

void
Generator::scene() {
    const uint64_t which = dice(100);
    if (which < 22) {
        renewals();
    } else if (which < 34) {
        boot();
    } else if (which < 46) {
        crowd(pick(siblings(), 2 + dice(4)));
    } else if (which < 54) {
        add(Action::CLOCK, 0, unsigned(which % 2 == 0 ? 10 : 150));
    } else if (which < 60) {
        add(Action::CLOCK, 0, 400);
        renewals();
    } else if (which < 68) {
        lapse();
    } else if (which < 78) {
        duel();
    } else if (which < 86) {
        giveUp();
    } else if (which < 91) {
        steal();
    } else if (which < 96) {
        makeAnew();
    } else if (which < 99) {
        lie();
    } else {
        add(Action::RECLAIM, 0, unsigned(dice(2)));
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
