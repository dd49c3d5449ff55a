// SPDX-License-Identifier: MPL-2.0
#include <tests/bench/networks.h>

#include <stdexcept>

namespace clone_guard {
namespace bench {

using e2e::Address;
using e2e::Json;

namespace {

constexpr uint32_t MANY = 1000;
constexpr uint32_t SIZE = 4096;  ///< addresses of each of many subnets

/// @brief A subnet that is selected by its prefix, not by a list of relays.
Json
subnetByPrefix(const Json& more) {
    Json subnet = e2e::subnet(1, more);
    subnet.erase("relay");
    return (subnet);
}

Networks
oneSubnet() {
    // The lease file of a measurement has leases of other addresses of the subnet.
    return {
        {subnetByPrefix({{"subnet", "10.0.0.0/8"}, {"pools", {{{"pool", "10.1.1.0 - 10.1.255.254"}}}}})},
        {},
        {Address("10.1.0.1")}};
}

Json
smallSubnet(uint32_t i) {
    const uint32_t first = (10U << 24) + i * SIZE;
    return (subnetByPrefix(
        {{"id", i + 1},
         {"subnet", Address(first).toText() + "/20"},
         {"pools",
          {{{"pool", Address(first + 16).toText() + " - " + Address(first + 4000).toText()}}}}}));
}

/// @param per_network the number of subnets of each shared network, or 0 for subnets without any.
Networks
manySubnets(uint32_t per_network) {
    Networks networks;
    std::vector<Json> members;
    for (uint32_t i = 0; i < MANY; ++i) {
        networks.relays.emplace_back((10U << 24) + i * SIZE + 1);
        if (per_network == 0) {
            networks.subnets.push_back(smallSubnet(i));
            continue;
        }
        members.push_back(smallSubnet(i));
        if (members.size() == per_network) {
            networks.shared_networks.push_back(
                e2e::sharedNetwork("network-" + std::to_string(i / per_network), members));
            members.clear();
        }
    }
    return (networks);
}

}  // namespace

void
Networks::applyTo(e2e::ServerSetup& setup) const {
    setup.subnets = subnets;
    setup.shared_networks = shared_networks;
}

Networks
networksOf(const std::string& name) {
    if (name == "1") {
        return (oneSubnet());
    } else if (name == "1000") {
        return (manySubnets(0));
    } else if (name == "250x4") {
        return (manySubnets(4));
    } else if (name == "1x1000") {
        return (manySubnets(MANY));
    }
    throw std::runtime_error("unknown networks '" + name + "'");
}

}  // namespace bench
}  // namespace clone_guard
