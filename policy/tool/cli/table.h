// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TOOL_CLI_TABLE_H
#define CLONE_GUARD_TOOL_CLI_TABLE_H

#include <iosfwd>
#include <string>
#include <vector>

namespace clone_guard {

/// @brief A table for people: columns as wide as their longest cell, two blanks between them.
class Table {
public:
    /// @param head the names of the columns; empty for a table without them.
    explicit Table(std::vector<std::string> head = {}) : head_(std::move(head)) {}

    /// @param row a cell for each column; the last may be missing. An empty one is printed as "-".
    void add(std::vector<std::string> row) {
        rows_.push_back(std::move(row));
    }

    [[nodiscard]] bool empty() const noexcept {
        return (rows_.empty());
    }

    /// @param indent so many blanks before each line.
    void print(std::ostream& out, size_t indent = 0) const;

private:
    std::vector<std::string> head_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace clone_guard

#endif
