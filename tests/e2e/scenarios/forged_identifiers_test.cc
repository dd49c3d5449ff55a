// SPDX-License-Identifier: MPL-2.0
//
// R1, R15: an option 61 from the wire that looks like a derived identifier is a claimant's, and costs no other machine
// its lease.

#include <tests/e2e/harness/fixtures/variant_fixture.h>

namespace clone_guard {
namespace test {

namespace {

class Rule01ForgedIdentifiers : public VariantTest {
protected:
    /// @brief Starts a server with a holder and a claimant; forgers want the claimant's lease.
    void serveVictims() {
        serveVictims(setup());
    }

    void serveVictims(const ServerSetup& setup) {
        serve(setup);
        first_ = &holder();
        victim_ = &clone(2);
        EXPECT_FALSE(victim_->acquire().isZero());
    }

    /// @brief Returns the identifier in the victim's lease.
    Bytes victimsIdentifier() const {
        return (derivedIdentifier(victim_->hwAddress(), victim_->identifier()));
    }

    /// @brief Makes a forger with another hardware address, or with the victim's own.
    SimClient& makeForger(uint32_t number, const Bytes& identifier) {
        return (machine(number, identifier));
    }

    /// @brief Sends each message about another machine's address, and expects no ACK for it.
    void expectNoAccess(SimClient& forger, Address address) {
        EXPECT_NE(forger.discover().address(), address);
        EXPECT_NE(forger.request(address).type(), ACK);
        EXPECT_NE(forger.initReboot(address).type(), ACK);
        forger.remember(address);
        EXPECT_NE(forger.renew().type(), ACK);
        forger.remember(address);
        EXPECT_NE(forger.rebind().type(), ACK);
        forger.release(address);
        forger.decline(address);
        EXPECT_NE(forger.acquire(), address);
    }

    void expectVictimsUnharmed() {
        EXPECT_TRUE(hasDerivedLease(server(), *victim_));
        EXPECT_TRUE(hasOwnLease(server(), *first_));
        expectKept(*victim_);
        expectKept(*first_);
    }

    SimClient* first_ = nullptr;
    SimClient* victim_ = nullptr;
};

CLONE_GUARD_IN_VARIANTS_OF(Rule01ForgedIdentifiers, "mac-fallback");

// R1: a machine that sends another's derived identifier gets neither that address nor that lease, by any message.
TEST_P(Rule01ForgedIdentifiers, derivedIdentifierOfAnother) {
    serveVictims();
    SimClient& forger = makeForger(66, victimsIdentifier());
    expectNoAccess(forger, victim_->address());
    expectNoAccess(forger, first_->address());
    EXPECT_TRUE(hasDerivedLease(server(), forger));
    expectVictimsUnharmed();
}

// R1: the victim's hardware address in the packet does not change that.
TEST_P(Rule01ForgedIdentifiers, derivedIdentifierAndHardwareAddressOfAnother) {
    serveVictims();
    SimClient& forger = makeForger(2, victimsIdentifier());
    expectNoAccess(forger, victim_->address());
    EXPECT_TRUE(hasDerivedLease(server(), forger));
    expectVictimsUnharmed();
}

// R1: a claimant that sends its own derived identifier is a different identity and gets another address. With its
// original identifier it is the earlier claimant again.
TEST_P(Rule01ForgedIdentifiers, derivedIdentifierOfItsOwn) {
    serveVictims();
    const Address own = victim_->address();
    victim_->setIdentifier(victimsIdentifier());
    EXPECT_FALSE(victim_->acquire().isZero());
    EXPECT_NE(victim_->address(), own);
    EXPECT_TRUE(hasDerivedLease(server(), *victim_));
    victim_->setIdentifier(cloneIdentifier());
    EXPECT_EQ(victim_->acquire(), own);
    expectVictimsUnharmed();
}

// R1: an identifier derived from the holder's hardware address gives no access to the holder's lease.
TEST_P(Rule01ForgedIdentifiers, identifierDerivedForTheHolder) {
    serveVictims();
    SimClient& forger = makeForger(1, derivedIdentifier(first_->hwAddress(), cloneIdentifier()));
    expectNoAccess(forger, first_->address());
    expectVictimsUnharmed();
}

// R1: a forger sends the derived identifier of a machine before that machine is a claimant. It gets no lease under that
// identifier.
TEST_P(Rule01ForgedIdentifiers, forgedBeforeTheClaimantAppears) {
    serveVictims();
    SimClient& forger = makeForger(3, derivedIdentifier(virtualMac(3), cloneIdentifier()));
    const Address taken = forger.acquire();
    ASSERT_FALSE(taken.isZero());
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    EXPECT_NE(third.address(), taken);
    EXPECT_TRUE(hasDerivedLease(server(), third));
    expectKept(third);
    expectVictimsUnharmed();
}

// R1: an identifier derived from a forged one, sent back by another machine, is derived once more.
TEST_P(Rule01ForgedIdentifiers, derivedFromAForgedIdentifier) {
    serveVictims();
    SimClient& forger = makeForger(66, victimsIdentifier());
    forger.acquire();
    SimClient& other = makeForger(67, derivedIdentifier(forger.hwAddress(), victimsIdentifier()));
    expectNoAccess(other, forger.address());
    EXPECT_TRUE(hasDerivedLease(server(), forger));
    expectVictimsUnharmed();
}

// R1: a forged identifier that is cut short, or has invalid bytes after the first three, is derived like any other. Its
// sender is answered, and no two machines share an address.
TEST_P(Rule01ForgedIdentifiers, malformedOnes) {
    serveVictims();
    const Bytes whole = victimsIdentifier();
    std::vector<Bytes> malformed;
    for (const size_t size : {3, 4, 5, 6, 7, 11, 12, 13}) {
        malformed.emplace_back(whole.begin(), whole.begin() + long(size));
    }
    malformed.push_back({0, 0x43, 0x47, 0x81, 1, 6});
    malformed.push_back({0, 0x43, 0x47, 0x01, 1, 255, 1, 2, 3});
    malformed.push_back(Bytes{0, 0x43, 0x47} + Bytes(100, 0xff));
    malformed.push_back(Bytes{0, 0x43, 0x47} + Bytes(125, 0x00));
    uint32_t number = 100;
    for (const Bytes& forged : malformed) {
        SimClient& one = makeForger(++number, forged);
        SimClient& other = makeForger(++number, forged);
        EXPECT_FALSE(one.acquire().isZero()) << toHex(forged);
        EXPECT_FALSE(other.acquire().isZero()) << toHex(forged);
        EXPECT_NE(one.address(), other.address()) << toHex(forged);
        EXPECT_EQ(one.renew().address(), one.address()) << toHex(forged);
        one.release(victim_->address());
        other.decline(victim_->address());
    }
    expectVictimsUnharmed();
}

// R1: an identifier without the first three bytes of derived identifiers is not forged: the server answers as stock
// Kea.
TEST_P(Rule01ForgedIdentifiers, similarIdentifierIsNotForged) {
    expectSameAsStock(setup(), [this] {
        clearLeases();
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

// R1: an exemption does not apply to a forged identifier, neither one of the forger's hardware address nor one of the
// victim's identifier in it.
TEST_P(Rule01ForgedIdentifiers, exemptionsDoNotApply) {
    ServerSetup exempting = setup();
    const Bytes forged = derivedIdentifier(virtualMac(2), cloneIdentifier());
    exempting.guard->update(
        {{"exempt", {{"hw-addresses", {toHex(virtualMac(66))}}, {"client-ids", {toHex(forged)}}}}});
    serveVictims(exempting);
    SimClient& forger = makeForger(66, forged);
    expectNoAccess(forger, victim_->address());
    expectVictimsUnharmed();
}

// R9: a forger never returns to the identifier inside its forged one, whichever lease has expired.
TEST_P(Rule01ForgedIdentifiers, rule09ForgerNeverReturns) {
    ServerSetup short_lived = setup();
    short_lived.more["valid-lifetime"] = 100;
    serve(short_lived, true);
    const Bytes forged = derivedIdentifier(virtualMac(2), cloneIdentifier());
    SimClient& forger = makeForger(66, forged);
    for (int round = 0; round < 3; ++round) {
        EXPECT_FALSE(forger.acquire().isZero());
        EXPECT_TRUE(hasDerivedLease(server(), forger));
        server().advanceClock(round == 0 ? 60 : 200);
    }
    for (const auto& record : server().leases()) {
        EXPECT_NE(record.client_id, toHex(forged));
    }
    EXPECT_TRUE(server().audit("identity-moved").empty());
}

// R1: a forged identifier has no effect without a hardware address, although such queries are otherwise left alone.
TEST_P(Rule01ForgedIdentifiers, withoutAHardwareAddress) {
    serveVictims();
    SimClient zero(link(), Bytes(6, 0), victimsIdentifier(), relayOf(1));
    SimClient infiniband(link(), Bytes(), victimsIdentifier(), relayOf(1));
    infiniband.setHardwareType(32);
    for (SimClient* forger : {&zero, &infiniband}) {
        EXPECT_NE(forger->discover().address(), victim_->address());
        forger->release(victim_->address());
        forger->decline(victim_->address());
        EXPECT_TRUE(hasDerivedLease(server(), *victim_));
        EXPECT_NE(forger->acquire(), victim_->address());
    }
    expectVictimsUnharmed();
}

// R1: a forged identifier has no effect in BOOTP.
TEST_P(Rule01ForgedIdentifiers, inBootp) {
    ServerSetup with_bootp = setup();
    with_bootp.hooks_before["libdhcp_bootp.so"] = Json::object();
    serveVictims(with_bootp);
    for (const uint32_t number : {66U, 2U}) {
        SimClient& forger = makeForger(number, victimsIdentifier());
        forger.expectEcho(SimClient::Echo::ANY);  // Kea does not echo it to BOOTP
        EXPECT_NE(forger.exchange(forger.bootp()).address(), victim_->address());
    }
    expectVictimsUnharmed();
}

class Rule01ForgedIdentifierPolicies : public E2eTest {
protected:
    static Bytes forged() {
        return (derivedIdentifier(virtualMac(2), cloneIdentifier()));
    }
};

// R7: under refuse a forger is refused like any claimant: no answer, and no lease.
TEST_F(Rule01ForgedIdentifierPolicies, refusedLikeAnyClaimant) {
    serve(guarded("refuse"));
    SimClient& first = holder();
    SimClient& forger = machine(66, forged());
    EXPECT_TRUE(forger.discover().isSilence());
    EXPECT_EQ(forger.request(first.address()).type(), NAK);
    EXPECT_NE(forger.request(addressIn(1, 5, 5)).type(), ACK);
    EXPECT_EQ(server().leases().size(), 1U);
    EXPECT_TRUE(hasOwnLease(server(), first));
}

// R5: under refuse a forged identifier cannot take, end or extend a claimant's earlier lease.
TEST_F(Rule01ForgedIdentifierPolicies, earlierLeaseOfAClaimantIsSafe) {
    serve(guarded("mac-fallback"));
    holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    ASSERT_EQ(server().configSet(guarded("refuse"))["result"], 0);
    const auto before = server().lease(address);
    for (const uint32_t number : {66U, 2U}) {
        SimClient& forger = machine(number, forged());
        forger.remember(address);
        EXPECT_NE(forger.renew().type(), ACK);
        EXPECT_NE(forger.initReboot(address).type(), ACK);
        forger.release(address);
        forger.decline(address);
    }
    const auto after = server().lease(address);
    ASSERT_TRUE(before && after);
    EXPECT_EQ(after->expires, before->expires);
    EXPECT_EQ(after->client_id, before->client_id);
    EXPECT_EQ(after->state, 0);
}

// R5: under the policy off a forged identifier is treated as by stock Kea, in every reply.
TEST_F(Rule01ForgedIdentifierPolicies, offIsStockKea) {
    for (const char* policy : {"off", "monitor"}) {
        expectSameAsStock(guarded(policy), [this] {
            for (const uint32_t number : {66U, 67U, 66U}) {
                SimClient& client = machine(number, forged());
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
