// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/dhcpd_leases.h>

#include <tool/cli/failure.h>
#include <tool/cli/text.h>
#include <tool/scan/lease_text.h>
#include <tool/scan/lease_time.h>

#include <algorithm>
#include <array>

namespace clone_guard {

namespace {

/// Kea's value for the state of a released lease.
constexpr uint32_t STATE_RELEASED = 3;

/// Parses a time: "5 2026/11/27 13:40:25", or "epoch 1795786825".
std::optional<UtcSeconds>
parseTime(std::string_view text) {
    const auto first = takeWord(text);
    if (first == "epoch") {
        uint32_t seconds = 0;
        if (!readNumber(takeWord(text), seconds)) {
            return (std::nullopt);
        }
        return (utcFromSeconds(seconds));
    }
    std::array<uint16_t, 3> date{};
    if (!readThree(takeWord(text), '/', date)) {
        return (std::nullopt);
    }
    return (makeTime(date, takeWord(text)));
}

/// Decodes the number after a backslash, in octal or hexadecimal digits.
char
readEscape(std::string_view text, size_t& at, int base, size_t digits) {
    unsigned value = 0;
    const auto part = text.substr(at, digits);
    const auto stopped = std::from_chars(part.data(), part.data() + part.size(), value, base).ptr;
    at += static_cast<size_t>(stopped - part.data());
    return (static_cast<char>(value & 0xffU));
}

/// Decodes a text in quotes: "\377a" is two bytes. Returns false if a quote is missing.
bool
unquote(std::string_view text, std::string& decoded) {
    decoded.clear();
    if (text.empty() || text.front() != '"') {
        return (false);
    }
    for (size_t at = 1; at < text.size();) {
        char character = text[at++];
        if (character == '"') {
            return (true);
        }
        if (character == '\\' && at < text.size()) {
            character = text[at];
            if (character >= '0' && character <= '7') {
                character = readEscape(text, at, 8, 3);
            } else if (character == 'x') {
                character = readEscape(text, ++at, 16, 2);
            } else {
                static constexpr std::string_view NAMES = "tnrb";
                static constexpr std::string_view CHARACTERS = "\t\n\r\b";
                const auto named = NAMES.find(character);
                character = named == std::string_view::npos ? character : CHARACTERS[named];
                ++at;
            }
        }
        decoded += character;
    }
    return (false);
}

}  // namespace

void
DhcpdLeases::begin(std::string_view line) {
    if (in_lease_) {
        skip(block_.line, "the lease has no end");
    }
    in_lease_ = true;
    block_ = Block();
    block_.line = lines().number();
    depth_ = 0;
    hostname_.clear();
    hw_address_.clear();
    identifier_.clear();
    takeWord(line);
    const auto address = parseAddress(takeWord(line));
    if (!address) {
        block_.damage = "invalid IPv4 address";
        return;
    }
    row_.address = *address;
}

void
DhcpdLeases::readTime(std::string_view text, std::optional<UtcSeconds>& time) {
    if (trimmed(text) == "never") {
        block_.endless = true;
        return;
    }
    time = parseTime(text);
    if (!time) {
        block_.damage = "invalid time";
    }
}

void
DhcpdLeases::readIdentifier(std::string_view text) {
    text = trimmed(text);
    if (!text.empty() && text.front() == '"') {
        if (unquote(text, text_) && text_.size() <= MAX_LEASE_BYTES) {
            identifier_.assign(text_.begin(), text_.end());
            return;
        }
    } else if (parseShortHex(text, identifier_)) {
        return;
    }
    block_.damage = "invalid client identifier";
}

/// Reads a statement of a lease.
void
DhcpdLeases::readStatement(std::string_view line) {
    line = line.substr(0, line.rfind(';'));
    const auto name = takeWord(line);
    if (name == "starts") {
        readTime(line, block_.starts);
    } else if (name == "ends") {
        readTime(line, block_.ends);
    } else if (name == "cltt") {
        readTime(line, block_.last);
    } else if (name == "binding") {
        takeWord(line);
        const auto state = takeWord(line);
        block_.released = state == "released";
        block_.abandoned = state == "abandoned";
    } else if (name == "abandoned") {
        block_.abandoned = true;
    } else if (name == "hardware") {
        takeWord(line);
        if (!parseShortHex(trimmed(line), hw_address_)) {
            block_.damage = "invalid hardware address";
        }
    } else if (name == "uid") {
        readIdentifier(line);
    } else if (name == "client-hostname") {
        unquote(trimmed(line), hostname_);
    }
}

/// Completes the row at the end of a lease. Returns false if the lease is damaged or has no client.
bool
DhcpdLeases::finish() {
    in_lease_ = false;
    const auto& block = block_;
    const auto time = block.last ? block.last : block.starts;
    if (block.damage == nullptr && (block.abandoned || hw_address_.empty())) {
        return (false);
    }
    const char* damage = block.damage;
    if (damage == nullptr && (!time || (!block.ends && !block.endless))) {
        damage = "times are missing";
    }
    if (damage != nullptr) {
        skip(block.line, damage);
        return (false);
    }
    row_.time = *time;
    row_.lifetime =
        block.ends ? std::max(*block.ends - *time, std::chrono::seconds(0)) : INFINITE_LIFETIME;
    row_.state = block.released ? STATE_RELEASED : 0;
    row_.hw_address = hw_address_;
    row_.identifier = identifier_;
    row_.hostname = hostname_;
    row_.prefix = assumptions_.prefix;
    row_.subnet = prefixOf(row_.address, row_.prefix);
    return (true);
}

const LeaseRow*
DhcpdLeases::next() {
    std::string_view line;
    while (lines().next(line)) {
        line = trimmed(withoutMark(line));
        const bool opens = !line.empty() && line.back() == '{';
        if (startsWith(line, "lease ") && opens) {
            begin(line);
        } else if (startsWith(line, "ia-na ") || startsWith(line, "ia-pd ") ||
                   startsWith(line, "ia-ta ")) {
            throw Failure(inQuotes(path_) +
                          " is a lease file for DHCPv6; the scan reads DHCPv4 lease files, "
                          "usually dhcpd.leases");
        } else if (lines().cut()) {
            if (in_lease_) {
                block_.damage = "too long";
            }
        } else if (opens) {
            ++depth_;
        } else if (line == "}") {
            if (depth_ > 0) {
                --depth_;
            } else if (in_lease_ && finish()) {
                return (&row_);
            }
        } else if (in_lease_ && depth_ == 0) {
            readStatement(line);
        }
    }
    return (nullptr);
}

}  // namespace clone_guard
