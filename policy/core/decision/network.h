// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_NETWORK_H
#define CLONE_GUARD_CORE_DECISION_NETWORK_H

#include <core/decision/network_subnets.h>
#include <core/decision/settings.h>

#include <algorithm>

namespace clone_guard {

/// @brief The scope in which an identifier has to be unique: a shared network, or a subnet outside any (R2).
struct Network {
    std::string key;                   ///< unique among the networks of the server
    std::string name;                  ///< of the shared network; empty for a subnet outside any
    uint32_t subnet_id = 0;            ///< the selected subnet; 0 if the server finds no subnet
    NetworkSubnets subnets;            ///< in the order in which the server searches them
    std::chrono::seconds lifetime{0};  ///< lease lifetime in the selected subnet
    /// @brief The networks cannot be distinguished: all count as one, and @c subnets are those of Kea's own selection.
    bool whole_server = false;
    ScopeSettings settings;

    [[nodiscard]] bool contains(uint32_t subnet) const {
        return (whole_server || isSelected(subnet));
    }

    /// @brief Checks whether the server searches a subnet for the client's lease; if the networks cannot be distinguished,
    /// whether it probably does.
    [[nodiscard]] bool isSelected(uint32_t subnet) const {
        return (subnets.contains(subnet));
    }

    /// @brief Checks whether the server finds a lease of the identifier in a subnet before those in other subnets. If it looks
    /// up no lease by client identifier, it finds the client's own.
    [[nodiscard]] bool isSearchedFirst(uint32_t subnet) const {
        const auto first = std::find_if(subnets.begin(), subnets.end(), [](const auto& own) {
            return (own.matches_client_id && own.searched);
        });
        return (first == subnets.end() ? isSelected(subnet) : first->id == subnet);
    }

    /// @brief Checks whether the server looks leases up by client identifier in any subnet of the network.
    [[nodiscard]] bool matchesClientIds() const {
        return (whole_server || subnets.empty() ||
                std::any_of(subnets.begin(), subnets.end(),
                            [](const auto& own) { return (own.matches_client_id); }));
    }

    /// @return the effective policy. In a network that ignores client identifiers no lease needs protection, so a
    /// conflict is only reported (R1).
    [[nodiscard]] Policy policy() const {
        return (settings.policy == Policy::OFF || matchesClientIds() ? settings.policy
                                                                     : Policy::MONITOR);
    }
};

}  // namespace clone_guard

#endif
