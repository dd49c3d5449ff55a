// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_TERMINAL_H
#define CLONE_GUARD_TOOL_CLI_TERMINAL_H

#include <cstddef>
#include <iosfwd>
#include <string>

namespace clone_guard {

/// @brief How text is laid out on a stream. A stream that is given no layout has neither colours nor a width.
struct Layout {
    bool colours = false;
    size_t width =
        0;  ///< columns of the terminal; 0 if the output is not a terminal, so that lines stay whole
};

/// @brief Sets the layout of a stream, for each Styled and Table that is printed to it.
void setLayout(std::ostream& out, const Layout& layout);

/// @brief Returns the layout of a stream.
[[nodiscard]] Layout layoutOf(std::ostream& out);

/// @brief Returns the layout of the standard output.
///
/// @param colours "always", "never", or "auto": colours on a terminal, unless NO_COLOR is set or TERM is "dumb".
[[nodiscard]] Layout standardLayout(const std::string& colours);

/// @brief What a text means; each meaning has its own colour.
enum class Style { PLAIN, FAINT, BOLD, GOOD, WARNING, ALARM, DEGRADED, BLOCKED, MOVED };

/// @brief A text with a meaning. It is printed in colour if the layout of the stream has colours.
struct Styled {
    Styled(Style meaning, std::string words) : style(meaning), text(std::move(words)) {}

    Style style;
    std::string text;
};

std::ostream& operator<<(std::ostream& out, const Styled& styled);

}  // namespace clone_guard

#endif
