// SPDX-License-Identifier: MPL-2.0

#include <hook/config/settings_parser.h>

#include <core/explain/nic_names.h>
#include <core/explain/systemd.h>
#include <core/identity/client_identifier.h>

namespace clone_guard {

namespace {

using isc::data::ConstElementPtr;
using isc::data::Element;

constexpr const char* CONTEXT_KEY = "clone-guard";
constexpr const char* POLICY_RULE = "must be one of off, monitor, mac-fallback, refuse";
constexpr const char* TAKEOVER_RULE = "must be one of expired, never";
constexpr const char* CLASS_RULE = "must be the name of a client class, not empty";
constexpr const char* HEX_LIST_RULE = "must be a list of strings, each hexadecimal like '00:02:ab'";
constexpr const char* NIC_NAMES_RULE =
    "must be a list of at most 1000 names of network interfaces, like 'ens18'";

/// The keys within "exempt" and within an entry of "templates".
const std::vector<Keyword> EXEMPT_KEYWORDS{
    {"client-ids", Element::list, HEX_LIST_RULE, "[]"},
    {"duids", Element::list, HEX_LIST_RULE, "[]"},
    {"hw-addresses", Element::list, HEX_LIST_RULE, "[]"},
    {"client-classes", Element::list, "must be a list of names of client classes", "[]"}};
const std::vector<Keyword> TEMPLATE_KEYWORDS{
    {"name", Element::string, "must be a string, not empty", "none"},
    {"machine-id", Element::string, "must be 32 hexadecimal digits, as in /etc/machine-id", "none"},
    {"duid", Element::string, "must be hexadecimal of 3 to 130 bytes", "none"}};

[[noreturn]] void
reject(const std::string& key, const ConstElementPtr& value, const std::string& rule) {
    auto text = value ? value->str() : std::string();
    if (value && value->getType() == Element::string) {
        text = "'" + value->stringValue() + "'";
    }
    isc_throw(BadSetting, "invalid " << key << ": " << text << ", " << rule);
}

/// Checks that a map has known keys of the right types only.
void
checkKeywords(const std::vector<Keyword>& known, const ConstElementPtr& map, const std::string& prefix) {
    for (const auto& [name, value] : map->mapValue()) {
        const auto keyword =
            std::find_if(known.begin(), known.end(),
                         [&name = name](const Keyword& one) { return (name == one.name); });
        if (keyword == known.end()) {
            std::string all;
            for (const auto& one : known) {
                all += (all.empty() ? "" : ", ") + std::string(one.name);
            }
            isc_throw(BadSetting,
                      "unknown parameter '" << prefix << name << "', must be one of " << all);
        }
        if (value->getType() != keyword->type) {
            reject(prefix + name, value, keyword->rule);
        }
    }
}

template <typename Value>
void
readWord(const ConstElementPtr& map, const char* key, const char* rule,
         std::optional<Value> (*parse)(std::string_view), Value& target) {
    if (const auto value = map->get(key)) {
        const auto parsed = parse(value->stringValue());
        if (!parsed) {
            reject(key, value, rule);
        }
        target = *parsed;
    }
}

/// Reads a number within its bounds; the rule is made of them.
int64_t
readNumber(const ConstElementPtr& map, const char* key, int64_t least, int64_t most, int64_t standard) {
    const auto value = map->get(key);
    if (!value) {
        return (standard);
    }
    const auto number = value->intValue();
    if (number < least || number > most) {
        reject(key, value, "must be from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return (number);
}

Bytes
readHex(const std::string& key, const ConstElementPtr& value, const std::string& rule, size_t least,
        size_t most) {
    if (value->getType() != Element::string) {
        reject(key, value, rule);
    }
    const auto bytes = fromHex(value->stringValue());
    if (!bytes || bytes->size() < least || bytes->size() > most) {
        reject(key, value, rule);
    }
    return (*bytes);
}

std::set<Bytes>
readHexList(const ConstElementPtr& map, const char* name, size_t least, size_t most) {
    std::set<Bytes> all;
    if (const auto list = map->get(name)) {
        const auto rule = "must be hexadecimal of " + std::to_string(least) + " to " +
                          std::to_string(most) + " bytes, like '00:02:ab'";
        for (const auto& value : list->listValue()) {
            all.insert(readHex(std::string("exempt.") + name, value, rule, least, most));
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
    checkKeywords(EXEMPT_KEYWORDS, map, "exempt.");
    exempt.client_ids = readHexList(map, "client-ids", MIN_IDENTIFIER, 255);
    exempt.duids = readHexList(map, "duids", MIN_DUID, MAX_DUID);
    exempt.hw_addresses = readHexList(map, "hw-addresses", 1, HardwareAddress::MAX_SIZE);
    if (const auto list = map->get("client-classes")) {
        for (const auto& value : list->listValue()) {
            if (value->getType() != Element::string || value->stringValue().empty()) {
                reject("exempt.client-classes", value, CLASS_RULE);
            }
            exempt.client_classes.insert(value->stringValue());
        }
    }
    return (exempt);
}

Template
readTemplate(const ConstElementPtr& map) {
    if (map->getType() != Element::map) {
        reject("templates", map, "each entry must be a map with name, and machine-id or duid");
    }
    checkKeywords(TEMPLATE_KEYWORDS, map, "templates.");
    Template entry;
    if (const auto name = map->get("name")) {
        entry.name = name->stringValue();
    }
    const auto machine_id = map->get("machine-id");
    const auto duid = map->get("duid");
    if (entry.name.empty() || (!machine_id == !duid)) {
        reject("templates", map, "each entry must have a name, and either machine-id or duid");
    }
    if (machine_id) {
        const auto bytes = systemd::parseMachineId(machine_id->stringValue());
        if (!bytes) {
            reject("templates.machine-id", machine_id, TEMPLATE_KEYWORDS[1].rule);
        }
        entry.machine_id = *bytes;
    } else {
        entry.duid = readHex("templates.duid", duid, TEMPLATE_KEYWORDS[2].rule, MIN_DUID, MAX_DUID);
    }
    return (entry);
}

std::vector<std::string>
readNicNames(const ConstElementPtr& map) {
    std::vector<std::string> names;
    const auto list = map->get("nic-names");
    if (!list) {
        return (names);
    }
    if (list->size() > NicNames::MAX_MORE) {
        isc_throw(BadSetting, "invalid nic-names: " << list->size() << " names, " << NIC_NAMES_RULE);
    }
    for (const auto& value : list->listValue()) {
        if (value->getType() != Element::string || !systemd::isNicName(value->stringValue())) {
            reject("nic-names", value, NIC_NAMES_RULE);
        }
        names.push_back(value->stringValue());
    }
    return (names);
}

void
readScope(const ConstElementPtr& map, ScopeSettings& scope) {
    readWord(map, "policy", POLICY_RULE, parsePolicy, scope.policy);
    readWord(map, "takeover", TAKEOVER_RULE, parseTakeover, scope.takeover);
    if (const auto name = map->get("client-class")) {
        if (name->stringValue().empty()) {
            reject("client-class", name, CLASS_RULE);
        }
        scope.client_class = name->stringValue();
    }
}

}  // namespace

const std::vector<Keyword>&
scopeKeywords() {
    static const std::vector<Keyword> table{
        {"policy", Element::string, POLICY_RULE, "\"mac-fallback\""},
        {"takeover", Element::string, TAKEOVER_RULE, "\"expired\""},
        {"client-class", Element::string, CLASS_RULE, "\"CLONE_CONFLICT\""}};
    return (table);
}

const std::vector<Keyword>&
keywords() {
    static const std::vector<Keyword> table = [] {
        auto all = scopeKeywords();
        const std::vector<Keyword> global{
            {"client-id-types", Element::string, "must be one of duid, all", "\"duid\""},
            {"claim-window", Element::integer, "must be a number from 1 to 3600", "30"},
            {"audit-repeat", Element::integer, "must be a number from 0 to 31536000", "86400"},
            {"max-conflicts", Element::integer, "must be a number from 1 to 1000000", "10000"},
            {"max-claims", Element::integer, "must be a number from 1024 to 16777216", "65536"},
            {"exempt", Element::map, "must be a map of lists", "{}"},
            {"templates", Element::list, "must be a list of maps", "[]"},
            {"nic-names", Element::list, NIC_NAMES_RULE, "[]"}};
        all.insert(all.end(), global.begin(), global.end());
        return (all);
    }();
    return (table);
}

Settings
parseSettings(const ConstElementPtr& parameters) {
    Settings settings;
    if (!parameters) {
        return (settings);
    }
    if (parameters->getType() != Element::map) {
        reject("parameters", parameters, "must be a map");
    }
    checkKeywords(keywords(), parameters, "");
    readScope(parameters, settings.scope);
    readWord(parameters, "client-id-types", "must be one of duid, all", parseIdentifierTypes,
             settings.client_id_types);
    settings.claim_window = std::chrono::seconds(readNumber(parameters, "claim-window", 1, 3600, 30));
    settings.audit_repeat =
        std::chrono::seconds(readNumber(parameters, "audit-repeat", 0, 31536000, 86400));
    settings.max_conflicts =
        static_cast<size_t>(readNumber(parameters, "max-conflicts", 1, 1000000, 10000));
    settings.max_claims =
        static_cast<size_t>(readNumber(parameters, "max-claims", 1024, 16777216, 65536));
    settings.exempt = readExemptions(parameters->get("exempt"));
    if (const auto list = parameters->get("templates")) {
        for (const auto& entry : list->listValue()) {
            settings.templates.push_back(readTemplate(entry));
        }
    }
    settings.nic_names = readNicNames(parameters);
    return (settings);
}

bool
mentionsGuard(const ConstElementPtr& context) {
    return (context && context->getType() == Element::map && context->contains(CONTEXT_KEY));
}

ScopeSettings
parseScope(const ConstElementPtr& context, const ScopeSettings& global) {
    auto scope = global;
    if (!mentionsGuard(context)) {
        return (scope);
    }
    const auto map = context->get(CONTEXT_KEY);
    if (map->getType() != Element::map) {
        reject(std::string("user-context.") + CONTEXT_KEY, map, "must be a map");
    }
    checkKeywords(scopeKeywords(), map, "");
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
