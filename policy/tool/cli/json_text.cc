// SPDX-License-Identifier: MPL-2.0

#include <tool/cli/json_text.h>

#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

constexpr size_t LONGEST = 1000;

}  // namespace

std::string
textOf(const nlohmann::ordered_json& value) {
    return (escape(value.is_string() ? value.get<std::string>() : value.dump(), LONGEST));
}

std::string
textOf(const nlohmann::ordered_json& object, const char* name) {
    const auto found = object.find(name);
    return (found == object.end() ? std::string() : textOf(*found));
}

}  // namespace clone_guard
