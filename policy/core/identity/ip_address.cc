// SPDX-License-Identifier: MPL-2.0

#include <core/identity/ip_address.h>

#include <array>
#include <charconv>

namespace clone_guard {

std::string
IpAddress::toText() const {
    std::array<char, sizeof("255.255.255.255")> text{};
    char* end = text.data();
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        if (end != text.data()) {
            *end++ = '.';
        }
        end = std::to_chars(end, text.data() + text.size(), number_ >> (shift - 8) & 0xffU).ptr;
    }
    return (std::string(text.data(), end));
}

}  // namespace clone_guard
