// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/generator.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

unsigned
Generator::numberOf(const std::string& policy) {
    const auto& all = policies();
    return (unsigned(std::find(all.begin(), all.end(), policy) - all.begin()));
}

Generator::Generator(const Plan& plan) :
    plan_(plan), random_(plan.seed), server_random_(plan.seed + 1), policy_(numberOf(plan.policy)) {
    for (const HostSpec& spec : hostSpecs()) {
        hosts_.push_back({spec, spec.template_number});
    }
}

History
Generator::generate() {
    history_.seed = plan_.seed;
    history_.threads = plan_.threads;
    history_.policy = plan_.policy;
    history_.servers = plan_.servers;
    history_.keep_released = plan_.keep_released && plan_.servers.empty();
    history_.takeover = chance(25) ? "never" : "expired";
    // The first kill is early, so that the last one comes before the end although a scene takes several steps.
    next_kill_ = plan_.kill_every / 2 + randomBelow(plan_.kill_every / 4);
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
Generator::anyServer() {
    return (1 + unsigned(server_random_() % 2));
}

/// A host mostly renews and releases at the server of its lease.
unsigned
Generator::serverFor(Action action) {
    if (plan_.servers.empty() || action == Action::KILL || action == Action::START) {
        return (EVERY_SERVER);
    }
    const bool knows = action == Action::RENEW || action == Action::RELEASE;
    const bool has_server = isMessage({action}) || action == Action::RESTART ||
                            action == Action::RELOAD || action == Action::RECLAIM;
    return (!has_server || (knows && server_random_() % 4 != 0) ? EVERY_SERVER : anyServer());
}

/// One of two servers stays down for some scenes.
void
Generator::kill() {
    const bool in_flight = chance(50);
    if (in_flight) {
        bootTogether(siblings());
    }
    add(Action::KILL, 0, 0, in_flight);
    if (plan_.servers.empty()) {
        return;
    }
    const unsigned server = anyServer();
    history_.events.back().server = server;
    for (uint64_t scenes = 1 + server_random_() % 12; scenes > 0; --scenes) {
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
            returnTogether(onNetwork(unsigned(randomBelow(2))));
        }
    }
    if (now >= next_disturbance_) {
        next_disturbance_ += plan_.kill_every / 2 + randomBelow(plan_.kill_every);
        switch (randomBelow(4)) {
        case 0:
            return (add(Action::RESTART));
        case 1:
            return (add(Action::RELOAD));
        default:
            return (changePolicy());
        }
    }
}

/// Mostly switches to a guarding policy. A policy without guarding stays for a few scenes only.
void
Generator::changePolicy() {
    const unsigned own = numberOf(plan_.policy);
    if (own > numberOf("refuse")) {
        return (add(Action::POLICY, 0, own));
    }
    const uint64_t which = randomBelow(100);
    const char* policy = which < 40   ? "mac-fallback"
                         : which < 75 ? "refuse"
                         : which < 90 ? "monitor"
                                      : "off";
    policy_ = which < 15 ? own : numberOf(policy);
    add(Action::POLICY, 0, policy_);
    const bool guards = policy_ <= numberOf("refuse");
    for (size_t scenes = guards ? 30 : 4; scenes > 0 && policy_ != own; --scenes) {
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

/// Returns the hosts of one network that present the same identifier.
Generator::Hosts
Generator::siblings() {
    const unsigned network = unsigned(randomBelow(2));
    const int group = int(randomBelow(TEMPLATES));
    Hosts found;
    for (unsigned number = 0; number < hosts_.size(); ++number) {
        if (hosts_[number].spec.network == network && hosts_[number].group == group) {
            found.push_back(number);
        }
    }
    return (found);
}

Generator::Hosts
Generator::onNetwork(unsigned network) const {
    Hosts found;
    for (unsigned number = 0; number < hosts_.size(); ++number) {
        if (hosts_[number].spec.network == network) {
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
            hosts_[number].spec.network == hosts_[host].spec.network) {
            found.push_back(number);
        }
    }
    return (found.empty() ? anyHost() : found[randomBelow(found.size())]);
}

/// Returns the forger of a network, or another one if it has moved.
unsigned
Generator::forgerOn(unsigned network) const {
    unsigned found = 0;
    for (unsigned number = 0; number < hosts_.size(); ++number) {
        const HostSpec& spec = hosts_[number].spec;
        if (spec.kind == HostKind::FORGER && (found == 0 || spec.network == network)) {
            found = number;
        }
    }
    return (found);
}

void
Generator::scene() {
    if (plan_.strangers && chance(35)) {
        return (chance(6) ? forgeConflict() : strangers());
    } else if (chance(plan_.servers.empty() ? 3 : 6)) {
        // Histories of two servers are shorter, and still have to show some nights.
        return (chance(70) ? nights() : askAndNeverTake());
    }
    const uint64_t which = randomBelow(100);
    if (which < 22) {
        renewals();
    } else if (which < 34) {
        boot();
    } else if (which < 46) {
        bootTogether(pick(siblings(), 2 + randomBelow(4)));
    } else if (which < 54) {
        add(Action::CLOCK, 0, unsigned(which % 2 == 0 ? 10 : 150));
    } else if (which < 60) {
        add(Action::CLOCK, 0, 400);
        renewals();
    } else if (which < 68) {
        expireLeases();
    } else if (which < 78) {
        contestAddress();
    } else if (which < 86) {
        giveUpLease();
    } else if (which < 91) {
        requestSiblingAddress();
    } else if (which < 96) {
        changeHost();
    } else if (which < 99) {
        forgeIdentifier();
    } else {
        add(Action::RECLAIM, 0, unsigned(randomBelow(2)));
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
