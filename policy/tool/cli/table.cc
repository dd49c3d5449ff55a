// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/table.h>

#include <algorithm>
#include <ostream>

namespace clone_guard {

namespace {

using Row = std::vector<std::string>;

std::string
cell(const std::string& text) {
    return (text.empty() ? "-" : text);
}

void
measure(const Row& row, std::vector<size_t>& widths) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t column = 0; column < row.size(); ++column) {
        widths[column] = std::max(widths[column], cell(row[column]).size());
    }
}

}  // namespace

void
Table::print(std::ostream& out, size_t indent) const {
    std::vector<size_t> widths;
    measure(head_, widths);
    for (const auto& row : rows_) {
        measure(row, widths);
    }
    const auto line = [&](const Row& row) {
        out << std::string(indent, ' ');
        for (size_t column = 0; column < row.size(); ++column) {
            const auto text = cell(row[column]);
            out << text;
            // No blanks at the end of a line.
            if (column + 1 < row.size()) {
                out << std::string(widths[column] - text.size() + 2, ' ');
            }
        }
        out << '\n';
    };
    if (!head_.empty()) {
        line(head_);
    }
    for (const auto& row : rows_) {
        line(row);
    }
}

}  // namespace clone_guard
