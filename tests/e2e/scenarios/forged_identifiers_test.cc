// SPDX-License-Identifier: MPL-2.0
//
// R1, R15: an option 61 from the wire that looks like a derived identifier is a claimant's, and costs no other machine
// its lease.

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief The parameter is the number of the server's threads.
class Rule01Liars : public E2eTest, public ::testing::WithParamInterface<unsigned> {
protected:
    /// @brief A holder and a claimant; the claimant's record is what liars are after.
    void serveVictims(ServerSetup setup = guarded("mac-fallback")) {
        setup.threads = GetParam();
        serve(setup);
        first_ = &holder();
        victim_ = &clone(2);
        EXPECT_FALSE(victim_->acquire().isZero());
    }

    /// @brief What the victim is on record as.
    Bytes stolen() const {
        return (derivedIdentifier(victim_->hwAddress(), victim_->identifier()));
    }

    /// @brief A liar: another hardware address, or the victim's own.
    SimClient& liar(uint32_t number, const Bytes& identifier) {
        return (machine(number, identifier));
    }

    /// @brief Tries each message on an address that is another's. An ACK for it is a theft.
    void expectNoTheft(SimClient& liar, Address address) {
        EXPECT_NE(liar.discover().address(), address);
        EXPECT_NE(liar.request(address).type(), ACK);
        EXPECT_NE(liar.initReboot(address).type(), ACK);
        liar.remember(address);
        EXPECT_NE(liar.renew().type(), ACK);
        liar.remember(address);
        EXPECT_NE(liar.rebind().type(), ACK);
        liar.release(address);
        liar.decline(address);
        EXPECT_NE(liar.acquire(), address);
    }

    void expectVictimsUnharmed() {
        EXPECT_TRUE(setAside(server(), *victim_));
        EXPECT_TRUE(undisturbed(server(), *first_));
        expectKept(*victim_);
        expectKept(*first_);
    }

    SimClient* first_ = nullptr;
    SimClient* victim_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Threads, Rule01Liars, ::testing::Values(0U, 4U),
                         ::testing::PrintToStringParamName());

// Whoever sends another machine's derived identifier gets neither its address nor its lease, by no
// message.
TEST_P(Rule01Liars, derivedIdentifierOfAnother) {
    serveVictims();
    SimClient& thief = liar(66, stolen());
    expectNoTheft(thief, victim_->address());
    expectNoTheft(thief, first_->address());
    EXPECT_TRUE(setAside(server(), thief));
    expectVictimsUnharmed();
}

// The same with the victim's hardware address in the packet as well.
TEST_P(Rule01Liars, derivedIdentifierAndHardwareAddressOfAnother) {
    serveVictims();
    SimClient& thief = liar(2, stolen());
    expectNoTheft(thief, victim_->address());
    EXPECT_TRUE(setAside(server(), thief));
    expectVictimsUnharmed();
}

// A claimant that sends its own derived identifier, as if it had read it somewhere, is another identity
// and gets another address; it is what it was when it goes back to its own.
TEST_P(Rule01Liars, derivedIdentifierOfItsOwn) {
    serveVictims();
    const Address own = victim_->address();
    victim_->setIdentifier(stolen());
    EXPECT_FALSE(victim_->acquire().isZero());
    EXPECT_NE(victim_->address(), own);
    EXPECT_TRUE(setAside(server(), *victim_));
    victim_->setIdentifier(cloneIdentifier());
    EXPECT_EQ(victim_->acquire(), own);
    expectVictimsUnharmed();
}

// The holder's hardware address with an identifier derived from it: the holder's own record is not
// touched.
TEST_P(Rule01Liars, identifierDerivedForTheHolder) {
    serveVictims();
    SimClient& thief = liar(1, derivedIdentifier(first_->hwAddress(), cloneIdentifier()));
    expectNoTheft(thief, first_->address());
    expectVictimsUnharmed();
}

// A lie that comes before the truth: the identifier that a later claimant will be given is not there to
// be found by it.
TEST_P(Rule01Liars, lieThatComesBeforeTheTruth) {
    serveVictims();
    SimClient& thief = liar(3, derivedIdentifier(virtualMac(3), cloneIdentifier()));
    const Address taken = thief.acquire();
    ASSERT_FALSE(taken.isZero());
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    EXPECT_NE(third.address(), taken);
    EXPECT_TRUE(setAside(server(), third));
    expectKept(third);
    expectVictimsUnharmed();
}

// A lie about a lie: what is derived from a forged identifier, sent back by another, is derived once
// more.
TEST_P(Rule01Liars, lieAboutALie) {
    serveVictims();
    SimClient& thief = liar(66, stolen());
    thief.acquire();
    SimClient& other = liar(67, derivedIdentifier(thief.hwAddress(), stolen()));
    expectNoTheft(other, thief.address());
    EXPECT_TRUE(setAside(server(), thief));
    expectVictimsUnharmed();
}

// Cut short anywhere, or with nonsense after the first three bytes: derived like any other lie,
// answered, and nobody shares.
TEST_P(Rule01Liars, malformedOnes) {
    serveVictims();
    const Bytes whole = stolen();
    std::vector<Bytes> lies;
    for (const size_t size : {3, 4, 5, 6, 7, 11, 12, 13}) {
        lies.emplace_back(whole.begin(), whole.begin() + long(size));
    }
    lies.push_back({0, 0x43, 0x47, 0x81, 1, 6});
    lies.push_back({0, 0x43, 0x47, 0x01, 1, 255, 1, 2, 3});
    lies.push_back(Bytes{0, 0x43, 0x47} + Bytes(100, 0xff));
    lies.push_back(Bytes{0, 0x43, 0x47} + Bytes(125, 0x00));
    uint32_t number = 100;
    for (const Bytes& lie : lies) {
        SimClient& one = liar(++number, lie);
        SimClient& other = liar(++number, lie);
        EXPECT_FALSE(one.acquire().isZero()) << toHex(lie);
        EXPECT_FALSE(other.acquire().isZero()) << toHex(lie);
        EXPECT_NE(one.address(), other.address()) << toHex(lie);
        EXPECT_EQ(one.renew().address(), one.address()) << toHex(lie);
        one.release(victim_->address());
        other.decline(victim_->address());
    }
    expectVictimsUnharmed();
}

// Without the three bytes that derived identifiers begin with it is no lie: stock Kea answers.
TEST_P(Rule01Liars, nearlyDerivedIsNoLie) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = GetParam();
    expectSameAsStock(setup, [this] {
        uint32_t number = 10;
        for (const Bytes& honest : {Bytes{0, 0x43}, Bytes{0, 0x43, 0x48, 1}, Bytes{1, 0x43, 0x47, 1}}) {
            for (int twin = 0; twin < 2; ++twin) {
                SimClient& client = machine(++number, honest);
                note(client.request(note(client.discover())));
            }
        }
    });
    EXPECT_TRUE(server().audit().empty());
}

// An exemption is for the honest: neither the liar's hardware address nor the victim's identifier in it
// helps.
TEST_P(Rule01Liars, exemptionsAreNotForLiars) {
    ServerSetup setup = guarded("mac-fallback");
    const Bytes lie = derivedIdentifier(virtualMac(2), cloneIdentifier());
    setup.guard->update(
        {{"exempt", {{"hw-addresses", {toHex(virtualMac(66))}}, {"client-ids", {toHex(lie)}}}}});
    serveVictims(setup);
    SimClient& thief = liar(66, lie);
    expectNoTheft(thief, victim_->address());
    expectVictimsUnharmed();
}

// R9: a liar never returns to the identifier that it pretends to have, whoever's lease has run out.
TEST_P(Rule01Liars, Rule09LiarNeverReturns) {
    ServerSetup setup = guarded("mac-fallback");
    setup.more["valid-lifetime"] = 100;
    setup.threads = GetParam();
    serve(setup, true);
    const Bytes lie = derivedIdentifier(virtualMac(2), cloneIdentifier());
    SimClient& thief = liar(66, lie);
    for (int round = 0; round < 3; ++round) {
        EXPECT_FALSE(thief.acquire().isZero());
        EXPECT_TRUE(setAside(server(), thief));
        server().advanceClock(round == 0 ? 60 : 200);
    }
    for (const auto& record : server().leases()) {
        EXPECT_NE(record.client_id, toHex(lie));
    }
    EXPECT_TRUE(server().audit("identity-moved").empty());
}

// Nor is a lie believed that comes without a hardware address, although such machines are left alone otherwise.
TEST_P(Rule01Liars, lieWithoutAHardwareAddress) {
    serveVictims();
    SimClient zero(link(), Bytes(6, 0), stolen(), relayOf(1));
    SimClient infiniband(link(), Bytes(), stolen(), relayOf(1));
    infiniband.setHardwareType(32);
    for (SimClient* thief : {&zero, &infiniband}) {
        EXPECT_NE(thief->discover().address(), victim_->address());
        thief->release(victim_->address());
        thief->decline(victim_->address());
        EXPECT_TRUE(setAside(server(), *victim_));
        EXPECT_NE(thief->acquire(), victim_->address());
    }
    expectVictimsUnharmed();
}

// Nor one that comes by BOOTP.
TEST_P(Rule01Liars, lieByBootp) {
    ServerSetup setup = guarded("mac-fallback");
    setup.hooks_before["libdhcp_bootp.so"] = Json::object();
    serveVictims(setup);
    for (const uint32_t number : {66U, 2U}) {
        SimClient& thief = liar(number, stolen());
        thief.expectEcho(SimClient::Echo::ANY);  // Kea echoes none to BOOTP
        Packet query = thief.packet(DISCOVER);
        query.options.erase(query.options.begin());
        EXPECT_NE(thief.exchange(query).address(), victim_->address());
    }
    expectVictimsUnharmed();
}

class Rule01LiarsElsewhere : public E2eTest {
protected:
    static Bytes lie() {
        return (derivedIdentifier(virtualMac(2), cloneIdentifier()));
    }
};

// R7: under refuse a liar is a claimant like any other: silence, and no lease.
TEST_F(Rule01LiarsElsewhere, refusedLikeAnyClaimant) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& thief = machine(66, lie());
    EXPECT_TRUE(thief.discover().isSilence());
    EXPECT_EQ(thief.request(first.address()).type(), NAK);
    EXPECT_NE(thief.request(addressIn(1, 5, 5)).type(), ACK);
    EXPECT_EQ(server().leases().size(), 1U);
    EXPECT_TRUE(undisturbed(server(), first));
}

// R5: under refuse a claimant's lease from before is not to be had, ended or kept alive by a lie.
TEST_F(Rule01LiarsElsewhere, leaseFromBeforeIsOutOfReach) {
    serve(guarded("mac-fallback"));
    holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    ASSERT_EQ(server().configSet(guarded("refuse"))["result"], 0);
    const auto before = server().lease(address);
    for (const uint32_t number : {66U, 2U}) {
        SimClient& thief = machine(number, lie());
        thief.remember(address);
        EXPECT_NE(thief.renew().type(), ACK);
        EXPECT_NE(thief.initReboot(address).type(), ACK);
        thief.release(address);
        thief.decline(address);
    }
    const auto after = server().lease(address);
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->expires, before->expires);
    EXPECT_EQ(after->client_id, before->client_id);
    EXPECT_EQ(after->state, 0);
}

// R5: switched off, a lie is an identifier like any other, and every reply is stock Kea's.
TEST_F(Rule01LiarsElsewhere, offIsStockKea) {
    for (const char* policy : {"off", "monitor"}) {
        expectSameAsStock(guarded(policy), [this] {
            for (const uint32_t number : {66U, 67U, 66U}) {
                SimClient& client = machine(number, lie());
                note(client.request(note(client.discover())));
                note(client.rebind());
                client.release();
            }
        });
        endServer();
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
