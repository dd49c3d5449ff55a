// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/pair_leases.h>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// Whether two rows of an address are equal. A deleted lease equals no lease.
bool
same(const Row& one, const Row& other) {
    return ((one.valid_lifetime == 0 && other.valid_lifetime == 0) || one.toText() == other.toText());
}

Row
rowAt(const std::map<Address, Row>& rows, Address address) {
    const auto found = rows.find(address);
    Row none;
    none.address = address;
    return (found == rows.end() ? none : found->second);
}

}  // namespace

PairLeases::PairLeases(const std::string& first_file, const std::string& second_file,
                       Authority authority) :
    peers_{Peer{LeaseFile(first_file), {}, {}}, Peer{LeaseFile(second_file), {}, {}}},
    authority_(std::move(authority)) {}

/// @return The rows whose lease counts, in the order of their files.
std::vector<Row>
PairLeases::readFiles() {
    std::vector<Row> counting;
    for (unsigned number : {1U, 2U}) {
        Peer& peer = peers_.at(number - 1);
        for (const Row& row : peer.file.read()) {
            const bool gone = row.valid_lifetime == 0;
            peer.rows[row.address] = row;
            peer.recent[row.address].emplace(gone ? "" : row.hw_address, gone ? "" : row.toText());
            if (authority_(row.address) == number) {
                counting.push_back(row);
            }
        }
    }
    return (counting);
}

/// @return The number of recent owners of an address; a deletion counts as one more.
size_t
PairLeases::ownersOf(Address address) const {
    std::set<std::string> owners;
    for (const Peer& peer : peers_) {
        const auto written = peer.recent.find(address);
        if (written != peer.recent.end()) {
            for (const auto& entry : written->second) {
                owners.insert(entry.first);
            }
        }
    }
    return (owners.size());
}

void
PairLeases::read() {
    for (const Row& row : readFiles()) {
        unread_.push_back(row);
        reported_[row.address] = row;
    }
    for (const Peer& peer : peers_) {
        for (const auto& entry : peer.recent) {
            if (ownersOf(entry.first) > 1) {
                contested_.insert(entry.first);
            }
        }
    }
}

void
PairLeases::reunite() {
    readFiles();
    known_differences_ = differences();
    forgetRecent();
}

void
PairLeases::forgetRecent() {
    for (Peer& peer : peers_) {
        peer.recent.clear();
    }
}

std::set<Address>
PairLeases::differences() const {
    std::set<Address> found;
    for (const Peer& peer : peers_) {
        for (const auto& entry : peer.rows) {
            if (!same(rowAt(peers_[0].rows, entry.first), rowAt(peers_[1].rows, entry.first))) {
                found.insert(entry.first);
            }
        }
    }
    return (found);
}

bool
PairLeases::agree() {
    read();
    std::set<Address> still;
    bool all = true;
    for (const Address address : differences()) {
        if (known_differences_.count(address) != 0) {
            still.insert(address);
        } else {
            all = false;
        }
    }
    known_differences_ = still;
    if (all) {
        forgetRecent();
    }
    return (all);
}

/// Kea with threads may give an address to two clients at once, or give and delete it at once. The updates may reach
/// the partner in the other order. The partner may also refuse one update because it is busy with the other.
bool
PairLeases::isExcused(Address address) {
    return (ownersOf(address) > 1 || peers_[0].recent[address] == peers_[1].recent[address]);
}

std::vector<std::string>
PairLeases::reportDifferences() {
    std::vector<std::string> faults;
    for (const Address address : differences()) {
        if (known_differences_.insert(address).second && !isExcused(address)) {
            faults.push_back(
                "the two servers have different leases: " + rowAt(peers_[0].rows, address).toText() +
                ", on the partner " + rowAt(peers_[1].rows, address).toText());
        }
    }
    return (faults);
}

std::vector<Row>
PairLeases::written() {
    read();
    return (std::exchange(unread_, {}));
}

std::vector<Row>
PairLeases::authorityChanges() {
    read();
    std::vector<Row> rows;
    for (const Peer& peer : peers_) {
        for (const auto& entry : peer.rows) {
            const Row now = rowAt(peers_.at(authority_(entry.first) - 1).rows, entry.first);
            if (!same(now, rowAt(reported_, entry.first))) {
                rows.push_back(now);
                reported_[entry.first] = now;
            }
        }
    }
    unread_.clear();
    return (rows);
}

std::vector<Row>
PairLeases::staleCopies() const {
    std::vector<Row> rows;
    for (const Address address : known_differences_) {
        const unsigned counting = authority_(address);
        const Row row = rowAt(peers_.at(2 - counting).rows, address);
        if (row.valid_lifetime > 0 && rowAt(peers_.at(counting - 1).rows, address).valid_lifetime == 0) {
            rows.push_back(row);
        }
    }
    return (rows);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
