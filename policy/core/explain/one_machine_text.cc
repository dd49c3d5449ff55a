// SPDX-License-Identifier: MPL-2.0

#include <core/explain/one_machine_text.h>

namespace clone_guard {

namespace {

constexpr const char* AGGREGATE = "interface";
constexpr const char* HOST_NAME = "host-name";

}  // namespace

std::string
toText(OneMachine sign) {
    switch (sign) {
    case OneMachine::AGGREGATE:
        return (AGGREGATE);
    case OneMachine::HOST_NAME:
        return (HOST_NAME);
    case OneMachine::NONE:
        break;
    }
    return {};
}

std::string
oneMachineText(std::string_view sign, const std::string& nic) {
    std::string reason;
    if (sign == HOST_NAME) {
        reason = " (same host name)";
    } else if (sign == AGGREGATE && !nic.empty()) {
        reason = " (interface " + nic + ")";
    }
    return ("both may be one machine that changed its hardware address" + reason);
}

}  // namespace clone_guard
