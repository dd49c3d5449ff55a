// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_CORE_DECISION_NETWORK_SUBNETS_H
#define CLONE_GUARD_CORE_DECISION_NETWORK_SUBNETS_H

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace clone_guard {

/// @brief A subnet of a network, with what the server's search for a client's lease depends on.
struct NetworkSubnet {
    uint32_t id = 0;
    bool matches_client_id = true;  ///< its match-client-id
    bool searched = true;           ///< open to the client classes of the query
};

/// @brief The subnets of a network in the order in which the server searches them.
///
/// The list never changes, and its copies share it: a network may have thousands of subnets, and each message of a machine in
/// a conflict has a network.
class NetworkSubnets {
public:
    NetworkSubnets() : NetworkSubnets(std::vector<NetworkSubnet>()) {}
    NetworkSubnets(std::initializer_list<NetworkSubnet> subnets) :
        NetworkSubnets(std::vector<NetworkSubnet>(subnets)) {}
    explicit NetworkSubnets(std::vector<NetworkSubnet> subnets) :
        lists_(subnets.empty() ? nullptr : std::make_shared<const Lists>(std::move(subnets))) {}

    [[nodiscard]] bool contains(uint32_t id) const {
        return (lists_ && std::binary_search(lists_->ids.begin(), lists_->ids.end(), id));
    }
    [[nodiscard]] bool empty() const noexcept {
        return (!lists_);
    }
    [[nodiscard]] size_t size() const noexcept {
        return (lists_ ? lists_->subnets.size() : 0);
    }
    [[nodiscard]] const NetworkSubnet* begin() const noexcept {
        return (lists_ ? lists_->subnets.data() : nullptr);
    }
    [[nodiscard]] const NetworkSubnet* end() const noexcept {
        return (begin() + size());
    }
    const NetworkSubnet& operator[](size_t at) const {
        return (lists_->subnets[at]);
    }

private:
    struct Lists {
        explicit Lists(std::vector<NetworkSubnet> in_order) : subnets(std::move(in_order)) {
            for (const auto& subnet : subnets) {
                ids.push_back(subnet.id);
            }
            std::sort(ids.begin(), ids.end());
        }
        std::vector<NetworkSubnet> subnets;
        std::vector<uint32_t> ids;  ///< in ascending order
    };

    std::shared_ptr<const Lists> lists_;
};

}  // namespace clone_guard

#endif
