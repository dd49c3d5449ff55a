// SPDX-License-Identifier: MPL-2.0

#include <core/escape.h>

namespace clone_guard {

std::string
escape(std::string_view text, size_t longest) {
    static const char digits[] = "0123456789abcdef";
    std::string safe;
    for (const char character : text.substr(0, longest)) {
        const auto byte = static_cast<uint8_t>(character);
        const bool plain = byte >= 0x20 && byte < 0x7f && byte != '\\' && byte != '"' && byte != '%';
        if (plain) {
            safe += character;
        } else {
            safe += "\\x";
            safe += digits[byte >> 4U];
            safe += digits[byte & 0x0fU];
        }
    }
    if (text.size() > longest) {
        safe += "...";
    }
    return (safe);
}

}  // namespace clone_guard
