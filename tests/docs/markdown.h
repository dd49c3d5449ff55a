// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_DOCS_MARKDOWN_H
#define CLONE_GUARD_TESTS_DOCS_MARKDOWN_H

#include <string>
#include <vector>

namespace clone_guard {
namespace test {

/// @brief One row of a table: its cells without backquotes and surrounding spaces.
using Row = std::vector<std::string>;

/// @brief A page of the documents.
class Page {
public:
    /// @param name the path below the directory of the sources, for example "docs/audit.md"
    /// @throw std::runtime_error if the page cannot be read
    explicit Page(const std::string& name);

    /// @brief Returns the rows of the first table after a heading, without its head.
    ///
    /// @param heading the whole line, for example "## Parameters"
    /// @return the rows, or an empty list if there is no such heading, or no table before the next one
    [[nodiscard]] std::vector<Row> table(const std::string& heading) const;

    /// @brief Returns the code blocks of one language, in order.
    ///
    /// @param language the word after the three backquotes; empty for none
    [[nodiscard]] std::vector<std::string> blocks(const std::string& language) const;

    /// @brief Returns the texts in indented lines from a word on.
    ///
    /// A log line in a code block may begin with time and logger.
    ///
    /// @param word the beginning of the word, for example "CLONE_GUARD_"
    [[nodiscard]] std::vector<std::string> linesWith(const std::string& word) const;

    /// @brief Checks whether a line has exactly this text.
    [[nodiscard]] bool hasLine(const std::string& text) const;

private:
    std::vector<std::string> lines_;
};

}  // namespace test
}  // namespace clone_guard

#endif
