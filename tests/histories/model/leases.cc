// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/model/leases.h>

#include <algorithm>
#include <utility>

namespace clone_guard {
namespace model {

using e2e::history::Row;

namespace {

/// Returns the leases that pass a test, in the order of the indexes of the server's database.
template <typename Entries, typename Test>
std::vector<const StoredLease*>
ordered(const Entries& entries, Test test) {
    std::vector<std::pair<uint64_t, const StoredLease*>> found;
    for (const auto& [ip, entry] : entries) {
        if (const auto since = test(entry)) {
            found.emplace_back(since, &entry.lease);
        }
    }
    std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
        return (std::make_pair(left.second->subnet, left.first) <
                std::make_pair(right.second->subnet, right.first));
    });
    std::vector<const StoredLease*> leases;
    leases.reserve(found.size());
    for (const auto& one : found) {
        leases.push_back(one.second);
    }
    return (leases);
}

}  // namespace

bool
StoredLease::belongsTo(const Bytes& client_hw_address, const Bytes& identifier) const {
    if (!identifier.empty() && !client_id.empty()) {
        return (identifier == client_id);
    }
    return (client_hw_address == hw_address);
}

const StoredLease*
Leases::at(IpAddress ip) const {
    const auto found = entries_.find(ip);
    return (found == entries_.end() ? nullptr : &found->second.lease);
}

std::vector<const StoredLease*>
Leases::ofClient(ByteView identifier) const {
    return (ordered(entries_, [identifier](const Entry& entry) {
        return (ByteView(entry.lease.client_id) == identifier ? entry.since_client : 0);
    }));
}

std::vector<const StoredLease*>
Leases::ofHardware(ByteView hw_address) const {
    return (ordered(entries_, [hw_address](const Entry& entry) {
        return (ByteView(entry.lease.hw_address) == hw_address ? entry.since_hardware : 0);
    }));
}

std::vector<const StoredLease*>
Leases::all() const {
    std::vector<const StoredLease*> leases;
    for (const auto& [ip, entry] : entries_) {
        leases.push_back(&entry.lease);
    }
    return (leases);
}

void
Leases::write(const StoredLease& lease) {
    auto& entry = entries_[lease.ip];
    ++writes_;
    const bool moved = entry.lease.ip.isUnspecified() || entry.lease.subnet != lease.subnet;
    if (moved || entry.lease.client_id != lease.client_id) {
        entry.since_client = writes_;
    }
    if (moved || entry.lease.hw_address != lease.hw_address) {
        entry.since_hardware = writes_;
    }
    entry.lease = lease;
    written_.push_back(rowOf(lease));
}

void
Leases::remove(IpAddress ip) {
    const auto found = entries_.find(ip);
    if (found == entries_.end()) {
        return;
    }
    auto gone = found->second.lease;
    gone.valid = 0;
    written_.push_back(rowOf(gone));
    written_.back().released = false;
    entries_.erase(found);
}

void
Leases::removeReleased() {
    for (auto at = entries_.begin(); at != entries_.end();) {
        at = at->second.lease.released() ? entries_.erase(at) : std::next(at);
    }
}

std::vector<Row>
Leases::takeWritten() {
    return (std::exchange(written_, {}));
}

Row
Leases::rowOf(const StoredLease& lease) {
    Row row;
    row.address = e2e::Address(lease.ip.toUint32());
    row.hw_address = e2e::toHex(lease.hw_address);
    row.client_id = e2e::toHex(lease.client_id);
    row.expires = lease.cltt + lease.valid;
    row.valid_lifetime = lease.valid;
    row.subnet = lease.subnet;
    row.state = lease.state;
    row.released = lease.released();
    return (row);
}

}  // namespace model
}  // namespace clone_guard
