// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_history.h>

#include <core/identity/derived_identifier.h>

#include <algorithm>
#include <tuple>

namespace clone_guard {

namespace {

/// Kea's values for the state of a lease.
constexpr uint32_t STATE_DECLINED = 1;
constexpr uint32_t STATE_RELEASED = 3;

/// Several threads of a server write lines, so a line may be this late.
constexpr std::chrono::seconds WRITE_DELAY(2);

/// The hardware address in a derived identifier follows type, mark and format.
constexpr size_t DIGEST_OFFSET = 4;

bool
hasEnded(const LeaseRow& row) {
    return (row.lifetime == std::chrono::seconds::zero() || row.state == STATE_RELEASED);
}

/// Seconds since 1970 in 32 bits, which suffice until 2106.
uint32_t
shortTime(UtcSeconds time) {
    return (static_cast<uint32_t>(std::clamp<int64_t>(time.time_since_epoch().count(), 0, UINT32_MAX)));
}

}  // namespace

void
LeaseHistory::nextServer() {
    ends_.emplace_back();
    prefixes_.push_back(0);
}

void
LeaseHistory::add(const LeaseRow& row, bool is_snapshot) {
    if (row.state == STATE_DECLINED) {
        declined_.addDeclined(row, server());
        return;
    }
    if (row.identifier.empty()) {
        declined_.addLease(row, nullptr, server());
        ++without_identifier_;
        return;
    }
    auto identifier = row.identifier;
    Bytes digest;
    HardwareAddress address(HardwareAddress::ETHERNET, row.hw_address);
    bool set_aside = false;
    if (const auto derived = parseDerived(row.identifier)) {
        set_aside = true;
        address = derived->address;
        identifier = derived->identifier;
        if (identifier.empty()) {
            // The identifier was too long for the derived one, which has its digest instead.
            digest.assign(row.identifier.begin(), row.identifier.begin() + DIGEST_OFFSET);
            digest.insert(digest.end(), derived->digest.begin(), derived->digest.end());
            identifier = digest;
        }
    }
    if (!address.usable()) {
        declined_.addLease(row, nullptr, server());
        return;
    }
    ends_.back() = std::max(ends_.back(), row.time);
    prefixes_.back() = row.prefix;
    bool is_new = false;
    auto& user = store_.find(identifier, row.subnet, address.bytes(), row.hostname.size(), is_new);
    declined_.addLease(row, &user, server());
    const bool same = LeaseStore::hwAddress(user) == address.bytes();
    if (user.shared_use == 0 && same && !set_aside) {
        addSole(user, row, is_new);
        return;
    }
    addShared(sharedUseOf(user), address.bytes(), row, set_aside, is_snapshot);
}

/// Adds a lease in the usual case: one hardware address uses the identifier.
void
LeaseHistory::addSole(SoleUser& user, const LeaseRow& row, bool is_new) {
    const auto time = shortTime(row.time);
    user.first = is_new ? time : std::min(user.first, time);
    user.server = server();
    ++user.leases;
    if (is_new || time >= user.last) {
        user.last = time;
        user.lifetime = hasEnded(row) ? 0 : static_cast<uint32_t>(row.lifetime.count());
        user.address = row.address;
    }
    if (!row.hostname.empty() && row.hostname != store_.hostname(user)) {
        store_.setHostname(user, row.hostname);
    }
}

LeaseHistory::SharedUse&
LeaseHistory::sharedUseOf(SoleUser& user) {
    if (user.shared_use != 0) {
        return (shared_uses_[user.shared_use - 1]);
    }
    auto& use = shared_uses_.emplace_back();
    user.shared_use = static_cast<uint32_t>(shared_uses_.size());
    use.server = user.server;
    if (user.leases == 0) {
        return (use);
    }
    auto& machine = use.machines[LeaseStore::hwAddress(user).copy()];
    machine.hostname = std::string(store_.hostname(user));
    machine.addresses.push_back(user.address);
    machine.first = utcFromSeconds(user.first);
    machine.last = utcFromSeconds(user.last);
    machine.expires = machine.last + std::chrono::seconds(user.lifetime);
    machine.lifetime = std::chrono::seconds(user.lifetime);
    machine.released = user.lifetime == 0;
    machine.leases = user.leases;
    machine.server = user.server;
    use.last = machine.last;
    use.current = use.longest = &machine;
    if (user.lifetime > 0) {
        use.leases[user.address] = &machine;
    }
    return (use);
}

/// Forgets the leases of the previous server: those of the current one are not compared with them.
void
LeaseHistory::enterServer(SharedUse& use) {
    if (use.server == server()) {
        return;
    }
    finishServer(use);
    use.server = server();
    use.current = use.longest = nullptr;
    use.leases.clear();
    use.last = use.undecided_until = UtcSeconds();
}

void
LeaseHistory::addShared(SharedUse& use, ByteView hw_address, const LeaseRow& row, bool set_aside,
                        bool is_snapshot) {
    enterServer(use);
    auto found = use.machines.find(hw_address);
    const bool is_new = found == use.machines.end();
    if (is_new && use.machines.size() >= MAX_MACHINES) {
        ++use.omitted;
        return;
    }
    if (is_new) {
        found = use.machines.emplace(hw_address.copy(), Machine()).first;
        found->second.first = row.time;
    }
    auto& machine = found->second;
    const bool is_known = !is_new && machine.server == use.server;
    if (is_snapshot && is_known && row.time <= machine.last) {
        return;
    }
    machine.expires = is_known ? machine.expires : UtcSeconds();
    machine.server = use.server;
    machine.first = std::min(machine.first, row.time);
    ++machine.leases;
    if (!row.hostname.empty()) {
        machine.hostname = std::string(row.hostname);
    }
    if (machine.addresses.size() < MAX_ADDRESSES &&
        std::find(machine.addresses.begin(), machine.addresses.end(), row.address) ==
            machine.addresses.end()) {
        machine.addresses.push_back(row.address);
    }
    if (set_aside) {
        // A claimant under its derived identifier does not compete for the holder's lease.
        machine.set_aside = use.evidence.set_aside = true;
        addState(machine, row);
        machine.last = std::max(machine.last, row.time);
    } else if (hasEnded(row)) {
        addEndedLease(use, machine, row);
    } else {
        addLiveLease(use, machine, row, is_known);
    }
}

/// Adds what the state of a machine at the end of the files depends on.
void
LeaseHistory::addState(Machine& machine, const LeaseRow& row) {
    if (row.time < machine.last) {
        return;
    }
    machine.released = hasEnded(row);
    if (!machine.released) {
        machine.lifetime = row.lifetime;
    }
}

/// Adds the end of a lease: the client released it, or the server deleted it for another machine with the identifier.
void
LeaseHistory::addEndedLease(SharedUse& use, Machine& machine, const LeaseRow& row) {
    machine.last = std::max(machine.last, row.time);
    use.leases.erase(row.address);
    const auto* const other = use.current != &machine ? use.current : use.longest;
    if (other != nullptr && other != &machine && other->expires > use.last) {
        ++use.evidence.deletions;
    } else {
        machine.expires = std::min(machine.expires, row.time);
        machine.released = true;
    }
}

void
LeaseHistory::addLiveLease(SharedUse& use, Machine& machine, const LeaseRow& row, bool is_known) {
    const auto expires = row.time + row.lifetime;
    addState(machine, row);
    if (row.time + WRITE_DELAY < use.last) {
        // The server's cleanup sorts a file by address, so the order of its lines proves nothing.
        use.leases.emplace(row.address, &machine);
        machine.last = std::max(machine.last, row.time);
        machine.expires = std::max(machine.expires, expires);
        return;
    }
    if (use.current != nullptr && use.current != &machine) {
        auto& evidence = use.evidence;
        ++evidence.changes;
        evidence.returns += is_known ? 1 : 0;
        for (const auto* other : {use.current, use.longest}) {
            if (other != &machine && other->expires > row.time) {
                ++evidence.live_changes;
                use.undecided_until = std::max(use.undecided_until, other->expires);
                break;
            }
        }
    }
    machine.last = std::max(machine.last, row.time);
    machine.expires = expires;
    use.last = std::max(use.last, row.time);
    use.current = &machine;
    use.leases[row.address] = &machine;
    if (use.longest == nullptr || expires >= use.longest->expires) {
        use.longest = &machine;
    }
}

/// Adds the evidence that is complete at the end of a server's files.
void
LeaseHistory::finishServer(SharedUse& use) const {
    auto& evidence = use.evidence;
    evidence.undecided = evidence.undecided || use.undecided_until > ends_[use.server];
    const auto is_held = [this](const std::pair<const IpAddress, Machine*>& lease) {
        return (declined_.lastDecline(lease.first) < lease.second->last);
    };
    for (const auto& left : use.leases) {
        for (const auto& right : use.leases) {
            if (!is_held(left) || !is_held(right)) {
                continue;
            }
            if (left.second != right.second && left.second->expires > right.second->last &&
                right.second->expires > left.second->last) {
                evidence.simultaneous = true;
                return;
            }
        }
    }
}

std::vector<SharedIdentifier>
LeaseHistory::shared(UtcSeconds now) {
    std::vector<SharedIdentifier> all;
    for (const auto& user : store_.users()) {
        if (user.shared_use == 0) {
            continue;
        }
        auto& use = shared_uses_[user.shared_use - 1];
        finishServer(use);
        SharedIdentifier shared;
        shared.identifier = LeaseStore::identifier(user).copy();
        shared.evidence = use.evidence;
        shared.omitted = use.omitted;
        appendMachines(user, shared.machines);
        const auto& evidence = shared.evidence;
        if (evidence.returns > 0 || evidence.simultaneous || evidence.undecided || evidence.set_aside) {
            shared.sharing = Sharing::CLONES;
        } else if (evidence.changes > 0) {
            shared.sharing = Sharing::MOVED;
        }
        all.push_back(std::move(shared));
    }
    addSeparateSubnets(all);
    addStates(all, now);
    addSealed(all, now);
    std::stable_sort(
        all.begin(), all.end(), [](const SharedIdentifier& left, const SharedIdentifier& right) {
            return (std::make_tuple(left.sharing, right.machines.size(), ByteView(left.identifier)) <
                    std::make_tuple(right.sharing, left.machines.size(), ByteView(right.identifier)));
        });
    return (all);
}

}  // namespace clone_guard
