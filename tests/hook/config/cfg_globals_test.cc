// SPDX-License-Identifier: MPL-2.0
//
// The numbers in the copy of a header that Kea 2.2.0 does not install are those of Kea's library. Inline functions of
// other headers use them, so a wrong number silently reads another parameter.

#include <tests/hook/kea_test.h>

#include <cc/data.h>

#include <algorithm>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;
using isc::data::Element;

namespace {

class CfgGlobalsTest : public KeaTest {
protected:
    /// @brief Returns the subnet of a configuration.
    ///
    /// @param globals global members of the JSON map, each ending in a comma
    /// @param own members of the subnet, likewise
    static ConstSubnet4Ptr subnetWith(const std::string& globals, const std::string& own) {
        commit("{" + globals + R"("subnet4": [ {)" + own + R"("id": 7, "subnet": "192.0.2.0/24" } ] })");
        return (CfgMgr::instance().getCurrentCfg()->getCfgSubnets4()->getBySubnetId(7));
    }
};

}  // namespace

#ifdef CLONE_GUARD_DHCPSRV_CFG_GLOBALS_H

#define NAMED(NAME)                                                                                     \
    { CfgGlobals::NAME, #NAME }

// Kea's library finds each parameter by name at the index that the number says.
TEST_F(CfgGlobalsTest, everyNumberIsTheLibrarys) {
    const std::vector<std::pair<int, std::string>> all{NAMED(VALID_LIFETIME),
                                                       NAMED(MIN_VALID_LIFETIME),
                                                       NAMED(MAX_VALID_LIFETIME),
                                                       NAMED(RENEW_TIMER),
                                                       NAMED(REBIND_TIMER),
                                                       NAMED(DECLINE_PROBATION_PERIOD),
                                                       NAMED(DHCP4O6_PORT),
                                                       NAMED(COMMENT),
                                                       NAMED(SERVER_TAG),
                                                       NAMED(RESERVATION_MODE),
                                                       NAMED(RESERVATIONS_GLOBAL),
                                                       NAMED(RESERVATIONS_IN_SUBNET),
                                                       NAMED(RESERVATIONS_OUT_OF_POOL),
                                                       NAMED(CALCULATE_TEE_TIMES),
                                                       NAMED(T1_PERCENT),
                                                       NAMED(T2_PERCENT),
                                                       NAMED(HOSTNAME_CHAR_SET),
                                                       NAMED(HOSTNAME_CHAR_REPLACEMENT),
                                                       NAMED(DDNS_SEND_UPDATES),
                                                       NAMED(DDNS_OVERRIDE_NO_UPDATE),
                                                       NAMED(DDNS_OVERRIDE_CLIENT_UPDATE),
                                                       NAMED(DDNS_REPLACE_CLIENT_NAME),
                                                       NAMED(DDNS_GENERATED_PREFIX),
                                                       NAMED(DDNS_QUALIFYING_SUFFIX),
                                                       NAMED(STORE_EXTENDED_INFO),
                                                       NAMED(STATISTIC_DEFAULT_SAMPLE_COUNT),
                                                       NAMED(STATISTIC_DEFAULT_SAMPLE_AGE),
                                                       NAMED(CACHE_THRESHOLD),
                                                       NAMED(CACHE_MAX_AGE),
                                                       NAMED(EARLY_GLOBAL_RESERVATIONS_LOOKUP),
                                                       NAMED(IP_RESERVATIONS_UNIQUE),
                                                       NAMED(RESERVATIONS_LOOKUP_FIRST),
                                                       NAMED(DDNS_UPDATE_ON_RENEW),
                                                       NAMED(DDNS_USE_CONFLICT_RESOLUTION),
                                                       NAMED(PARKED_PACKET_LIMIT),
                                                       NAMED(ECHO_CLIENT_ID),
                                                       NAMED(MATCH_CLIENT_ID),
                                                       NAMED(AUTHORITATIVE),
                                                       NAMED(NEXT_SERVER),
                                                       NAMED(SERVER_HOSTNAME),
                                                       NAMED(BOOT_FILE_NAME),
                                                       NAMED(DATA_DIRECTORY),
                                                       NAMED(PREFERRED_LIFETIME),
                                                       NAMED(MIN_PREFERRED_LIFETIME),
                                                       NAMED(MAX_PREFERRED_LIFETIME)};
    ASSERT_EQ(all.size(), static_cast<size_t>(CfgGlobals::SIZE));
    SrvConfig config;
    for (const auto& [number, enumerator] : all) {
        std::string name;
        for (const char letter : enumerator) {
            name += letter == '_' ? '-' : static_cast<char>(std::tolower(letter));
        }
        ASSERT_NO_THROW(config.addConfiguredGlobal(name, Element::create(name))) << name;
        const auto value = config.getConfiguredGlobal(number);
        ASSERT_TRUE(value) << name << " is not number " << number;
        EXPECT_EQ(value->stringValue(), name) << number;
    }
}

#undef NAMED

#endif

// R1: match-client-id is that of the subnet, or the global one if the subnet has none, or true if both are absent.
TEST_F(CfgGlobalsTest, rule01MatchClientId) {
    EXPECT_TRUE(subnetWith("", "")->getMatchClientId());
    EXPECT_FALSE(subnetWith("", R"("match-client-id": false,)")->getMatchClientId());
    EXPECT_FALSE(subnetWith(R"("match-client-id": false,)", "")->getMatchClientId());
    EXPECT_TRUE(
        subnetWith(R"("match-client-id": false,)", R"("match-client-id": true,)")->getMatchClientId());
    EXPECT_FALSE(
        subnetWith(R"("match-client-id": true,)", R"("match-client-id": false,)")->getMatchClientId());
}

// The parameters next to it, so that an error by one is found.
TEST_F(CfgGlobalsTest, neighbours) {
    for (const bool value : {false, true}) {
        const std::string text = value ? "true" : "false";
        EXPECT_EQ(subnetWith(R"("authoritative": )" + text + ",", "")->getAuthoritative(), value);
        commit(R"({ "echo-client-id": )" + text + " }");
        EXPECT_EQ(CfgMgr::instance().getCurrentCfg()->getConfiguredGlobal("echo-client-id")->boolValue(),
                  value);
    }
    EXPECT_TRUE(
        subnetWith(R"("match-client-id": true, "authoritative": false, "echo-client-id": false,)", "")
            ->getMatchClientId());
    EXPECT_FALSE(
        subnetWith(R"("match-client-id": false, "authoritative": true, "echo-client-id": true,)", "")
            ->getMatchClientId());
}

// Parameters from the beginning of the list.
TEST_F(CfgGlobalsTest, lifetime) {
    const auto subnet =
        subnetWith(R"("valid-lifetime": 4321, "renew-timer": 123, "rebind-timer": 456,)", "");
    EXPECT_EQ(subnet->getValid().get(), 4321U);
    EXPECT_EQ(subnet->getT1().get(), 123U);
    EXPECT_EQ(subnet->getT2().get(), 456U);
    EXPECT_EQ(subnetWith(R"("valid-lifetime": 4321,)", R"("valid-lifetime": 99,)")->getValid().get(),
              99U);
}

}  // namespace test
}  // namespace clone_guard
