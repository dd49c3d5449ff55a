// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/generator.h>

#include <iterator>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// How many messages are sent back to back.
const size_t CROWD = 10;

}  // namespace

void
Generator::boot() {
    const unsigned host = anyone();
    const bool imitates = chance(20);
    add(imitates ? Action::DISCOVER_AS : Action::DISCOVER, host, imitates ? siblingOf(host) : 0);
    if (chance(90)) {
        add(Action::SELECT, host);
    }
}

/// Hosts boot at the same time: first all DISCOVERs, then all REQUESTs, at once or one by one.
void
Generator::crowd(const Hosts& hosts) {
    const bool joined = chance(50);
    for (size_t i = 0; i < hosts.size(); ++i) {
        add(Action::DISCOVER, hosts[i], 0, joined && i % CROWD != 0);
    }
    const bool then_joined = chance(70);
    const Hosts order = pick(hosts, hosts.size());
    for (size_t i = 0; i < order.size(); ++i) {
        add(Action::SELECT, order[i], 0, then_joined && i % CROWD != 0);
    }
}

/// Everybody comes back at once, each in its own way.
void
Generator::comeBack(const Hosts& hosts) {
    static const Action ways[] = {Action::REBOOT, Action::WAKE, Action::DISCOVER, Action::DISCOVER,
                                  Action::REBIND};
    const bool joined = chance(70);
    const Hosts order = pick(hosts, hosts.size());
    Hosts booting;
    for (size_t i = 0; i < order.size(); ++i) {
        const Action way = ways[dice(std::size(ways))];
        add(way, order[i], 0, joined && i % CROWD != 0);
        if (way == Action::DISCOVER || way == Action::REBIND) {
            booting.push_back(order[i]);
        }
    }
    for (size_t i = 0; i < booting.size(); ++i) {
        add(Action::SELECT, booting[i], 0, joined && i % CROWD != 0);
    }
}

/// Leases run out, everybody's, and some come back.
void
Generator::lapse() {
    add(Action::CLOCK, 0, LIFETIME + 50);
    if (chance(20)) {
        add(Action::RECLAIM, 0, unsigned(dice(2)));
    }
    if (chance(25)) {
        comeBack(onNetwork(unsigned(dice(2))));
    } else {
        const Hosts hosts = siblings();
        for (const unsigned host : pick(hosts, dice(3))) {
            add(Action::REBOOT, host);
        }
        comeBack(hosts);
    }
}

void
Generator::renewals() {
    static const Action ways[] = {Action::RENEW, Action::RENEW, Action::RENEW, Action::REBIND,
                                  Action::REBOOT};
    const bool joined = chance(40);
    const Hosts hosts = chance(60) ? pick(siblings(), 6) : pick(onNetwork(unsigned(dice(2))), 6);
    for (size_t i = 0; i < hosts.size(); ++i) {
        add(ways[dice(std::size(ways))], hosts[i], 0, joined && i != 0);
    }
    for (const unsigned host : hosts) {
        add(Action::SELECT, host);  // if it had to boot instead
    }
}

/// One's lease has run out and it comes back, while others with its identifier reach for its address.
void
Generator::duel() {
    const Hosts hosts = pick(siblings(), 3);
    if (hosts.size() < 2) {
        return;
    }
    const unsigned first = hosts[0];
    add(Action::DISCOVER, first);
    add(Action::SELECT, first);
    for (size_t i = 1; i < hosts.size() && chance(70); ++i) {
        add(Action::DISCOVER, hosts[i]);
        add(Action::SELECT, hosts[i]);
    }
    add(Action::CLOCK, 0, LIFETIME + 50);
    const bool joined = chance(60);
    add(Action::DISCOVER, first);
    for (size_t i = 1; i < hosts.size(); ++i) {
        add(Action::DISCOVER_AS, hosts[i], first, joined);
    }
    const Hosts order = pick(hosts, hosts.size());
    for (size_t i = 0; i < order.size(); ++i) {
        const bool grabs = order[i] != first && chance(60);
        add(grabs ? Action::GRAB : Action::SELECT, order[i], first, joined && i != 0);
    }
}

void
Generator::giveUp() {
    const unsigned host = anyone();
    const uint64_t which = dice(100);
    if (which < 35) {
        add(Action::RELEASE, host);
    } else if (which < 45) {
        add(Action::DECLINE, host);
    } else if (which < 85) {
        add(which < 68 ? Action::RELEASE_OF : Action::DECLINE_OF, host, siblingOf(host));
        const unsigned other = history_.events.back().other;
        add(Action::RENEW, other, 0, chance(30));
    } else {
        add(chance(50) ? Action::RELEASE_OF : Action::DECLINE_OF, host, anyone());
    }
    if (chance(50)) {
        add(Action::DISCOVER, host);
        add(Action::SELECT, host);
    }
}

/// A clone that was made while its template was running remembers the address of that.
void
Generator::steal() {
    const unsigned host = anyone();
    const unsigned other = siblingOf(host);
    add(chance(50) ? Action::REBOOT_AS : Action::GRAB, host, other);
    add(Action::RENEW, other, 0, chance(50));
    if (chance(50)) {
        add(Action::DISCOVER, host);
        add(Action::SELECT, host);
    }
}

void
Generator::makeAnew() {
    const unsigned host = anyone();
    Cast& one = hosts_[host];
    const bool shared = one.role.kind == Kind::STAGE || one.role.kind == Kind::NEIGHBOR;
    const uint64_t which = dice(100);
    if (which < 20) {
        add(Action::SILENCE, host);
        return;
    } else if (which < 45) {
        add(Action::SWAP, host);
    } else if (which < 60 && !shared) {
        add(Action::SEAL, host);
        one.group = -1;
    } else if (which < 85 && one.role.kind == Kind::CLONE) {
        one.group = int(dice(TEMPLATES));
        add(Action::RECAST, host, unsigned(one.group));
    } else if (!shared) {
        add(Action::MOVE, host);
        one.role.network = 1 - one.role.network;
    }
    if (chance(40)) {
        add(Action::REBOOT, host);
    }
    add(Action::DISCOVER, host);
    add(Action::SELECT, host);
}

void
Generator::lie() {
    Hosts liars;
    for (unsigned number = 0; number < hosts_.size(); ++number) {
        if (hosts_[number].role.kind == Kind::LIAR) {
            liars.push_back(number);
        }
    }
    const unsigned liar = liars[dice(liars.size())];
    const Hosts victims = siblings();
    if (victims.empty()) {
        return;
    }
    const unsigned victim = victims[dice(victims.size())];
    const bool forges = chance(50);
    add(forges ? Action::FORGE : Action::ASSUME, liar, victim);
    hosts_[liar].group = forges ? -1 : hosts_[victim].group;
    if (chance(50)) {
        add(Action::REBOOT_AS, liar, victim);
    } else {
        add(Action::DISCOVER_AS, liar, victim);
        add(Action::SELECT, liar);
    }
    if (chance(40)) {
        add(chance(50) ? Action::RELEASE_OF : Action::DECLINE_OF, liar, victim);
    }
    add(Action::RENEW, victim);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
