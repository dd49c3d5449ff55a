// SPDX-License-Identifier: MPL-2.0

#include <core/conflicts/one_machine.h>

#include <algorithm>
#include <cctype>

namespace clone_guard {

namespace {

std::string_view
firstLabel(std::string_view hostname) {
    return (hostname.substr(0, hostname.find('.')));
}

bool
equalHostNames(std::string_view left, std::string_view right) {
    const auto equal = [](unsigned char one, unsigned char other) {
        return (std::tolower(one) == std::tolower(other));
    };
    const auto first = firstLabel(left);
    const auto second = firstLabel(right);
    return (!first.empty() && first != "localhost" &&
            std::equal(first.begin(), first.end(), second.begin(), second.end(), equal));
}

}  // namespace

OneMachine
findOneMachine(const ConflictFacts& facts) {
    if (facts.level == Level::CONFIRMED) {
        return (OneMachine::NONE);
    }
    if (facts.aggregate) {
        return (OneMachine::AGGREGATE);
    }
    return (facts.claimants == 1 && equalHostNames(facts.hostname, facts.holder_hostname)
                ? OneMachine::HOST_NAME
                : OneMachine::NONE);
}

}  // namespace clone_guard
