// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/reply_rules.h>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// The address that a message is about. A host that requests another address than its last one is owed no reply.
Address
addressOf(const Query& query, const Host& host) {
    if (query.packet.type() == DISCOVER) {
        return (host.last);
    }
    return (query.packet.ciaddr.isZero()
                ? query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(Address())
                : query.packet.ciaddr);
}

}  // namespace

/// R9: a claimant returns to its identifier with a DISCOVER if no other host has a live lease of the identifier.
bool
ReplyRule::mayReturn(const Query& query) const {
    const Host& host = context_.hostOf(query);
    bool anothers = false;
    context_.journal.each(host.identifierText(), [&](const Row& row) {
        anothers =
            anothers || (networkOfSubnet(row.subnet) == host.network && row.live(context_.network.now) &&
                         row.hw_address != host.hwText() && isUsable(row.hw_address));
    });
    return (query.packet.type() == DISCOVER && !anothers);
}

/// A host with a live lease is owed a reply with the address of the lease.
///
/// Nothing is owed if Kea can choose between two leases: two of the same identifier (which "monitor" leaves behind), or
/// one under each identifier of the host (the host has just returned to its own identifier).
std::optional<ReplyRule::ExpectedReply>
ReplyRule::expectedReplyTo(const Query& query) {
    const Host& host = context_.hostOf(query);
    const Row& row = context_.journal.at(host.last);
    if (context_.concurrent_servers.isAffected(host) ||
        context_.concurrent_servers.hasDuplicates(host) || !query.wantsReply() || host.last.isZero() ||
        host.gave_up || addressOf(query, host) != host.last || !row.live(context_.network.now) ||
        !context_.isLeaseOf(row, host) || query.network != host.network ||
        networkOfSubnet(row.subnet) != host.network) {
        return (std::nullopt);
    }
    const bool derived = row.client_id != host.identifierText();
    if (derived && context_.policy == "refuse") {
        return (std::nullopt);
    }
    bool choice = false;
    const auto look = [&](const Row& other) {
        choice = choice || (other.address != row.address && other.live(context_.network.now) &&
                            networkOfSubnet(other.subnet) == host.network &&
                            (!derived || other.hw_address == host.hwText()));
    };
    if (host.identifier) {
        context_.journal.each(host.identifierText(), look);
    } else {
        // Kea uses the first lease of the hardware address, even if that lease has expired or was released.
        for (const auto& entry : context_.journal.rows()) {
            const Row& other = entry.second;
            choice = choice || (other.hw_address == row.hw_address && other.address != row.address &&
                                other.onRecord());
        }
    }
    if (derived) {
        context_.journal.each(host.derivedText(), look);
    }
    if (choice) {
        return (std::nullopt);
    }
    if (context_.stale_leases.hasSeveralLeases(host)) {
        context_.stale_leases.excuse();
        return (std::nullopt);
    }
    return (ExpectedReply{host.last, derived, derived && mayReturn(query)});
}

void
ReplyRule::beforeSend(const Query& query) {
    if (!context_.enforced) {
        return;
    }
    if (const auto expected = expectedReplyTo(query)) {
        expected_replies_[query.packet.xid] = *expected;
    }
}

void
ReplyRule::checkEcho(const Query& query, const Packet& reply) {
    const auto own = query.packet.option(OPTION_CLIENT_IDENTIFIER);
    const auto echo = reply.option(OPTION_CLIENT_IDENTIFIER);
    if (own != echo) {
        context_.addViolation("I4: " + context_.hostOf(query).toText() + " got option 61 " +
                              (echo ? toHex(*echo) : "absent"));
    }
}

void
ReplyRule::checkShared(const Host& host) {
    for (const Host& other : context_.network.hosts()) {
        if (other.number == host.number || other.last != host.last ||
            !other.holds(context_.network.now) || context_.concurrent_servers.excuses(other)) {
            continue;
        }
        // For Kea a client without identifier is every client with the same hardware address.
        const bool own = other.hw_address == host.hw_address && (!host.identifier || !other.identifier);
        if (!own) {
            context_.addViolation("I1: " + host.toText() + " got " + host.last.toText() + ", which " +
                                  other.toText() + " is using");
        }
    }
}

void
ReplyRule::onReply(const Query& query, const Packet& reply) {
    const Host& host = context_.hostOf(query);
    checkEcho(query, reply);
    if (!context_.enforced) {
        return;
    }
    if (reply.type() == ACK && context_.races.count(reply.yiaddr) == 0) {
        checkShared(host);
    }
    const auto found = expected_replies_.find(query.packet.xid);
    if (found == expected_replies_.end()) {
        return;
    }
    const ExpectedReply expected = found->second;
    expected_replies_.erase(found);
    if (reply.type() != NAK && reply.yiaddr == expected.address) {
        return;
    }
    // The holder may have given up its lease meanwhile.
    if (expected.may_return || (expected.derived && mayReturn(query))) {
        return;
    }
    context_.addViolation(std::string(expected.derived ? "I3: claimant " : "I2: holder ") +
                          host.toText() + " has " + expected.address.toText() + " and got " +
                          reply.toText());
}

void
ReplyRule::onSilence(const Query& query) {
    const auto found = expected_replies_.find(query.packet.xid);
    if (found == expected_replies_.end()) {
        return;
    }
    const ExpectedReply expected = found->second;
    expected_replies_.erase(found);
    const Host& host = context_.hostOf(query);
    if (expected.may_return) {
        // If the pool is full, no second address is left for the return. The guard tries the return only once.
        uint64_t& before = missed_offers_[host.hwText() + ", " + host.identifierText()];
        const bool again = before < context_.network.now && context_.network.now < before + CLAIM_WINDOW;
        if (!again) {
            before = context_.network.now;
            return;
        }
    }
    context_.addViolation(std::string(expected.derived ? "I3: claimant " : "I2: holder ") +
                          host.toText() + " has " + expected.address.toText() +
                          " and got no answer to " + query.packet.toText());
}

void
ReplyRule::enforceAgain() {
    for (Host& host : context_.network.hosts()) {
        const Row& row = context_.journal.at(host.last);
        if (!row.live(context_.network.now) || !context_.isLeaseOf(row, host)) {
            host.in_use = false;
        }
    }
}

void
ReplyRule::excuseRaces() {
    for (Host& host : context_.network.hosts()) {
        const Row& row = context_.journal.at(host.last);
        if (context_.races.count(host.last) != 0 &&
            (row.valid_lifetime == 0 || !context_.isLeaseOf(row, host))) {
            host.in_use = false;
        }
    }
}

void
ReplyRule::checkLease(const Host& host) {
    if (!context_.enforced || !host.holds(context_.network.now) ||
        context_.concurrent_servers.excuses(host)) {
        return;
    }
    const Row& row = context_.journal.at(host.last);
    // A boot stage without identifier takes over the lease of its machine and removes the identifier from the lease.
    const bool own = context_.isLeaseOf(row, host) ||
                     (host.spec.kind == HostKind::BOOT_STAGE && row.hw_address == host.hwText());
    if (!own || !row.live(context_.network.now) || row.expires < host.until) {
        context_.addViolation(context_.ruleOr("I5") + ": " + host.toText() + " got " +
                              host.last.toText() + " until " + std::to_string(host.until) +
                              ", and the lease is of " + row.hw_address + ", " + row.client_id +
                              " until " + std::to_string(row.expires) + ", state " +
                              std::to_string(row.state));
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
