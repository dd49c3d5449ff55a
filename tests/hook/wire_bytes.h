// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_HOOK_WIRE_BYTES_H
#define CLONE_GUARD_TESTS_HOOK_WIRE_BYTES_H

#include <core/identity/bytes.h>

#include <algorithm>

namespace clone_guard {
namespace test {

/// @brief The size of chaddr, and of sname and file together, in the header of a packet (RFC 2131 section 2).
constexpr size_t CHADDR_SIZE = 16;
constexpr size_t SNAME_AND_FILE = 64 + 128;

inline void
append(Bytes& bytes, const Bytes& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

/// @brief Returns a number in network byte order.
inline Bytes
fromNumber(uint32_t number) {
    return {static_cast<uint8_t>(number >> 24U), static_cast<uint8_t>(number >> 16U),
            static_cast<uint8_t>(number >> 8U), static_cast<uint8_t>(number)};
}

inline Bytes
characters(const std::string& text) {
    return (Bytes(text.begin(), text.end()));
}

/// @brief Appends chaddr, filled with zeros, empty sname and file, and the bytes before the options.
inline void
appendAfterAddresses(Bytes& bytes, Bytes chaddr) {
    chaddr.resize(CHADDR_SIZE);
    append(bytes, chaddr);
    bytes.resize(bytes.size() + SNAME_AND_FILE);
    append(bytes, {0x63, 0x82, 0x53, 0x63});
}

/// @brief Appends an option, in pieces if it is too long for one (RFC 3396).
inline void
appendOption(Bytes& bytes, uint8_t code, const Bytes& data) {
    size_t at = 0;
    do {
        const auto size = std::min<size_t>(data.size() - at, 255);
        append(bytes, {code, static_cast<uint8_t>(size)});
        bytes.insert(bytes.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
                     data.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += size;
    } while (at < data.size());
}

}  // namespace test
}  // namespace clone_guard

#endif
