// SPDX-License-Identifier: MPL-2.0

#ifndef CLONE_GUARD_HOOK_LEASES_NETWORK_CACHE_H
#define CLONE_GUARD_HOOK_LEASES_NETWORK_CACHE_H

#include <core/decision/network.h>
#include <core/decision/place.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace clone_guard {

/// @brief Keeps the networks of places until the configuration changes (R2, R14).
///
/// The server looks at each of its subnets to select one. Without a cache, each message of a machine in a conflict would
/// cost as much as the server has subnets. Safe to call from several threads.
class NetworkCache {
public:
    /// @brief Finds the network of a place.
    ///
    /// @param with_class a client class in addition to those of the place; empty: none.
    /// @param select returns the network if the cache does not have it. Nothing is kept if it throws.
    template <typename Select>
    Network find(const Place& place, const std::string& with_class, Select select) {
        auto key = keyOf(place, with_class);
        uint64_t generation = 0;
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            const auto found = networks_.find(key);
            if (found != networks_.end()) {
                return (found->second);
            }
            generation = generation_;
        }
        auto network = select();
        keep(std::move(key), network, generation);
        return (network);
    }

    /// @brief The number of places at most. If there are more, the cache begins anew.
    static constexpr size_t MAX_PLACES = 4096;

    /// @return the number of places.
    [[nodiscard]] size_t size() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return (networks_.size());
    }

    /// @brief Forgets all networks. A selection that another thread began before is not kept.
    void forget();

private:
    /// @brief A part of a place and two client classes: the others do not matter for the selection.
    using Key = std::pair<Place, std::string>;

    struct Before {
        bool operator()(const Key& left, const Key& right) const {
            return (left.second == right.second ? left.first.key() < right.first.key()
                                                : left.second < right.second);
        }
    };

    static Key keyOf(const Place& place, const std::string& with_class);
    void keep(Key key, Network& network, uint64_t generation);

    std::mutex mutex_;
    uint64_t generation_ = 0;
    std::map<Key, Network, Before> networks_;
    /// @brief The subnets by the selected subnet and the classes, which the networks of many places share.
    std::map<std::pair<uint32_t, std::string>, NetworkSubnets> subnets_;
};

}  // namespace clone_guard

#endif
