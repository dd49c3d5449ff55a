// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/kea_json.h>

#include <algorithm>

namespace clone_guard {

namespace {

/// Returns the end of the comment that begins at a position, or the position if no comment begins there.
size_t
commentEnd(std::string_view text, size_t at) {
    const auto two = text.substr(at, 2);
    if (text[at] == '#' || two == "//") {
        return (std::min(text.find('\n', at), text.size()));
    }
    if (two == "/*") {
        const auto end = text.find("*/", at + 2);
        return (end == std::string_view::npos ? text.size() : end + 2);
    }
    return (at);
}

}  // namespace

std::string
standardJson(std::string_view text) {
    std::string plain;
    bool in_string = false;
    for (size_t at = 0; at < text.size(); ++at) {
        if (!in_string) {
            const auto end = commentEnd(text, at);
            if (end > at) {
                at = end - 1;
                continue;
            }
            const bool closes = text[at] == ']' || text[at] == '}';
            const auto last = plain.find_last_not_of(" \t\n");
            if (closes && last != std::string::npos && plain[last] == ',') {
                plain.resize(last);
            }
        }
        if (text[at] == '"') {
            in_string = !in_string;
        }
        plain += text[at];
        if (in_string && text[at] == '\\' && at + 1 < text.size()) {
            plain += text[++at];
        }
    }
    return (plain);
}

}  // namespace clone_guard
