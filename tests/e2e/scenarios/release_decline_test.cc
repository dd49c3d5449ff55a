// SPDX-License-Identifier: MPL-2.0
//
// R8, R15: a machine can only release or decline its own lease.

#include <tests/e2e/harness/fixtures/variant_fixture.h>

namespace clone_guard {
namespace test {

namespace {

class Rule08ReleaseDecline : public VariantTest {};

CLONE_GUARD_IN_VARIANTS(Rule08ReleaseDecline);

// R8: a claimant's RELEASE of the holder's lease has no effect and is reported.
TEST_P(Rule08ReleaseDecline, claimantCannotReleaseTheHoldersLease) {
    serve(setup());
    SimClient& first = holder();
    clone(2).release(first.address());
    EXPECT_TRUE(hasOwnLease(server(), first));
    const auto records = server().audit("release-blocked");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["hw_address"], toHex(virtualMac(2)));
    EXPECT_EQ(records[0]["address"], first.address().toText());
    EXPECT_EQ(records[0]["client_id"], cloneIdentifierText());
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_RELEASE_BLOCKED").size(), 1U);
    EXPECT_EQ(server().statistic("clone-guard-release-blocked"), 1);
    EXPECT_EQ(first.renew().type(), ACK);
}

// R8: a claimant's DECLINE of the holder's lease has no effect and is reported.
TEST_P(Rule08ReleaseDecline, claimantCannotDeclineTheHoldersLease) {
    serve(setup());
    SimClient& first = holder();
    clone(2).decline(first.address());
    EXPECT_TRUE(hasOwnLease(server(), first));
    const auto records = server().audit("decline-blocked");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["hw_address"], toHex(virtualMac(2)));
    EXPECT_EQ(records[0]["address"], first.address().toText());
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_DECLINE_BLOCKED").size(), 1U);
    EXPECT_EQ(server().statistic("clone-guard-decline-blocked"), 1);
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
}

// R8: Kea looks a lease up by its address in all networks. A machine in another network with the same identifier is
// therefore blocked too, even if it is the holder there.
TEST_P(Rule08ReleaseDecline, holderInOneNetworkCannotReleaseInAnother) {
    ServerSetup two = setup();
    two.subnets = {subnet(1), subnet(2)};
    serve(two);
    SimClient& first = holder();
    SimClient& elsewhere = clone(2, 2);
    ASSERT_FALSE(elsewhere.acquire().isZero());
    const Address own = elsewhere.address();
    elsewhere.release(first.address());
    elsewhere.decline(first.address());
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasOwnLease(server(), elsewhere));
    EXPECT_EQ(elsewhere.renew().address(), own);
}

// R8: the messages are blocked through the relay of the holder's network, and straight from the address.
TEST_P(Rule08ReleaseDecline, pathOfTheMessageDoesNotMatter) {
    serve(setup());
    SimClient& first = holder();
    SimClient& second = clone(2);
    Packet release = second.packet(RELEASE);
    release.giaddr = Address();
    release.ciaddr = first.address();
    link().send(release);
    second.settle();
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R8: the holder releases and declines its own lease.
TEST_P(Rule08ReleaseDecline, holderReleasesAndDeclinesItsOwn) {
    serve(setup());
    SimClient& first = holder();
    const Address address = first.address();
    first.release();
    EXPECT_FALSE(server().lease(address));
    ASSERT_FALSE(first.acquire().isZero());
    first.decline();
    EXPECT_EQ(server().statistic("declined-addresses"), 1);
    EXPECT_TRUE(server().audit().empty());
}

// R8: the guard leaves messages about addresses without a lease to Kea.
TEST_P(Rule08ReleaseDecline, addressesWithoutALeaseAreLeftToKea) {
    serve(setup());
    SimClient& first = holder();
    SimClient& other = machine(9, cloneIdentifier(9));
    other.release(addressIn(1, 7, 7));
    other.decline(addressIn(1, 7, 7));
    other.release(first.address());
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(server().audit().empty());
}

class Rule08OwnLease : public E2eTest {};

// R8: a claimant releases and declines the lease under its derived identifier.
TEST_F(Rule08OwnLease, claimantReleasesItsOwn) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    second.release();
    EXPECT_FALSE(server().lease(address));
    ASSERT_FALSE(second.acquire().isZero());
    const Address declined = second.address();
    second.decline();
    const auto record = server().lease(declined);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->state, 1);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(server().audit("release-blocked").empty());
    EXPECT_TRUE(server().audit("decline-blocked").empty());
}

// R8: monitor blocks nothing: the lease ends as in stock Kea, and the log reports that the policy would have kept it.
TEST_F(Rule08OwnLease, monitorReportsAndLetsThrough) {
    serve(guarded("monitor"));
    SimClient& first = holder();
    clone(2).release(first.address());
    EXPECT_FALSE(server().lease(first.address()));
    const auto records = server().audit("release-blocked");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["action"], "none");
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_RELEASE_PASSED").size(), 1U);
    EXPECT_TRUE(server().operatorLog("BLOCKED").empty());
    EXPECT_EQ(server().statistic("clone-guard-release-passed"), 1);
    EXPECT_EQ(server().statistic("clone-guard-release-blocked"), 0);
}

// R3, R8: the claim ends with the RELEASE, so the identifier goes to the next machine that asks.
TEST_F(Rule08OwnLease, releasedIdentifierIsFree) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    first.release();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), second));
}

// R9: with "takeover": "never" an expired lease keeps its identifier. A released lease does not, whether the server
// deletes it or keeps it for the client's return.
TEST_F(Rule08OwnLease, releasedIdentifierIsFreeIfTakeoverIsNever) {
    ServerSetup setup = guarded("refuse");
    setup.guard->update({{"takeover", "never"}});
    serve(setup);
    SimClient& first = holder();
    first.release();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), second));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
