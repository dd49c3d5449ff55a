// SPDX-License-Identifier: MPL-2.0
//
// R1: who is left alone, in the very situations in which others would be kept apart: the exempt, those
// without a usable hardware address, BOOTP, and messages that ask for no lease.

#include <tests/e2e/harness/e2e_test.h>

namespace clone_guard {
namespace test {

namespace {

/// @brief One way to be exempt, and a second that names somebody else.
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

    /// @brief Two machines with one identifier at their worst, noted message by message.
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

// What is exempt is left exactly as stock Kea leaves it, in the middle of a conflict, under each
// policy.
TEST_P(Rule01Exemptions, leftAsStockInAConflict) {
    for (const char* policy : {"mac-fallback", "refuse", "monitor"}) {
        SCOPED_TRACE(policy);
        expectSameAsStock(exempting(GetParam().exempt, policy), [this] { conflict(); });
        EXPECT_TRUE(server().audit().empty()) << server().file("audit.log");
        EXPECT_EQ(server().statistic("clone-guard-suspected"), 0);
        endServer();
    }
}

// An exemption that names somebody else changes nothing: the same machines are kept apart.
TEST_P(Rule01Exemptions, anothersExemptionDoesNotHelp) {
    serve(exempting(GetParam().other, "mac-fallback"));
    SimClient& first = pairMember(1);
    ASSERT_FALSE(first.acquire().isZero());
    SimClient& second = pairMember(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(setAside(server(), second));
    second.release(first.address());
    EXPECT_TRUE(undisturbed(server(), first));
}

class Rule01ExemptMachine : public E2eTest {
protected:
    /// @brief The exempt machine has hardware address 3.
    static ServerSetup exemptingThree() {
        ServerSetup setup = guarded("mac-fallback");
        setup.guard->update({{"exempt", {{"hw-addresses", {toHex(virtualMac(3))}}}}});
        return (setup);
    }
};

// A machine that is exempt by its hardware address takes, in the conflict of others, what stock Kea
// gives it, the holder's address. The others are kept apart from it as from any holder: each ends with
// an address of its own.
TEST_F(Rule01ExemptMachine, inTheConflictOfOthers) {
    serve(exemptingThree());
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address claimants = second.acquire();
    SimClient& exempt = clone(3);
    EXPECT_EQ(exempt.acquire(), first.address());
    EXPECT_TRUE(undisturbed(server(), exempt));
    EXPECT_EQ(first.renew().type(), NAK);
    EXPECT_FALSE(first.acquire().isZero());
    EXPECT_NE(first.address(), exempt.address());
    EXPECT_NE(first.address(), claimants);
    for (SimClient* client : {&first, &second, &exempt}) {
        expectKept(*client);
    }
    EXPECT_EQ(second.address(), claimants);
}

// An exempt machine that is there first is a holder for those who are not exempt.
TEST_F(Rule01ExemptMachine, thatIsThereFirst) {
    serve(exemptingThree());
    SimClient& exempt = clone(3);
    ASSERT_FALSE(exempt.acquire().isZero());
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(setAside(server(), second));
    second.release(exempt.address());
    EXPECT_TRUE(undisturbed(server(), exempt));
    expectKept(second);
    expectKept(exempt);
}

class Rule01LeftAlone : public E2eTest {
protected:
    /// @brief A machine by its bytes, with the identifier of clones unless another is given.
    SimClient bare(uint8_t htype, const Bytes& hw_address, const Bytes& identifier = cloneIdentifier()) {
        SimClient client(link(), hw_address, identifier, relayOf(1));
        client.setHardwareType(htype);
        return (client);
    }

    /// @brief INFORM straight from an address.
    static Packet inform(const SimClient& client, Address address) {
        Packet query = client.packet(INFORM);
        query.giaddr = Address();
        query.ciaddr = address;
        return (query);
    }

    void live(SimClient& client) {
        note(client.request(note(client.discover())));
        note(client.renew());
        note(client.rebind());
        note(client.initReboot(client.address()));
    }

    /// @brief The two take turns; what either is answered is noted, and so is the end of a lease.
    void takeTurns(SimClient& one, SimClient& other) {
        for (SimClient* client : {&one, &other, &one, &other}) {
            live(*client);
        }
        other.release(one.address());
        live(one);
    }
};

// All-zero hardware addresses of every length tell nobody from anybody.
TEST_F(Rule01LeftAlone, zeroHardwareAddressesOfEveryLength) {
    expectSameAsStock(guarded("refuse"), [this] {
        for (const size_t size : {1, 6, 8, 16}) {
            SimClient one = bare(1, Bytes(size, 0), cloneIdentifier(size));
            SimClient other = bare(1, Bytes(size, 0), cloneIdentifier(size));
            takeTurns(one, other);
        }
    });
    EXPECT_TRUE(server().audit().empty());
}

// A machine without a hardware address in the conflict of others is nobody's claimant and nobody's
// holder.
TEST_F(Rule01LeftAlone, zeroHardwareAddressAmongClones) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    const auto before = server().audit().size();
    SimClient nobody = bare(1, Bytes(6, 0));
    EXPECT_EQ(nobody.acquire(), first.address());
    EXPECT_EQ(server().audit().size(), before);
    expectKept(second);
    EXPECT_TRUE(setAside(server(), second));
}

// InfiniBand (RFC 4390) sends hardware type 32 and no address: its identifier alone tells ports apart.
TEST_F(Rule01LeftAlone, infinibandPortsAreToldApartByTheirIdentifierAlone) {
    expectSameAsStock(guarded("refuse"), [this] {
        SimClient one = bare(32, {}, rfc4361({0, 0, 0, 1}, systemdDuid(1)));
        SimClient two = bare(32, {}, rfc4361({0, 0, 0, 1}, systemdDuid(2)));
        SimClient cloned = bare(32, {}, rfc4361({0, 0, 0, 1}, systemdDuid(1)));
        takeTurns(one, two);
        takeTurns(one, cloned);
        EXPECT_NE(one.address(), two.address());
    });
    EXPECT_TRUE(server().audit().empty());
}

// A machine that has an InfiniBand port and an Ethernet port with one identifier: the port without a
// hardware address is left alone whichever comes first.
TEST_F(Rule01LeftAlone, infinibandBesideEthernet) {
    expectSameAsStock(guarded("refuse"), [this] {
        SimClient& ethernet = clone(1);
        SimClient infiniband = bare(32, {});
        live(infiniband);
        live(ethernet);
    });
    EXPECT_TRUE(server().audit().empty());
}

// BOOTP in the middle of a conflict is answered as stock Kea answers it, and reported to nobody.
TEST_F(Rule01LeftAlone, bootpAmongClones) {
    ServerSetup setup = guarded("mac-fallback");
    setup.hooks_before["libdhcp_bootp.so"] = Json::object();
    serve(setup);
    holder();
    SimClient& second = clone(2);
    second.acquire();
    const auto before = server().audit().size();
    SimClient& printer = machine(50, macIdentifier(virtualMac(50)));
    printer.expectEcho(SimClient::Echo::ANY);
    for (SimClient* client : {&printer, &clone(3)}) {
        client->expectEcho(SimClient::Echo::ANY);
        Packet query = client->packet(DISCOVER);
        query.options.erase(query.options.begin());
        const Reply reply = client->exchange(query);
        EXPECT_FALSE(reply.address().isZero());
        EXPECT_NE(reply.address(), second.address());
    }
    EXPECT_EQ(server().audit().size(), before);
    expectKept(second);
}

// INFORM asks for no lease: clones with addresses of their own are informed, and nothing comes of it.
TEST_F(Rule01LeftAlone, informIsAnsweredAndForgotten) {
    for (const char* policy : {"mac-fallback", "refuse"}) {
        expectSameAsStock(guarded(policy), [this] {
            SimClient& first = clone(1);
            live(first);
            for (const uint32_t number : {2U, 3U, 1U, 2U}) {
                SimClient& client = clone(number);
                const Address elsewhere = addressIn(1, 20, uint8_t(number));
                EXPECT_EQ(note(client.exchange(inform(client, elsewhere))).type(), ACK);
                EXPECT_EQ(note(client.exchange(inform(client, first.address()))).type(), ACK);
            }
            live(first);
        });
        EXPECT_TRUE(server().audit().empty());
        EXPECT_EQ(server().statistic("clone-guard-suspected"), 0);
        endServer();
    }
}

// Nor does an INFORM of a claimant change what it is.
TEST_F(Rule01LeftAlone, informOfAClaimant) {
    serve(guarded("mac-fallback"));
    SimClient& first = holder();
    SimClient& second = clone(2);
    second.acquire();
    EXPECT_EQ(second.exchange(inform(second, second.address())).type(), ACK);
    expectKept(second);
    EXPECT_TRUE(setAside(server(), second));
    EXPECT_TRUE(undisturbed(server(), first));
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
