// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/kea_leases.h>

#include <tool/cli/failure.h>
#include <tool/cli/text.h>
#include <tool/scan/lease_text.h>

#include <core/identity/escape.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// After an upgrade of the server, a file has its old first line and new lines with more columns.
constexpr size_t NEWER_COLUMNS = 3;

constexpr size_t NO_COLUMN = SIZE_MAX;

/// The end of the year 9999. Kea loads rows that expire so late.
constexpr uint64_t MAX_EXPIRES = 253402300799;

/// The latest time that is taken from a row.
constexpr UtcSeconds LATEST = utcFromSeconds(UINT32_MAX);

}  // namespace

KeaLeases::KeaLeases(const std::string& path, LineReader& lines, OnDamage on_damage) :
    LeaseReader(lines, std::move(on_damage)) {
    readHeader(path);
}

size_t
KeaLeases::column(const std::string& name) const noexcept {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return (found == names_.end() ? NO_COLUMN : static_cast<size_t>(found - names_.begin()));
}

void
KeaLeases::readHeader(const std::string& path) {
    const auto named = inQuotes(path) + " ";
    std::string_view line;
    if (!lines().next(line)) {
        throw Failure(named + "is empty: the first line of a lease file names its columns");
    }
    if (line.substr(0, 2) == "\xff\xfe" || line.substr(0, 2) == "\xfe\xff") {
        throw Failure(named + "is UTF-16 text: convert it with 'iconv -f UTF-16 -t UTF-8'");
    }
    const auto count = split(withoutMark(line));
    names_.assign(fields_.begin(),
                  fields_.begin() + static_cast<std::ptrdiff_t>(std::min(count, MAX_COLUMNS)));
    if (column("duid") != NO_COLUMN && column("iaid") != NO_COLUMN) {
        throw Failure(named + "is a lease file for DHCPv6; the scan reads DHCPv4 lease files, usually "
                              "kea-leases4.csv");
    }
    columns_ = {column("address"), column("hwaddr"),    column("client_id"), column("valid_lifetime"),
                column("expire"),  column("subnet_id"), column("hostname"),  column("state")};
    for (const auto needed : {columns_.address, columns_.hw_address, columns_.identifier,
                              columns_.lifetime, columns_.expires, columns_.subnet}) {
        if (needed == NO_COLUMN || count > MAX_COLUMNS) {
            throw Failure(named + "is not a lease file of Kea or of another known server: its first "
                                  "line does not name the columns "
                                  "address,hwaddr,client_id,valid_lifetime,expire,subnet_id");
        }
    }
}

size_t
KeaLeases::split(std::string_view line) noexcept {
    size_t count = 0;
    for (;;) {
        const auto end = line.find(',');
        if (count < MAX_COLUMNS) {
            fields_[count] = line.substr(0, end);
        }
        ++count;
        if (end == std::string_view::npos) {
            return (count);
        }
        line.remove_prefix(end + 1);
    }
}

/// Parses the fields into the row. Returns null, or the reason if a field is invalid.
const char*
KeaLeases::readFields() {
    const auto address = parseAddress(fields_[columns_.address]);
    if (!address) {
        return ("invalid IPv4 address");
    }
    if (!fromHex(fields_[columns_.hw_address], hw_address_) || hw_address_.size() > MAX_LEASE_BYTES) {
        return ("invalid hardware address");
    }
    if (!fromHex(fields_[columns_.identifier], identifier_) || identifier_.size() > MAX_LEASE_BYTES) {
        return ("invalid client identifier");
    }
    uint64_t expires = 0;
    uint32_t lifetime = 0;
    if (!readNumber(fields_[columns_.lifetime], lifetime) ||
        !readNumber(fields_[columns_.expires], expires) || expires < lifetime || expires > MAX_EXPIRES) {
        return ("invalid lifetime");
    }
    if (!readNumber(fields_[columns_.subnet], row_.subnet)) {
        return ("invalid subnet");
    }
    row_.state = 0;
    if (columns_.state != NO_COLUMN && !readNumber(fields_[columns_.state], row_.state)) {
        return ("invalid state");
    }
    row_.address = *address;
    row_.hw_address = hw_address_;
    row_.identifier = identifier_;
    row_.lifetime = std::chrono::seconds(lifetime);
    const auto time = utcFromSeconds(static_cast<int64_t>(expires - lifetime));
    // A program has written a lease without end. Its place in the file shows its time.
    row_.time = time > LATEST ? row_.time : time;
    row_.hostname = columns_.hostname == NO_COLUMN ? std::string_view() : fields_[columns_.hostname];
    return (nullptr);
}

const LeaseRow*
KeaLeases::next() {
    std::string_view line;
    while (lines().next(line)) {
        line = withoutMark(line);
        if (line.empty()) {
            continue;
        }
        const auto count = split(line);
        const char* reason = nullptr;
        if (lines().cut()) {
            reason = "too long";
        } else if (count < names_.size()) {
            reason = "fields are missing";
        } else if (count > names_.size() + NEWER_COLUMNS || count > MAX_COLUMNS) {
            reason = "too many fields";
        } else {
            reason = readFields();
        }
        if (reason == nullptr) {
            return (&row_);
        }
        skipLine(reason);
    }
    return (nullptr);
}

}  // namespace clone_guard
