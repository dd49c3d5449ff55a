// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_JSON_GRAMMAR_H
#define CLONE_GUARD_TESTS_FUZZ_JSON_GRAMMAR_H

#include <tests/fuzz/choices.h>

#include <cc/data.h>

#include <vector>

namespace clone_guard {
namespace fuzz {

/// @brief Makes JSON of choices: values of all types, with the keys and words that the reader knows, and others.
class JsonGrammar {
public:
    /// @param words keys and strings that have a meaning
    JsonGrammar(Choices& choices, const std::vector<const char*>& words) :
        choices_(choices), words_(words) {}

    /// @brief Makes a map.
    isc::data::ElementPtr map(int depth = 0) {
        const auto made = isc::data::Element::createMap();
        for (auto size = choices_.below(8); size > 0; --size) {
            made->set(text(), value(depth + 1));
        }
        return (made);
    }

private:
    /// Lists and maps are not nested deeper.
    static constexpr int MAX_DEPTH = 4;

    isc::data::ElementPtr value(int depth) {
        using isc::data::Element;
        switch (choices_.below(depth < MAX_DEPTH ? 8 : 6)) {
        case 1:
            return (Element::create(static_cast<int64_t>(choices_.byte())));
        case 2:
            return (Element::create(static_cast<int64_t>(choices_.number()) - 1000));
        case 3:
            return (Element::create(choices_.below(2) == 1));
        case 4:
            return (Element::create(static_cast<double>(choices_.byte()) / 2));
        case 5:
            return (Element::create());
        case 6: {
            const auto list = Element::createList();
            for (auto size = choices_.below(4); size > 0; --size) {
                list->add(value(depth + 1));
            }
            return (list);
        }
        case 7:
            return (map(depth));
        default:
            return (Element::create(text()));
        }
    }

    std::string text() {
        const auto index = choices_.below(words_.size() + 1);
        if (index < words_.size()) {
            return (words_[index]);
        }
        const auto bytes = choices_.bytes(choices_.below(32));
        return (std::string(bytes.begin(), bytes.end()));
    }

    Choices& choices_;
    const std::vector<const char*>& words_;
};

}  // namespace fuzz
}  // namespace clone_guard

#endif
