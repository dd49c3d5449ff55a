// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_ESCAPE_H
#define CLONE_GUARD_ESCAPE_H

#include <core/bytes.h>

namespace clone_guard {

/// @brief The longest text of a client's that is printed, in bytes before escaping.
constexpr size_t MAX_TEXT = 128;

/// @brief Makes text that somebody else chose safe for a log line (R11).
///
/// Everything but printable ASCII becomes \\xNN; so do the backslash, the double quote, and the
/// percent sign, which Kea's logger would take for a placeholder of its next argument. What is
/// longer than 128 bytes ends in "...".
std::string escape(std::string_view text);

}  // namespace clone_guard

#endif
