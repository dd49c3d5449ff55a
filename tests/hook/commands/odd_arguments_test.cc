// SPDX-License-Identifier: MPL-2.0
//
// R13: a callout never throws and never crashes on its arguments: queries, leases and subnets that are null, packets
// without hardware address.

#include <tests/hook/library_test.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;
using isc::hooks::HooksManager;

namespace {

class OddArgumentsTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        load();
        // lease4_select examines queries only after the guard has handled a claimant: here a forged identifier.
        auto forged = clone(9);
        forged.identifier = derivedOf(8);
        EXPECT_NE(seenAs(forged), derivedOf(8));
    }

    /// @brief Calls every hook point of a query with the given arguments.
    template <typename Set>
    void callAll(Set set) {
        for (const auto* hook : {"pkt4_receive", "lease4_select"}) {
            const auto handle = HooksManager::createCalloutHandle();
            set(*handle);
            EXPECT_NO_THROW(HooksManager::callCallouts(HooksManager::registerHook(hook), *handle))
                << hook;
            EXPECT_EQ(handle->getStatus(), CONTINUE) << hook;
        }
    }
};

}  // namespace

// The query is null.
TEST_F(OddArgumentsTest, rule13NullQuery) {
    callAll([](isc::hooks::CalloutHandle& handle) {
        handle.setArgument("query4", Pkt4Ptr());
        handle.setArgument("response4", Pkt4Ptr());
        handle.setArgument("lease4", Lease4Ptr());
        handle.setArgument("fake_allocation", false);
    });
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// The arguments are missing: the failure is unexpected, so the guard counts each one and logs one.
TEST_F(OddArgumentsTest, rule13NoArguments) {
    callAll([](isc::hooks::CalloutHandle&) {});
    callAll([](isc::hooks::CalloutHandle&) {});
    EXPECT_EQ(statistic("clone-guard-degraded"), 4);
    const auto said = log_.with("CLONE_GUARD_CALLOUT_FAILED");
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0].level, "ERROR");
}

// The arguments have another type than the server's.
TEST_F(OddArgumentsTest, rule13WrongType) {
    callAll([](isc::hooks::CalloutHandle& handle) {
        handle.setArgument("query4", std::string("not a packet"));
    });
    EXPECT_EQ(log_.with("CLONE_GUARD_CALLOUT_FAILED").size(), 1U);
}

// The query has no hardware address, so the guard passes it on unchanged.
TEST_F(OddArgumentsTest, rule13NullHardwareAddress) {
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    const Pkt4Ptr query(new Pkt4(DHCPDISCOVER, 1));
    query->addOption(OptionPtr(new Option(Option::V4, DHO_DHCP_CLIENT_IDENTIFIER, cloneIdentifier())));
    ASSERT_FALSE(query->getHWAddr() && !query->getHWAddr()->hwaddr_.empty());
    Exchange exchange(query);
    EXPECT_EQ(exchange.receive(), CONTINUE);
    EXPECT_EQ(exchange.identifier(), cloneIdentifier());
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// The lease has no hardware address, so the guard ignores it.
TEST_F(OddArgumentsTest, rule13LeaseWithoutHardwareAddress) {
    addLease("192.0.2.101", cloneIdentifier(), HardwareAddress());
    EXPECT_EQ(seenAs(clone(2)), cloneIdentifier());
    auto release = clone(3, DHCPRELEASE);
    release.ciaddr = "192.0.2.101";
    EXPECT_EQ(seenAs(release), cloneIdentifier());
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// The lease in a claimant's lease4_select is null.
TEST_F(OddArgumentsTest, rule13NullLeaseAndSubnet) {
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    Exchange exchange(clone(2, DHCPREQUEST));
    exchange.receive();
    ASSERT_EQ(exchange.identifier(), derivedOf(2));
    EXPECT_EQ(exchange.select(Lease4Ptr()), CONTINUE);
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

// The server has no subnet for the query.
TEST_F(OddArgumentsTest, rule13NoSubnet) {
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    auto wire = clone(2);
    wire.giaddr = "203.0.113.1";
    EXPECT_EQ(seenAs(wire), cloneIdentifier());
    EXPECT_EQ(statistic("clone-guard-degraded"), 0);
}

}  // namespace test
}  // namespace clone_guard
