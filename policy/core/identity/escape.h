// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_IDENTITY_ESCAPE_H
#define CLONE_GUARD_CORE_IDENTITY_ESCAPE_H

#include <core/identity/bytes.h>

namespace clone_guard {

/// @brief The longest text of a client that is printed, in bytes before escaping.
constexpr size_t MAX_TEXT = 128;

/// @brief Escapes text from an untrusted source for a log line (R11).
///
/// Each byte that is not printable ASCII becomes \\xNN. So do the backslash, the double quote and the percent sign:
/// Kea's logger reads a percent sign as the placeholder of its next argument.
///
/// @param longest the maximum length in bytes; longer text is cut and ends in "..."
std::string escape(std::string_view text, size_t longest = MAX_TEXT);

/// @return true if each byte of the text is printable ASCII.
bool isPrintableAscii(std::string_view text) noexcept;

/// @brief Escapes text for a terminal.
///
/// Each byte that is not printable ASCII becomes \\xNN. Other bytes, the backslash included, stay as they are, so that
/// text that is escaped already stays readable.
std::string printable(std::string_view text);

}  // namespace clone_guard

#endif
