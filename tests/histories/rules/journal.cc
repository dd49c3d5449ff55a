// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/rules/journal.h>

namespace clone_guard {
namespace e2e {
namespace history {

std::string
Row::toText() const {
    return (address.toText() + " of " + owner() + ", until " + std::to_string(expires) + ", state " +
            std::to_string(state) +
            (released              ? ", released"
             : valid_lifetime == 0 ? ", gone"
                                   : ""));
}

std::vector<Change>
Journal::add(const std::vector<Row>& rows) {
    std::vector<Change> changes;
    for (const Row& row : rows) {
        Row& known = rows_[row.address];
        changes.push_back({known, row});
        known = row;
    }
    return (changes);
}

const Row&
Journal::at(Address address) const {
    const auto found = rows_.find(address);
    return (found == rows_.end() ? none_ : found->second);
}

void
Journal::each(const std::string& client_id, const std::function<void(const Row&)>& function) const {
    for (const auto& entry : rows_) {
        if (entry.second.client_id == client_id) {
            function(entry.second);
        }
    }
}

std::string
Journal::compare(const std::vector<Row>& leases) {
    std::map<Address, Row> in_memory;
    for (const Row& lease : leases) {
        in_memory[lease.address] = lease;
    }
    for (auto at = rows_.begin(); at != rows_.end();) {
        const bool gone = at->second.valid_lifetime == 0;
        at = gone ? rows_.erase(at) : std::next(at);
    }
    for (const auto& entry : rows_) {
        const auto found = in_memory.find(entry.first);
        if (found == in_memory.end()) {
            return ("the server does not have " + entry.second.toText());
        } else if (found->second.toText() != entry.second.toText()) {
            return ("the server has " + found->second.toText() + ", the lease file " +
                    entry.second.toText());
        }
    }
    for (const auto& entry : in_memory) {
        if (rows_.count(entry.first) == 0) {
            return ("the lease file does not have " + entry.second.toText());
        }
    }
    return ("");
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
