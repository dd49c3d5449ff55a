// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/library_test.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

class SelectTest : public LibraryTest {};

}  // namespace

// R6: a claimant gets any free address.
TEST_F(SelectTest, rule06FreeAddress) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    addLease("192.0.2.110", identifierNumber(9), mac(9), 1, 7200, 3600);
    Exchange exchange(clone(2, DHCPREQUEST));
    exchange.receive();
    EXPECT_EQ(exchange.select(leaseOf(2, "192.0.2.150")), CONTINUE);
    EXPECT_EQ(exchange.select(leaseOf(2, "192.0.2.110")), CONTINUE) << "expired, of another machine";
}

// R6: a claimant gets the address of the holder's expired lease only with the claim, so that the returning holder and
// the claimant never both get it.
TEST_F(SelectTest, rule06ExpiredRecordOfTheIdentifier) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    addLease("192.0.2.102", derivedOf(2), mac(2), 1, 7200, 3600);
    // The holder has returned and has the claim.
    EXPECT_EQ(seenAs(clone(1)), cloneIdentifier());
    Exchange claimant(clone(2, DHCPREQUEST));
    claimant.receive();
    ASSERT_EQ(claimant.identifier(), derivedOf(2));
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101")), SKIP);
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.102")), CONTINUE);
}

// R6: if the claimant wins the claim, the holder that returns later does not pass.
TEST_F(SelectTest, rule06ClaimantWinsTheClaim) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    addLease("192.0.2.102", derivedOf(2), mac(2), 1, 7200, 3600);
    Exchange claimant(clone(2, DHCPREQUEST));
    claimant.receive();
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101")), CONTINUE);
    EXPECT_EQ(seenAs(clone(1)), derivedOf(1));
}

// R13: no lease is refused on a DISCOVER: some releases of the server crash on that.
TEST_F(SelectTest, neverOnAFakeAllocation) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    addLease("192.0.2.102", derivedOf(2), mac(2));
    seenAs(clone(1));
    Exchange claimant(clone(2));
    claimant.receive();
    ASSERT_EQ(claimant.identifier(), derivedOf(2));
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101"), true), CONTINUE);
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101"), false), SKIP);
}

// R6: with 'offer-lifetime' the server makes the lease with the offer. The claim decides then too, unless the address is
// reserved: before release 3.0.4 the server crashes if a callout refuses that.
TEST_F(SelectTest, rule06LeaseWithTheOffer) {
    load(
        "{}",
        R"({ "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "pools": [ { "pool": "192.0.2.100-192.0.2.200" } ],
        "reservations": [ { "hw-address": "02:00:00:00:00:77", "ip-address": "192.0.2.103" } ] } ] })");
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    addLease("192.0.2.103", cloneIdentifier(), mac(1), 1, 7200, 3600);
    addLease("192.0.2.102", derivedOf(2), mac(2), 1, 7200, 3600);
    EXPECT_EQ(seenAs(clone(1)), cloneIdentifier());
    Exchange claimant(clone(2));
    claimant.receive();
    ASSERT_EQ(claimant.identifier(), derivedOf(2));
    const bool supported = KEA_HOOKS_VERSION >= 20400;
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101"), true, 60), supported ? SKIP : CONTINUE);
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101"), true, 0), CONTINUE);
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.103"), true, 60), CONTINUE) << "reserved";
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.102"), true, 60), CONTINUE) << "its own";
}

// R7: a refused claimant gets no new lease.
TEST_F(SelectTest, rule07Refused) {
    load(R"({ "policy": "refuse" })");
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    auto wire = clone(2, DHCPREQUEST);
    wire.requested = "192.0.2.150";
    Exchange exchange(wire);
    EXPECT_EQ(exchange.receive(), CONTINUE);
    EXPECT_EQ(exchange.select(leaseOf(2, "192.0.2.150")), SKIP);
    EXPECT_EQ(exchange.select(leaseOf(2, "192.0.2.150"), true), CONTINUE);
}

// R4: the holder gets the lease that the server chose.
TEST_F(SelectTest, rule04HolderIsLeftAlone) {
    load(R"({ "policy": "refuse" })");
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    Exchange exchange(clone(1, DHCPREQUEST));
    exchange.receive();
    EXPECT_EQ(exchange.select(leaseOf(1, "192.0.2.101")), CONTINUE);
}

}  // namespace test
}  // namespace clone_guard
