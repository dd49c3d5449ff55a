// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/table.h>

#include <tool/cli/paragraph.h>

#include <algorithm>
#include <numeric>
#include <ostream>

namespace clone_guard {

namespace {

using Row = std::vector<Cell>;
using Widths = std::vector<size_t>;

/// Blanks between two columns.
constexpr size_t GAP = 2;
/// Blanks before the continuation of a row.
constexpr size_t CONTINUATION = 4;

size_t
longestWord(const std::string& text) {
    size_t longest = 0;
    for (const auto& word : wrap(text, 1)) {
        longest = std::max(longest, word.size());
    }
    return (longest);
}

/// Returns for each column the greatest of what `measure` says of its cells.
template <typename Measure>
Widths
measured(const std::vector<Row>& rows, const Measure& measure) {
    Widths widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], measure(row[column].text));
        }
    }
    return (widths);
}

size_t
lineWidth(const Widths& widths, size_t begin, size_t end) {
    return (std::accumulate(widths.begin() + static_cast<std::ptrdiff_t>(begin),
                            widths.begin() + static_cast<std::ptrdiff_t>(end), (end - begin - 1) * GAP));
}

/// Narrows the widest columns until a line fits, but no column below its longest word.
void
shrink(Widths& widths, const Widths& least, size_t room) {
    for (auto width = lineWidth(widths, 0, widths.size()); width > room; --width) {
        size_t widest = widths.size();
        for (size_t column = 0; column < widths.size(); ++column) {
            if (widths[column] > least[column] &&
                (widest == widths.size() || widths[column] > widths[widest])) {
                widest = column;
            }
        }
        if (widest == widths.size()) {
            return;
        }
        --widths[widest];
    }
}

/// Returns the ends of the groups of columns that have a line each. The last column is narrowed if its words then fit
/// the line of the column before.
std::vector<size_t>
groupsOf(Widths& widths, const Widths& least, size_t room) {
    std::vector<size_t> ends;
    size_t begin = 0;
    for (size_t column = 0; column < widths.size(); ++column) {
        const auto width = lineWidth(widths, begin, column + 1);
        if (column == begin || width <= room) {
            continue;
        }
        const auto excess = width - room;
        if (column + 1 == widths.size() && least[column] + excess <= widths[column]) {
            widths[column] -= excess;
            break;
        }
        ends.push_back(column);
        begin = column;
        room -= ends.size() == 1 ? std::min(room, CONTINUATION) : 0;
    }
    ends.push_back(widths.size());
    return (ends);
}

/// Breaks a cell into lines at words, and a word that is longer than a line.
std::vector<std::string>
linesOf(const std::string& text, size_t width) {
    if (text.size() <= width) {
        return {text};
    }
    std::vector<std::string> lines;
    for (const auto& words : wrap(text, width)) {
        for (size_t begin = 0; begin < words.size(); begin += width) {
            lines.push_back(words.substr(begin, width));
        }
    }
    return (lines);
}

/// Returns the number of lines that the rows take.
size_t
heightOf(const std::vector<Row>& rows, const Widths& widths, const std::vector<size_t>& ends) {
    size_t height = 0;
    for (const auto& row : rows) {
        size_t column = 0;
        for (const auto end : ends) {
            size_t lines = 0;
            for (; column < std::min(end, row.size()); ++column) {
                lines = std::max(lines, linesOf(row[column].text, widths[column]).size());
            }
            height += lines;
        }
    }
    return (height);
}

/// Prints some columns of a row, each cell broken to the width of its column.
void
printCells(std::ostream& out, const Row& row, size_t begin, size_t end, const Widths& widths,
           size_t indent) {
    std::vector<std::vector<std::string>> cells;
    size_t height = 0;
    for (auto column = begin; column < end; ++column) {
        cells.push_back(linesOf(row[column].text, widths[column]));
        height = std::max(height, cells.back().size());
    }
    for (size_t line = 0; line < height; ++line) {
        // Blanks are printed with the next text, so that no line ends with blanks.
        size_t blanks = indent;
        for (size_t at = 0; at < cells.size(); ++at) {
            const auto text = line < cells[at].size() ? cells[at][line] : std::string();
            if (!text.empty()) {
                out << std::string(blanks, ' ') << Styled(row[begin + at].style, text);
                blanks = 0;
            }
            blanks += widths[begin + at] - std::min(text.size(), widths[begin + at]) + GAP;
        }
        out << '\n';
    }
}

}  // namespace

Table::Table(std::vector<std::string> head) : has_head_(!head.empty()) {
    if (has_head_) {
        Row row;
        for (auto& name : head) {
            row.push_back(Styled(Style::BOLD, std::move(name)));
        }
        rows_.push_back(std::move(row));
    }
}

void
Table::add(std::vector<Cell> row) {
    for (auto& cell : row) {
        if (cell.text.empty()) {
            cell.text = "-";
        }
    }
    if (!has_head_ && !row.empty() && row[0].style == Style::PLAIN) {
        row[0].style = Style::FAINT;
    }
    rows_.push_back(std::move(row));
}

void
Table::print(std::ostream& out, size_t indent, size_t piped) const {
    if (rows_.empty()) {
        return;
    }
    auto widths = measured(rows_, [](const std::string& text) { return (text.size()); });
    std::vector<size_t> ends{widths.size()};
    const auto terminal = layoutOf(out).width;
    const auto width = terminal > 0 ? terminal : piped;
    const auto room = width > indent ? width - indent : 0;
    if (room > 0 && lineWidth(widths, 0, widths.size()) > room) {
        auto folded = widths;
        for (auto& column : folded) {
            column = std::min(column, room > CONTINUATION ? room - CONTINUATION : room);
        }
        const auto least = measured(rows_, longestWord);
        const auto groups = groupsOf(folded, least, room);
        shrink(widths, least, room);
        if (lineWidth(widths, 0, widths.size()) > room ||
            (has_head_ && heightOf(rows_, folded, groups) < heightOf(rows_, widths, ends))) {
            widths = folded;
            ends = groups;
        }
    }
    for (const auto& row : rows_) {
        size_t begin = 0;
        for (const auto end : ends) {
            if (begin < row.size()) {
                printCells(out, row, begin, std::min(end, row.size()), widths,
                           indent + (begin > 0 ? CONTINUATION : 0));
            }
            begin = end;
        }
    }
}

}  // namespace clone_guard
