// SPDX-License-Identifier: MPL-2.0
//
// R7: a claimant is not served.

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

class Rule07Refuse : public E2eTest {
protected:
    /// @brief A server under refuse that has a claimant's lease from before.
    SimClient& claimantWithALeaseFromBefore() {
        serve(guarded("mac-fallback"));
        holder();
        SimClient& second = clone(2);
        EXPECT_FALSE(second.acquire().isZero());
        EXPECT_EQ(server().configSet(guarded("refuse"))["result"], 0);
        return (second);
    }

    /// @brief Makes a machine's messages those of PXE firmware.
    static void makePxe(SimClient& client) {
        client.addOption(OPTION_VENDOR_CLASS, fromText("PXEClient:Arch:00007:UNDI:003016"));
    }
};

// The first holder is served as ever; a claimant's DISCOVER gets no answer, again and again.
TEST_F(Rule07Refuse, discoverGetsSilence) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    for (int attempt = 0; attempt < 3; ++attempt) {
        EXPECT_TRUE(second.discover().isSilence());
        EXPECT_EQ(first.renew().type(), ACK);
    }
    EXPECT_EQ(server().leases().size(), 1U);
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_EQ(server().statistic("clone-guard-refused"), 3);
    EXPECT_EQ(server().statistic("pkt4-receive-drop"), 3);
}

// A lease that a claimant has from before is not renewed: silence, so that it runs out.
TEST_F(Rule07Refuse, renewalOfAnEarlierLeaseGetsSilence) {
    SimClient& second = claimantWithALeaseFromBefore();
    const auto before = server().lease(second.address());
    EXPECT_TRUE(second.renew().isSilence());
    EXPECT_TRUE(second.rebind().isSilence());
    const auto after = server().lease(second.address());
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->expires, before->expires);
}

// A claimant that asks for the holder's address is told that it is another's.
TEST_F(Rule07Refuse, requestForAnothersAddressGetsNak) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.request(first.address()).type(), NAK);
    second.remember(first.address());
    EXPECT_EQ(second.renew().type(), NAK);
    second.remember(first.address());
    EXPECT_EQ(second.rebind().type(), NAK);
    // In INIT-REBOOT Kea leaves it to another server that may know the client.
    EXPECT_TRUE(second.initReboot(first.address()).isSilence());
    EXPECT_TRUE(undisturbed(server(), first));
}

// A claimant gets no new lease by asking for a free address without having been offered one.
TEST_F(Rule07Refuse, requestForAFreeAddressMakesNoLease) {
    serve(guarded("refuse"));
    holder();
    SimClient& second = clone(2);
    EXPECT_NE(second.request(addressIn(1, 5, 5)).type(), ACK);
    EXPECT_EQ(server().leases().size(), 1U);
}

// In INIT-REBOOT Kea keeps silent to whom it does not know, unless it is authoritative.
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

// Firmware gives up at a NAK: a claimant that boots by PXE is met with silence where another would be
// met with NAK.
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
    EXPECT_TRUE(undisturbed(server(), first));
}

// A PXE client that is no claimant gets what Kea gives it, NAK included: the guard is not its business.
TEST_F(Rule07Refuse, pxeClientInNoConflictIsAnsweredAsByStockKea) {
    expectSameAsStock(guarded("refuse"), [this] {
        SimClient& first = clone(1);
        note(first.request(note(first.discover())));
        SimClient& firmware = machine(60, cloneIdentifier(60));
        makePxe(firmware);
        note(firmware.request(note(firmware.discover())));
        note(firmware.request(first.address()));
    });
}

// NAKs to a claimant carry its own option 61 too, and the holder's restart changes nothing.
TEST_F(Rule07Refuse, refusalSurvivesARestart) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    server().restart();
    SimClient& second = clone(2);
    EXPECT_TRUE(second.discover().isSilence());
    EXPECT_EQ(second.request(first.address()).type(), NAK);
    EXPECT_EQ(first.renew().type(), ACK);
    EXPECT_TRUE(undisturbed(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
