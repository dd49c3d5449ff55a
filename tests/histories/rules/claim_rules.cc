// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/claim_rules.h>

namespace clone_guard {
namespace e2e {
namespace history {

bool
ClaimRule::passes(const Key& key, const Host& host) const {
    bool free = true;
    context_.journal.each(std::get<2>(key), [&](const Row& row) {
        // An expired lease of another host excludes the host, too: with takeover "never", or in a confirmed conflict.
        // A host whose own lease lasts needs no claim, and may have none when it gives up the lease.
        const bool own = row.hw_address == host.hwText() && !row.live(context_.network.now);
        free = free && (networkOfSubnet(row.subnet) != std::get<1>(key) || own);
    });
    context_.journal.each(host.derivedText(), [&](const Row& row) {
        // A former claimant may stay a claimant or return: both are correct.
        free = free && networkOfSubnet(row.subnet) != std::get<1>(key);
    });
    return (free);
}

void
ClaimRule::beforeSend(const std::vector<Query>& queries) {
    std::map<Key, std::set<std::string>> together;
    for (const Query& query : queries) {
        const Host& host = context_.hostOf(query);
        if (!query.wantsReply()) {
            endClaim(query);
        } else if (host.guarded()) {
            last_server_[{host.hwText(), host.identifierText()}] = query.server;
            last_server_[{host.hwText(), host.derivedText()}] = query.server;
            together[{query.server, query.network, host.identifierText()}].insert(host.hwText());
        }
    }
    const uint64_t now = context_.network.now;
    for (const Query& query : queries) {
        const Host& host = context_.hostOf(query);
        const Key key{query.server, query.network, host.identifierText()};
        if (!query.wantsReply() || !host.guarded() || looksDerived(*host.identifier)) {
            continue;
        }
        ClaimState& claim = claims_[key];
        bool alone = together[key].size() == 1;
        for (const auto& entry : claim.asked) {
            alone = alone && (entry.first == host.hwText() || entry.second + CLAIM_WINDOW < now);
        }
        // A machine that asks and takes no lease does not keep the claim.
        const uint64_t first = claim.asked_first.emplace(host.hwText(), now).first->second;
        const bool takes = now < first + 2 * CLAIM_WINDOW;
        if (alone && takes && claim.until <= now && context_.enforced && passes(key, host)) {
            claim.winner = host.hwText();
            claim.until = now + CLAIM_WINDOW;
        }
    }
    for (const auto& entry : together) {
        for (const auto& hw_address : entry.second) {
            claims_[entry.first].asked[hw_address] = now;
        }
    }
}

/// A claim ends with the RELEASE or DECLINE of the machine that has it.
void
ClaimRule::endClaim(const Query& query) {
    const Host& host = context_.hostOf(query);
    for (auto& entry : claims_) {
        if (std::get<2>(entry.first) == host.identifierText() && entry.second.winner == host.hwText()) {
            entry.second.until = 0;
        }
    }
}

void
ClaimRule::recordStranger(const std::string& identifier, const std::string& hw_address) {
    for (const unsigned server : {0U, 1U, 2U}) {
        for (const unsigned network : {0U, 1U}) {
            claims_[{server, network, identifier}].asked[hw_address] = context_.network.now;
        }
    }
}

const ClaimRule::ClaimState*
ClaimRule::claimOfAnother(const Key& key, const std::string& hw_address) const {
    const auto found = claims_.find(key);
    const bool is = found != claims_.end() && context_.network.now < found->second.until &&
                    found->second.winner != hw_address;
    return (is ? &found->second : nullptr);
}

void
ClaimRule::forget(unsigned server) {
    for (auto at = claims_.begin(); at != claims_.end();) {
        const bool its = server == EVERY_SERVER || std::get<0>(at->first) == server;
        at = its ? claims_.erase(at) : std::next(at);
    }
}

void
ClaimRule::onChange(const Change& change) {
    const Row& before = change.before;
    const Row& after = change.after;
    if (!context_.enforced || !after.live(context_.network.now) || after.client_id.empty()) {
        return;
    }
    const unsigned network = networkOfSubnet(after.subnet);
    const unsigned server = last_server_[{after.hw_address, after.client_id}];
    const auto* winner = claimOfAnother({server, network, after.client_id}, after.hw_address);
    if (const auto* claim = isUsable(after.hw_address) && !after.isBootp() ? winner : nullptr) {
        context_.addViolation("R3: " + after.owner() + " got the lease of " + after.address.toText() +
                              " while " + claim->winner + " had the claim");
    }
    // A lease takes precedence over the claims in the memory of other servers, and that of a BOOTP client, which needs no
    // claim, over all claims.
    for (auto& entry : claims_) {
        if (std::get<2>(entry.first) == after.client_id) {
            entry.second.asked_first.erase(after.hw_address);
        }
        if ((std::get<0>(entry.first) != server || after.isBootp()) &&
            std::get<1>(entry.first) == network && std::get<2>(entry.first) == after.client_id) {
            entry.second.until = 0;
        }
    }
    // A released or removed lease protects no address.
    if (before.valid_lifetime == 0 || before.client_id.empty() || before.client_id == after.client_id) {
        return;
    }
    const Bytes derived = derivedIdentifier(fromHex(after.hw_address), fromHex(before.client_id));
    const auto* claim = claimOfAnother({server, network, before.client_id}, after.hw_address);
    if (claim != nullptr && after.client_id == toHex(derived)) {
        context_.addViolation("R6: claimant " + after.owner() + " got " + after.address.toText() +
                              ", the address of a lease under the identifier itself, while " +
                              claim->winner + " had the claim");
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
