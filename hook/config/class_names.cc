// SPDX-License-Identifier: MPL-2.0

#include <hook/config/class_names.h>

#include <core/identity/bytes.h>

#include <algorithm>
#include <array>

namespace clone_guard {

namespace {

constexpr std::array<std::string_view, 6> NAMES{"ALL", "BOOTP", "DROP", "KNOWN", "REJECT", "UNKNOWN"};
constexpr std::array<std::string_view, 3> PREFIXES{"HA_", "SPAWN_", "VENDOR_CLASS_"};

constexpr char ESCAPE = '%';
/// What Kea leaves as it is in a name, besides letters, digits and the escape character.
constexpr std::string_view PUNCTUATION = "!#$&*+-./:?@^_|~";

bool
isPlain(char character) {
    return ((character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
            (character >= 'a' && character <= 'z') ||
            PUNCTUATION.find(character) != std::string_view::npos);
}

std::string
escaped(const std::string& name) {
    std::string text;
    for (const char character : name) {
        if (isPlain(character)) {
            text += character;
        } else if (character == ESCAPE) {
            text += {ESCAPE, ESCAPE};
        } else {
            text += ESCAPE + toHex(Bytes{static_cast<uint8_t>(character)});
        }
    }
    return (text);
}

std::string
unescaped(const std::string& name) {
    std::string text;
    for (size_t at = 0; at < name.size(); ++at) {
        text += name[at];
        if (name[at] != ESCAPE) {
            continue;
        }
        if (at + 1 < name.size() && name[at + 1] == ESCAPE) {
            ++at;
        } else if (const auto byte = fromHex(name.substr(at + 1, 2)); byte && byte->size() == 1) {
            text.back() = static_cast<char>(byte->front());
            at += 2;
        }
    }
    return (text);
}

}  // namespace

const char* const CLAIMANT_CLASS_RULE =
    "a class that Kea gives no meaning: not ALL, BOOTP, DROP, KNOWN, "
    "REJECT, UNKNOWN, HA_*, SPAWN_* or VENDOR_CLASS_*";

bool
isKeaClass(std::string_view name) {
    return (std::find(NAMES.begin(), NAMES.end(), name) != NAMES.end() ||
            std::any_of(PREFIXES.begin(), PREFIXES.end(), [name](std::string_view prefix) {
                return (name.substr(0, prefix.size()) == prefix);
            }));
}

std::set<std::string>
classSpellings(const std::set<std::string>& names) {
    std::set<std::string> all;
    for (const auto& name : names) {
        const auto plain = unescaped(name);
        all.insert({name, plain, escaped(plain)});
    }
    return (all);
}

}  // namespace clone_guard
