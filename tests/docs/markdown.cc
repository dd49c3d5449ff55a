// SPDX-License-Identifier: MPL-2.0

#include <tests/docs/markdown.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace clone_guard {
namespace test {

namespace {

std::string
trimmed(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '`'), text.end());
    const auto first = text.find_first_not_of(' ');
    return (first == std::string::npos ? std::string()
                                       : text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// The cells between the bars of "| a | b |".
Row
cells(const std::string& line) {
    Row row;
    size_t start = 1;
    for (auto bar = line.find('|', start); bar != std::string::npos; bar = line.find('|', start)) {
        row.push_back(trimmed(line.substr(start, bar - start)));
        start = bar + 1;
    }
    return (row);
}

bool
startsWith(const std::string& text, const std::string& start) {
    return (text.compare(0, start.size(), start) == 0);
}

}  // namespace

Page::Page(const std::string& name) {
    std::ifstream file(std::string(CLONE_GUARD_SOURCE_DIR) + "/" + name);
    if (!file) {
        throw std::runtime_error("cannot read " + name);
    }
    for (std::string line; std::getline(file, line);) {
        lines_.push_back(line);
    }
}

std::vector<Row>
Page::table(const std::string& heading) const {
    std::vector<Row> rows;
    auto line = std::find(lines_.begin(), lines_.end(), heading);
    if (line == lines_.end()) {
        return (rows);
    }
    for (++line; line != lines_.end() && !startsWith(*line, "#"); ++line) {
        if (startsWith(*line, "|")) {
            rows.push_back(cells(*line));
        } else if (!rows.empty()) {
            break;
        }
    }
    // The names of the columns, and the line below them.
    rows.erase(rows.begin(), rows.begin() + static_cast<long>(std::min<size_t>(rows.size(), 2)));
    return (rows);
}

std::vector<std::string>
Page::blocks(const std::string& language) const {
    std::vector<std::string> found;
    bool inside = false;
    for (const auto& indented : lines_) {
        const auto line = indented.substr(std::min(indented.find_first_not_of(' '), indented.size()));
        if (inside && line == "```") {
            inside = false;
        } else if (inside) {
            found.back() += line + "\n";
        } else if (line == "```" + language) {
            inside = true;
            found.emplace_back();
        }
    }
    return (found);
}

std::vector<std::string>
Page::linesWith(const std::string& word) const {
    std::vector<std::string> found;
    for (const auto& line : lines_) {
        const auto at = startsWith(line, "    ") ? line.find(" " + word) : std::string::npos;
        if (at != std::string::npos) {
            found.push_back(line.substr(at + 1));
        }
    }
    return (found);
}

bool
Page::hasLine(const std::string& text) const {
    return (std::find(lines_.begin(), lines_.end(), text) != lines_.end());
}

}  // namespace test
}  // namespace clone_guard
