// SPDX-License-Identifier: MPL-2.0
//
// R13: the lease database does not answer. Without a lease manager every call throws, as it does while the connection
// to a database server is lost.

#include <tests/hook/library_test.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

class LeaseDatabaseTest : public LibraryTest {
protected:
    /// @brief Makes machine 2 a known claimant beside machine 1, then takes the lease database away.
    void goAwayAfterConflict(const std::string& parameters) {
        load(parameters);
        addLease("192.0.2.101", cloneIdentifier(), mac(1));
        seenAs(clone(2));
        log_.forget();
        LeaseMgrFactory::destroy();
    }

    void expectOneSpell(int64_t failures) {
        const auto said = log_.with("CLONE_GUARD_DEGRADED");
        ASSERT_EQ(said.size(), 1U);
        EXPECT_EQ(said[0].level, "WARN");
        EXPECT_NE(said[0].text.find("the lease database does not answer"), std::string::npos)
            << said[0].text;
        EXPECT_TRUE(log_.with("CLONE_GUARD_CALLOUT_FAILED").empty())
            << log_.with("CLONE_GUARD_CALLOUT_FAILED")[0].text;
        EXPECT_EQ(statistic("clone-guard-degraded"), failures);
    }
};

}  // namespace

// R13: guarded queries are dropped, so no claimant gets the shared identifier back. The outage is one warning.
TEST_F(LeaseDatabaseTest, rule13NobodyIsAnswered) {
    goAwayAfterConflict("{}");
    for (int i = 0; i < 5; ++i) {
        for (const uint8_t type : {DHCPDISCOVER, DHCPREQUEST}) {
            EXPECT_EQ(seenAs(clone(1, type)), std::nullopt);
            EXPECT_EQ(seenAs(clone(2, type)), std::nullopt);
            EXPECT_EQ(seenAs(clone(3, type)), std::nullopt);
        }
    }
    expectOneSpell(30);
}

// R13: guarded queries are dropped under refuse, too.
TEST_F(LeaseDatabaseTest, rule13Refuse) {
    goAwayAfterConflict(R"({ "policy": "refuse" })");
    for (const uint8_t type : {DHCPDISCOVER, DHCPREQUEST}) {
        EXPECT_EQ(seenAs(clone(1, type)), std::nullopt);
        EXPECT_EQ(seenAs(clone(2, type)), std::nullopt);
    }
    expectOneSpell(4);
}

// R13, R5: under monitor and off no query is dropped.
TEST_F(LeaseDatabaseTest, rule13MonitorAndOff) {
    for (const char* policy : {"monitor", "off"}) {
        load(std::string(R"({ "policy": ")") + policy + R"(" })");
        LeaseMgrFactory::destroy();
        for (const uint8_t type : {DHCPDISCOVER, DHCPREQUEST, DHCPRELEASE, DHCPDECLINE}) {
            EXPECT_EQ(seenAs(clone(1, type)), cloneIdentifier()) << policy;
        }
        LeaseMgrFactory::create("type=memfile universe=4 persist=false");
    }
}

// R13: queries without a guarded identifier are not dropped.
TEST_F(LeaseDatabaseTest, rule13Unguarded) {
    load();
    LeaseMgrFactory::destroy();
    Wire wire = clone(1);
    wire.identifier = Bytes{1, 2, 3, 4, 5, 6, 7};
    EXPECT_EQ(seenAs(wire), wire.identifier);
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// R13, R8: a RELEASE or DECLINE whose lease cannot be looked up is dropped.
TEST_F(LeaseDatabaseTest, rule13ReleaseAndDecline) {
    goAwayAfterConflict("{}");
    for (const uint8_t type : {DHCPRELEASE, DHCPDECLINE}) {
        auto wire = clone(2, type);
        (type == DHCPRELEASE ? wire.ciaddr : wire.requested) = "192.0.2.101";
        EXPECT_EQ(seenAs(wire), std::nullopt);
        wire.address = mac(1);
        EXPECT_EQ(seenAs(wire), std::nullopt);
    }
    expectOneSpell(4);
}

// R13: the lease database fails between the judgement and the lease. The claimant does not get an address that may be
// the holder's.
TEST_F(LeaseDatabaseTest, rule13BetweenReceiveAndSelect) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    Exchange exchange(clone(2, DHCPREQUEST));
    exchange.receive();
    LeaseMgrFactory::destroy();
    const HWAddrPtr hwaddr(new HWAddr(mac(2).bytes().copy(), 1));
    const Lease4Ptr lease(new Lease4(isc::asiolink::IOAddress("192.0.2.101"), hwaddr,
                                     ClientIdPtr(new ClientId(derivedOf(2))), 3600, 0, 1));
    EXPECT_EQ(exchange.select(lease), SKIP);
    expectOneSpell(1);
}

// R13: during an outage no new conflict is opened.
TEST_F(LeaseDatabaseTest, rule13NothingIsGuessed) {
    load();
    LeaseMgrFactory::destroy();
    EXPECT_EQ(seenAs(clone(1)), std::nullopt);
    EXPECT_EQ(seenAs(clone(2)), std::nullopt);
    EXPECT_EQ(statistic("clone-guard-suspected"), 0);
    LeaseMgrFactory::create("type=memfile universe=4 persist=false");
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    EXPECT_EQ(seenAs(clone(2)), derivedOf(2));
    expectOneSpell(2);
}

}  // namespace test
}  // namespace clone_guard
