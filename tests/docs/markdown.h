// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_DOCS_MARKDOWN_H
#define CLONE_GUARD_TESTS_DOCS_MARKDOWN_H

#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief One row of a table, cell by cell, without backquotes and spaces around.
using Row = std::vector<std::string>;

/// @brief A page of the documents, as far as tests compare it with the sources.
class Page {
public:
    /// @param name below the directory of the sources, for example "docs/audit.md".
    /// @throw std::runtime_error if it cannot be read.
    explicit Page(const std::string& name);

    /// @brief The rows of the first table after a heading, without its head.
    ///
    /// @param heading the whole line, for example "## Parameters".
    /// @return none where there is no such heading or no table before the next one.
    [[nodiscard]] std::vector<Row> table(const std::string& heading) const;

    /// @brief The code blocks of one language, in order.
    ///
    /// @param language as it stands behind the three backquotes.
    [[nodiscard]] std::vector<std::string> blocks(const std::string& language) const;

    /// @brief Whether a line is exactly this.
    [[nodiscard]] bool hasLine(const std::string& text) const;

private:
    std::vector<std::string> lines_;
};

}  // namespace test
}  // namespace clone_guard

#endif
