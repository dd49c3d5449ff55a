// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/library_test.h>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;

namespace {

class SelectTest : public LibraryTest {};

}  // namespace

// R6: a claimant gets any address that is nobody's.
TEST_F(SelectTest, rule06FreeAddress) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1));
    addLease("192.0.2.110", identifierNumber(9), mac(9), 1, 7200, 3600);
    Exchange exchange(clone(2, DHCPREQUEST));
    exchange.receive();
    EXPECT_EQ(exchange.select(leaseOf(2, "192.0.2.150")), CONTINUE);
    EXPECT_EQ(exchange.select(leaseOf(2, "192.0.2.110")), CONTINUE) << "expired, of somebody else";
}

// R6: the address of the holder's expired record goes to a claimant only if it has the claim, so that the
// returning holder and the claimant never both get it.
TEST_F(SelectTest, rule06ExpiredRecordOfTheIdentifier) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    addLease("192.0.2.102", derivedOf(2), mac(2), 1, 7200, 3600);
    // The holder is back and has the claim.
    EXPECT_EQ(seenAs(clone(1)), cloneIdentifier());
    Exchange claimant(clone(2, DHCPREQUEST));
    claimant.receive();
    ASSERT_EQ(claimant.identifier(), derivedOf(2));
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101")), SKIP);
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.102")), CONTINUE);
}

// R6: the other way round: the claimant wins the claim, and the holder that comes later is one too many.
TEST_F(SelectTest, rule06ClaimantWinsTheClaim) {
    load();
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    addLease("192.0.2.102", derivedOf(2), mac(2), 1, 7200, 3600);
    Exchange claimant(clone(2, DHCPREQUEST));
    claimant.receive();
    EXPECT_EQ(claimant.select(leaseOf(2, "192.0.2.101")), CONTINUE);
    EXPECT_EQ(seenAs(clone(1)), derivedOf(1));
}

// Never on a DISCOVER: to refuse an offer ends some releases of the server.
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

// R7: nothing new is leased to the refused.
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

// R4: whoever passes gets what the server gives it.
TEST_F(SelectTest, rule04HolderIsLeftAlone) {
    load(R"({ "policy": "refuse" })");
    addLease("192.0.2.101", cloneIdentifier(), mac(1), 1, 7200, 3600);
    Exchange exchange(clone(1, DHCPREQUEST));
    exchange.receive();
    EXPECT_EQ(exchange.select(leaseOf(1, "192.0.2.101")), CONTINUE);
}

}  // namespace test
}  // namespace clone_guard
