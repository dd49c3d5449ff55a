// SPDX-License-Identifier: MPL-2.0
//
// The fault in stock Kea, which shows that the harness detects it. The other tests rely on these.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Stock : public E2eTest {
protected:
    ServerSetup stock_ = ServerSetup().withoutGuard();
};

// Two clones that boot one after the other get the same address.
TEST_F(Stock, clonesBootedInTurnHoldOneAddress) {
    serve(stock_);
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire(), first.address());
    EXPECT_FALSE(hasOwnLease(server(), first));
}

// A clone can release an address that another machine uses.
TEST_F(Stock, cloneReleasesTheLeaseOfAnother) {
    serve(stock_);
    SimClient& first = holder();
    clone(2).release(first.address());
    EXPECT_FALSE(server().lease(first.address()));
}

// The load generator counts the fault: nearly every address has two holders.
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

// With its own identifier for each machine the same load shows no fault, so the harness does not cause the count.
TEST_F(Stock, loadGeneratorFindsNoFaultWithoutClones) {
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

// A thousand clones send at once: the server drops queries that wait for another query with the same identifier.
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
    EXPECT_TRUE(eventually([&] {
        const bool shared = load.acquire().machines_sharing > 100;
        const auto drops = server().debugLog("kea-dhcp4.bad-packets", "DHCP4_PACKET_DROP_0011");
        return (shared && drops.size() > 100);
    }));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
