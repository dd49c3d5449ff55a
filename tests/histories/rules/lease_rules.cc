// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/lease_rules.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// Whether a row has the identifier of another row, or an identifier derived from it.
bool
related(const Row& row, const Row& other) {
    const auto& identifier = other.client_id;
    return (row.client_id == identifier ||
            row.client_id == toHex(derivedIdentifier(fromHex(row.hw_address), fromHex(identifier))));
}

}  // namespace

std::set<Address>
findRaces(const std::vector<Change>& changes, uint64_t now) {
    struct Race {
        Row before;  ///< the lease before the race
        bool removed =
            false;  ///< whether an earlier owner removed the lease after another client got it
        std::set<std::string> all;
        std::set<std::string> related;
    };
    std::map<Address, Race> found;
    for (const Change& change : changes) {
        const auto inserted = found.emplace(change.after.address, Race{change.before, false, {}, {}});
        Race& race = inserted.first->second;
        race.removed = race.removed || (change.before.live(now) && change.after.valid_lifetime == 0 &&
                                        change.before.hw_address != race.before.hw_address);
        if (change.after.live(now)) {
            race.all.insert(change.after.hw_address + change.after.client_id);
            if (related(change.after, race.before)) {
                race.related.insert(change.after.hw_address);
            }
        }
    }
    std::set<Address> races;
    for (const auto& entry : found) {
        const Race& race = entry.second;
        const bool expired = !race.before.live(now) && !race.before.hw_address.empty();
        if (expired && (race.removed || race.all.size() > 1) && race.related.size() < 2) {
            races.insert(entry.first);
        }
    }
    return (races);
}

void
LeaseRule::beforeSend(const std::vector<Query>& queries) {
    given_up_before_ = std::move(given_up_);
    given_up_.clear();
    for (const Query& query : queries) {
        const Host& host = context_.hostOf(query);
        const Address named =
            query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(query.packet.ciaddr);
        for (const auto& entry : context_.journal.rows()) {
            const Row& row = entry.second;
            // A host that requests another address gives up its lease.
            const bool gives_up = query.packet.type() == REQUEST
                                      ? row.address != named
                                      : query.packet.type() != DISCOVER && row.address == named;
            // For Kea a client without identifier is every client with the same hardware address.
            const bool own = context_.isLeaseOf(row, host) || !host.identifier || row.client_id.empty();
            if (gives_up && own && row.hw_address == host.hwText()) {
                given_up_.emplace(row.address, row.hw_address);
            }
        }
    }
}

bool
LeaseRule::hasAnonymous(const std::string& hw_address) const {
    const auto& hosts = context_.network.hosts();
    return (std::any_of(hosts.begin(), hosts.end(), [&hw_address](const Host& host) {
        return (!host.identifier && host.hwText() == hw_address);
    }));
}

void
LeaseRule::checkTakeover(const Change& change) {
    const Row& after = change.after;
    if (!context_.enforced || context_.takeover != "never" || !after.live(context_.network.now) ||
        context_.concurrent_servers.excuses(after.hw_address, after.client_id) ||
        after.client_id.compare(0, 2, "ff") != 0 || !isUsable(after.hw_address) || after.isBootp()) {
        return;
    }
    bool anothers = false;
    bool own = false;
    const auto look = [&](const Row& row) {
        if (row.client_id == after.client_id &&
            networkOfSubnet(row.subnet) == networkOfSubnet(after.subnet)) {
            // A lease that the host has just given up for this one counts as its own.
            own = own || row.hw_address == after.hw_address;
            anothers = anothers || (row.hw_address != after.hw_address && isUsable(row.hw_address) &&
                                    row.valid_lifetime > 0);
        }
    };
    look(change.before);
    for (const auto& entry : context_.journal.rows()) {
        if (entry.first != after.address) {
            look(entry.second);
        }
    }
    if (anothers && !own) {
        context_.addViolation("R9: " + after.owner() + " got " + after.address.toText() +
                              " while another host had a lease of the identifier");
    }
}

void
LeaseRule::onChange(const Change& change) {
    checkTakeover(change);
    const Row& before = change.before;
    const Row& after = change.after;
    // A server with threads may write a change after the next messages were sent.
    const auto who = std::make_pair(after.address, before.hw_address);
    const bool by_owner = given_up_.count(who) != 0 || given_up_before_.count(who) != 0;
    if (!context_.enforced || by_owner || context_.races.count(after.address) != 0 ||
        context_.concurrent_servers.excuses(before.hw_address, before.client_id) ||
        !before.live(context_.network.now) || RuleContext::isForged(before) ||
        !belongsToHosts(before.hw_address)) {
        return;
    }
    // For Kea a client without identifier is every client with the same hardware address.
    const bool anonymous = before.client_id.empty() || after.client_id.empty();
    const bool ended = (!after.live(context_.network.now) || after.expires < before.expires) &&
                       !hasAnonymous(before.hw_address);
    const bool same =
        before.hw_address == after.hw_address && (before.client_id == after.client_id || anonymous);
    if (ended || !same) {
        context_.addViolation(context_.ruleOr(looksDerived(fromHex(before.client_id)) ? "I3" : "I2") +
                              ": the live lease of " + after.address.toText() + " for " +
                              before.owner() + (ended ? " ended" : " went to " + after.owner()));
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
