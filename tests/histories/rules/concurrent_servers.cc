// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/concurrent_servers.h>

#include <tests/histories/rules/rule_context.h>
#include <tests/histories/rules/strangers.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

/// Whether no live lease of an identifier outlasts the messages.
bool
ConcurrentServersRule::isFree(const Identity& identity, const std::vector<Query>& queries) const {
    bool held = false;
    context_.journal.each(identity.second, [&](const Row& row) {
        const bool given_up = std::any_of(queries.begin(), queries.end(), [&](const Query& query) {
            return (!query.wantsReply() && context_.hostOf(query).hwText() == row.hw_address);
        });
        held = held || (networkOfSubnet(row.subnet) == identity.first &&
                        row.live(context_.network.now) && !given_up);
    });
    return (!held);
}

void
ConcurrentServersRule::beforeSend(const std::vector<Query>& queries) {
    colliding_.clear();
    answered_.clear();
    std::map<Identity, std::vector<const Query*>> together;
    for (const Query& query : queries) {
        const Host& host = context_.hostOf(query);
        if (query.packet.type() == REQUEST && host.guarded()) {
            together[{query.network, host.identifierText()}].push_back(&query);
        }
    }
    for (const auto& entry : together) {
        std::set<unsigned> servers;
        std::set<std::string> hw_addresses;
        for (const Query* query : entry.second) {
            servers.insert(query->server);
            hw_addresses.insert(context_.hostOf(*query).hwText());
        }
        if (servers.size() < 2 || hw_addresses.size() < 2 || !isFree(entry.first, queries)) {
            continue;
        }
        ++collisions_;
        for (const Query* query : entry.second) {
            colliding_[query->host] = entry.first;
        }
    }
}

bool
ConcurrentServersRule::excuses(const std::string& hw_address, const std::string& client_id) const {
    return (std::any_of(colliding_.begin(), colliding_.end(), [&](const auto& entry) {
        return (entry.second.second == client_id &&
                context_.network.hosts().at(entry.first).hwText() == hw_address);
    }));
}

void
ConcurrentServersRule::onReply(const Query& query, const Packet& reply) {
    answered_.insert(query.host);
    const Host& host = context_.hostOf(query);
    const auto duplicate = duplicates_.find({host.network, host.identifierText()});
    if (duplicate != duplicates_.end() && reply.type() == NAK && host.holds(context_.network.now) &&
        context_.isLeaseOf(context_.journal.at(host.last), host)) {
        ++displaced_;
        latest_ = std::max(latest_, context_.network.now - duplicate->second);
    }
}

/// Whether a host uses no address, or the address of its own live lease.
bool
ConcurrentServersRule::usesOwnLease(const Host& host) const {
    const uint64_t now = context_.network.now;
    if (!host.holds(now)) {
        return (true);
    }
    const Row& row = context_.journal.at(host.last);
    return (row.live(now) && context_.isLeaseOf(row, host));
}

void
ConcurrentServersRule::recordRecovery(unsigned host) {
    const uint64_t over = std::min(context_.network.now, context_.network.hosts().at(host).until);
    longest_ = std::max(longest_, over - std::min(over, affected_.at(host)));
    affected_.erase(host);
}

/// Several hardware addresses have live leases of one identifier only after a collision or a return of a server. A
/// returning server brings back leases that the other one has deleted.
void
ConcurrentServersRule::checkLeases() {
    std::map<Identity, std::set<std::string>> owners;
    std::map<Identity, std::string> texts;
    std::map<Identity, unsigned> records;
    std::set<Identity> revived;
    for (const auto& entry : context_.journal.rows()) {
        const Row& row = entry.second;
        const Identity identity{networkOfSubnet(row.subnet), row.client_id};
        if (row.valid_lifetime > 0 && row.client_id.compare(0, 2, "ff") == 0) {
            ++records[identity];
            if (context_.stale_leases.isStale(row.address)) {
                revived.insert(identity);
            }
            // R1 leaves a client without a usable hardware address alone.
            if (isUsable(row.hw_address) && row.live(context_.network.now)) {
                owners[identity].insert(row.hw_address);
                texts[identity] += "; " + row.toText();
            }
        }
    }
    for (auto at = duplicates_.begin(); at != duplicates_.end();) {
        at = records[at->first] < 2 ? duplicates_.erase(at) : std::next(at);
    }
    for (const auto& entry : owners) {
        const bool fresh =
            entry.second.size() > 1 && duplicates_.emplace(entry.first, context_.network.now).second;
        const bool collided = std::any_of(colliding_.begin(), colliding_.end(),
                                          [&](const auto& one) { return (one.second == entry.first); });
        if (fresh && !collided && context_.enforced && revived.count(entry.first) == 0) {
            context_.addViolation("R3: several hosts have a live lease of " + entry.first.second +
                                  " without a collision" + texts[entry.first]);
        }
    }
}

void
ConcurrentServersRule::forgetLeases() {
    colliding_.clear();
    affected_.clear();
    const bool enforced = context_.enforced;
    context_.enforced = false;
    checkLeases();
    context_.enforced = enforced;
}

void
ConcurrentServersRule::afterReplies() {
    if (!context_.network.two_servers) {
        return;
    }
    checkLeases();
    for (const Host& host : context_.network.hosts()) {
        const bool recovered = usesOwnLease(host);
        const bool collided = colliding_.count(host.number) != 0;
        if (affected_.count(host.number) != 0) {
            if (recovered) {
                recordRecovery(host.number);
            } else if (answered_.count(host.number) != 0 && !collided) {
                context_.addViolation("two servers: " + host.toText() +
                                      " is still affected by a collision after its next reply");
            }
        } else if (collided && !recovered && context_.enforced) {
            affected_[host.number] = context_.network.now;
            ++affected_total_;
        }
    }
    colliding_.clear();
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
