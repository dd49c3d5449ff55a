// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_PARAGRAPH_H
#define CLONE_GUARD_TOOL_CLI_PARAGRAPH_H

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace clone_guard {

/// @brief Breaks a text into lines at words.
///
/// @param width columns of a line; 0 for one line. A longer word gets a line of its own.
/// @return at least one line.
std::vector<std::string> wrap(std::string_view text, size_t width);

/// @brief Prints a text, broken at words to the width of the stream's layout.
///
/// @param first blanks or a mark before the first line.
/// @param indent blanks before each further line.
void printParagraph(std::ostream& out, std::string_view text, std::string_view first = "",
                    size_t indent = 0);

/// @brief Lays out text whose paragraphs have blank lines between them; lines that begin with four blanks stay.
std::string reflow(std::string_view text, size_t width);

}  // namespace clone_guard

#endif
