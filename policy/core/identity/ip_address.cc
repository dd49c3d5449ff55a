// SPDX-License-Identifier: MPL-2.0

#include <core/identity/ip_address.h>

namespace clone_guard {

std::string
IpAddress::toText() const {
    std::string text;
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        text += (text.empty() ? "" : ".") + std::to_string(number_ >> (shift - 8) & 0xffU);
    }
    return (text);
}

}  // namespace clone_guard
