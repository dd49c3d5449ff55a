// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <core/decision/network.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

Network
network(std::vector<NetworkSubnet> subnets, Policy policy = Policy::MAC_FALLBACK) {
    Network network;
    network.subnets = NetworkSubnets(std::move(subnets));
    network.settings.policy = policy;
    return (network);
}

}  // namespace

// R2: a network contains its subnets. If networks cannot be distinguished, it contains all.
TEST(NetworkTest, rule02Contains) {
    auto shared = network({{1, true, true}, {2, true, false}});
    EXPECT_TRUE(shared.contains(1));
    EXPECT_TRUE(shared.contains(2));
    EXPECT_FALSE(shared.contains(3));
    EXPECT_FALSE(network({}).contains(1));
    EXPECT_TRUE(shared.isSelected(2));
    shared.whole_server = true;
    EXPECT_TRUE(shared.contains(3));
    EXPECT_FALSE(shared.isSelected(3));
}

// R1: the server looks identifiers up in a shared network if one of its subnets does. If none does, a conflict is only
// reported.
TEST(NetworkTest, rule01MatchClientId) {
    EXPECT_TRUE(network({{1, true, true}}).matchesClientIds());
    EXPECT_TRUE(network({{1, false, true}, {2, true, true}}).matchesClientIds());
    EXPECT_FALSE(network({{1, false, true}, {2, false, true}}).matchesClientIds());
    EXPECT_TRUE(network({}).matchesClientIds());
    auto whole = network({{1, false, true}});
    whole.whole_server = true;
    EXPECT_TRUE(whole.matchesClientIds());

    for (const auto policy : {Policy::MONITOR, Policy::MAC_FALLBACK, Policy::REFUSE}) {
        EXPECT_EQ(network({{1, false, true}}, policy).policy(), Policy::MONITOR);
        EXPECT_EQ(network({{1, true, true}}, policy).policy(), policy);
    }
    EXPECT_EQ(network({{1, false, true}}, Policy::OFF).policy(), Policy::OFF);
}

// R3: claims from one place need no selection of subnets. Each property that selects a subnet makes another place.
TEST(NetworkTest, rule03Places) {
    const auto place = behindRelay(1);
    EXPECT_EQ(place, behindRelay(1));
    EXPECT_NE(place, behindRelay(2));
    std::vector<Place> others(6, place);
    others[0].interface = "ens19";
    others[1].client = IpAddress(1);
    others[2].source = IpAddress(1);
    others[3].selection = IpAddress(1);
    others[4].broadcast = true;
    others[5].classes = "KNOWN";
    for (const auto& other : others) {
        EXPECT_NE(place, other);
    }
}

}  // namespace test
}  // namespace clone_guard
