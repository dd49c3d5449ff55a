// SPDX-License-Identifier: MPL-2.0

#include <hook/config/guard_key.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace clone_guard {

namespace {

constexpr std::string_view LETTERS = "cloneguard";
constexpr size_t MAX_MISTAKES = 2;

/// Returns the letters and digits of a key in lower case.
std::string
lettersOf(std::string_view key) {
    std::string letters;
    for (const char character : key) {
        if (character >= 'A' && character <= 'Z') {
            letters += static_cast<char>(character - 'A' + 'a');
        } else if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')) {
            letters += character;
        }
    }
    return (letters);
}

/// Counts the mistakes in a word: each wrong, missing or superfluous letter, and each pair of swapped neighbours.
size_t
mistakesIn(std::string_view word) {
    using Row = std::array<size_t, LETTERS.size() + 1>;
    Row before{};
    Row last{};
    Row row{};
    for (size_t column = 0; column < row.size(); ++column) {
        row.at(column) = column;
    }
    for (size_t at = 1; at <= word.size(); ++at) {
        before = std::exchange(last, row);
        row[0] = at;
        for (size_t column = 1; column < row.size(); ++column) {
            const bool wrong = word[at - 1] != LETTERS[column - 1];
            auto& cell = row.at(column);
            cell = std::min(
                {last.at(column) + 1, row.at(column - 1) + 1, last.at(column - 1) + (wrong ? 1 : 0)});
            if (at > 1 && column > 1 && word[at - 1] == LETTERS[column - 2] &&
                word[at - 2] == LETTERS[column - 1]) {
                cell = std::min(cell, before.at(column - 2) + 1);
            }
        }
    }
    return (row.back());
}

}  // namespace

bool
resemblesGuardKey(std::string_view key) {
    // A longer key has more mistakes, whatever its letters are.
    if (key == GUARD_KEY || key.size() > 4 * LETTERS.size()) {
        return (false);
    }
    return (mistakesIn(lettersOf(key)) <= MAX_MISTAKES);
}

}  // namespace clone_guard
