// SPDX-License-Identifier: MPL-2.0

#include <core/identity/escape.h>

#include <algorithm>

namespace clone_guard {

namespace {

constexpr bool
isPrintable(uint8_t byte) noexcept {
    return (byte >= 0x20 && byte < 0x7f);
}

void
addEscaped(std::string& text, uint8_t byte) {
    static const char digits[] = "0123456789abcdef";
    text += "\\x";
    text += digits[byte >> 4U];
    text += digits[byte & 0x0fU];
}

}  // namespace

std::string
escape(std::string_view text, size_t longest) {
    std::string safe;
    for (const char character : text.substr(0, longest)) {
        const auto byte = static_cast<uint8_t>(character);
        const bool plain = isPrintable(byte) && byte != '\\' && byte != '"' && byte != '%';
        if (plain) {
            safe += character;
        } else {
            addEscaped(safe, byte);
        }
    }
    if (text.size() > longest) {
        safe += "...";
    }
    return (safe);
}

bool
isPrintableAscii(std::string_view text) noexcept {
    return (std::all_of(text.begin(), text.end(),
                        [](char character) { return (isPrintable(static_cast<uint8_t>(character))); }));
}

std::string
printable(std::string_view text) {
    std::string safe;
    for (const char character : text) {
        const auto byte = static_cast<uint8_t>(character);
        if (isPrintable(byte)) {
            safe += character;
        } else {
            addEscaped(safe, byte);
        }
    }
    return (safe);
}

}  // namespace clone_guard
