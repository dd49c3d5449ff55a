// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_AUDIT_ESCAPE_H
#define CLONE_GUARD_AUDIT_ESCAPE_H

#include <core/identity/bytes.h>

namespace clone_guard {

/// @brief The longest text of a client's that is printed, in bytes before escaping.
constexpr size_t MAX_TEXT = 128;

/// @brief Makes text that somebody else chose safe for a log line (R11).
///
/// Everything but printable ASCII becomes \\xNN; so do the backslash, the double quote, and the
/// percent sign, which Kea's logger would take for a placeholder of its next argument.
///
/// @param longest what is longer is cut to so many bytes and ends in "...".
std::string escape(std::string_view text, size_t longest = MAX_TEXT);

/// @brief Makes text safe for a terminal and leaves all else as it is, so that what is escaped already stays readable.
///
/// Everything but printable ASCII becomes \\xNN.
std::string printable(std::string_view text);

}  // namespace clone_guard

#endif
