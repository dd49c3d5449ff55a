// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/kea_test.h>
#include <tests/hook/wire.h>

#include <hook/kea_address.h>
#include <hook/leases/networks.h>
#include <hook/packet/query.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

class NetworksTest : public KeaTest {
protected:
    static Network networkBehind(const std::string& relay, const std::string& with_class = "") {
        auto wire = clone(1);
        wire.giaddr = relay;
        return (networks::select(wire.received(), with_class, ScopeSettings()));
    }
};

}  // namespace

// R2: a subnet outside any shared network is a network, and a shared network is one with all its subnets.
TEST_F(NetworksTest, rule02SubnetsAndSharedNetworks) {
    commit();
    const auto lone = networkBehind("192.0.2.1");
    EXPECT_EQ(lone.subnet_id, 1U);
    EXPECT_EQ(lone.name, "");
    ASSERT_EQ(lone.subnets.size(), 1U);
    EXPECT_FALSE(lone.whole_server);
    const auto first = networkBehind("10.1.0.1");
    const auto second = networkBehind("10.2.0.1");
    EXPECT_EQ(first.subnet_id, 11U);
    EXPECT_EQ(second.subnet_id, 12U);
    EXPECT_EQ(first.key, second.key);
    EXPECT_EQ(first.name, "lab");
    EXPECT_NE(first.key, lone.key);
    EXPECT_NE(networkBehind("198.51.100.1").key, lone.key);
    // The order is that of the server's search, from the selected subnet on.
    ASSERT_EQ(second.subnets.size(), 2U);
    EXPECT_EQ(second.subnets[0].id, 12U);
    EXPECT_EQ(second.subnets[1].id, 11U);
}

// R3: the subnets of a network are in the order of the server's own search, from each subnet and for each class.
TEST_F(NetworksTest, rule03OrderOfTheServer) {
    commit(R"({
        "client-classes": [ { "name": "one" }, { "name": "other" } ],
        "shared-networks": [ { "name": "lab", "subnet4": [
            { "id": 14, "subnet": "10.4.0.0/24" },
            { "id": 11, "subnet": "10.1.0.0/24" },
            { "id": 13, "subnet": "10.3.0.0/24", "client-class": "one" },
            { "id": 15, "subnet": "10.5.0.0/24", "client-class": "other" },
            { "id": 12, "subnet": "10.2.0.0/24" } ] } ] })");
    for (const uint32_t id : {11U, 12U, 14U}) {
        for (const auto* name : {"", "one", "other"}) {
            ClientClasses classes;
            if (*name != 0) {
                classes.insert(name);
            }
            const auto subnets = CfgMgr::instance().getCurrentCfg()->getCfgSubnets4();
            const SubnetPtr selected = subnets->getSubnet(id);
            std::vector<uint32_t> expected;
            for (auto subnet = selected; subnet; subnet = subnet->getNextSubnet(selected, classes)) {
                expected.push_back(subnet->getID());
            }
            std::vector<uint32_t> searched;
            const auto network = networkBehind("10." + std::to_string(id - 10) + ".0.1", name);
            for (const auto& subnet : network.subnets) {
                if (subnet.searched) {
                    searched.push_back(subnet.id);
                }
            }
            EXPECT_EQ(searched, expected) << id << " " << name;
            EXPECT_EQ(network.subnets.size(), 5U);
        }
    }
}

// R2: a place resolves to the same network as the query that it was read from.
TEST_F(NetworksTest, rule02PlacesOfEarlierQueries) {
    commit();
    for (const auto* relay :
         {"192.0.2.1", "198.51.100.1", "10.1.0.1", "10.2.0.1", "203.0.113.1", "0.0.0.0"}) {
        auto wire = clone(1);
        wire.giaddr = relay;
        // Every machine has this interface. The server reads its addresses.
        wire.interface = "lo";
        const auto packet = wire.received();
        const auto by_place = networks::select(query::place(*packet, false), ScopeSettings());
        const auto by_query = networks::select(packet, "", ScopeSettings());
        EXPECT_EQ(by_place.key, by_query.key) << relay;
        EXPECT_EQ(by_place.subnet_id, by_query.subnet_id) << relay;
    }
}

// R2: if the server finds no subnet, the policy is off.
TEST_F(NetworksTest, rule02NoSubnet) {
    commit();
    const auto none = networkBehind("203.0.113.1");
    EXPECT_EQ(none.subnet_id, 0U);
    EXPECT_TRUE(none.subnets.empty());
    EXPECT_EQ(none.policy(), Policy::OFF);
    EXPECT_EQ(networks::ofSubnet(99, ScopeSettings()).subnet_id, 0U);
    EXPECT_EQ(networks::ofSubnet(11, ScopeSettings()).name, "lab");
}

// R5: the settings are those of the shared network, or of the subnet outside any, or the global ones.
TEST_F(NetworksTest, rule05Settings) {
    commit(R"({
        "subnet4": [
            { "id": 1, "subnet": "192.0.2.0/24", "user-context": { "clone-guard": { "policy": "refuse" } } },
            { "id": 2, "subnet": "198.51.100.0/24" } ],
        "shared-networks": [ {
            "name": "lab", "user-context": { "clone-guard": { "policy": "monitor", "takeover": "never" } },
            "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24" } ] } ] })");
    EXPECT_EQ(networkBehind("192.0.2.1").settings.policy, Policy::REFUSE);
    EXPECT_EQ(networkBehind("198.51.100.1").settings.policy, Policy::MAC_FALLBACK);
    EXPECT_EQ(networkBehind("10.1.0.1").settings.policy, Policy::MONITOR);
    EXPECT_EQ(networkBehind("10.1.0.1").settings.takeover, Takeover::NEVER);
    EXPECT_EQ(networks::ofSubnet(11, ScopeSettings()).settings.policy, Policy::MONITOR);
}

// R1: match-client-id is read per subnet. In a network without any, conflicts are only reported.
TEST_F(NetworksTest, rule01MatchClientId) {
    commit(R"({
        "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "match-client-id": false } ],
        "shared-networks": [ { "name": "lab", "match-client-id": false, "subnet4": [
            { "id": 11, "subnet": "10.1.0.0/24" },
            { "id": 12, "subnet": "10.2.0.0/24", "match-client-id": true } ] } ] })");
    EXPECT_EQ(networkBehind("192.0.2.1").policy(), Policy::MONITOR);
    const auto lab = networkBehind("10.1.0.1");
    EXPECT_EQ(lab.policy(), Policy::MAC_FALLBACK);
    ASSERT_EQ(lab.subnets.size(), 2U);
    EXPECT_FALSE(lab.subnets[0].matches_client_id);
    EXPECT_TRUE(lab.subnets[1].matches_client_id);
}

// R6: a subnet restricted to claimants is selected for them alone.
TEST_F(NetworksTest, rule06SelectedByClass) {
    const char* const quarantine = R"({
        "client-classes": [ { "name": "CLONE_CONFLICT" } ],
        "shared-networks": [ { "name": "lab", "subnet4": [
            { "id": 11, "subnet": "10.1.0.0/24" },
            { "id": 12, "subnet": "10.2.0.0/24", "client-class": "CLONE_CONFLICT" } ] } ] })";
    commit(quarantine);
    const auto plain = networkBehind("10.1.0.1");
    ASSERT_EQ(plain.subnets.size(), 2U);
    EXPECT_EQ(plain.subnets[0].id, 11U);
    EXPECT_TRUE(plain.subnets[0].searched);
    EXPECT_EQ(plain.subnets[1].id, 12U);
    EXPECT_FALSE(plain.subnets[1].searched);
    const auto claimants = networkBehind("10.1.0.1", "CLONE_CONFLICT");
    ASSERT_EQ(claimants.subnets.size(), 2U);
    EXPECT_TRUE(claimants.subnets[1].searched);
    EXPECT_TRUE(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()).by_class);
    commit();
    EXPECT_FALSE(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()).by_class);
}

// R2: with subnet_cmds a command can add a subnet that is restricted to a class at any time.
TEST_F(NetworksTest, rule02SubnetsByCommand) {
    commit();
    const auto config = CfgMgr::instance().getCurrentCfg();
    EXPECT_FALSE(networks::hintsOf(*config).by_class);
    config->getHooksConfig().add("/usr/lib/kea/hooks/libdhcp_subnet_cmds.so",
                                 isc::data::ConstElementPtr());
    EXPECT_TRUE(networks::hintsOf(*config).by_class);
}

// R15: with lists of relays, the address of a relay does not show which subnet is selected.
TEST_F(NetworksTest, rule15RelayLists) {
    commit(R"({ "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24",
        "relay": { "ip-addresses": [ "10.2.0.1" ] } } ] })");
    EXPECT_TRUE(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()).by_relay_list);
    commit(R"({ "shared-networks": [ { "name": "floor", "relay": { "ip-addresses": [ "10.2.0.1" ] },
        "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24" } ] } ] })");
    EXPECT_TRUE(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()).by_relay_list);
    commit();
    EXPECT_FALSE(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()).by_relay_list);
}

// R15: the prefix of a subnet.
TEST_F(NetworksTest, rule15Prefix) {
    commit(
        R"({ "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24" }, { "id": 12, "subnet": "10.1.1.7/32" } ] })");
    const auto in = [](uint32_t subnet, const char* address) {
        return (networks::isSearchedFirst(subnet, fromKea(isc::asiolink::IOAddress(address))));
    };
    EXPECT_TRUE(in(11, "10.1.0.0"));
    EXPECT_TRUE(in(11, "10.1.0.255"));
    EXPECT_FALSE(in(11, "10.1.1.0"));
    EXPECT_FALSE(in(11, "10.0.255.255"));
    EXPECT_TRUE(in(12, "10.1.1.7"));
    EXPECT_FALSE(in(12, "10.1.1.6"));
    EXPECT_FALSE(in(13, "10.1.0.0"));
}

// R15: in a shared network the server looks for leases of the identifier in the subnets with match-client-id first.
TEST_F(NetworksTest, rule15SearchedFirst) {
    commit(R"({
        "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "match-client-id": false } ],
        "shared-networks": [ { "name": "lab", "subnet4": [
            { "id": 11, "subnet": "10.1.0.0/24", "match-client-id": false },
            { "id": 12, "subnet": "10.2.0.0/24" } ] } ] })");
    const auto isFirst = [](uint32_t subnet, const char* address) {
        return (networks::isSearchedFirst(subnet, fromKea(isc::asiolink::IOAddress(address))));
    };
    EXPECT_TRUE(isFirst(1, "192.0.2.1"));
    EXPECT_FALSE(isFirst(11, "10.1.0.1"));
    EXPECT_TRUE(isFirst(12, "10.2.0.1"));
    for (const auto* const relay : {"10.1.0.1", "10.2.0.1"}) {
        EXPECT_FALSE(networkBehind(relay).isSearchedFirst(11)) << relay;
        EXPECT_TRUE(networkBehind(relay).isSearchedFirst(12)) << relay;
    }
    EXPECT_TRUE(networkBehind("192.0.2.1").isSearchedFirst(1));
}

// R14, R15: a block of addresses is known only if all of it is in the prefix.
TEST_F(NetworksTest, rule14KnownPrefixes) {
    commit(
        R"({ "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24" }, { "id": 12, "subnet": "10.1.1.7/32" } ] })");
    networks::KnownPrefixes known;
    const auto at = [](const char* address) { return (fromKea(isc::asiolink::IOAddress(address))); };
    EXPECT_FALSE(known.contains(11, at("10.1.0.9")));
    known.add(11, at("10.1.0.9"));
    EXPECT_TRUE(known.contains(11, at("10.1.0.200")));
    EXPECT_FALSE(known.contains(12, at("10.1.0.9")));
    EXPECT_FALSE(known.contains(11, at("10.1.1.9")));
    known.add(12, at("10.1.1.7"));
    EXPECT_FALSE(known.contains(12, at("10.1.1.7"))) << "a part of the block is in no prefix";
    known.clear();
    EXPECT_FALSE(known.contains(11, at("10.1.0.9")));
}

// R14: without any reservation, none is searched for.
TEST_F(NetworksTest, rule14Reservations) {
    commit(R"({ "subnet4": [ { "id": 11, "subnet": "10.1.0.0/24", "reservations": [
        { "hw-address": "02:00:00:00:00:01", "ip-address": "10.1.0.9" } ] } ] })");
    EXPECT_TRUE(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()).reservations);
    commit();
    EXPECT_FALSE(networks::hintsOf(*CfgMgr::instance().getCurrentCfg()).reservations);
}

// R9: with host_cmds a command can add reservations at any time.
TEST_F(NetworksTest, rule09ReservationsByCommand) {
    commit();
    const auto config = CfgMgr::instance().getCurrentCfg();
    config->getHooksConfig().add("/usr/lib/kea/hooks/libdhcp_stat_cmds.so",
                                 isc::data::ConstElementPtr());
    EXPECT_FALSE(networks::hintsOf(*config).reservations);
    config->getHooksConfig().add("/usr/lib/kea/hooks/libdhcp_host_cmds.so",
                                 isc::data::ConstElementPtr());
    EXPECT_TRUE(networks::hintsOf(*config).reservations);
}

// R2, R14: a network is selected once for the property that decides, until the configuration changes. A selection that began
// before is not kept.
TEST_F(NetworksTest, rule14Cache) {
    NetworkCache cache;
    int selections = 0;
    const auto ask = [&](const Place& place, const std::string& with_class = {}) {
        return (cache.find(place, with_class, [&] {
            ++selections;
            Network network;
            network.subnet_id = 1;
            network.subnets = {{1, true, true}, {2, true, true}};
            return (network);
        }));
    };
    Place place;
    place.relay = IpAddress(0x0a010001);
    const auto first = ask(place);
    place.client = IpAddress(0x0a010009);
    place.interface = "ens19";
    const auto second = ask(place);
    EXPECT_EQ(selections, 1);
    EXPECT_EQ(first.subnets.begin(), second.subnets.begin()) << "a copy";
    place.selection = IpAddress(0x0a020000);
    EXPECT_EQ(ask(place).subnets.begin(), first.subnets.begin()) << "places share one list";
    place.classes = "A";
    ask(place);
    ask(place, "B");
    EXPECT_EQ(selections, 4);
    Place direct;
    for (const auto& [client, broadcast] : {std::pair{1U, false}, {2U, false}, {3U, true}, {4U, true}}) {
        direct.client = IpAddress(client);
        direct.broadcast = broadcast;
        ask(direct);
    }
    EXPECT_EQ(selections, 7) << "a broadcast is not selected by ciaddr";
    cache.forget();
    cache.find(place, {}, [&] {
        cache.forget();
        return (Network());
    });
    ask(place);
    EXPECT_EQ(selections, 8);
    EXPECT_THROW(cache.find(direct, {}, []() -> Network { throw std::runtime_error("no interface"); }),
                 std::runtime_error);
    ask(direct);
    EXPECT_EQ(selections, 9);
}

// R14: many places do not make the cache grow without bound.
TEST_F(NetworksTest, rule14CacheIsBounded) {
    NetworkCache cache;
    for (uint32_t relay = 1; relay <= 3 * NetworkCache::MAX_PLACES; ++relay) {
        Place place;
        place.relay = IpAddress(relay);
        cache.find(place, {}, [] { return (Network()); });
        ASSERT_LE(cache.size(), NetworkCache::MAX_PLACES);
    }
}

// R2: early global reservations add classes later, so the server counts as one network.
TEST_F(NetworksTest, rule02Unknowable) {
    commit();
    EXPECT_EQ(networks::reasonNetworkUnknown(*CfgMgr::instance().getCurrentCfg()), "");
    commit(R"({ "early-global-reservations-lookup": true,
                "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24" }, { "id": 2, "subnet": "198.51.100.0/24" } ] })");
    EXPECT_NE(networks::reasonNetworkUnknown(*CfgMgr::instance().getCurrentCfg()), "");
    const auto one = networkBehind("192.0.2.1");
    const auto other = networkBehind("198.51.100.1");
    EXPECT_TRUE(one.whole_server);
    EXPECT_EQ(one.key, other.key);
    EXPECT_EQ(one.subnet_id, 1U);
    EXPECT_EQ(other.subnet_id, 2U);
    EXPECT_TRUE(one.contains(2));
    EXPECT_TRUE(one.isSelected(1));
    EXPECT_FALSE(one.isSelected(2));
    EXPECT_TRUE(other.isSelected(2));
}

}  // namespace test
}  // namespace clone_guard
