// SPDX-License-Identifier: MPL-2.0

#include <hook/leases/network_cache.h>

namespace clone_guard {

/// Keeps the one property by which the server selects a subnet (Kea, src/lib/dhcpsrv/cfg_subnets4.cc), and the classes. A
/// machine that renews from several addresses behind one relay is in one place.
NetworkCache::Key
NetworkCache::keyOf(const Place& place, const std::string& with_class) {
    Place decisive;
    decisive.classes = place.classes;
    if (!place.selection.isUnspecified()) {
        decisive.selection = place.selection;
    } else if (!place.relay.isUnspecified()) {
        decisive.relay = place.relay;
    } else if (!place.client.isUnspecified() && !place.broadcast) {
        decisive.client = place.client;
    } else if (!place.source.isUnspecified() && !place.broadcast) {
        decisive.source = place.source;
    } else {
        decisive.interface = place.interface;
    }
    return {std::move(decisive), with_class};
}

void
NetworkCache::keep(Key key, Network& network, uint64_t generation) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (generation != generation_) {
        return;
    }
    if (networks_.size() >= MAX_PLACES) {
        networks_.clear();
        subnets_.clear();
    }
    const std::pair<uint32_t, std::string> by_subnet{network.subnet_id,
                                                     key.first.classes + '\n' + key.second};
    network.subnets = subnets_.emplace(by_subnet, network.subnets).first->second;
    networks_.emplace(std::move(key), network);
}

void
NetworkCache::forget() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++generation_;
    networks_.clear();
    subnets_.clear();
}

}  // namespace clone_guard
