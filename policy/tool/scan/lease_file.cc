// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_file.h>

#include <tool/cli/failure.h>

#include <core/identity/escape.h>

#include <algorithm>
#include <charconv>

namespace clone_guard {

namespace {

/// After an upgrade of the server, a file has its old first line and new lines with more columns.
constexpr size_t NEWER_COLUMNS = 3;

constexpr size_t NO_COLUMN = SIZE_MAX;

/// The longest identifier and hardware address that a server accepts.
constexpr size_t MAX_IDENTIFIER = 255;
constexpr size_t MAX_HW_ADDRESS = 255;

/// The end of the year 9999. Kea loads rows that expire so late.
constexpr uint64_t MAX_EXPIRES = 253402300799;

/// The latest time that is taken from a row.
constexpr UtcSeconds LATEST = utcFromSeconds(UINT32_MAX);

/// Removes a byte order mark, which an editor adds.
std::string_view
withoutMark(std::string_view line) noexcept {
    constexpr std::string_view MARK = "\xef\xbb\xbf";
    return (line.substr(0, MARK.size()) == MARK ? line.substr(MARK.size()) : line);
}

template <typename Number>
bool
readNumber(std::string_view text, Number& number) noexcept {
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    return (error == std::errc() && stopped == end && !text.empty());
}

/// Parses two hexadecimal digits.
std::optional<char>
hexByte(std::string_view digits) {
    unsigned value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, value, 16);
    if (digits.size() != 2 || error != std::errc() || stopped != end) {
        return (std::nullopt);
    }
    return (static_cast<char>(value));
}

}  // namespace

std::string
unescapeField(std::string_view field) {
    static constexpr std::string_view TAG = "&#x";
    std::string text;
    for (size_t at = 0; at < field.size();) {
        const auto byte = field.substr(at, TAG.size()) == TAG ? hexByte(field.substr(at + TAG.size(), 2))
                                                              : std::optional<char>();
        text += byte ? *byte : field[at];
        at += byte ? TAG.size() + 2 : 1;
    }
    return (text);
}

std::optional<IpAddress>
parseAddress(std::string_view text) noexcept {
    uint32_t address = 0;
    for (int part = 0; part < 4; ++part) {
        const auto end = part < 3 ? text.find('.') : text.size();
        uint8_t byte = 0;
        if (end == std::string_view::npos || !readNumber(text.substr(0, end), byte)) {
            return (std::nullopt);
        }
        address = address << 8U | byte;
        text.remove_prefix(part < 3 ? end + 1 : end);
    }
    return (IpAddress(address));
}

LeaseFile::LeaseFile(const std::string& path, OnDamage on_damage) :
    lines_(path), on_damage_(std::move(on_damage)) {
    readHeader(path);
}

size_t
LeaseFile::column(const std::string& name) const noexcept {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return (found == names_.end() ? NO_COLUMN : static_cast<size_t>(found - names_.begin()));
}

void
LeaseFile::readHeader(const std::string& path) {
    const auto named = inQuotes(path) + " ";
    std::string_view line;
    if (!lines_.next(line)) {
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
            throw Failure(named + "is not a lease file of Kea: its first line does not name the columns "
                                  "address,hwaddr,client_id,valid_lifetime,expire,subnet_id");
        }
    }
}

size_t
LeaseFile::split(std::string_view line) noexcept {
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
LeaseFile::readFields() {
    const auto address = parseAddress(fields_[columns_.address]);
    if (!address) {
        return ("invalid IPv4 address");
    }
    if (!fromHex(fields_[columns_.hw_address], hw_address_) || hw_address_.size() > MAX_HW_ADDRESS) {
        return ("invalid hardware address");
    }
    if (!fromHex(fields_[columns_.identifier], identifier_) || identifier_.size() > MAX_IDENTIFIER) {
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
LeaseFile::next() {
    std::string_view line;
    while (lines_.next(line)) {
        line = withoutMark(line);
        if (line.empty()) {
            continue;
        }
        const auto count = split(line);
        const char* reason = nullptr;
        if (lines_.cut()) {
            reason = "too long";
        } else if (count < names_.size()) {
            reason = "fields are missing";
        } else if (count > names_.size() + NEWER_COLUMNS || count > MAX_COLUMNS) {
            reason = "too many fields";
        } else {
            reason = readFields();
        }
        if (reason == nullptr) {
            ++rows_;
            return (&row_);
        }
        // The server may still be writing a last line without its end.
        if (lines_.complete()) {
            ++damaged_;
            if (on_damage_) {
                on_damage_(lines_.number(), reason);
            }
        }
    }
    return (nullptr);
}

}  // namespace clone_guard
