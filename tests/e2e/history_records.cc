// SPDX-License-Identifier: MPL-2.0
#include "history_rules.h"

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

std::string
ownerOf(const Row& row) {
    return (row.hw_address + ", " + row.client_id);
}

}  // namespace

void
RecordRule::asking(const Query& query) {
    const uint8_t type = query.packet.type();
    const Host& host = scene_.hostOf(query);
    const Address address =
        query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(query.packet.ciaddr);
    // Kea takes whoever sends no identifier for anybody behind the same hardware address.
    const Row& row = scene_.journal.at(address);
    const bool own = scene_.isRecordOf(row, host) ||
                     (row.hw_address == host.hwText() && (!host.identifier || row.client_id.empty()));
    if (own && (type == RELEASE || type == DECLINE)) {
        given_up_.emplace(address, host.hwText());
    }
}

void
RecordRule::changed(const Change& change) {
    const Row& before = change.before;
    const Row& after = change.after;
    const auto given_up = given_up_.find({after.address, before.hw_address});
    const bool by_owner = given_up != given_up_.end();
    if (by_owner) {
        given_up_.erase(given_up);
    }
    if (!scene_.promising || by_owner || !before.live(scene_.world.now)) {
        return;
    }
    const bool ended = !after.live(scene_.world.now) || after.expires < before.expires;
    // Kea takes whoever sends no identifier for anybody behind the same hardware address.
    const bool anonymous = before.client_id.empty() || after.client_id.empty();
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
    scene_.journal.each(key.second, [&](const Row& row) {
        // Not even an expired record of another: with takeover "never", or once the conflict is confirmed, it
        // keeps everybody else out.
        free = free && (networkOfSubnet(row.subnet) != key.first || row.hw_address == host.hwText());
    });
    scene_.journal.each(host.derivedText(), [&](const Row& row) {
        // Who has been a claimant stays one, or returns: both are right.
        free = free && networkOfSubnet(row.subnet) != key.first;
    });
    return (free);
}

void
ClaimRule::asking(const std::vector<Query>& queries) {
    std::map<Key, std::set<std::string>> together;
    for (const Query& query : queries) {
        const Host& host = scene_.hostOf(query);
        if (query.wantsReply() && host.guarded()) {
            together[{query.network, host.identifierText()}].insert(host.hwText());
        }
    }
    const uint64_t now = scene_.world.now;
    for (const Query& query : queries) {
        const Host& host = scene_.hostOf(query);
        const Key key{query.network, host.identifierText()};
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
ClaimRule::changed(const Change& change) {
    const Row& before = change.before;
    const Row& after = change.after;
    if (!scene_.promising || !after.live(scene_.world.now) || after.client_id.empty()) {
        return;
    }
    const unsigned network = networkOfSubnet(after.subnet);
    if (const auto* one = contested({network, after.client_id}, after.hw_address)) {
        scene_.complain("R3: " + ownerOf(after) + " got the record of " + after.address.toText() +
                        " while " + one->winner + " had the claim");
    }
    if (before.client_id.empty() || before.client_id == after.client_id) {
        return;
    }
    const Bytes derived = derivedIdentifier(fromHex(after.hw_address), fromHex(before.client_id));
    const auto* one = contested({network, before.client_id}, after.hw_address);
    if (one != nullptr && after.client_id == toHex(derived)) {
        scene_.complain("R6: claimant " + ownerOf(after) + " got " + after.address.toText() +
                        ", which is on record under the identifier itself, while " + one->winner +
                        " had the claim");
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
