// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_DECISION_SETTINGS_H
#define CLONE_GUARD_DECISION_SETTINGS_H

#include <core/identity/bytes.h>
#include <core/identity/hardware_address.h>

#include <chrono>
#include <set>

namespace clone_guard {

/// @brief What is done to claimants (R5).
enum class Policy { OFF, MONITOR, MAC_FALLBACK, REFUSE };

/// @brief Who may take over an identifier whose lease has run out (R9).
enum class Takeover {
    EXPIRED,  ///< the next to ask, as in Kea itself
    NEVER,    ///< nobody while the record exists
};

/// @brief Which client identifiers are guarded (R1).
enum class IdentifierTypes { DUID, ALL };

/// @brief The words of the configuration.
std::string toText(Policy policy);
std::string toText(Takeover takeover);
std::string toText(IdentifierTypes types);

/// @brief Reads the word of the configuration.
///
/// @return nothing for a word that is none.
std::optional<Policy> parsePolicy(std::string_view word);
std::optional<Takeover> parseTakeover(std::string_view word);
std::optional<IdentifierTypes> parseIdentifierTypes(std::string_view word);

/// @brief Whom the guard leaves alone whatever they send.
struct Exemptions {
    std::set<Bytes> client_ids;
    std::set<Bytes> duids;
    std::set<Bytes> hw_addresses;
    std::set<std::string> client_classes;

    [[nodiscard]] bool empty() const noexcept {
        return (client_ids.empty() && duids.empty() && hw_addresses.empty() && client_classes.empty());
    }

    /// @brief Whether an identifier or a hardware address is named; classes are the caller's.
    [[nodiscard]] bool covers(ByteView identifier, const HardwareAddress& address) const;
};

/// @brief A template that the operator named: by its machine-id or by its DUID, one of them.
struct Template {
    std::string name;
    Bytes machine_id;  ///< 16 bytes or empty
    Bytes duid;        ///< empty where the machine-id is given
};

/// @brief What can be said for a shared network or a subnet too.
struct ScopeSettings {
    Policy policy = Policy::MAC_FALLBACK;
    Takeover takeover = Takeover::EXPIRED;
    std::string client_class = "CLONE_CONFLICT";
};

/// @brief The configuration, as contract and reference manual have it.
struct Settings {
    ScopeSettings scope;
    IdentifierTypes client_id_types = IdentifierTypes::DUID;
    std::chrono::seconds claim_window{30};
    std::chrono::seconds audit_repeat{86400};
    size_t max_conflicts = 10000;
    size_t max_claims = 65536;
    Exemptions exempt;
    std::vector<Template> templates;
    std::vector<std::string> nic_names;  ///< besides the usual ones, for the reports
};

}  // namespace clone_guard

#endif
