// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/concurrent_servers.h>

#include <tests/histories/rules/rules.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

/// Whether nobody has a live record of an identifier that lasts until the messages have been dealt with.
bool
MeetingRule::contested(const Identity& identity, const std::vector<Query>& queries) const {
    bool held = false;
    scene_.journal.each(identity.second, [&](const Row& row) {
        const bool given_up = std::any_of(queries.begin(), queries.end(), [&](const Query& query) {
            return (!query.wantsReply() && scene_.hostOf(query).hwText() == row.hw_address);
        });
        held = held || (networkOfSubnet(row.subnet) == identity.first && row.live(scene_.world.now) &&
                        !given_up);
    });
    return (!held);
}

void
MeetingRule::asking(const std::vector<Query>& queries) {
    meeting_.clear();
    heard_.clear();
    std::map<Identity, std::vector<const Query*>> together;
    for (const Query& query : queries) {
        const Host& host = scene_.hostOf(query);
        if (query.packet.type() == REQUEST && host.guarded()) {
            together[{query.network, host.identifierText()}].push_back(&query);
        }
    }
    for (const auto& entry : together) {
        std::set<unsigned> servers;
        std::set<std::string> hw_addresses;
        for (const Query* query : entry.second) {
            servers.insert(query->server);
            hw_addresses.insert(scene_.hostOf(*query).hwText());
        }
        if (servers.size() < 2 || hw_addresses.size() < 2 || !contested(entry.first, queries)) {
            continue;
        }
        ++meetings_;
        for (const Query* query : entry.second) {
            meeting_[query->host] = entry.first;
        }
    }
}

bool
MeetingRule::excuses(const std::string& hw_address, const std::string& client_id) const {
    return (std::any_of(meeting_.begin(), meeting_.end(), [&](const auto& entry) {
        return (entry.second.second == client_id &&
                scene_.world.hosts().at(entry.first).hwText() == hw_address);
    }));
}

void
MeetingRule::heard(const Query& query, const Packet& reply) {
    heard_.insert(query.host);
    const Host& host = scene_.hostOf(query);
    const auto doubled = doubled_.find({host.network, host.identifierText()});
    if (doubled != doubled_.end() && reply.type() == NAK && host.holds(scene_.world.now) &&
        scene_.isRecordOf(scene_.journal.at(host.last), host)) {
        ++displaced_;
        latest_ = std::max(latest_, scene_.world.now - doubled->second);
    }
}

/// Whether a host uses nothing but what is on record for it, and nobody else uses.
bool
MeetingRule::isRight(const Host& host) const {
    const uint64_t now = scene_.world.now;
    if (!host.holds(now)) {
        return (true);
    }
    const Row& row = scene_.journal.at(host.last);
    return (row.live(now) && scene_.isRecordOf(row, host));
}

void
MeetingRule::putRight(unsigned host) {
    const uint64_t over = std::min(scene_.world.now, scene_.world.hosts().at(host).until);
    longest_ = std::max(longest_, over - std::min(over, harmed_.at(host)));
    harmed_.erase(host);
}

/// Live records of one identifier for several hardware addresses come of meetings only, or of a server that has
/// returned with one that was forgotten.
void
MeetingRule::checkRecords() {
    std::map<Identity, std::set<std::string>> owners;
    std::map<Identity, std::string> texts;
    std::map<Identity, unsigned> records;
    std::set<Identity> revived;
    for (const auto& entry : scene_.journal.rows()) {
        const Row& row = entry.second;
        const Identity identity{networkOfSubnet(row.subnet), row.client_id};
        if (row.valid_lifetime > 0 && row.client_id.compare(0, 2, "ff") == 0) {
            ++records[identity];
            if (scene_.returns.isBack(row.address)) {
                revived.insert(identity);
            }
            if (row.live(scene_.world.now)) {
                owners[identity].insert(row.hw_address);
                texts[identity] += "; " + row.toText();
            }
        }
    }
    for (auto at = doubled_.begin(); at != doubled_.end();) {
        at = records[at->first] < 2 ? doubled_.erase(at) : std::next(at);
    }
    for (const auto& entry : owners) {
        const bool fresh =
            entry.second.size() > 1 && doubled_.emplace(entry.first, scene_.world.now).second;
        const bool met = std::any_of(meeting_.begin(), meeting_.end(),
                                     [&](const auto& one) { return (one.second == entry.first); });
        if (fresh && !met && scene_.promising && revived.count(entry.first) == 0) {
            scene_.complain("R3: several have a live record of " + entry.first.second +
                            " and their messages did not meet" + texts[entry.first]);
        }
    }
}

void
MeetingRule::forgetRecords() {
    meeting_.clear();
    harmed_.clear();
    const bool promising = scene_.promising;
    scene_.promising = false;
    checkRecords();
    scene_.promising = promising;
}

void
MeetingRule::answered() {
    if (!scene_.world.two_servers) {
        return;
    }
    checkRecords();
    for (const Host& host : scene_.world.hosts()) {
        const bool right = isRight(host);
        const bool met = meeting_.count(host.number) != 0;
        if (harmed_.count(host.number) != 0) {
            if (right) {
                putRight(host.number);
            } else if (heard_.count(host.number) != 0 && !met) {
                scene_.complain("two servers: " + host.toText() +
                                " was not put right by the next answer that it got");
            }
        } else if (met && !right && scene_.promising) {
            harmed_[host.number] = scene_.world.now;
            ++harmed_ever_;
        }
    }
    meeting_.clear();
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
