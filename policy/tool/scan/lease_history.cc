// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_history.h>

#include <core/identity/derived_identifier.h>

#include <algorithm>
#include <tuple>

namespace clone_guard {

namespace {

/// Kea's numbers for the state of a lease.
constexpr uint32_t STATE_DECLINED = 1;
constexpr uint32_t STATE_RELEASED = 3;

/// Threads of a server write their lines at once, so a line may be late by so many seconds.
constexpr int64_t LATE = 2;

/// Type, mark and format of a derived identifier stand before its hardware address.
constexpr size_t DIGEST_OFFSET = 4;

bool
hasEnded(const LeaseRow& row) {
    return (row.lifetime == 0 || row.state == STATE_RELEASED);
}

/// Seconds since 1970 in 32 bits, which suffice until 2106.
uint32_t
shortTime(int64_t time) {
    return (static_cast<uint32_t>(std::clamp<int64_t>(time, 0, UINT32_MAX)));
}

}  // namespace

void
LeaseHistory::nextServer() {
    ends_.push_back(0);
}

void
LeaseHistory::add(const LeaseRow& row, bool restated) {
    if (row.state == STATE_DECLINED) {
        // Nobody has it any more; the server forgets who had.
        auto& time = declined_[row.address];
        time = std::max(time, row.time);
        return;
    }
    if (row.identifier.empty()) {
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
            // Only its digest is known: the claimants of one identifier share that.
            digest.assign(row.identifier.begin(), row.identifier.begin() + DIGEST_OFFSET);
            digest.insert(digest.end(), derived->digest.begin(), derived->digest.end());
            identifier = digest;
        }
    }
    if (!address.usable()) {
        return;
    }
    ends_.back() = std::max(ends_.back(), row.time);
    bool added = false;
    auto& user = store_.find(identifier, row.subnet, address.bytes(), row.hostname.size(), added);
    const bool same = LeaseStore::hwAddress(user) == address.bytes();
    if (user.crowd == 0 && same && !set_aside) {
        addTo(user, row, added);
        return;
    }
    addTo(crowdOf(user), address.bytes(), row, set_aside, restated);
}

/// The usual case: nobody else has the identifier.
void
LeaseHistory::addTo(FirstUser& user, const LeaseRow& row, bool added) {
    const auto time = shortTime(row.time);
    user.first = added ? time : std::min(user.first, time);
    user.source = static_cast<uint16_t>(ends_.size() - 1);
    ++user.rows;
    if (added || time >= user.last) {
        user.last = time;
        user.lifetime = hasEnded(row) ? 0 : static_cast<uint32_t>(row.lifetime);
        user.address = row.address;
    }
    if (!row.hostname.empty() && row.hostname != store_.hostname(user)) {
        store_.setHostname(user, row.hostname);
    }
}

LeaseHistory::Crowd&
LeaseHistory::crowdOf(FirstUser& user) {
    if (user.crowd != 0) {
        return (crowds_[user.crowd - 1]);
    }
    auto& crowd = crowds_.emplace_back();
    user.crowd = static_cast<uint32_t>(crowds_.size());
    crowd.source = user.source;
    if (user.rows == 0) {
        return (crowd);
    }
    auto& machine = crowd.machines[LeaseStore::hwAddress(user).copy()];
    machine.hostname = std::string(store_.hostname(user));
    machine.addresses.push_back(user.address);
    machine.first = user.first;
    machine.last = user.last;
    machine.until = int64_t{user.last} + user.lifetime;
    machine.rows = user.rows;
    machine.source = user.source;
    crowd.last = user.last;
    crowd.current = crowd.longest = &machine;
    if (user.lifetime > 0) {
        crowd.records[user.address] = &machine;
    }
    return (crowd);
}

/// Another server's file begins: what stands in it is not set against the one before.
void
LeaseHistory::enter(Crowd& crowd) {
    const auto source = static_cast<uint16_t>(ends_.size() - 1);
    if (crowd.source == source) {
        return;
    }
    close(crowd);
    crowd.source = source;
    crowd.current = crowd.longest = nullptr;
    crowd.records.clear();
    crowd.last = crowd.open_until = 0;
}

void
LeaseHistory::addTo(Crowd& crowd, ByteView hw_address, const LeaseRow& row, bool set_aside,
                    bool restated) {
    enter(crowd);
    auto found = crowd.machines.find(hw_address);
    const bool fresh = found == crowd.machines.end();
    if (fresh && crowd.machines.size() >= MAX_MACHINES) {
        ++crowd.left_out;
        return;
    }
    if (fresh) {
        found = crowd.machines.emplace(hw_address.copy(), Machine()).first;
        found->second.first = row.time;
    }
    auto& machine = found->second;
    const bool known = !fresh && machine.source == crowd.source;
    if (restated && known && row.time <= machine.last) {
        return;
    }
    machine.until = known ? machine.until : 0;
    machine.source = crowd.source;
    machine.first = std::min(machine.first, row.time);
    ++machine.rows;
    if (!row.hostname.empty()) {
        machine.hostname = std::string(row.hostname);
    }
    if (machine.addresses.size() < MAX_ADDRESSES &&
        std::find(machine.addresses.begin(), machine.addresses.end(), row.address) ==
            machine.addresses.end()) {
        machine.addresses.push_back(row.address);
    }
    if (set_aside) {
        // It has an address of its own and is in nobody's way.
        machine.set_aside = crowd.evidence.set_aside = true;
        machine.last = std::max(machine.last, row.time);
    } else if (hasEnded(row)) {
        end(crowd, machine, row);
    } else {
        change(crowd, machine, row, known);
    }
}

/// A record is deleted: by a release, or by the server for another machine with the identifier.
void
LeaseHistory::end(Crowd& crowd, Machine& machine, const LeaseRow& row) {
    machine.last = std::max(machine.last, row.time);
    crowd.records.erase(row.address);
    const auto* const other = crowd.current != &machine ? crowd.current : crowd.longest;
    if (other != nullptr && other != &machine && other->until > crowd.last) {
        ++crowd.evidence.deleted;
    } else {
        machine.until = std::min(machine.until, row.time);
    }
}

void
LeaseHistory::change(Crowd& crowd, Machine& machine, const LeaseRow& row, bool known) {
    const auto until = row.time + row.lifetime;
    if (row.time + LATE < crowd.last) {
        // Files that the server has cleaned up are in the order of the addresses.
        crowd.records.emplace(row.address, &machine);
        machine.last = std::max(machine.last, row.time);
        machine.until = std::max(machine.until, until);
        return;
    }
    if (crowd.current != nullptr && crowd.current != &machine) {
        auto& evidence = crowd.evidence;
        ++evidence.changes;
        evidence.returns += known ? 1 : 0;
        for (const auto* other : {crowd.current, crowd.longest}) {
            if (other != &machine && other->until > row.time) {
                ++evidence.live;
                crowd.open_until = std::max(crowd.open_until, other->until);
                break;
            }
        }
    }
    machine.last = std::max(machine.last, row.time);
    machine.until = until;
    crowd.last = std::max(crowd.last, row.time);
    crowd.current = &machine;
    crowd.records[row.address] = &machine;
    if (crowd.longest == nullptr || until >= crowd.longest->until) {
        crowd.longest = &machine;
    }
}

/// What only the end of a file tells.
void
LeaseHistory::close(Crowd& crowd) const {
    auto& evidence = crowd.evidence;
    evidence.open = evidence.open || crowd.open_until > ends_[crowd.source];
    const auto still = [this](const std::pair<const uint32_t, Machine*>& record) {
        const auto declined = declined_.find(record.first);
        return (declined == declined_.end() || declined->second < record.second->last);
    };
    for (const auto& one : crowd.records) {
        for (const auto& other : crowd.records) {
            if (!still(one) || !still(other)) {
                continue;
            }
            if (one.second != other.second && one.second->until > other.second->last &&
                other.second->until > one.second->last) {
                evidence.both = true;
                return;
            }
        }
    }
}

std::vector<SharedIdentifier>
LeaseHistory::shared() {
    std::vector<SharedIdentifier> all;
    for (const auto& user : store_.users()) {
        if (user.crowd == 0) {
            continue;
        }
        auto& crowd = crowds_[user.crowd - 1];
        close(crowd);
        SharedIdentifier one;
        one.identifier = LeaseStore::identifier(user).copy();
        one.evidence = crowd.evidence;
        one.left_out = crowd.left_out;
        machinesOf(user, one.machines);
        const auto& evidence = one.evidence;
        if (evidence.returns > 0 || evidence.both || evidence.open || evidence.set_aside) {
            one.sharing = Sharing::CLONES;
        } else if (evidence.changes > 0) {
            one.sharing = Sharing::MOVED;
        }
        all.push_back(std::move(one));
    }
    addApart(all);
    std::stable_sort(
        all.begin(), all.end(), [](const SharedIdentifier& left, const SharedIdentifier& right) {
            return (std::make_tuple(left.sharing, right.machines.size(), ByteView(left.identifier)) <
                    std::make_tuple(right.sharing, left.machines.size(), ByteView(right.identifier)));
        });
    return (all);
}

}  // namespace clone_guard
