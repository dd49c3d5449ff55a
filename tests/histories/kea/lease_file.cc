// SPDX-License-Identifier: MPL-2.0
#include <tests/histories/kea/lease_file.h>

#include <optional>
#include <sstream>

namespace clone_guard {
namespace e2e {
namespace history {

namespace {

enum Column : size_t { ADDRESS, HW_ADDRESS, CLIENT_ID, VALID_LIFETIME, EXPIRES, SUBNET, STATE = 9 };

/// Reads a line of the lease file. Returns std::nullopt for the header.
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

std::vector<Row>
LeaseFile::read() {
    if (!stream_.is_open()) {
        stream_.open(file_);
    }
    stream_.clear();
    std::vector<Row> rows;
    for (std::string line; std::getline(stream_, line);) {
        rest_ += line;
        if (stream_.eof()) {
            break;  // the server is writing this line
        }
        if (const auto row = rowOf(rest_)) {
            rows.push_back(*row);
        }
        rest_.clear();
    }
    return (rows);
}

std::vector<Row>
rowsOf(const Json& leases) {
    std::vector<Row> rows;
    for (const auto& lease : leases) {
        rows.push_back(rowOf(lease));
    }
    return (rows);
}

}  // namespace history
}  // namespace e2e
}  // namespace clone_guard
