// SPDX-License-Identifier: MPL-2.0

#include <core/decision/parameters.h>

namespace clone_guard {

namespace {

std::string
replaced(std::string text, const std::string& word, int64_t value) {
    const auto at = text.find(word);
    return (at == std::string::npos ? text : text.replace(at, word.size(), std::to_string(value)));
}

}  // namespace

std::string
Parameter::allowed() const {
    return (replaced(replaced(rule, "MIN", minimum), "MAX", maximum));
}

std::string
Parameter::defaultJson() const {
    return (type == ParameterType::INTEGER ? std::to_string(default_number) : default_value);
}

}  // namespace clone_guard
