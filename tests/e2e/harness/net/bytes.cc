// SPDX-License-Identifier: MPL-2.0
#include <tests/e2e/harness/net/bytes.h>

#include <arpa/inet.h>

#include <stdexcept>

namespace clone_guard {
namespace e2e {

Bytes
operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return (left);
}

Bytes
bigEndian(uint32_t number) {
    return (Bytes{static_cast<uint8_t>(number >> 24), static_cast<uint8_t>(number >> 16),
                  static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)});
}

Bytes
fromHex(const std::string& text) {
    std::string digits;
    for (char character : text) {
        if (character != ':') {
            digits += character;
        }
    }
    if (digits.size() % 2 != 0 ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
        throw std::invalid_argument("not hexadecimal: '" + text + "'");
    }
    Bytes bytes;
    for (size_t i = 0; i < digits.size(); i += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
    }
    return (bytes);
}

std::string
toHex(const Bytes& bytes) {
    static const char digits[] = "0123456789abcdef";
    std::string text;
    for (uint8_t byte : bytes) {
        if (!text.empty()) {
            text += ':';
        }
        text += digits[byte >> 4];
        text += digits[byte & 0x0f];
    }
    return (text);
}

Bytes
fromText(const std::string& text) {
    return (Bytes(text.begin(), text.end()));
}

Address::Address(const std::string& text) {
    in_addr parsed{};
    if (inet_pton(AF_INET, text.c_str(), &parsed) != 1) {
        throw std::invalid_argument("not an IPv4 address: '" + text + "'");
    }
    value = ntohl(parsed.s_addr);
}

std::string
Address::toText() const {
    in_addr raw{};
    raw.s_addr = htonl(value);
    char buffer[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &raw, buffer, sizeof(buffer));
    return (buffer);
}

std::ostream&
operator<<(std::ostream& stream, Address address) {
    return (stream << address.toText());
}

}  // namespace e2e
}  // namespace clone_guard
