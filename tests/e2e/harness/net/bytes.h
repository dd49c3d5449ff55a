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

/// @brief A run of bytes as it stands on the wire.
using Bytes = std::vector<uint8_t>;

/// @brief Appends one run of bytes to another.
Bytes operator+(Bytes left, const Bytes& right);

/// @brief A number as four bytes in network order.
Bytes bigEndian(uint32_t number);

/// @brief Reads bytes written as hexadecimal, with or without colons.
///
/// @throw std::invalid_argument if the text is anything else.
Bytes fromHex(const std::string& text);

/// @brief Writes bytes as the guard and Kea log them: lower-case hexadecimal with colons.
std::string toHex(const Bytes& bytes);

/// @brief The bytes of a text.
Bytes fromText(const std::string& text);

/// @brief An IPv4 address: a number that compares and prints well.
struct Address {
    uint32_t value = 0;

    Address() = default;
    constexpr explicit Address(uint32_t number) : value(number) {}

    /// @brief Reads an address in dotted notation.
    ///
    /// @throw std::invalid_argument if the text is anything else.
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
