// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_SETTINGS_H
#define CLONE_GUARD_CORE_DECISION_SETTINGS_H

#include <core/decision/parameters.h>
#include <core/identity/bytes.h>
#include <core/identity/client_identifier.h>
#include <core/identity/hardware_address.h>

#include <chrono>
#include <set>

namespace clone_guard {

/// @brief How the guard handles claimants (R5).
enum class Policy { OFF, MONITOR, MAC_FALLBACK, REFUSE };

/// @brief Which machines may take over an identifier whose lease has expired (R9).
enum class Takeover {
    EXPIRED,  ///< the next machine that asks, as in Kea itself
    NEVER,    ///< only the previous holder, as long as the lease is in the database
};

/// @brief The defaults; settings.cc checks that they are the defaults of core/decision/parameters.h.
constexpr Policy DEFAULT_POLICY = Policy::MAC_FALLBACK;
constexpr Takeover DEFAULT_TAKEOVER = Takeover::EXPIRED;
constexpr IdentifierTypes DEFAULT_IDENTIFIER_TYPES = IdentifierTypes::DUID;

/// @brief Returns the word of the configuration for a value.
std::string toText(Policy policy);
std::string toText(Takeover takeover);
std::string toText(IdentifierTypes types);

/// @brief Parses a word of the configuration.
///
/// @return the value, or std::nullopt if the word is unknown
std::optional<Policy> parsePolicy(std::string_view word);
std::optional<Takeover> parseTakeover(std::string_view word);
std::optional<IdentifierTypes> parseIdentifierTypes(std::string_view word);

/// @brief The identifiers, machines and client classes whose queries the guard passes on unchanged.
struct Exemptions {
    std::set<Bytes> client_ids;
    std::set<Bytes> duids;
    std::set<Bytes> hw_addresses;
    std::set<std::string> client_classes;

    [[nodiscard]] bool empty() const noexcept {
        return (client_ids.empty() && duids.empty() && hw_addresses.empty() && client_classes.empty());
    }

    /// @brief Checks whether an identifier or a hardware address is exempt. The caller checks the client classes.
    [[nodiscard]] bool covers(ByteView identifier, const HardwareAddress& address) const;
};

/// @brief A template that the operator named, with either its machine-id or its DUID.
struct Template {
    std::string name;
    Bytes machine_id;  ///< 16 bytes or empty
    Bytes duid;        ///< empty if the machine-id is given
};

/// @brief Returns the default of client-class.
std::string defaultClientClass();

/// @brief The settings that a shared network or a subnet may override.
struct ScopeSettings {
    Policy policy = DEFAULT_POLICY;
    Takeover takeover = DEFAULT_TAKEOVER;
    std::string client_class = defaultClientClass();
};

/// @brief The parameters of the library; docs/configuration.md is the reference.
struct Settings {
    ScopeSettings scope;
    IdentifierTypes client_id_types = DEFAULT_IDENTIFIER_TYPES;
    std::chrono::seconds claim_window{parameter::CLAIM_WINDOW.default_number};
    std::chrono::seconds audit_repeat{parameter::AUDIT_REPEAT.default_number};
    size_t max_conflicts = static_cast<size_t>(parameter::MAX_CONFLICTS.default_number);
    size_t max_claims = static_cast<size_t>(parameter::MAX_CLAIMS.default_number);
    Exemptions exempt;
    std::vector<Template> templates;
    std::vector<std::string> nic_names;  ///< names besides the built-in ones, for the reports
};

}  // namespace clone_guard

#endif
