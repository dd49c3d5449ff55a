// SPDX-License-Identifier: MPL-2.0
#include "history_journal.h"

#include <algorithm>
#include <optional>
#include <sstream>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

enum Column : size_t { ADDRESS, HW_ADDRESS, CLIENT_ID, VALID_LIFETIME, EXPIRES, SUBNET, STATE = 9 };

/// Reads a line of the lease file; nothing for the headline.
std::optional<Row>
rowOf(const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, ',');) {
        fields.push_back(field);
    }
    if (fields.size() <= STATE || fields[ADDRESS].find('.') == std::string::npos) {
        return (std::nullopt);
    }
    Row row;
    row.address = Address(fields[ADDRESS]);
    row.hw_address = fields[HW_ADDRESS];
    row.client_id = fields[CLIENT_ID];
    row.valid_lifetime = uint32_t(std::stoul(fields[VALID_LIFETIME]));
    row.expires = std::stoull(fields[EXPIRES]);
    row.subnet = uint32_t(std::stoul(fields[SUBNET]));
    row.state = std::stoi(fields[STATE]);
    return (row);
}

Row
rowOf(const Json& lease) {
    Row row;
    row.address = Address(lease["ip-address"].get<std::string>());
    row.hw_address = lease.value("hw-address", "");
    row.client_id = lease.value("client-id", "");
    row.valid_lifetime = lease["valid-lft"];
    row.expires = lease["cltt"].get<uint64_t>() + row.valid_lifetime;
    row.subnet = lease["subnet-id"];
    row.state = lease["state"];
    return (row);
}

}  // namespace

std::string
Row::toText() const {
    return (address.toText() + " of " + hw_address + ", " + client_id + ", until " +
            std::to_string(expires) + ", state " + std::to_string(state) +
            (valid_lifetime == 0 ? ", gone" : ""));
}

Journal::Journal(const std::string& file) : file_(file) {}

std::vector<Change>
Journal::read() {
    if (!stream_.is_open()) {
        stream_.open(file_);
    }
    stream_.clear();
    std::vector<Change> changes;
    for (std::string line; std::getline(stream_, line);) {
        rest_ += line;
        if (stream_.eof()) {
            break;  // the server is at it
        }
        if (const auto row = rowOf(rest_)) {
            Row& known = rows_[row->address];
            changes.push_back({known, *row});
            known = *row;
        }
        rest_.clear();
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
Journal::compare(const Json& leases) {
    std::map<Address, Row> in_memory;
    for (const auto& lease : leases) {
        const Row row = rowOf(lease);
        in_memory[row.address] = row;
    }
    for (auto at = rows_.begin(); at != rows_.end();) {
        const bool gone = at->second.valid_lifetime == 0;
        at = gone ? rows_.erase(at) : std::next(at);
    }
    for (const auto& entry : rows_) {
        const auto found = in_memory.find(entry.first);
        if (found == in_memory.end()) {
            return ("the server does not know " + entry.second.toText());
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
