// SPDX-License-Identifier: MPL-2.0
//
// R7: under the policy refuse a claimant is not served.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Rule07Refuse : public E2eTest {
protected:
    /// @brief Starts a server under refuse on which a claimant has an earlier lease.
    SimClient& claimantWithALeaseFromBefore() {
        serve(guarded("mac-fallback"));
        holder();
        SimClient& second = clone(2);
        EXPECT_FALSE(second.acquire().isZero());
        EXPECT_EQ(server().configSet(guarded("refuse"))["result"], 0);
        return (second);
    }

    /// @brief Makes a machine's messages look like those of PXE firmware.
    static void makePxe(SimClient& client) {
        client.addOption(OPTION_VENDOR_CLASS, fromText("PXEClient:Arch:00007:UNDI:003016"));
    }
};

// R7: the holder is served, and a claimant's DISCOVER gets no answer, however often it is sent.
TEST_F(Rule07Refuse, discoverGetsSilence) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    for (int attempt = 0; attempt < 3; ++attempt) {
        EXPECT_TRUE(second.discover().isSilence());
        EXPECT_EQ(first.renew().type(), ACK);
    }
    EXPECT_EQ(server().leases().size(), 1U);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_EQ(server().statistic("clone-guard-refused"), 3);
    EXPECT_EQ(server().statistic("pkt4-receive-drop"), 3);
}

// R7: the renewal of a claimant's earlier lease gets no answer, so that the lease expires.
TEST_F(Rule07Refuse, renewalOfAnEarlierLeaseGetsSilence) {
    SimClient& second = claimantWithALeaseFromBefore();
    const auto before = server().lease(second.address());
    EXPECT_TRUE(second.renew().isSilence());
    EXPECT_TRUE(second.rebind().isSilence());
    const auto after = server().lease(second.address());
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->expires, before->expires);
}

// R7: a claimant that asks for the holder's address gets NAK.
TEST_F(Rule07Refuse, requestForAnothersAddressGetsNak) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.request(first.address()).type(), NAK);
    second.remember(first.address());
    EXPECT_EQ(second.renew().type(), NAK);
    second.remember(first.address());
    EXPECT_EQ(second.rebind().type(), NAK);
    EXPECT_EQ(second.initReboot(first.address()).type(), NAK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R7: a claimant gets no new lease by a REQUEST for a free address without an offer.
TEST_F(Rule07Refuse, requestForAFreeAddressMakesNoLease) {
    serve(guarded("refuse"));
    holder();
    SimClient& second = clone(2);
    EXPECT_NE(second.request(addressIn(1, 5, 5)).type(), ACK);
    EXPECT_EQ(server().leases().size(), 1U);
}

// R7: in INIT-REBOOT for an address without a lease Kea does not answer an unknown client, unless it is authoritative.
TEST_F(Rule07Refuse, initRebootGetsSilenceUnlessAuthoritative) {
    for (const bool authoritative : {false, true}) {
        ServerSetup setup = guarded("refuse");
        setup.more["authoritative"] = authoritative;
        serve(setup);
        holder();
        const Reply reply = clone(2).initReboot(addressIn(1, 5, 5));
        EXPECT_EQ(reply.type(), authoritative ? NAK : 0) << reply;
        EXPECT_EQ(server().leases().size(), 1U);
        endServer();
    }
}

// R7: firmware gives up after a NAK, so a claimant that boots by PXE gets silence where other claimants get NAK.
TEST_F(Rule07Refuse, pxeClientNeverGetsNak) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    makePxe(second);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_TRUE(second.request(first.address()).isSilence());
    EXPECT_TRUE(second.initReboot(first.address()).isSilence());
    second.remember(first.address());
    EXPECT_TRUE(second.renew().isSilence());
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R7: a PXE client without a conflict gets the answers of stock Kea, including NAK.
TEST_F(Rule07Refuse, pxeClientWithoutAConflictIsAnsweredAsByStockKea) {
    expectSameAsStock(guarded("refuse"), [this] {
        SimClient& first = clone(1);
        note(first.request(note(first.discover())));
        SimClient& firmware = machine(60, cloneIdentifier(60));
        makePxe(firmware);
        note(firmware.request(note(firmware.discover())));
        note(firmware.request(first.address()));
    });
}

// R7: NAKs to a claimant carry its own option 61, and a restart does not change the refusal.
TEST_F(Rule07Refuse, refusalSurvivesARestart) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    server().restart();
    SimClient& second = clone(2);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_EQ(second.request(first.address()).type(), NAK);
    EXPECT_EQ(first.renew().type(), ACK);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
