// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_TESTS_FUZZ_OPERATOR_H
#define CLONE_GUARD_TESTS_FUZZ_OPERATOR_H

#include <tests/fuzz/packet_grammar.h>
#include <tests/fuzz/properties.h>
#include <tests/fuzz/server.h>

namespace clone_guard {
namespace fuzz {

constexpr const char* COMMANDS[] = {"clone-guard-status-get", "clone-guard-conflict-get-all",
                                    "clone-guard-conflict-get", "clone-guard-conflict-del",
                                    "clone-guard-scan"};

/// @brief Checks that an answer has a result and a text.
inline void
checkAnswer(const isc::data::ConstElementPtr& response) {
    using isc::data::Element;
    using properties::require;
    require(response && response->getType() == Element::map, "each command is answered");
    const auto result = response->get("result");
    require(result && result->getType() == Element::integer, "an answer has a result");
    const auto value = result->intValue();
    require(value == 0 || value == 1 || value == 3, "the result is 0, 1 or 3");
    require(response->get("text") && !response->get("text")->stringValue().empty(),
            "an answer has a text");
}

/// @brief Sends a command about an identifier that machines share.
inline void
operate(Server& server, Choices& choices) {
    using isc::data::Element;
    const std::string name = COMMANDS[choices.below(std::size(COMMANDS))];
    const auto arguments = Element::createMap();
    if (name == "clone-guard-conflict-get" || name == "clone-guard-conflict-del") {
        arguments->set("client-id", Element::create(toHex(chooseIdentifier(choices))));
        if (const auto subnet = choices.below(1 + SUBNETS)) {
            arguments->set("subnet-id", Element::create(static_cast<int64_t>(subnet)));
        }
    }
    checkAnswer(server.command(name, arguments));
}

}  // namespace fuzz
}  // namespace clone_guard

#endif
