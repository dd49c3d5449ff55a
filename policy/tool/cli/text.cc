// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/text.h>

namespace clone_guard {

std::string_view
trimmed(std::string_view text) noexcept {
    constexpr std::string_view BLANKS = " \t\r";
    const auto begin = text.find_first_not_of(BLANKS);
    if (begin == std::string_view::npos) {
        return {};
    }
    return (text.substr(begin, text.find_last_not_of(BLANKS) - begin + 1));
}

std::string_view
withoutMark(std::string_view line) noexcept {
    constexpr std::string_view MARK = "\xef\xbb\xbf";
    return (line.substr(0, MARK.size()) == MARK ? line.substr(MARK.size()) : line);
}

}  // namespace clone_guard
