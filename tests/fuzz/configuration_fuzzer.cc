// SPDX-License-Identifier: MPL-2.0
//
// Parameters of the library, and overrides in a `user-context`, as the settings parser reads them. What it accepts is
// printed and parsed again. An input that begins with a brace is JSON, any other one is made JSON by the grammar.

#include <tests/fuzz/json_grammar.h>
#include <tests/fuzz/properties.h>

#include <hook/config/settings_element.h>
#include <hook/config/settings_parser.h>

namespace {

using namespace clone_guard;
using namespace clone_guard::properties;
using isc::data::ConstElementPtr;
using isc::data::Element;

const std::vector<const char*> WORDS{"policy",
                                     "off",
                                     "monitor",
                                     "mac-fallback",
                                     "refuse",
                                     "takeover",
                                     "expired",
                                     "never",
                                     "client-id-types",
                                     "duid",
                                     "all",
                                     "client-class",
                                     "claim-window",
                                     "audit-repeat",
                                     "max-conflicts",
                                     "max-claims",
                                     "nic-names",
                                     "exempt",
                                     "client-ids",
                                     "duids",
                                     "hw-addresses",
                                     "client-classes",
                                     "templates",
                                     "name",
                                     "machine-id",
                                     "clone-guard",
                                     "ens18",
                                     "ff:01:02",
                                     "00:02:00:00:ab:11",
                                     "d31ba602070b463aac004744a10d3e28"};

/// @return the JSON, or null if it cannot be parsed
ConstElementPtr
parsed(const uint8_t* data, size_t size) {
    if (size > 0 && data[0] != '{') {
        fuzz::Choices choices(ByteView(data, size));
        return (fuzz::JsonGrammar(choices, WORDS).map());
    }
    try {
        return (Element::fromJSON(std::string(data, data + size)));
    } catch (const isc::Exception&) {
        return {};
    }
}

void
checkParameters(const ConstElementPtr& json) {
    try {
        const auto settings = parseSettings(json);
        const auto printed = toElement(settings);
        const auto again = toElement(parseSettings(printed));
        require(printed->str() == again->str(), "printed settings are parsed to the same settings");
    } catch (const BadSetting& error) {
        require(*error.what() != '\0', "an error has a text");
    }
}

void
checkOverrides(const ConstElementPtr& json) {
    const ScopeSettings global;
    const auto lenient = scopeSettings(json, global);
    try {
        const auto scope = parseScope(json, global);
        require(overrides(scope, global)->str() == overrides(lenient, global)->str(),
                "valid overrides apply");
    } catch (const BadSetting&) {
        require(overrides(lenient, global)->size() == 0, "invalid overrides change nothing");
    }
}

}  // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (const auto json = parsed(data, size)) {
        checkParameters(json);
        checkOverrides(json);
    }
    return (0);
}
