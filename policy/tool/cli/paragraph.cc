// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/paragraph.h>

#include <tool/cli/terminal.h>

#include <algorithm>
#include <ostream>

namespace clone_guard {

namespace {

constexpr std::string_view VERBATIM = "    ";

bool
isDigit(char character) {
    return (character >= '0' && character <= '9');
}

/// Returns the end of the word at `begin`. A date and its time are one word.
size_t
wordEnd(std::string_view text, size_t begin) {
    auto end = text.find(' ', begin);
    while (end != std::string_view::npos && end > begin && end + 1 < text.size() &&
           isDigit(text[end - 1]) && isDigit(text[end + 1])) {
        end = text.find(' ', end + 1);
    }
    return (std::min(end, text.size()));
}

}  // namespace

std::vector<std::string>
wrap(std::string_view text, size_t width) {
    std::vector<std::string> lines(1);
    if (width == 0) {
        lines[0] = text;
        return (lines);
    }
    for (size_t begin = 0; begin < text.size();) {
        const auto end = wordEnd(text, begin);
        const auto word = text.substr(begin, end - begin);
        begin = end + 1;
        if (word.empty()) {
            continue;
        }
        auto& line = lines.back();
        if (line.empty()) {
            line = word;
        } else if (line.size() + 1 + word.size() <= width) {
            line.append(" ").append(word);
        } else {
            lines.emplace_back(word);
        }
    }
    return (lines);
}

void
printParagraph(std::ostream& out, std::string_view text, std::string_view first, size_t indent) {
    const auto width = layoutOf(out).width;
    const auto before = std::max(first.size(), indent);
    const auto lines = wrap(text, width > before ? width - before : 0);
    for (size_t at = 0; at < lines.size(); ++at) {
        out << (at == 0 ? std::string(first) : std::string(indent, ' ')) << lines[at] << '\n';
    }
}

std::string
reflow(std::string_view text, size_t width) {
    std::string result;
    std::string paragraph;
    const auto finish = [&] {
        if (!paragraph.empty()) {
            for (const auto& line : wrap(paragraph, width)) {
                result += line + "\n";
            }
            paragraph.clear();
        }
    };
    for (size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto line = text.substr(begin, end - begin);
        begin = end + 1;
        if (line.empty() || line.substr(0, VERBATIM.size()) == VERBATIM) {
            finish();
            result.append(line).append("\n");
        } else {
            paragraph.append(paragraph.empty() ? "" : " ").append(line);
        }
    }
    finish();
    return (result);
}

}  // namespace clone_guard
