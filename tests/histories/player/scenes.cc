// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/player/generator.h>

#include <tests/histories/rules/strangers.h>

#include <iterator>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// The largest number of messages that are sent together.
const size_t MAX_JOINED = 10;

}  // namespace

void
Generator::boot() {
    const unsigned host = anyHost();
    const bool imitates = chance(20);
    add(imitates ? Action::DISCOVER_AS : Action::DISCOVER, host, imitates ? siblingOf(host) : 0);
    if (chance(90)) {
        add(Action::SELECT, host);
    }
}

/// Hosts boot at the same time: first all DISCOVERs, then all REQUESTs, joined or each by itself.
void
Generator::bootTogether(const Hosts& hosts) {
    const bool joined = chance(50);
    for (size_t i = 0; i < hosts.size(); ++i) {
        add(Action::DISCOVER, hosts[i], 0, joined && i % MAX_JOINED != 0);
    }
    const bool then_joined = chance(70);
    const Hosts order = pick(hosts, hosts.size());
    for (size_t i = 0; i < order.size(); ++i) {
        add(Action::SELECT, order[i], 0, then_joined && i % MAX_JOINED != 0);
    }
}

/// Hosts return at the same time, each in a way of its own.
void
Generator::returnTogether(const Hosts& hosts) {
    static const Action ways[] = {Action::REBOOT, Action::WAKE, Action::DISCOVER, Action::DISCOVER,
                                  Action::REBIND};
    const bool joined = chance(70);
    const Hosts order = pick(hosts, hosts.size());
    Hosts booting;
    for (size_t i = 0; i < order.size(); ++i) {
        const Action way = ways[randomBelow(std::size(ways))];
        add(way, order[i], 0, joined && i % MAX_JOINED != 0);
        if (way == Action::DISCOVER || way == Action::REBIND) {
            booting.push_back(order[i]);
        }
    }
    for (size_t i = 0; i < booting.size(); ++i) {
        add(Action::SELECT, booting[i], 0, joined && i % MAX_JOINED != 0);
    }
}

/// All leases expire, and some hosts return.
void
Generator::expireLeases() {
    add(Action::CLOCK, 0, LIFETIME + 50);
    if (chance(20)) {
        add(Action::RECLAIM, 0, unsigned(randomBelow(2)));
    }
    if (chance(25)) {
        returnTogether(onNetwork(unsigned(randomBelow(2))));
    } else {
        const Hosts hosts = siblings();
        for (const unsigned host : pick(hosts, randomBelow(3))) {
            add(Action::REBOOT, host);
        }
        returnTogether(hosts);
    }
}

void
Generator::renewals() {
    static const Action ways[] = {Action::RENEW, Action::RENEW, Action::RENEW, Action::REBIND,
                                  Action::REBOOT};
    const bool joined = chance(40);
    const Hosts hosts = chance(60) ? pick(siblings(), 6) : pick(onNetwork(unsigned(randomBelow(2))), 6);
    for (size_t i = 0; i < hosts.size(); ++i) {
        add(ways[randomBelow(std::size(ways))], hosts[i], 0, joined && i != 0);
    }
    for (const unsigned host : hosts) {
        add(Action::SELECT, host);  // if the host had to boot instead
    }
}

/// A host returns after its lease has expired, while others with its identifier request its address.
void
Generator::contestAddress() {
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
Generator::giveUpLease() {
    const unsigned host = anyHost();
    const uint64_t which = randomBelow(100);
    if (which < 35) {
        add(Action::RELEASE, host);
    } else if (which < 45) {
        add(Action::DECLINE, host);
    } else if (which < 85) {
        add(which < 68 ? Action::RELEASE_OF : Action::DECLINE_OF, host, siblingOf(host));
        const unsigned other = history_.events.back().other;
        add(Action::RENEW, other, 0, chance(30));
    } else {
        add(chance(50) ? Action::RELEASE_OF : Action::DECLINE_OF, host, anyHost());
    }
    if (chance(50)) {
        add(Action::DISCOVER, host);
        add(Action::SELECT, host);
    }
}

/// A clone of a running template remembers the address of the template.
void
Generator::requestSiblingAddress() {
    const unsigned host = anyHost();
    const unsigned other = siblingOf(host);
    add(chance(50) ? Action::REBOOT_AS : Action::GRAB, host, other);
    add(Action::RENEW, other, 0, chance(50));
    if (chance(50)) {
        add(Action::DISCOVER, host);
        add(Action::SELECT, host);
    }
}

void
Generator::changeHost() {
    const unsigned host = anyHost();
    HostState& state = hosts_[host];
    const bool shared = state.spec.kind == HostKind::BOOT_STAGE || state.spec.kind == HostKind::IPVLAN;
    const uint64_t which = randomBelow(100);
    if (which < 20) {
        add(Action::POWER_OFF, host);
        return;
    } else if (which < 45) {
        add(Action::SWAP, host);
    } else if (which < 60 && !shared) {
        add(Action::SEAL, host);
        state.group = -1;
    } else if (which < 85 && state.spec.kind == HostKind::CLONE) {
        state.group = int(randomBelow(TEMPLATES));
        add(Action::RECLONE, host, unsigned(state.group));
    } else if (!shared) {
        add(Action::MOVE, host);
        state.spec.network = 1 - state.spec.network;
    }
    if (chance(40)) {
        add(Action::REBOOT, host);
    }
    add(Action::DISCOVER, host);
    add(Action::SELECT, host);
}

void
Generator::forgeIdentifier() {
    const unsigned forger = forgerOn(unsigned(randomBelow(2)));
    const Hosts victims = siblings();
    if (victims.empty()) {
        return;
    }
    const unsigned victim = victims[randomBelow(victims.size())];
    const bool forges = chance(50);
    add(forges ? Action::FORGE : Action::ASSUME, forger, victim);
    hosts_[forger].group = forges ? -1 : hosts_[victim].group;
    if (chance(50)) {
        add(Action::REBOOT_AS, forger, victim);
    } else {
        add(Action::DISCOVER_AS, forger, victim);
        add(Action::SELECT, forger);
    }
    if (chance(40)) {
        add(chance(50) ? Action::RELEASE_OF : Action::DECLINE_OF, forger, victim);
    }
    add(Action::RENEW, victim);
}

/// Strangers send messages made of what they overhear of a host. Then the host speaks, or a sibling comes.
void
Generator::strangers() {
    const Hosts some = chance(70) ? pick(siblings(), 1) : Hosts();
    const unsigned victim = some.empty() ? anyHost() : some.front();
    const bool renews = chance(40);
    if (renews) {
        add(Action::RENEW, victim);
        add(Action::SELECT, victim);
    }
    for (uint64_t messages = 2 + randomBelow(5); messages > 0; --messages) {
        add(Action::STRANGER, victim, unsigned(random_() & 0xffffffff));
    }
    // Nothing protects a lease that begins in the same instant, so only a host with a lease speaks together with a
    // stranger. Two servers do not know of each other what they have not yet written.
    const bool may_join = renews && plan_.servers.empty() && chance(60);
    if (chance(20)) {
        const unsigned sibling = siblingOf(victim);
        add(Action::DISCOVER, sibling);
        add(Action::SELECT, sibling);
    }
    const uint64_t which = randomBelow(100);
    const auto action = which < 70 ? Action::RENEW : which < 85 ? Action::REBOOT : Action::DISCOVER;
    add(action, victim, 0, may_join && action == Action::RENEW);
    add(Action::SELECT, victim);  // if the host had to boot instead
}

/// Two strangers renew addresses that no machine has, with one invented identifier: a conflict that must not be confirmed.
void
Generator::forgeConflict() {
    const unsigned victim = anyHost();
    for (unsigned messages = 0; messages < 8; ++messages) {
        const auto seed = unsigned(random_() & 0xffffffff);
        add(Action::STRANGER, victim, seed - seed % Strangers::PRETENDERS);
    }
}

/// A machine presents the identifier of a host in each claim window, and takes no lease. The host has none either.
void
Generator::askAndNeverTake() {
    const Hosts victims = pick(siblings(), 1);
    if (victims.empty()) {
        return;
    }
    const unsigned forger = forgerOn(hosts_[victims.front()].spec.network);
    if (hosts_[forger].spec.network != hosts_[victims.front()].spec.network) {
        return;
    }
    add(Action::ASSUME, forger, victims.front());
    hosts_[forger].group = hosts_[victims.front()].group;
    add(Action::CLOCK, 0, LIFETIME + 50);
    for (unsigned windows = 0; windows < 8; ++windows) {
        add(Action::DISCOVER, forger);
        add(Action::DISCOVER, victims.front());
        add(Action::CLOCK, 0, CLAIM_WINDOW - 5);
    }
    add(Action::DISCOVER, victims.front());
    add(Action::SELECT, victims.front());
}

/// Under "refuse" only claimants with leases from before can confirm a conflict: they get them under "mac-fallback".
void
Generator::leaseBeforeRefusal(const Hosts& clones) {
    add(Action::POLICY, 0, numberOf("mac-fallback"));
    for (const unsigned host : clones) {
        add(Action::DISCOVER, host);
        add(Action::SELECT, host);
    }
    add(Action::POLICY, 0, policy_);
}

/// The clones of a template renew, are shut down, most of them in order, and come back in any order.
void
Generator::nights() {
    const Hosts clones = siblings();
    if (policy_ == numberOf("refuse") && plan_.servers.empty() && chance(80)) {
        leaseBeforeRefusal(clones);
    }
    for (unsigned round = 0; round < 3; ++round) {
        for (const unsigned host : clones) {
            add(Action::RENEW, host);
            add(Action::SELECT, host);
        }
        add(Action::CLOCK, 0, 40);
    }
    // Kea 2.2.0 deletes a released lease, so a host that loses power tests more of I8.
    const unsigned in_order = plan_.servers.empty() ? 80 : 50;
    for (uint64_t nights = 1 + randomBelow(3); nights > 0; --nights) {
        const Hosts off = pick(clones, chance(50) ? clones.size() : 1 + randomBelow(clones.size() + 1));
        for (const unsigned host : off) {
            add(chance(in_order) ? Action::SHUTDOWN : Action::POWER_OFF, host);
        }
        add(Action::CLOCK, 0, chance(50) ? 40 : chance(50) ? LIFETIME + 50 : 8 * 3600);
        if (chance(30)) {
            add(Action::RECLAIM, 0, unsigned(randomBelow(2)));
        }
        const Hosts back = pick(clones, clones.size());
        for (const unsigned host : back) {
            add(chance(70) ? Action::DISCOVER : Action::REBOOT, host);
            add(Action::SELECT, host);
        }
        for (const unsigned host : back) {
            add(Action::RENEW, host);
        }
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
