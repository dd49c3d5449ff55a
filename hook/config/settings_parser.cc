// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_parser.h>

#include <core/decision/parameters.h>
#include <core/explain/systemd.h>
#include <hook/config/class_names.h>
#include <hook/config/guard_key.h>

#include <algorithm>
#include <array>

namespace clone_guard {

namespace {

using isc::data::ConstElementPtr;
using isc::data::Element;

/// Parameters that are allowed at one place: at the top, inside "exempt", inside an entry of "templates".
template <size_t N>
using Rows = std::array<const Parameter*, N>;

[[noreturn]] void
reject(const std::string& key, const ConstElementPtr& value, const std::string& rule) {
    auto text = value ? value->str() : std::string();
    if (value && value->getType() == Element::string) {
        text = "'" + value->stringValue() + "'";
    }
    isc_throw(BadSetting, "invalid " << key << ": " << text << ", must be " << rule);
}

Element::types
elementType(ParameterType type) {
    switch (type) {
    case ParameterType::INTEGER:
        return (Element::integer);
    case ParameterType::MAP:
        return (Element::map);
    case ParameterType::LIST:
        return (Element::list);
    case ParameterType::STRING:
        break;
    }
    return (Element::string);
}

/// Checks that a map has only known keys, with values of the right types.
///
/// @param prefix the path of the map: "exempt.", or empty at the top
template <size_t N>
void
checkKeys(const Rows<N>& rows, const ConstElementPtr& map, const std::string& prefix) {
    for (const auto& [name, value] : map->mapValue()) {
        const auto* const row =
            std::find_if(rows.begin(), rows.end(),
                         [&name = name](const Parameter* one) { return (name == one->name); });
        if (row == rows.end()) {
            std::string all;
            for (const auto* one : rows) {
                all += (all.empty() ? "" : ", ") + std::string(one->name);
            }
            isc_throw(BadSetting,
                      "unknown parameter '" << prefix << name << "', must be one of " << all);
        }
        if (value->getType() != elementType((*row)->type)) {
            const bool inner_list = !prefix.empty() && (*row)->type == ParameterType::LIST;
            reject(prefix + name, value,
                   (inner_list ? "a list of strings, each " : "") + (*row)->allowed());
        }
    }
}

template <typename Value>
void
readWord(const ConstElementPtr& map, const Parameter& row,
         std::optional<Value> (*parse)(std::string_view), Value& target) {
    if (const auto value = map->get(row.name)) {
        const auto parsed = parse(value->stringValue());
        if (!parsed) {
            reject(row.name, value, row.allowed());
        }
        target = *parsed;
    }
}

int64_t
readNumber(const ConstElementPtr& map, const Parameter& row) {
    const auto value = map->get(row.name);
    if (!value) {
        return (row.default_number);
    }
    const auto number = value->intValue();
    if (number < row.minimum || number > row.maximum) {
        reject(row.name, value, row.allowed());
    }
    return (number);
}

/// Reads hexadecimal whose size in bytes is within the bounds of its row.
Bytes
readHex(const std::string& key, const ConstElementPtr& value, const Parameter& row) {
    if (value->getType() != Element::string) {
        reject(key, value, row.allowed());
    }
    const auto bytes = fromHex(value->stringValue());
    if (!bytes || bytes->size() < static_cast<size_t>(row.minimum) ||
        bytes->size() > static_cast<size_t>(row.maximum)) {
        reject(key, value, row.allowed());
    }
    return (*bytes);
}

std::set<Bytes>
readHexList(const ConstElementPtr& map, const Parameter& row) {
    std::set<Bytes> all;
    if (const auto list = map->get(row.name)) {
        for (const auto& value : list->listValue()) {
            all.insert(readHex(std::string("exempt.") + row.name, value, row));
        }
    }
    return (all);
}

Exemptions
readExemptions(const ConstElementPtr& map) {
    Exemptions exempt;
    if (!map) {
        return (exempt);
    }
    checkKeys(parameter::OF_EXEMPT, map, "exempt.");
    exempt.client_ids = readHexList(map, parameter::EXEMPT_CLIENT_IDS);
    exempt.duids = readHexList(map, parameter::EXEMPT_DUIDS);
    exempt.hw_addresses = readHexList(map, parameter::EXEMPT_HW_ADDRESSES);
    const auto& row = parameter::EXEMPT_CLIENT_CLASSES;
    if (const auto list = map->get(row.name)) {
        for (const auto& value : list->listValue()) {
            if (value->getType() != Element::string || value->stringValue().empty()) {
                reject(std::string("exempt.") + row.name, value, row.allowed());
            }
            exempt.client_classes.insert(value->stringValue());
        }
    }
    return (exempt);
}

Template
readTemplate(const ConstElementPtr& map) {
    const char* const rule = "a map with a name, and either machine-id or duid";
    if (map->getType() != Element::map) {
        reject(parameter::TEMPLATES.name, map, rule);
    }
    checkKeys(parameter::OF_TEMPLATES, map, "templates.");
    Template entry;
    if (const auto name = map->get(parameter::TEMPLATE_NAME.name)) {
        entry.name = name->stringValue();
    }
    const auto machine_id = map->get(parameter::TEMPLATE_MACHINE_ID.name);
    const auto duid = map->get(parameter::TEMPLATE_DUID.name);
    if (entry.name.empty() || (!machine_id == !duid)) {
        reject(parameter::TEMPLATES.name, map, rule);
    }
    if (machine_id) {
        const auto bytes = systemd::parseMachineId(machine_id->stringValue());
        if (!bytes) {
            reject("templates.machine-id", machine_id, parameter::TEMPLATE_MACHINE_ID.allowed());
        }
        entry.machine_id = *bytes;
    } else {
        entry.duid = readHex("templates.duid", duid, parameter::TEMPLATE_DUID);
    }
    return (entry);
}

std::vector<std::string>
readNicNames(const ConstElementPtr& map) {
    std::vector<std::string> names;
    const auto& row = parameter::NIC_NAMES;
    const auto list = map->get(row.name);
    if (!list) {
        return (names);
    }
    if (list->size() > static_cast<size_t>(row.maximum)) {
        isc_throw(BadSetting,
                  "invalid " << row.name << ": " << list->size() << " names, must be " << row.allowed());
    }
    for (const auto& value : list->listValue()) {
        if (value->getType() != Element::string || !systemd::isNicName(value->stringValue())) {
            reject(row.name, value, row.allowed());
        }
        names.push_back(value->stringValue());
    }
    return (names);
}

void
readScope(const ConstElementPtr& map, ScopeSettings& scope) {
    readWord(map, parameter::POLICY, parsePolicy, scope.policy);
    readWord(map, parameter::TAKEOVER, parseTakeover, scope.takeover);
    if (const auto name = map->get(parameter::CLIENT_CLASS.name)) {
        if (name->stringValue().empty()) {
            reject(parameter::CLIENT_CLASS.name, name, parameter::CLIENT_CLASS.allowed());
        }
        if (isKeaClass(name->stringValue())) {
            reject(parameter::CLIENT_CLASS.name, name, CLAIMANT_CLASS_RULE);
        }
        scope.client_class = name->stringValue();
    }
}

}  // namespace

Settings
parseSettings(const ConstElementPtr& parameters) {
    Settings settings;
    if (!parameters) {
        return (settings);
    }
    if (parameters->getType() != Element::map) {
        reject("parameters", parameters, "a map");
    }
    checkKeys(parameter::ALL, parameters, "");
    readScope(parameters, settings.scope);
    readWord(parameters, parameter::CLIENT_ID_TYPES, parseIdentifierTypes, settings.client_id_types);
    settings.claim_window = std::chrono::seconds(readNumber(parameters, parameter::CLAIM_WINDOW));
    settings.audit_repeat = std::chrono::seconds(readNumber(parameters, parameter::AUDIT_REPEAT));
    settings.max_conflicts = static_cast<size_t>(readNumber(parameters, parameter::MAX_CONFLICTS));
    settings.max_claims = static_cast<size_t>(readNumber(parameters, parameter::MAX_CLAIMS));
    settings.exempt = readExemptions(parameters->get(parameter::EXEMPT.name));
    if (const auto list = parameters->get(parameter::TEMPLATES.name)) {
        for (const auto& entry : list->listValue()) {
            settings.templates.push_back(readTemplate(entry));
        }
    }
    settings.nic_names = readNicNames(parameters);
    return (settings);
}

bool
mentionsGuard(const ConstElementPtr& context) {
    return (context && context->getType() == Element::map && context->contains(GUARD_KEY));
}

ScopeSettings
parseScope(const ConstElementPtr& context, const ScopeSettings& global) {
    auto scope = global;
    if (!mentionsGuard(context)) {
        return (scope);
    }
    const auto map = context->get(GUARD_KEY);
    if (map->getType() != Element::map) {
        reject(std::string("user-context.") + GUARD_KEY, map, "a map");
    }
    checkKeys(parameter::OF_SCOPES, map, "");
    readScope(map, scope);
    return (scope);
}

ScopeSettings
scopeSettings(const ConstElementPtr& context, const ScopeSettings& global) noexcept {
    try {
        return (parseScope(context, global));
    } catch (...) {
        return (global);
    }
}

}  // namespace clone_guard
