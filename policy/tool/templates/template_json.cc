// SPDX-License-Identifier: MPL-2.0

#include <tool/templates/template_json.h>

#include <tool/cli/failure.h>
#include <tool/cli/kea_json.h>

#include <core/explain/systemd.h>
#include <core/identity/client_identifier.h>
#include <core/identity/escape.h>

#include <nlohmann/json.hpp>

namespace clone_guard {

namespace {

using Json = nlohmann::ordered_json;

/// A configuration has "templates" a few levels deep; deeper levels are not searched.
constexpr int MAX_DEPTH = 16;

/// Returns a member that is a string, or an empty string if the map has no such member.
std::string
stringMember(const Json& map, const char* key) {
    const auto found = map.find(key);
    return (found != map.end() && found->is_string() ? found->get<std::string>() : std::string());
}

/// Reads one entry, by the rules of the hook library.
///
/// @return true, or false if the entry is invalid.
bool
readEntry(const Json& map, TemplateList& list) {
    if (!map.is_object()) {
        return (false);
    }
    Template entry;
    entry.name = stringMember(map, "name");
    const auto machine_id = stringMember(map, "machine-id");
    const auto duid = stringMember(map, "duid");
    const auto bytes = fromHex(machine_id.empty() ? duid : machine_id);
    if (entry.name.empty() || machine_id.empty() == duid.empty() || !bytes) {
        return (false);
    }
    if (!machine_id.empty() && bytes->size() == systemd::MACHINE_ID_SIZE) {
        entry.machine_id = *bytes;
    } else if (machine_id.empty() && bytes->size() >= MIN_DUID && bytes->size() <= MAX_DUID) {
        entry.duid = *bytes;
    } else {
        return (false);
    }
    list.templates.push_back(entry);
    return (true);
}

bool
readEntries(const Json& entries, const std::string& path, TemplateList& list) {
    if (!entries.is_array()) {
        return (false);
    }
    size_t number = 0;
    for (const auto& entry : entries) {
        ++number;
        if (!readEntry(entry, list)) {
            ++list.bad_lines;
            list.mistakes.push_back(inQuotes(path) + ": entry " + std::to_string(number) +
                                    " of the templates needs a name and either a machine-id or a duid");
        }
    }
    return (true);
}

bool
search(const Json& node, const std::string& path, TemplateList& list, int depth) {
    bool found = false;
    if (depth >= MAX_DEPTH || !node.is_structured()) {
        return (found);
    }
    for (const auto& item : node.items()) {
        found = (node.is_object() && item.key() == "templates"
                     ? readEntries(item.value(), path, list)
                     : search(item.value(), path, list, depth + 1)) ||
                found;
    }
    return (found);
}

}  // namespace

void
readTemplateJson(const std::string& text, const std::string& path, TemplateList& list) {
    auto plain = standardJson(text);
    if (!plain.empty() && plain.front() == '"') {
        plain = "{" + plain + "}";
    }
    const auto json = Json::parse(plain, nullptr, false);
    if (json.is_discarded()) {
        throw Failure(inQuotes(path) + " is not valid JSON");
    }
    const bool bare = json.is_array() && (json.empty() || !stringMember(json[0], "name").empty());
    if (!(bare ? readEntries(json, path, list) : search(json, path, list, 0))) {
        throw Failure(inQuotes(path) + " has no \"templates\"");
    }
}

std::string
templateJson(const std::vector<Template>& templates) {
    std::string text = "\"templates\": [";
    const char* before = "\n";
    for (const auto& entry : templates) {
        Json object{{"name", escape(entry.name)}};
        if (entry.duid.empty()) {
            auto digits = toHex(entry.machine_id);
            digits.erase(std::remove(digits.begin(), digits.end(), ':'), digits.end());
            object["machine-id"] = digits;
        } else {
            object["duid"] = toHex(entry.duid);
        }
        text += before + std::string("    ") + object.dump();
        before = ",\n";
    }
    return (text + (templates.empty() ? "]" : "\n]"));
}

}  // namespace clone_guard
