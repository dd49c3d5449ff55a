// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/rules.h>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// The address that a message is about: who asks for another one than it had is owed nothing.
Address
meant(const Query& query, const Host& host) {
    if (query.packet.type() == DISCOVER) {
        return (host.last);
    }
    return (query.packet.ciaddr.isZero()
                ? query.packet.addressOption(OPTION_REQUESTED_ADDRESS).value_or(Address())
                : query.packet.ciaddr);
}

}  // namespace

bool
Scene::isRecordOf(const Row& row, const Host& host) const {
    return (row.hw_address == host.hwText() &&
            (row.client_id == host.identifierText() ||
             (host.guarded() && row.client_id == host.derivedText())) &&
            !isForged(row));
}

bool
Scene::isForged(const Row& row) {
    const Bytes identifier = fromHex(row.client_id);
    const std::string own = toHex(derivedIdentifier(fromHex(row.hw_address), {}));
    return (looksDerived(identifier) && row.client_id.compare(0, own.size(), own) != 0);
}

/// R9: a claimant returns with a DISCOVER once nobody else has a live record of its identifier.
bool
PromiseRule::mayReturn(const Query& query) const {
    const Host& host = scene_.hostOf(query);
    bool anothers = false;
    scene_.journal.each(host.identifierText(), [&](const Row& row) {
        anothers = anothers || (networkOfSubnet(row.subnet) == host.network &&
                                row.live(scene_.world.now) && row.hw_address != host.hwText());
    });
    return (query.packet.type() == DISCOVER && !anothers);
}

/// A host whose record is live is owed an answer with the address on record.
///
/// Nothing is owed where there are two records to choose from: of the same identifier (which "monitor" leaves
/// behind), or one under each of a host's identifiers (it has just returned to its own).
std::optional<PromiseRule::Debt>
PromiseRule::debtOf(const Query& query) {
    const Host& host = scene_.hostOf(query);
    const Row& row = scene_.journal.at(host.last);
    if (scene_.meetings.isHarmed(host) || scene_.meetings.isDoubled(host) || !query.wantsReply() ||
        host.last.isZero() || host.gave_up || meant(query, host) != host.last ||
        !row.live(scene_.world.now) || !scene_.isRecordOf(row, host) || query.network != host.network ||
        networkOfSubnet(row.subnet) != host.network) {
        return (std::nullopt);
    }
    const bool derived = row.client_id != host.identifierText();
    if (derived && scene_.policy == "refuse") {
        return (std::nullopt);
    }
    bool choice = false;
    const auto look = [&](const Row& other) {
        choice = choice || (other.address != row.address && other.live(scene_.world.now) &&
                            networkOfSubnet(other.subnet) == host.network &&
                            (!derived || other.hw_address == host.hwText()));
    };
    if (host.identifier) {
        scene_.journal.each(host.identifierText(), look);
    } else {
        // Kea takes the first that it finds behind the hardware address, even one that has run out.
        for (const auto& entry : scene_.journal.rows()) {
            const Row& other = entry.second;
            choice = choice || (other.hw_address == row.hw_address && other.address != row.address &&
                                other.valid_lifetime > 0);
        }
    }
    if (derived) {
        scene_.journal.each(host.derivedText(), look);
    }
    if (choice) {
        return (std::nullopt);
    }
    if (scene_.returns.hasSeveral(host)) {
        scene_.returns.excuse();
        return (std::nullopt);
    }
    return (Debt{host.last, derived, derived && mayReturn(query)});
}

void
PromiseRule::asking(const Query& query) {
    if (!scene_.promising) {
        return;
    }
    if (const auto debt = debtOf(query)) {
        debts_[query.packet.xid] = *debt;
    }
}

void
PromiseRule::checkEcho(const Query& query, const Packet& reply) {
    const auto own = query.packet.option(OPTION_CLIENT_IDENTIFIER);
    const auto echo = reply.option(OPTION_CLIENT_IDENTIFIER);
    if (own != echo) {
        scene_.complain("I4: " + scene_.hostOf(query).toText() + " got option 61 " +
                        (echo ? toHex(*echo) : "absent"));
    }
}

void
PromiseRule::checkShared(const Host& host) {
    for (const Host& other : scene_.world.hosts()) {
        if (other.number == host.number || other.last != host.last || !other.holds(scene_.world.now) ||
            scene_.meetings.excuses(other)) {
            continue;
        }
        // Kea takes whoever sends no identifier for anybody behind the same hardware address.
        const bool own = other.hw_address == host.hw_address && (!host.identifier || !other.identifier);
        if (!own) {
            scene_.complain("I1: " + host.toText() + " was given " + host.last.toText() + ", which " +
                            other.toText() + " is using");
        }
    }
}

void
PromiseRule::answered(const Query& query, const Packet& reply) {
    const Host& host = scene_.hostOf(query);
    checkEcho(query, reply);
    if (!scene_.promising) {
        return;
    }
    if (reply.type() == ACK && scene_.raced.count(reply.yiaddr) == 0) {
        checkShared(host);
    }
    const auto found = debts_.find(query.packet.xid);
    if (found == debts_.end()) {
        return;
    }
    const Debt debt = found->second;
    debts_.erase(found);
    if (reply.type() != NAK && reply.yiaddr == debt.address) {
        return;
    }
    // In between the holder may have given its lease up.
    if (debt.may_return || (debt.derived && mayReturn(query))) {
        return;
    }
    scene_.complain(std::string(debt.derived ? "I3: claimant " : "I2: holder ") + host.toText() +
                    " has " + debt.address.toText() + " and was told " + reply.toText());
}

void
PromiseRule::silent(const Query& query) {
    const auto found = debts_.find(query.packet.xid);
    if (found == debts_.end()) {
        return;
    }
    const Debt debt = found->second;
    debts_.erase(found);
    const Host& host = scene_.hostOf(query);
    if (debt.may_return) {
        // Where the pool is full, there is no second address to return to. But it asks only once for that.
        uint64_t& before = failed_[host.hwText() + ", " + host.identifierText()];
        const bool again = before < scene_.world.now && scene_.world.now < before + CLAIM_WINDOW;
        if (!again) {
            before = scene_.world.now;
            return;
        }
    }
    scene_.complain(std::string(debt.derived ? "I3: claimant " : "I2: holder ") + host.toText() +
                    " has " + debt.address.toText() + " and got no answer to " + query.packet.toText());
}

void
PromiseRule::promiseAgain() {
    for (Host& host : scene_.world.hosts()) {
        const Row& row = scene_.journal.at(host.last);
        if (!row.live(scene_.world.now) || !scene_.isRecordOf(row, host)) {
            host.in_use = false;
        }
    }
}

void
PromiseRule::forgiveRaces() {
    for (Host& host : scene_.world.hosts()) {
        const Row& row = scene_.journal.at(host.last);
        if (scene_.raced.count(host.last) != 0 &&
            (row.valid_lifetime == 0 || !scene_.isRecordOf(row, host))) {
            host.in_use = false;
        }
    }
}

void
PromiseRule::checkRecord(const Host& host) {
    if (!scene_.promising || !host.holds(scene_.world.now) || scene_.meetings.excuses(host)) {
        return;
    }
    const Row& row = scene_.journal.at(host.last);
    // A stage without identifier takes over the lease of its machine and leaves it without.
    const bool own = scene_.isRecordOf(row, host) ||
                     (host.role.kind == Kind::STAGE && row.hw_address == host.hwText());
    if (!own || !row.live(scene_.world.now) || row.expires < host.until) {
        scene_.complain("I5: " + host.toText() + " was given " + host.last.toText() + " until " +
                        std::to_string(host.until) + ", on record for " + row.hw_address + ", " +
                        row.client_id + " until " + std::to_string(row.expires) + ", state " +
                        std::to_string(row.state));
    }
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
