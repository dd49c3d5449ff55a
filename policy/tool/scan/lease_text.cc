// SPDX-License-Identifier: MPL-2.0

#include <tool/scan/lease_text.h>

namespace clone_guard {

namespace {

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

bool
parseShortHex(std::string_view text, Bytes& bytes) {
    bytes.clear();
    for (bool more = true; more;) {
        const auto end = text.find(':');
        const auto digits = text.substr(0, end);
        uint8_t byte = 0;
        const auto* const last = digits.data() + digits.size();
        const auto [stopped, error] = std::from_chars(digits.data(), last, byte, 16);
        if (digits.empty() || digits.size() > 2 || error != std::errc() || stopped != last ||
            bytes.size() == MAX_LEASE_BYTES) {
            return (false);
        }
        bytes.push_back(byte);
        more = end != std::string_view::npos;
        text.remove_prefix(more ? end + 1 : text.size());
    }
    return (true);
}

std::string_view
takeWord(std::string_view& text) noexcept {
    const auto begin = text.find_first_not_of(" \t");
    text.remove_prefix(begin == std::string_view::npos ? text.size() : begin);
    const auto word = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(word.size());
    return (word);
}

}  // namespace clone_guard
