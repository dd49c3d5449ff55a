// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_TABLE_H
#define CLONE_GUARD_TOOL_CLI_TABLE_H

#include <tool/cli/terminal.h>

#include <iosfwd>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief A cell of a table: a text, with or without a meaning.
struct Cell : Styled {
    Cell(const char* text) : Styled(Style::PLAIN, text) {}
    Cell(std::string text) : Styled(Style::PLAIN, std::move(text)) {}
    Cell(Styled styled) : Styled(std::move(styled)) {}
};

/// @brief A table: columns as wide as their longest cell, two blanks between them.
///
/// Where lines are too narrow, cells are broken at words, or the last columns of a row continue on a further line: what
/// takes fewer lines. A list of names and values has its cells broken, as long as its words fit.
class Table {
public:
    /// @param head the names of the columns; empty for a list of names and values.
    explicit Table(std::vector<std::string> head = {});

    /// @param row a cell for each column; the last cells may be missing. An empty cell is printed as "-".
    void add(std::vector<Cell> row);
    void add(const std::vector<std::string>& row) {
        add(std::vector<Cell>(row.begin(), row.end()));
    }
    void add(std::initializer_list<Cell> row) {
        add(std::vector<Cell>(row));
    }

    [[nodiscard]] bool empty() const noexcept {
        return (rows_.size() == (has_head_ ? 1 : 0));
    }

    /// @param indent blanks before each line.
    /// @param piped columns of a line where the output is not a terminal; 0 if each row is one line there, of any length.
    void print(std::ostream& out, size_t indent = 0, size_t piped = 0) const;

private:
    bool has_head_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace clone_guard

#endif
