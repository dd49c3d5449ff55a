// SPDX-License-Identifier: MPL-2.0

#include <core/identity/bytes.h>

namespace clone_guard {

namespace {

int
digitValue(char digit) {
    if (digit >= '0' && digit <= '9') {
        return (digit - '0');
    }
    if (digit >= 'a' && digit <= 'f') {
        return (digit - 'a' + 10);
    }
    if (digit >= 'A' && digit <= 'F') {
        return (digit - 'A' + 10);
    }
    return (-1);
}

bool
isSeparator(char character) {
    return (character == ':' || character == '-' || character == '.' || character == ' ');
}

}  // namespace

std::string
toHex(ByteView bytes) {
    static const char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 3);
    for (auto byte : bytes) {
        if (!text.empty()) {
            text += ':';
        }
        text += digits[byte >> 4U];
        text += digits[byte & 0x0fU];
    }
    return (text);
}

bool
fromHex(std::string_view text, Bytes& bytes) {
    if (text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        text.remove_prefix(2);
    }
    bytes.clear();
    bytes.reserve(text.size() / 2);
    for (size_t at = 0; at < text.size();) {
        if (isSeparator(text[at]) && !bytes.empty()) {
            ++at;
            if (at == text.size()) {
                return (false);
            }
        }
        if (at + 1 >= text.size()) {
            return (false);
        }
        const int high = digitValue(text[at]);
        const int low = digitValue(text[at + 1]);
        if (high < 0 || low < 0) {
            return (false);
        }
        bytes.push_back(static_cast<uint8_t>(high * 16 + low));
        at += 2;
    }
    return (true);
}

std::optional<Bytes>
fromHex(std::string_view text) {
    Bytes bytes;
    if (!fromHex(text, bytes)) {
        return (std::nullopt);
    }
    return (bytes);
}

uint32_t
toNumber(ByteView bytes) {
    uint32_t number = 0;
    for (auto byte : bytes) {
        number = (number << 8U) | byte;
    }
    return (number);
}

}  // namespace clone_guard
