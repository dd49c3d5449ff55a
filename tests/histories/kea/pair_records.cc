// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/pair_records.h>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

/// Whether two rows say the same about an address; one that is gone says as much as none.
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

PairRecords::PairRecords(const std::string& first_file, const std::string& second_file,
                         Authority authority) :
    sides_{Side{LeaseFile(first_file), {}, {}}, Side{LeaseFile(second_file), {}, {}}},
    authority_(std::move(authority)) {}

/// @return what is on record from now on, in the order in which it was written.
std::vector<Row>
PairRecords::takeIn() {
    std::vector<Row> counting;
    for (unsigned number : {1U, 2U}) {
        Side& side = sides_.at(number - 1);
        for (const Row& row : side.file.read()) {
            const bool gone = row.valid_lifetime == 0;
            side.rows[row.address] = row;
            side.recent[row.address].emplace(gone ? "" : row.hw_address, gone ? "" : row.toText());
            if (authority_(row.address) == number) {
                counting.push_back(row);
            }
        }
    }
    return (counting);
}

/// @return how many have had an address of late; that it was given up counts as one more.
size_t
PairRecords::ownersOf(Address address) const {
    std::set<std::string> owners;
    for (const Side& side : sides_) {
        const auto written = side.recent.find(address);
        if (written != side.recent.end()) {
            for (const auto& entry : written->second) {
                owners.insert(entry.first);
            }
        }
    }
    return (owners.size());
}

void
PairRecords::read() {
    for (const Row& row : takeIn()) {
        fresh_.push_back(row);
        told_[row.address] = row;
    }
    for (const Side& side : sides_) {
        for (const auto& entry : side.recent) {
            if (ownersOf(entry.first) > 1) {
                contested_.insert(entry.first);
            }
        }
    }
}

void
PairRecords::reunite() {
    takeIn();
    unlike_ = differences();
    forgetRecent();
}

void
PairRecords::forgetRecent() {
    for (Side& side : sides_) {
        side.recent.clear();
    }
}

std::set<Address>
PairRecords::differences() const {
    std::set<Address> found;
    for (const Side& side : sides_) {
        for (const auto& entry : side.rows) {
            if (!same(rowAt(sides_[0].rows, entry.first), rowAt(sides_[1].rows, entry.first))) {
                found.insert(entry.first);
            }
        }
    }
    return (found);
}

bool
PairRecords::agree() {
    read();
    std::set<Address> still;
    bool all = true;
    for (const Address address : differences()) {
        if (unlike_.count(address) != 0) {
            still.insert(address);
        } else {
            all = false;
        }
    }
    unlike_ = still;
    if (all) {
        forgetRecent();
    }
    return (all);
}

/// Where an address is given to two in the same instant, or given to one and taken away by another, as Kea does with
/// threads, it is not said in which order the partner hears of it: both have written the same, in another order. Or
/// the partner does not take the one, because it is busy with the other.
bool
PairRecords::isExcused(Address address) {
    return (ownersOf(address) > 1 || sides_[0].recent[address] == sides_[1].recent[address]);
}

std::vector<std::string>
PairRecords::differ() {
    std::vector<std::string> faults;
    for (const Address address : differences()) {
        if (unlike_.insert(address).second && !isExcused(address)) {
            faults.push_back("the two do not come to have the same lease: " +
                             rowAt(sides_[0].rows, address).toText() + ", on the other " +
                             rowAt(sides_[1].rows, address).toText());
        }
    }
    return (faults);
}

std::vector<Row>
PairRecords::written() {
    read();
    return (std::exchange(fresh_, {}));
}

std::vector<Row>
PairRecords::resettled() {
    read();
    std::vector<Row> rows;
    for (const Side& side : sides_) {
        for (const auto& entry : side.rows) {
            const Row now = rowAt(sides_.at(authority_(entry.first) - 1).rows, entry.first);
            if (!same(now, rowAt(told_, entry.first))) {
                rows.push_back(now);
                told_[entry.first] = now;
            }
        }
    }
    fresh_.clear();
    return (rows);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
