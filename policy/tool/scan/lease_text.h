// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_SCAN_LEASE_TEXT_H
#define CLONE_GUARD_TOOL_SCAN_LEASE_TEXT_H

#include <core/identity/bytes.h>
#include <core/identity/ip_address.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace clone_guard {

/// @brief The longest client identifier and hardware address in bytes that a server stores.
constexpr size_t MAX_LEASE_BYTES = 255;

/// @brief Decodes the separators in a field, which Kea writes in hexadecimal: "a&#x2cb" is "a,b".
std::string unescapeField(std::string_view field);

/// @brief Parses an IPv4 address: "192.0.2.1".
///
/// @return the address, or std::nullopt if the text is invalid.
std::optional<IpAddress> parseAddress(std::string_view text) noexcept;

/// @brief Parses hexadecimal with colons. A byte may have one digit, as in "1:0:c:29".
///
/// @param bytes is set to the bytes; unspecified if the text is invalid.
/// @return true if the text is valid and has at most MAX_LEASE_BYTES bytes.
bool parseShortHex(std::string_view text, Bytes& bytes);

/// @brief Removes the first word from a text, and the blanks before it.
///
/// @return the word; empty at the end of the text.
std::string_view takeWord(std::string_view& text) noexcept;

/// @brief Checks whether a text begins with another one.
constexpr bool
startsWith(std::string_view text, std::string_view begin) noexcept {
    return (text.substr(0, begin.size()) == begin);
}

/// @brief Parses a decimal number.
///
/// @return true if the whole text is a number in the range of its type.
template <typename Number>
bool
readNumber(std::string_view text, Number& number) noexcept {
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    return (error == std::errc() && stopped == end && !text.empty());
}

}  // namespace clone_guard

#endif
