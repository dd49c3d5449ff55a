// SPDX-License-Identifier: MPL-2.0
#ifndef CLONE_GUARD_TESTS_E2E_HARNESS_NET_BYTES_H
#define CLONE_GUARD_TESTS_E2E_HARNESS_NET_BYTES_H

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace clone_guard {
namespace e2e {

/// @brief A sequence of bytes as sent on the wire.
using Bytes = std::vector<uint8_t>;

/// @brief Appends one sequence of bytes to another.
Bytes operator+(Bytes left, const Bytes& right);

/// @brief Converts a number to four bytes in network order.
Bytes bigEndian(uint32_t number);

/// @brief Reads bytes from hexadecimal digits, with or without colons.
///
/// @throw std::invalid_argument if the text contains anything else.
Bytes fromHex(const std::string& text);

/// @brief Writes bytes as the guard and Kea log them: lower-case hexadecimal digits with colons.
std::string toHex(const Bytes& bytes);

/// @brief Returns the bytes of a text.
Bytes fromText(const std::string& text);

/// @brief An IPv4 address that compares and prints.
struct Address {
    uint32_t value = 0;

    Address() = default;
    constexpr explicit Address(uint32_t number) : value(number) {}

    /// @brief Reads an address in dotted notation.
    ///
    /// @throw std::invalid_argument if the text is not an address.
    explicit Address(const std::string& text);

    bool isZero() const {
        return (value == 0);
    }

    std::string toText() const;
};

inline bool
operator==(Address left, Address right) {
    return (left.value == right.value);
}

inline bool
operator!=(Address left, Address right) {
    return (left.value != right.value);
}

inline bool
operator<(Address left, Address right) {
    return (left.value < right.value);
}

std::ostream& operator<<(std::ostream& stream, Address address);

}  // namespace e2e
}  // namespace clone_guard

#endif  // CLONE_GUARD_TESTS_E2E_HARNESS_NET_BYTES_H
