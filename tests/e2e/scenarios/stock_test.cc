// SPDX-License-Identifier: MPL-2.0
//
// The fault in stock Kea, and that the harness sees it. Without these the other tests prove nothing.

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Stock : public E2eTest {
protected:
    ServerSetup stock_ = ServerSetup().withoutGuard();
};

// Two clones that boot one after the other are both told the same address.
TEST_F(Stock, clonesBootedInTurnHoldOneAddress) {
    serve(stock_);
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire(), first.address());
    EXPECT_FALSE(undisturbed(server(), first));
}

// A clone can release an address that another machine is using.
TEST_F(Stock, cloneReleasesTheLeaseOfAnother) {
    serve(stock_);
    SimClient& first = holder();
    clone(2).release(first.address());
    EXPECT_FALSE(server().lease(first.address()));
}

// The load generator counts what is wrong: here nearly every address has two holders.
TEST_F(Stock, loadGeneratorCountsSharedAddresses) {
    serve(stock_);
    LoadPlan plan;
    plan.mode = LoadMode::CLONES;
    plan.clients = 50;
    plan.identifiers = 5;
    plan.window = 1;
    LoadGenerator load(link(), plan);
    const LoadResult result = load.acquire();
    EXPECT_EQ(result.completed, 50U) << result.toJson();
    EXPECT_EQ(result.shared_addresses, 5U) << result.toJson();
    EXPECT_EQ(result.machines_sharing, 50U) << result.toJson();
    EXPECT_EQ(result.wrong_echoes, 0U) << result.toJson();
}

// The same load with identifiers of their own is sound, so the count is not of the harness's making.
TEST_F(Stock, loadGeneratorFindsNothingWhereNothingIsShared) {
    serve(stock_);
    LoadPlan plan;
    plan.mode = LoadMode::DUID;
    plan.clients = 50;
    LoadGenerator load(link(), plan);
    EXPECT_EQ(load.acquire().addresses, 50U);
    const LoadResult renewed = load.renew(3);
    EXPECT_EQ(renewed.completed, 150U) << renewed.toJson();
    EXPECT_EQ(renewed.naks + renewed.shared_acks + renewed.wrong_echoes, 0U) << renewed.toJson();
}

// A thousand clones at once: the server drops what waits behind one identifier.
TEST_F(Stock, stormOfOneIdentifierIsDropped) {
    stock_.threads = 4;
    stock_.debug["kea-dhcp4.bad-packets"] = 15;
    serve(stock_);
    LoadPlan plan;
    plan.mode = LoadMode::CLONES;
    plan.clients = 1000;
    plan.window = 1000;
    plan.attempts = 3;
    plan.timeout = Milliseconds(500);
    LoadGenerator load(link(), plan);
    const LoadResult result = load.acquire();
    EXPECT_GT(result.machines_sharing, 100U) << result.toJson();
    EXPECT_GT(server().debugLog("kea-dhcp4.bad-packets", "DHCP4_PACKET_DROP_0011").size(), 100U);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
