// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_PARAMETERS_H
#define CLONE_GUARD_CORE_DECISION_PARAMETERS_H

#include <core/identity/client_identifier.h>
#include <core/identity/hardware_address.h>

#include <array>
#include <string>

namespace clone_guard {

/// @brief The JSON type of a parameter.
enum class ParameterType { STRING, INTEGER, MAP, LIST };

/// @brief One parameter of the library: the only place of its name, type, bounds and default.
///
/// The parser, the settings, clone-guard-status-get and the test of the documents read these rows.
struct Parameter {
    const char* name;
    ParameterType type;
    int64_t minimum;            ///< of an integer; otherwise of what the rule counts
    int64_t maximum;            ///< likewise; 0: not bounded
    int64_t default_number;     ///< of an integer
    const char* default_value;  ///< of any other type, as JSON
    const char* rule;           ///< the allowed values; MIN and MAX stand for the bounds

    /// @brief Returns the rule as a phrase: "one of duid, all", "an integer from 1 to 3600".
    [[nodiscard]] std::string allowed() const;

    /// @brief Returns the default as JSON.
    [[nodiscard]] std::string defaultJson() const;
};

/// @brief The parameters of the library, one row each.
namespace parameter {

using Type = ParameterType;

constexpr const char* RANGE = "an integer from MIN to MAX";
constexpr const char* HEX = "hexadecimal of MIN to MAX bytes, like '00:02:ab'";

constexpr Parameter POLICY{
    "policy", Type::STRING, 0, 0, 0, "\"mac-fallback\"", "one of off, monitor, mac-fallback, refuse"};
constexpr Parameter TAKEOVER{"takeover", Type::STRING, 0, 0, 0, "\"expired\"", "one of expired, never"};
constexpr Parameter CLIENT_CLASS{"client-class",
                                 Type::STRING,
                                 1,
                                 0,
                                 0,
                                 "\"CLONE_CONFLICT\"",
                                 "the name of a client class, not empty"};
constexpr Parameter CLIENT_ID_TYPES{"client-id-types", Type::STRING,      0, 0, 0,
                                    "\"duid\"",        "one of duid, all"};
constexpr Parameter CLAIM_WINDOW{"claim-window", Type::INTEGER, 1, 3600, 30, "", RANGE};
constexpr Parameter AUDIT_REPEAT{"audit-repeat", Type::INTEGER, 0, 31536000, 86400, "", RANGE};
constexpr Parameter MAX_CONFLICTS{"max-conflicts", Type::INTEGER, 1, 1000000, 10000, "", RANGE};
constexpr Parameter MAX_CLAIMS{"max-claims", Type::INTEGER, 1024, 16777216, 262144, "", RANGE};
constexpr Parameter EXEMPT{"exempt", Type::MAP, 0, 0, 0, "{}", "a map of lists"};
constexpr Parameter TEMPLATES{"templates", Type::LIST, 0, 0, 0, "[]", "a list of maps"};
constexpr Parameter NIC_NAMES{"nic-names",
                              Type::LIST,
                              0,
                              1000,
                              0,
                              "[]",
                              "a list of at most MAX names of network interfaces, like 'ens18'"};

/// @brief Every parameter, in the order of docs/configuration.md.
constexpr std::array<const Parameter*, 11> ALL{
    &POLICY,        &TAKEOVER,   &CLIENT_CLASS, &CLIENT_ID_TYPES, &CLAIM_WINDOW, &AUDIT_REPEAT,
    &MAX_CONFLICTS, &MAX_CLAIMS, &EXEMPT,       &TEMPLATES,       &NIC_NAMES};

/// @brief The parameters that a shared network, or a subnet outside any, may override.
constexpr std::array<const Parameter*, 3> OF_SCOPES{&POLICY, &TAKEOVER, &CLIENT_CLASS};

/// @brief The keys inside "exempt": lists whose entries follow the rule.
constexpr Parameter EXEMPT_CLIENT_IDS{"client-ids", Type::LIST, MIN_IDENTIFIER, 255, 0, "[]", HEX};
constexpr Parameter EXEMPT_DUIDS{"duids", Type::LIST, MIN_DUID, MAX_DUID, 0, "[]", HEX};
constexpr Parameter EXEMPT_HW_ADDRESSES{"hw-addresses", Type::LIST, 1, HardwareAddress::MAX_SIZE, 0,
                                        "[]",           HEX};
constexpr Parameter EXEMPT_CLIENT_CLASSES{
    "client-classes", Type::LIST, 1, 0, 0, "[]", "the name of a client class, not empty"};
constexpr std::array<const Parameter*, 4> OF_EXEMPT{&EXEMPT_CLIENT_IDS, &EXEMPT_DUIDS,
                                                    &EXEMPT_HW_ADDRESSES, &EXEMPT_CLIENT_CLASSES};

/// @brief The keys inside an entry of "templates".
constexpr Parameter TEMPLATE_NAME{"name", Type::STRING, 1, 0, 0, "", "a string, not empty"};
constexpr Parameter TEMPLATE_MACHINE_ID{
    "machine-id", Type::STRING, 32, 32, 0, "", "MAX hexadecimal digits, as in /etc/machine-id"};
constexpr Parameter TEMPLATE_DUID{"duid", Type::STRING, MIN_DUID, MAX_DUID, 0, "", HEX};
constexpr std::array<const Parameter*, 3> OF_TEMPLATES{&TEMPLATE_NAME, &TEMPLATE_MACHINE_ID,
                                                       &TEMPLATE_DUID};

}  // namespace parameter
}  // namespace clone_guard

#endif
