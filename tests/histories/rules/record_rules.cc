// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/rules.h>

#include <algorithm>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

std::string
ownerOf(const Row& row) {
    return (row.hw_address + ", " + row.client_id);
}

/// Whether a row is about the other's identifier: itself, or derived from it for another hardware address.
bool
related(const Row& row, const Row& other) {
    const auto& identifier = other.client_id;
    return (row.client_id == identifier ||
            row.client_id == toHex(derivedIdentifier(fromHex(row.hw_address), fromHex(identifier))));
}

}  // namespace

std::set<Address>
findRaces(const std::vector<Change>& changes, uint64_t now) {
    struct Runners {
        Row record;            ///< before any of them
        bool removed = false;  ///< by one who had it before, after another got it
        std::set<std::string> all;
        std::set<std::string> related;
    };
    std::map<Address, Runners> found;
    for (const Change& change : changes) {
        const auto inserted = found.emplace(change.after.address, Runners{change.before, false, {}, {}});
        Runners& runners = inserted.first->second;
        runners.removed =
            runners.removed || (change.before.live(now) && change.after.valid_lifetime == 0 &&
                                change.before.hw_address != runners.record.hw_address);
        if (change.after.live(now)) {
            runners.all.insert(change.after.hw_address + change.after.client_id);
            if (related(change.after, runners.record)) {
                runners.related.insert(change.after.hw_address);
            }
        }
    }
    std::set<Address> races;
    for (const auto& entry : found) {
        const Runners& runners = entry.second;
        const bool expired = !runners.record.live(now) && !runners.record.hw_address.empty();
        if (expired && (runners.removed || runners.all.size() > 1) && runners.related.size() < 2) {
            races.insert(entry.first);
        }
    }
    return (races);
}

void
RecordRule::asking(const std::vector<Query>& queries) {
    given_up_before_ = std::move(given_up_);
    given_up_.clear();
    for (const Query& query : queries) {
        const Host& host = scene_.hostOf(query);
        const Address named =
            query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(query.packet.ciaddr);
        for (const auto& entry : scene_.journal.rows()) {
            const Row& row = entry.second;
            // Who has a lease and asks for another address gives up the first.
            const bool gives_up = query.packet.type() == REQUEST
                                      ? row.address != named
                                      : query.packet.type() != DISCOVER && row.address == named;
            // Kea takes whoever sends no identifier for anybody behind the same hardware address.
            const bool own = scene_.isRecordOf(row, host) || !host.identifier || row.client_id.empty();
            if (gives_up && own && row.hw_address == host.hwText()) {
                given_up_.emplace(row.address, row.hw_address);
            }
        }
    }
}

bool
RecordRule::hasAnonymous(const std::string& hw_address) const {
    const auto& hosts = scene_.world.hosts();
    return (std::any_of(hosts.begin(), hosts.end(), [&hw_address](const Host& host) {
        return (!host.identifier && host.hwText() == hw_address);
    }));
}

void
RecordRule::checkTakeover(const Change& change) {
    const Row& after = change.after;
    if (!scene_.promising || scene_.takeover != "never" || !after.live(scene_.world.now) ||
        scene_.meetings.excuses(after.hw_address, after.client_id) ||
        after.client_id.compare(0, 2, "ff") != 0) {
        return;
    }
    bool anothers = false;
    bool own = false;
    const auto look = [&](const Row& row) {
        if (row.client_id == after.client_id &&
            networkOfSubnet(row.subnet) == networkOfSubnet(after.subnet)) {
            // Of its own, one will do that it has just given up for this one.
            own = own || row.hw_address == after.hw_address;
            anothers = anothers || (row.hw_address != after.hw_address && row.valid_lifetime > 0);
        }
    };
    look(change.before);
    for (const auto& entry : scene_.journal.rows()) {
        if (entry.first != after.address) {
            look(entry.second);
        }
    }
    if (anothers && !own) {
        scene_.complain("R9: " + ownerOf(after) + " got " + after.address.toText() +
                        " while there was a record of another");
    }
}

void
RecordRule::changed(const Change& change) {
    checkTakeover(change);
    const Row& before = change.before;
    const Row& after = change.after;
    // With threads the server may be a little behind.
    const auto who = std::make_pair(after.address, before.hw_address);
    const bool by_owner = given_up_.count(who) != 0 || given_up_before_.count(who) != 0;
    if (!scene_.promising || by_owner || scene_.raced.count(after.address) != 0 ||
        scene_.meetings.excuses(before.hw_address, before.client_id) || !before.live(scene_.world.now) ||
        Scene::isForged(before)) {
        return;
    }
    // Kea takes whoever sends no identifier for anybody behind the same hardware address.
    const bool anonymous = before.client_id.empty() || after.client_id.empty();
    const bool ended = (!after.live(scene_.world.now) || after.expires < before.expires) &&
                       !hasAnonymous(before.hw_address);
    const bool same =
        before.hw_address == after.hw_address && (before.client_id == after.client_id || anonymous);
    if (ended || !same) {
        scene_.complain(std::string(looksDerived(fromHex(before.client_id)) ? "I3" : "I2") +
                        ": the live record of " + after.address.toText() + " for " + ownerOf(before) +
                        (ended ? " was ended" : " went to " + ownerOf(after)));
    }
}

bool
ClaimRule::passes(const Key& key, const Host& host) const {
    bool free = true;
    scene_.journal.each(std::get<2>(key), [&](const Row& row) {
        // Not even an expired record of another: with takeover "never", or once the conflict is confirmed, it
        // keeps everybody else out. Whose own lease lasts needs no claim, and may have none when it gives it up.
        const bool own = row.hw_address == host.hwText() && !row.live(scene_.world.now);
        free = free && (networkOfSubnet(row.subnet) != std::get<1>(key) || own);
    });
    scene_.journal.each(host.derivedText(), [&](const Row& row) {
        // Who has been a claimant stays one, or returns: both are right.
        free = free && networkOfSubnet(row.subnet) != std::get<1>(key);
    });
    return (free);
}

void
ClaimRule::asking(const std::vector<Query>& queries) {
    std::map<Key, std::set<std::string>> together;
    for (const Query& query : queries) {
        const Host& host = scene_.hostOf(query);
        if (query.wantsReply() && host.guarded()) {
            turned_to_[{host.hwText(), host.identifierText()}] = query.server;
            turned_to_[{host.hwText(), host.derivedText()}] = query.server;
            together[{query.server, query.network, host.identifierText()}].insert(host.hwText());
        }
    }
    const uint64_t now = scene_.world.now;
    for (const Query& query : queries) {
        const Host& host = scene_.hostOf(query);
        const Key key{query.server, query.network, host.identifierText()};
        if (!query.wantsReply() || !host.guarded() || looksDerived(*host.identifier)) {
            continue;
        }
        Case& one = cases_[key];
        bool alone = together[key].size() == 1;
        for (const auto& entry : one.asked) {
            alone = alone && (entry.first == host.hwText() || entry.second + CLAIM_WINDOW < now);
        }
        if (alone && one.until <= now && scene_.promising && passes(key, host)) {
            one.winner = host.hwText();
            one.until = now + CLAIM_WINDOW;
        }
    }
    for (const auto& entry : together) {
        for (const auto& hw_address : entry.second) {
            cases_[entry.first].asked[hw_address] = now;
        }
    }
}

const ClaimRule::Case*
ClaimRule::contested(const Key& key, const std::string& hw_address) const {
    const auto found = cases_.find(key);
    const bool is = found != cases_.end() && scene_.world.now < found->second.until &&
                    found->second.winner != hw_address;
    return (is ? &found->second : nullptr);
}

void
ClaimRule::forget(unsigned server) {
    for (auto at = cases_.begin(); at != cases_.end();) {
        const bool its = server == EVERY_SERVER || std::get<0>(at->first) == server;
        at = its ? cases_.erase(at) : std::next(at);
    }
}

void
ClaimRule::changed(const Change& change) {
    const Row& before = change.before;
    const Row& after = change.after;
    if (!scene_.promising || !after.live(scene_.world.now) || after.client_id.empty()) {
        return;
    }
    const unsigned network = networkOfSubnet(after.subnet);
    const unsigned server = turned_to_[{after.hw_address, after.client_id}];
    if (const auto* one = contested({server, network, after.client_id}, after.hw_address)) {
        scene_.complain("R3: " + ownerOf(after) + " got the record of " + after.address.toText() +
                        " while " + one->winner + " had the claim");
    }
    // What is on record, by whatever server, beats the claims that others remember.
    for (auto& entry : cases_) {
        if (std::get<0>(entry.first) != server && std::get<1>(entry.first) == network &&
            std::get<2>(entry.first) == after.client_id) {
            entry.second.until = 0;
        }
    }
    // Of a lease that was released or removed there is no record.
    if (before.valid_lifetime == 0 || before.client_id.empty() || before.client_id == after.client_id) {
        return;
    }
    const Bytes derived = derivedIdentifier(fromHex(after.hw_address), fromHex(before.client_id));
    const auto* one = contested({server, network, before.client_id}, after.hw_address);
    if (one != nullptr && after.client_id == toHex(derived)) {
        scene_.complain("R6: claimant " + ownerOf(after) + " got " + after.address.toText() +
                        ", which is on record under the identifier itself, while " + one->winner +
                        " had the claim");
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
