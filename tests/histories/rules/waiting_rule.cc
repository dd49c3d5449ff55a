// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/waiting_rule.h>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// The number of claim windows after which a machine without lease loses the claim.
const unsigned WINDOWS = 3;

/// The seconds for which a host that does not take an offer has to leave the claim to others at most.
const unsigned PATIENCE = 600;

}  // namespace

/// Whether no other machine has a record of the identifier, the host is not a claimant, and the pool has free addresses.
bool
WaitingRule::maySucceed(const Host& host) const {
    unsigned used = 0;
    bool free = true;
    for (const auto& entry : context_.journal.rows()) {
        const Row& row = entry.second;
        if (networkOfSubnet(row.subnet) != host.network || !row.onRecord()) {
            continue;
        }
        used += context_.network.now <= row.expires ? 1 : 0;
        const bool others = row.client_id == host.identifierText() && row.hw_address != host.hwText();
        free = free && !others && row.client_id != host.derivedText();
    }
    const unsigned room = host.network == 0 ? poolSize(1) : poolSize(2) + poolSize(3);
    return (free && used + 2 < room);
}

void
WaitingRule::beforeSend(const Query& query) {
    const Host& host = context_.hostOf(query);
    if (!host.guarded() || !query.wantsReply()) {
        return;
    }
    recordRival(host.identifierText(), host.hwText());
    const Machine machine(host.hwText(), host.identifierText());
    const auto key = std::make_pair(query.server, machine);
    const uint64_t now = context_.network.now;
    const auto offer = not_taken_.find(machine);
    const bool had_offer = offer != not_taken_.end() && now < offer->second + PATIENCE;
    if (had_offer || !context_.enforced || query.packet.type() != DISCOVER ||
        looksDerived(*host.identifier) || !maySucceed(host)) {
        waiting_.erase(key);
        return;
    }
    const auto inserted = waiting_.emplace(key, Waiting{now, now, {}});
    Waiting& waiting = inserted.first->second;
    if (now > waiting.latest + CLAIM_WINDOW) {
        waiting = {now, now, {}};
    }
    waiting.latest = now;
}

void
WaitingRule::recordRival(const std::string& identifier, const std::string& hw_address) {
    for (auto& entry : waiting_) {
        const Machine& machine = entry.first.second;
        if (machine.second == identifier && machine.first != hw_address) {
            entry.second.rivals.insert(hw_address);
        }
    }
}

void
WaitingRule::onReply(const Query& query, const Packet& reply) {
    const Host& host = context_.hostOf(query);
    const Machine machine(host.hwText(), host.identifierText());
    waiting_.erase({query.server, machine});
    if (reply.type() == OFFER) {
        not_taken_[machine] = context_.network.now;
    } else if (reply.type() == ACK) {
        not_taken_.erase(machine);
    }
}

void
WaitingRule::onSilence(const Query& query) {
    const Host& host = context_.hostOf(query);
    const auto found = waiting_.find({query.server, {host.hwText(), host.identifierText()}});
    if (found == waiting_.end()) {
        return;
    }
    const Waiting& waiting = found->second;
    const uint64_t waited = context_.network.now - waiting.since;
    if (waited > WINDOWS * CLAIM_WINDOW * std::max<size_t>(1, waiting.rivals.size())) {
        context_.addViolation("R3: " + host.toText() + " has waited for " + std::to_string(waited) +
                              " s with " + std::to_string(waiting.rivals.size()) +
                              " rivals, of which none has a lease");
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
