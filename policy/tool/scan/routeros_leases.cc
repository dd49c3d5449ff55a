// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/routeros_leases.h>

#include <tool/cli/text.h>
#include <tool/scan/lease_text.h>
#include <tool/scan/lease_time.h>

#include <algorithm>
#include <array>

namespace clone_guard {

namespace {

constexpr std::string_view SECTION = "/ip dhcp-server lease";

/// Parses a date: "2026-11-27", or "nov/27/2026" of release 6.
bool
readDate(std::string_view text, std::array<uint16_t, 3>& date) noexcept {
    constexpr std::string_view MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (readThree(text, '-', date)) {
        return (true);
    }
    const auto month = MONTHS.find(text.substr(0, 3));
    if (text.size() != 11 || month == std::string_view::npos || month % 3 != 0) {
        return (false);
    }
    date[1] = static_cast<uint16_t>(month / 3 + 1);
    return (readNumber(text.substr(4, 2), date[2]) && readNumber(text.substr(7), date[0]));
}

bool
isUpperHex(char character) noexcept {
    return ((character >= '0' && character <= '9') || (character >= 'A' && character <= 'F'));
}

/// Removes a value from a text: up to the next blank, or in quotes.
std::string
takeValue(std::string_view& text) {
    if (text.empty() || text.front() != '"') {
        const auto word = text.substr(0, text.find_first_of(" \t"));
        text.remove_prefix(word.size());
        return (std::string(word));
    }
    std::string value;
    size_t at = 1;
    while (at < text.size() && text[at] != '"') {
        char character = text[at++];
        if (character == '\\' && at < text.size()) {
            character = text[at++];
            if (isUpperHex(character) && at < text.size() && isUpperHex(text[at])) {
                unsigned byte = 0;
                std::from_chars(text.data() + at - 1, text.data() + at + 1, byte, 16);
                character = static_cast<char>(byte);
                ++at;
            }
        }
        value += character;
    }
    text.remove_prefix(std::min(at + 1, text.size()));
    return (value);
}

const std::string&
firstOf(const std::string& preferred, const std::string& other) noexcept {
    return (preferred.empty() ? other : preferred);
}

}  // namespace

/// Reads "# 2026-11-27 13:40:25 by RouterOS 7.16". The time is that of the router's clock.
void
RouterosLeases::readHeader(std::string_view line) {
    line.remove_prefix(1);
    std::array<uint16_t, 3> date{};
    if (line.find(" by RouterOS") == std::string_view::npos) {
        return;
    }
    is_export_ = true;
    if (readDate(takeWord(line), date)) {
        time_ = makeTime(date, takeWord(line)).value_or(time_);
    }
}

void
RouterosLeases::append(std::string_view text) {
    if (record_.size() <= LONGEST) {
        record_.append(text);
    }
}

/// Reads a line of an export. Returns true if it completes a record.
bool
RouterosLeases::readExported(std::string_view line) {
    auto text = trimmed(line);
    const bool was_continued = continues_;
    continues_ = !text.empty() && text.back() == '\\';
    if (continues_) {
        text.remove_suffix(1);
    }
    if (!was_continued) {
        if (line.front() == '/') {
            in_section_ = startsWith(text, SECTION) &&
                          (text.size() == SECTION.size() || text[SECTION.size()] == ' ');
            text.remove_prefix(in_section_ ? SECTION.size() : 0);
            text = trimmed(text);
        }
        if (!in_section_ || !startsWith(text, "add ")) {
            return (false);
        }
        text.remove_prefix(4);
        first_line_ = lines().number();
        record_.clear();
    }
    if (first_line_ == 0) {
        return (false);
    }
    append(text);
    return (!continues_);
}

/// Reads a line of "print detail": a number begins a record, and an empty line ends it. Returns true if a record is
/// complete.
bool
RouterosLeases::readPrinted(std::string_view line) {
    auto text = trimmed(line);
    if (text.empty()) {
        return (first_line_ != 0);
    }
    auto rest = text;
    const auto word = takeWord(rest);
    if (word.find_first_not_of("0123456789") == std::string_view::npos) {
        if (first_line_ != 0) {
            held_ = std::string(line);
            return (true);
        }
        first_line_ = lines().number();
        record_.clear();
        text = rest;
    }
    if (first_line_ != 0) {
        const auto comment = text.find(";;;");
        append(comment < text.find('=') ? text.substr(0, comment) : text);
        append(" ");
    }
    return (false);
}

std::string*
RouterosLeases::fieldNamed(Fields& fields, std::string_view name) noexcept {
    const std::array<std::pair<std::string_view, std::string*>, 10> names{
        {{"address", &fields.address},
         {"active-address", &fields.active_address},
         {"mac-address", &fields.hw_address},
         {"active-mac-address", &fields.active_hw_address},
         {"client-id", &fields.identifier},
         {"active-client-id", &fields.active_identifier},
         {"host-name", &fields.hostname},
         {"last-seen", &fields.last_seen},
         {"expires-after", &fields.expires_after},
         {"disabled", &fields.disabled}}};
    const auto* const found = std::find_if(names.begin(), names.end(),
                                           [name](const auto& one) { return (one.first == name); });
    return (found == names.end() ? nullptr : found->second);
}

void
RouterosLeases::readFields(Fields& fields) const {
    std::string_view text(record_);
    while (!text.empty()) {
        const auto end = text.find_first_of("= \t");
        if (end == std::string_view::npos) {
            return;
        }
        const auto name = text.substr(0, end);
        const bool is_field = text[end] == '=';
        text.remove_prefix(end + 1);
        if (!is_field) {
            continue;
        }
        auto value = takeValue(text);
        if (auto* const field = fieldNamed(fields, name)) {
            *field = std::move(value);
        }
    }
}

/// Fills the row. Returns null, or the reason if a field is invalid.
const char*
RouterosLeases::readRow(const Fields& fields) {
    const auto address = parseAddress(firstOf(fields.active_address, fields.address));
    if (!address) {
        return ("no IPv4 address");
    }
    if (!parseShortHex(firstOf(fields.active_hw_address, fields.hw_address), hw_address_)) {
        return ("invalid hardware address");
    }
    const auto& identifier = firstOf(fields.active_identifier, fields.identifier);
    identifier_.clear();
    if (!identifier.empty() && !parseShortHex(identifier, identifier_)) {
        return ("invalid client identifier");
    }
    const auto seen = parsePeriod(fields.last_seen).value_or(std::chrono::seconds(0));
    const auto left = parsePeriod(fields.expires_after).value_or(std::chrono::seconds(0));
    hostname_ = fields.hostname;
    row_.address = *address;
    row_.hw_address = hw_address_;
    row_.identifier = identifier_;
    row_.hostname = hostname_;
    row_.time = std::max(UtcSeconds(), time_ - seen);
    row_.lifetime = left > std::chrono::seconds(0)
                        ? std::min(left + seen, std::chrono::seconds(UINT32_MAX))
                        : assumptions_.lease_time;
    row_.prefix = assumptions_.prefix;
    row_.subnet = prefixOf(*address, row_.prefix);
    return (nullptr);
}

/// Parses the complete record. Returns false if it is damaged or disabled.
bool
RouterosLeases::finish() {
    const auto line = first_line_;
    first_line_ = 0;
    Fields fields;
    readFields(fields);
    if (fields.disabled == "yes" || fields.disabled == "true") {
        return (false);
    }
    const char* const reason = record_.size() > LONGEST ? "too long" : readRow(fields);
    if (reason != nullptr) {
        skip(line, reason);
    }
    return (reason == nullptr);
}

const LeaseRow*
RouterosLeases::next() {
    std::string_view line;
    if (!held_.empty()) {
        const auto held = std::move(held_);
        held_.clear();
        readPrinted(held);
    }
    while (lines().next(line)) {
        line = withoutMark(line);
        if (!continues_ && !line.empty() && line.front() == '#') {
            readHeader(line);
            continue;
        }
        if (!continues_ && !line.empty() && (line.front() == '/' || startsWith(line, "add "))) {
            in_section_ = in_section_ || !is_export_;
            is_export_ = true;
        }
        const bool complete =
            is_export_ ? (!line.empty() || continues_) && readExported(line) : readPrinted(line);
        if (complete && finish()) {
            return (&row_);
        }
        if (!held_.empty()) {
            const auto held = std::move(held_);
            held_.clear();
            readPrinted(held);
        }
    }
    return (first_line_ != 0 && !continues_ && finish() ? &row_ : nullptr);
}

}  // namespace clone_guard
