// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_DECISION_NETWORK_H
#define CLONE_GUARD_DECISION_NETWORK_H

#include <core/decision/settings.h>

#include <algorithm>

namespace clone_guard {

/// @brief A subnet of a network, as the server's search for a client's lease sees it.
struct NetworkSubnet {
    uint32_t id = 0;
    bool matches_client_id = true;  ///< its match-client-id
    bool searched = true;           ///< open to the client classes of the query
};

/// @brief Where an identifier has to be unique: a shared network, or a subnet outside any (R2).
struct Network {
    std::string key;                     ///< tells it from every other network of the server
    std::string name;                    ///< of the shared network; empty for a lone subnet
    uint32_t subnet_id = 0;              ///< the subnet selected; 0 where there is none
    std::vector<NetworkSubnet> subnets;  ///< in the order in which the server searches them
    std::chrono::seconds lifetime{0};    ///< for which leases are valid in the selected subnet
    bool whole_server = false;           ///< networks cannot be told apart here: all count as one
    ScopeSettings settings;

    [[nodiscard]] bool contains(uint32_t subnet) const {
        return (whole_server || std::any_of(subnets.begin(), subnets.end(),
                                            [subnet](const auto& own) { return (own.id == subnet); }));
    }

    /// @brief Whether the server looks leases up by client identifier anywhere in it.
    [[nodiscard]] bool matchesClientIds() const {
        return (whole_server || subnets.empty() ||
                std::any_of(subnets.begin(), subnets.end(),
                            [](const auto& own) { return (own.matches_client_id); }));
    }

    /// @brief The policy as it can be carried out: where identifiers are ignored there is nothing to
    /// protect, so a conflict is only reported (R1).
    [[nodiscard]] Policy policy() const {
        return (settings.policy == Policy::OFF || matchesClientIds() ? settings.policy
                                                                     : Policy::MONITOR);
    }
};

}  // namespace clone_guard

#endif
