// SPDX-License-Identifier: MPL-2.0
//
// R1: the queries that the guard leaves alone, in situations in which it would keep others apart: exempt machines,
// machines without a usable hardware address, BOOTP, and messages that ask for no lease.

#include <tests/e2e/harness/fixtures/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief An exemption of the machines in question, and one of other machines.
struct Exemption {
    const char* name;
    Json exempt;
    Json other;
};

const Exemption EXEMPTIONS[] = {
    {"clientIds",
     {{"client-ids", {toHex(cloneIdentifier())}}},
     {{"client-ids", {"ff:01:02:03:04:00:02:00"}}}},
    {"duids",
     {{"duids", {toHex(systemdDuid(0xb632e2673bd9f55d))}}},
     {{"duids", {toHex(systemdDuid(1))}}}},
    {"hwAddresses",
     {{"hw-addresses", {toHex(virtualMac(1)), toHex(virtualMac(2))}}},
     {{"hw-addresses", {toHex(virtualMac(77))}}}},
    {"clientClasses", {{"client-classes", {"CARP"}}}, {{"client-classes", {"OTHERS"}}}}};

class Rule01Exemptions : public E2eTest, public ::testing::WithParamInterface<Exemption> {
protected:
    static ServerSetup exempting(const Json& exempt, const std::string& policy) {
        ServerSetup setup = guarded(policy);
        setup.guard->update({{"exempt", exempt}});
        setup.more["client-classes"] = Json::array(
            {{{"name", "CARP"}, {"test", "option[60].text == 'carp'"}}, {{"name", "OTHERS"}}});
        return (setup);
    }

    SimClient& pairMember(uint32_t number) {
        SimClient& client = clone(number);
        client.addOption(OPTION_VENDOR_CLASS, fromText("carp"));
        return (client);
    }

    /// @brief Makes two machines with one identifier send all kinds of messages, and notes each reply.
    void conflict() {
        SimClient& one = pairMember(1);
        SimClient& other = pairMember(2);
        for (SimClient* client : {&one, &other, &one, &other}) {
            note(client->request(note(client->discover())));
            note(client->renew());
            note(client->rebind());
            note(client->initReboot(client->address()));
        }
        one.release(other.address());
        note(other.rebind());
        note(one.request(note(one.discover())));
        other.decline(one.address());
        note(other.discover());
    }
};

INSTANTIATE_TEST_SUITE_P(Kinds, Rule01Exemptions, ::testing::ValuesIn(EXEMPTIONS),
                         [](const auto& info) { return (std::string(info.param.name)); });

// R1: under each policy exempt machines in a conflict are answered exactly as by stock Kea.
TEST_P(Rule01Exemptions, areAnsweredAsByStockKeaInAConflict) {
    for (const char* policy : {"mac-fallback", "refuse", "monitor"}) {
        SCOPED_TRACE(policy);
        expectSameAsStock(exempting(GetParam().exempt, policy), [this] { conflict(); });
        EXPECT_TRUE(server().audit().empty()) << server().file("audit.log");
        EXPECT_EQ(server().statistic("clone-guard-suspected"), 0);
        endServer();
    }
}

// R1: an exemption of other machines has no effect: the machines of the conflict are kept apart.
TEST_P(Rule01Exemptions, ofOthersHaveNoEffect) {
    serve(exempting(GetParam().other, "mac-fallback"));
    SimClient& first = pairMember(1);
    ASSERT_FALSE(first.acquire().isZero());
    SimClient& second = pairMember(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), second));
    second.release(first.address());
    EXPECT_TRUE(hasOwnLease(server(), first));
}

class Rule01ExemptMachine : public E2eTest {
protected:
    /// @brief Makes a setup that exempts the machine with hardware address 3.
    static ServerSetup exemptingThree() {
        ServerSetup setup = guarded("mac-fallback");
        setup.guard->update({{"exempt", {{"hw-addresses", {toHex(virtualMac(3))}}}}});
        return (setup);
    }
};

// R1: a machine exempt by its hardware address gets, in the conflict of others, what stock Kea gives it: the holder's
// address. The others are kept apart from it as from any holder, and each gets its own address.
TEST_F(Rule01ExemptMachine, inTheConflictOfOthers) {
    serve(exemptingThree());
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address claimants = second.acquire();
    SimClient& exempt = clone(3);
    EXPECT_EQ(exempt.acquire(), first.address());
    EXPECT_TRUE(hasOwnLease(server(), exempt));
    EXPECT_EQ(first.renew().type(), NAK);
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_NE(first.address(), exempt.address());
    EXPECT_NE(first.address(), claimants);
    for (SimClient* client : {&first, &second, &exempt}) {
        expectKept(*client);
    }
    EXPECT_EQ(second.address(), claimants);
}

// R1: an exempt machine that comes first is a holder for machines that are not exempt.
TEST_F(Rule01ExemptMachine, thatComesFirst) {
    serve(exemptingThree());
    SimClient& exempt = clone(3);
    ASSERT_FALSE(exempt.acquire().isZero());
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), second));
    second.release(exempt.address());
    EXPECT_TRUE(hasOwnLease(server(), exempt));
    expectKept(second);
    expectKept(exempt);
}

class Rule01LeftAlone : public E2eTest {
protected:
    /// @brief Makes a machine from a hardware type and address, by default with the clones' identifier.
    SimClient bare(uint8_t htype, const Bytes& hw_address, const Bytes& identifier = cloneIdentifier()) {
        SimClient client(link(), hw_address, identifier, relayOf(1));
        client.setHardwareType(htype);
        return (client);
    }

    void live(SimClient& client) {
        note(client.request(note(client.discover())));
        note(client.renew());
        note(client.rebind());
        note(client.initReboot(client.address()));
    }

    /// @brief Makes the two machines send in turn, and notes the replies and the end of a lease.
    void sendInTurn(SimClient& one, SimClient& other) {
        for (SimClient* client : {&one, &other, &one, &other}) {
            live(*client);
        }
        other.release(one.address());
        live(one);
    }
};

// R1: all-zero hardware addresses of every length do not distinguish machines.
TEST_F(Rule01LeftAlone, zeroHardwareAddressesOfEveryLength) {
    expectSameAsStock(guarded("refuse"), [this] {
        for (const size_t size : {1, 6, 8, 16}) {
            SimClient one = bare(1, Bytes(size, 0), cloneIdentifier(size));
            SimClient other = bare(1, Bytes(size, 0), cloneIdentifier(size));
            sendInTurn(one, other);
        }
    });
    EXPECT_TRUE(server().audit().empty());
}

// R1, R15: a machine without a hardware address is neither a claimant nor a holder in the conflict of others, and gets
// no answer while a machine with a hardware address has the lease.
TEST_F(Rule01LeftAlone, zeroHardwareAddressAmongClones) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    const auto before = server().audit().size();
    SimClient unidentified = bare(1, Bytes(6, 0));
    EXPECT_TRUE(unidentified.discover().isSilence());
    EXPECT_TRUE(unidentified.request(first.address()).isSilence());
    EXPECT_EQ(server().audit().size(), before);
    expectKept(first);
    expectKept(second);
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R1: InfiniBand (RFC 4390) sends hardware type 32 and no address: only its identifier distinguishes ports.
TEST_F(Rule01LeftAlone, infinibandPortsAreDistinguishedByTheirIdentifier) {
    expectSameAsStock(guarded("refuse"), [this] {
        SimClient one = bare(32, {}, rfc4361({0, 0, 0, 1}, systemdDuid(1)));
        SimClient two = bare(32, {}, rfc4361({0, 0, 0, 1}, systemdDuid(2)));
        SimClient cloned = bare(32, {}, rfc4361({0, 0, 0, 1}, systemdDuid(1)));
        sendInTurn(one, two);
        sendInTurn(one, cloned);
        EXPECT_NE(one.address(), two.address());
    });
    EXPECT_TRUE(server().audit().empty());
}

// R1: a machine has an InfiniBand port and an Ethernet port with one identifier. The port without a hardware address is
// left alone, whichever port comes first.
TEST_F(Rule01LeftAlone, infinibandBesideEthernet) {
    expectSameAsStock(guarded("refuse"), [this] {
        SimClient& ethernet = clone(1);
        SimClient infiniband = bare(32, {});
        live(infiniband);
        live(ethernet);
    });
    EXPECT_TRUE(server().audit().empty());
}

// R1: BOOTP in the middle of a conflict: a clone gets an address of its own. Neither client is reported as a machine of
// the conflict.
TEST_F(Rule01LeftAlone, bootpAmongClones) {
    ServerSetup setup = guarded("mac-fallback");
    setup.hooks_before["libdhcp_bootp.so"] = Json::object();
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    const auto before = server().audit().size();
    SimClient& printer = machine(50, macIdentifier(virtualMac(50)));
    printer.expectEcho(SimClient::Echo::ANY);
    for (SimClient* client : {&printer, &clone(3)}) {
        client->expectEcho(SimClient::Echo::ANY);
        const Reply reply = client->exchange(client->bootp());
        EXPECT_FALSE(reply.address().isZero());
        EXPECT_NE(reply.address(), first.address());
        EXPECT_NE(reply.address(), second.address());
    }
    EXPECT_EQ(server().audit().size(), before);
    expectKept(first);
    expectKept(second);
}

// R1: INFORM asks for no lease: clones with their own addresses get the answer of stock Kea, and are not reported as
// machines of a conflict.
TEST_F(Rule01LeftAlone, informChangesNothing) {
    for (const char* policy : {"mac-fallback", "refuse"}) {
        expectSameAsStock(guarded(policy), [this] {
            SimClient& first = clone(1);
            live(first);
            for (const uint32_t number : {2U, 3U, 1U, 2U}) {
                SimClient& client = clone(number);
                const Address elsewhere = addressIn(1, 20, uint8_t(number));
                EXPECT_EQ(note(client.exchange(client.informing(elsewhere))).type(), ACK);
                EXPECT_EQ(note(client.exchange(client.informing(first.address()))).type(), ACK);
            }
            live(first);
        });
        EXPECT_TRUE(server().audit().empty());
        EXPECT_EQ(server().statistic("clone-guard-suspected"), 0);
        endServer();
    }
}

// R1: an INFORM of a claimant does not change its lease or its role.
TEST_F(Rule01LeftAlone, informOfAClaimant) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    EXPECT_EQ(second.exchange(second.informing(second.address())).type(), ACK);
    expectKept(second);
    EXPECT_TRUE(hasDerivedLease(server(), second));
    EXPECT_TRUE(hasOwnLease(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
