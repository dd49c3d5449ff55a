// SPDX-License-Identifier: MPL-2.0
//
// R1, R15: nothing that a stranger sends costs the holder its lease, an answer or its address. In each test the holder
// has the last word.

#include <tests/e2e/harness/fixtures/variant_fixture.h>

#include <tuple>

namespace clone_guard {
namespace test {

namespace {

class Rule15Strangers : public VariantTest {
protected:
    /// @brief Makes the setup of the variant with the bootp library.
    ServerSetup setup() {
        ServerSetup setup = VariantTest::setup();
        setup.hooks_before["libdhcp_bootp.so"] = Json::object();
        return (setup);
    }

    void serveHolder() {
        serve(setup());
        holder_ = &holder();
        address_ = holder_->address();
    }

    /// @brief Makes a machine with the holder's identifier and any header.
    SimClient& stranger(const Header& header = {}) {
        SimClient& made = clone(++last_stranger_);
        made.setHeader(header);
        made.expectEcho(SimClient::Echo::ANY);
        made.remember(address_);
        return (made);
    }

    SimClient& withoutAddress() {
        return (stranger({{}, {}, {}, Bytes(6, 0), {}, {}, {}, {}}));
    }

    /// @brief Returns functions that make each message about the holder's address, except RELEASE and DECLINE.
    std::vector<std::function<Packet(const SimClient&)>> messages() const {
        const Address address = address_;
        return {[](const SimClient& client) { return (client.packet(DISCOVER)); },
                [address](const SimClient& client) { return (client.selecting(address)); },
                [address](const SimClient& client) { return (client.rebooting(address)); },
                [](const SimClient& client) { return (client.renewing()); },
                [](const SimClient& client) { return (client.rebinding()); },
                [](const SimClient& client) { return (client.bootp()); },
                [address](const SimClient& client) { return (client.informing(address)); }};
    }

    /// @brief Expects that the holder still has its lease and its address, and that another clone gets another one.
    void expectHolderUnharmed() {
        EXPECT_TRUE(hasOwnLease(server(), *holder_));
        holder_->remember(address_);
        const Reply renewed = holder_->renew();
        EXPECT_EQ(renewed.type(), ACK) << renewed;
        EXPECT_EQ(renewed.address(), address_);
        SimClient& next = clone(++last_stranger_);
        const Address others = next.acquire();
        EXPECT_EQ(others.isZero(), refuses());
        EXPECT_NE(others, address_);
        holder_->remember(address_);
        expectKept(*holder_);
        EXPECT_EQ(holder_->address(), address_);
        EXPECT_TRUE(hasOwnLease(server(), *holder_));
    }

    /// @brief Expects the statistic of strangers, and one line for each kind of query.
    void expectReported(int64_t queries, size_t lines) {
        EXPECT_EQ(server().statistic("clone-guard-stranger"), queries);
        EXPECT_EQ(server().statistic("subnet[1].clone-guard-stranger"), queries);
        EXPECT_EQ(server().operatorLog("CLONE_GUARD_STRANGER").size(), lines);
    }

    SimClient* holder_ = nullptr;
    Address address_;
    uint32_t last_stranger_ = 100;
};

CLONE_GUARD_IN_VARIANTS(Rule15Strangers);

// R15: one REQUEST with an all-zero hardware address and the holder's address, through the relay and directly.
TEST_P(Rule15Strangers, requestWithAllZeroHardwareAddress) {
    serveHolder();
    EXPECT_TRUE(withoutAddress().rebind().isSilence());
    EXPECT_TRUE(withoutAddress().renew().isSilence());
    EXPECT_TRUE(withoutAddress().initReboot(address_).isSilence());
    EXPECT_TRUE(withoutAddress().request(address_).isSilence());
    expectReported(4, 1);
    expectHolderUnharmed();
}

// R15: DISCOVER and REQUEST with an all-zero hardware address.
TEST_P(Rule15Strangers, bootWithAllZeroHardwareAddress) {
    serveHolder();
    SimClient& sender = withoutAddress();
    EXPECT_TRUE(sender.discover().isSilence());
    EXPECT_TRUE(sender.request(address_).isSilence());
    EXPECT_TRUE(sender.request(addressIn(1, 5, 5)).isSilence());
    expectReported(3, 1);
    expectHolderUnharmed();
}

// R15: a REQUEST without a hardware address (hlen 0) does not take the hardware address from the lease, whatever the
// field holds.
TEST_P(Rule15Strangers, requestWithoutHardwareAddress) {
    serveHolder();
    Header none;
    none.hlen = 0;
    for (const uint8_t htype : {1, 32}) {
        none.htype = htype;
        none.chaddr = holder_->hwAddress();
        EXPECT_TRUE(stranger(none).rebind().isSilence());
        none.chaddr = Bytes(16, 0);
        EXPECT_TRUE(stranger(none).renew().isSilence());
    }
    expectReported(4, 1);
    expectHolderUnharmed();
}

// R15: a machine that has a lease of the identifier in one network renews it through the relay of another, where another
// machine is the holder. The server looks for its lease in that network and finds the holder's.
TEST_P(Rule15Strangers, renewalOfAnotherNetwork) {
    ServerSetup two = setup();
    two.subnets = {subnet(1), subnet(2)};
    serve(two);
    holder_ = &holder();
    address_ = holder_->address();
    SimClient elsewhere(link(), virtualMac(90), cloneIdentifier(), relayOf(2));
    ASSERT_FALSE(elsewhere.acquire().isZero());
    SimClient here(link(), virtualMac(90), cloneIdentifier(), relayOf(1));
    here.remember(elsewhere.address());
    EXPECT_NE(here.renew().address(), address_);
    EXPECT_NE(here.rebind().address(), address_);
    Packet odd = here.selecting(addressIn(1, 5, 5));
    odd.ciaddr = elsewhere.address();
    EXPECT_NE(here.exchange(odd).address(), address_);
    expectHolderUnharmed();
    expectKept(elsewhere);
}

// R2, R15: the same while the server counts as one network. The leases are from before that setting.
TEST_P(Rule15Strangers, renewalOfAnotherSubnetOfOneNetwork) {
    ServerSetup two = setup();
    two.subnets = {subnet(1), subnet(2)};
    serve(two);
    SimClient elsewhere(link(), virtualMac(90), cloneIdentifier(), relayOf(2));
    ASSERT_FALSE(elsewhere.acquire().isZero());
    holder_ = &holder();
    address_ = holder_->address();
    two.more["early-global-reservations-lookup"] = true;
    ASSERT_EQ(server().configSet(two)["result"], 0);
    SimClient here(link(), virtualMac(90), cloneIdentifier(), relayOf(1));
    here.remember(elsewhere.address());
    EXPECT_NE(here.renew().address(), address_);
    EXPECT_NE(here.rebind().address(), address_);
    Packet odd = here.selecting(addressIn(1, 5, 5));
    odd.ciaddr = elsewhere.address();
    EXPECT_NE(here.exchange(odd).address(), address_);
    EXPECT_NE(here.acquire(), address_);
    expectHolderUnharmed();
    expectKept(elsewhere);
}

// R15: the holder has a lease from before its subnet ignored client identifiers, and an exempt machine has one of the same
// identifier in another subnet of the shared network. The server finds that one first, also for the holder's renewal.
TEST_P(Rule15Strangers, renewalBesideALeaseThatIsFoundFirst) {
    ServerSetup two = setup();
    two.subnets.clear();
    two.guard->update({{"exempt", {{"hw-addresses", {toHex(virtualMac(90))}}}}});
    two.shared_networks = {sharedNetwork("lab", {subnet(1), subnet(2)})};
    serve(two);
    holder_ = &holder();
    address_ = holder_->address();
    two.shared_networks = {sharedNetwork("lab", {subnet(1, {{"match-client-id", false}}), subnet(2)})};
    ASSERT_EQ(server().configSet(two)["result"], 0);
    SimClient exempt(link(), virtualMac(90), cloneIdentifier(), relayOf(2));
    const Address its = addressIn(2, 5, 5);
    ASSERT_EQ(exempt.exchange(exempt.selecting(its)).address(), its);
    exempt.remember(its);
    ASSERT_TRUE(hasOwnLease(server(), exempt));
    // Kea alone refuses the renewal, and so does the policy refuse.
    if (!refuses()) {
        const Reply renewed = holder_->renew();
        EXPECT_EQ(renewed.address(), address_) << renewed;
        EXPECT_TRUE(hasOwnLease(server(), exempt));
        EXPECT_EQ(holder_->rebind().address(), address_);
    }
    EXPECT_TRUE(hasOwnLease(server(), exempt));
    expectKept(exempt);
}

// R15: a BOOTP query with a hardware address of its own, with and without ciaddr. It gets an address of its own, and
// none under refuse.
TEST_P(Rule15Strangers, bootp) {
    serveHolder();
    SimClient& printer = stranger();
    const Reply reply = printer.exchange(printer.bootp());
    EXPECT_EQ(reply.isSilence(), refuses()) << reply;
    EXPECT_NE(reply.address(), address_);
    Packet again = printer.bootp();
    again.ciaddr = address_;
    EXPECT_NE(printer.exchange(again).address(), address_);
    expectReported(2, 1);
    expectHolderUnharmed();
    if (!refuses()) {
        printer.remember(reply.address());
        EXPECT_TRUE(hasDerivedLease(server(), printer));
        EXPECT_EQ(printer.exchange(printer.bootp()).address(), reply.address());
    }
}

// R15: a BOOTP query without a hardware address.
TEST_P(Rule15Strangers, bootpWithoutHardwareAddress) {
    serveHolder();
    SimClient& sender = withoutAddress();
    EXPECT_TRUE(sender.exchange(sender.bootp()).isSilence());
    Packet query = sender.bootp();
    query.ciaddr = address_;
    EXPECT_TRUE(sender.exchange(query).isSilence());
    expectHolderUnharmed();
}

// R8, R15: RELEASE and DECLINE without a hardware address do not end the holder's lease.
TEST_P(Rule15Strangers, releaseAndDecline) {
    serveHolder();
    Header none;
    none.hlen = 0;
    for (SimClient* sender : {&withoutAddress(), &stranger(none)}) {
        sender->release(address_);
        EXPECT_TRUE(hasOwnLease(server(), *holder_));
        sender->decline(address_);
        EXPECT_TRUE(hasOwnLease(server(), *holder_));
    }
    EXPECT_EQ(server().statistic("clone-guard-release-blocked"), 2);
    EXPECT_EQ(server().statistic("clone-guard-decline-blocked"), 2);
    EXPECT_EQ(server().statistic("declined-addresses"), 0);
    expectReported(4, 1);
    expectHolderUnharmed();
}

// R8, R15: in a network that ignores client identifiers, leases are without one and have the hardware address alone.
// A lease from before that setting still has its identifier, which Kea compares in RELEASE and DECLINE.
TEST_P(Rule15Strangers, networkThatIgnoresIdentifiers) {
    serveHolder();
    ServerSetup ignoring = setup();
    ignoring.subnets = {subnet(1, {{"match-client-id", false}})};
    ASSERT_EQ(server().configSet(ignoring)["result"], 0);
    for (SimClient* sender : {&withoutAddress(), &stranger()}) {
        sender->release(address_);
        EXPECT_TRUE(hasOwnLease(server(), *holder_));
        sender->decline(address_);
        EXPECT_TRUE(hasOwnLease(server(), *holder_));
    }
    EXPECT_EQ(holder_->renew().address(), address_);
    for (SimClient* sender : {&withoutAddress(), &stranger()}) {
        sender->release(address_);
        sender->decline(address_);
        EXPECT_NE(sender->rebind().address(), address_);
        EXPECT_NE(sender->acquire(), address_);
    }
    expectKept(*holder_);
    EXPECT_EQ(holder_->address(), address_);
}

// R1: an INFORM with the holder's identifier does not read the holder's reservation, and its sender is answered.
TEST_P(Rule15Strangers, informReadsNoReservationOfTheHolder) {
    ServerSetup reserving = setup();
    reserving.subnets = {
        subnet(1, {{"reservations",
                    {{{"client-id", cloneIdentifierText()},
                      {"ip-address", addressIn(1, 20, 1).toText()},
                      {"option-data", {{{"name", "boot-file-name"}, {"data", "holders"}}}}}}}})};
    reserving.more["host-reservation-identifiers"] = {"client-id", "hw-address"};
    serve(reserving);
    holder_ = &holder();
    address_ = holder_->address();
    const auto bootFile = [](SimClient& client, Address from) {
        Packet query = client.informing(from);
        query.add(OPTION_PARAMETER_LIST, {67});
        const Reply reply = client.exchange(query);
        EXPECT_EQ(reply.type(), ACK) << reply;
        return (reply.packet ? reply.packet->option(67) : std::nullopt);
    };
    EXPECT_EQ(bootFile(*holder_, address_), fromText("holders"));
    SimClient& sender = stranger();
    sender.expectEcho(SimClient::Echo::OWN);
    EXPECT_EQ(bootFile(sender, addressIn(1, 30, 1)), std::nullopt);
    EXPECT_EQ(bootFile(sender, address_), std::nullopt);
    expectReported(2, 1);
    expectHolderUnharmed();
    EXPECT_EQ(bootFile(*holder_, address_), fromText("holders"));
}

// R15: every message with every odd header, the identifier in one piece, split (RFC 3396), or absent.
TEST_P(Rule15Strangers, oddHeaders) {
    serveHolder();
    link().setReplyTimeout(Milliseconds(1));  // most queries are unanswered
    const Bytes own = holder_->hwAddress();
    const Bytes identifier = cloneIdentifier();
    const Bytes multicast{0x01, 0x00, 0x5e, 0x00, 0x00, 0x01};
    const std::vector<std::tuple<uint8_t, uint8_t, Bytes>> headers{{1, 0, own},
                                                                   {1, 1, {0}},
                                                                   {1, 3, own},
                                                                   {1, 6, multicast},
                                                                   {1, 6, Bytes(6, 0xff)},
                                                                   {1, 8, own},
                                                                   {1, 16, Bytes(16, 0)},
                                                                   {1, 17, own},
                                                                   {1, 20, own},
                                                                   {1, 21, own},
                                                                   {1, 255, own},
                                                                   {0, 6, Bytes(6, 0)},
                                                                   {255, 6, multicast},
                                                                   {32, 0, Bytes(16, 0)}};
    for (const auto& [htype, hlen, chaddr] : headers) {
        SCOPED_TRACE("htype " + std::to_string(htype) + ", hlen " + std::to_string(hlen));
        Header header;
        header.htype = htype;
        header.hlen = hlen;
        header.chaddr = chaddr;
        SimClient& sender = stranger(header);
        SimClient& split = stranger(header);
        split.setIdentifier(Bytes(identifier.begin(), identifier.begin() + 3));
        split.addOption(OPTION_CLIENT_IDENTIFIER, Bytes(identifier.begin() + 3, identifier.end()));
        SimClient& anonymous = stranger(header);
        anonymous.setIdentifier(std::nullopt);
        const std::vector<SimClient*> senders{&sender, &split, &anonymous};
        for (const auto& make : messages()) {
            std::vector<SimClient::ClientQuery> queries;
            for (SimClient* client : senders) {
                client->remember(address_);
                queries.push_back({client, make(*client)});
            }
            for (const Reply& reply : SimClient::exchangeTogether(queries)) {
                EXPECT_NE(reply.address(), address_) << queries[0].query.toText();
            }
        }
        for (SimClient* client : senders) {
            client->release(address_);
            client->decline(address_);
            EXPECT_TRUE(hasOwnLease(server(), *holder_));
        }
        EXPECT_EQ(holder_->renew().address(), address_);
    }
    expectHolderUnharmed();
}

// R2, R15: a stranger in another network with the holder's address in ciaddr or option 50.
TEST_P(Rule15Strangers, fromAnotherNetwork) {
    ServerSetup two = setup();
    two.subnets = {subnet(1), subnet(2)};
    serve(two);
    holder_ = &holder();
    address_ = holder_->address();
    for (SimClient* sender : {&withoutAddress(), &stranger()}) {
        sender->setRelay(relayOf(2));
        for (const Packet& query : {sender->packet(DISCOVER), sender->selecting(address_),
                                    sender->rebooting(address_), sender->rebinding(), sender->bootp()}) {
            EXPECT_NE(sender->exchange(query).address(), address_) << query.toText();
            sender->remember(address_);
        }
        sender->release(address_);
        sender->decline(address_);
        EXPECT_TRUE(hasOwnLease(server(), *holder_));
    }
    expectHolderUnharmed();
}

// R1: without a live lease of another machine these clients are served as by stock Kea, and the next machine with a
// hardware address takes the identifier over as in stock Kea.
TEST_P(Rule15Strangers, leaseWithoutHardwareAddressIsNoEvidence) {
    serve(setup());
    SimClient& first = withoutAddress();
    const Address address = first.acquire();
    ASSERT_FALSE(address.isZero());
    holder_ = &holder();
    address_ = holder_->address();
    EXPECT_EQ(address_, address);
    EXPECT_TRUE(server().audit().empty());
    first.remember(address);
    EXPECT_TRUE(first.renew().isSilence());
    expectHolderUnharmed();
}

class Rule15StrangersMonitor : public E2eTest {};

// R5: monitor reports a stranger and changes nothing.
TEST_F(Rule15StrangersMonitor, reportsAndChangesNothing) {
    const ServerSetup setup = guarded("monitor");
    expectSameAsStock(setup, [this] {
        SimClient& first = holder();
        const Address address = first.address();
        SimClient zero(link(), Bytes(6, 0), cloneIdentifier(), relayOf(1));
        zero.remember(address);
        note(zero.rebind());
        note(first.renew());
        note(clone(2).exchange(clone(2).informing(addressIn(1, 20, 1))));
    });
    EXPECT_EQ(server().statistic("clone-guard-stranger"), 2);
    const auto lines = server().operatorLog("CLONE_GUARD_STRANGER");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[0].find("nothing was done about it (policy monitor)"), std::string::npos)
        << lines[0];
}

/// @brief The parameter is the database engine.
class Rule15StrangersDatabase : public DatabaseTest {};

INSTANTIATE_TEST_SUITE_P(Some, Rule15StrangersDatabase, ::testing::Values("postgresql", "mysql"),
                         nameOf);

// R15: strangers without a hardware address send to one server and to the other; the holder keeps lease and address.
TEST_P(Rule15StrangersDatabase, withoutHardwareAddress) {
    serveBoth();
    SimClient& first = holder();
    const Address address = first.address();
    for (const unsigned number : {1U, 2U}) {
        turnTo(number);
        for (const Bytes& hw_address : {Bytes(6, 0), Bytes()}) {
            SimClient sender(link(), hw_address, cloneIdentifier(), relayOf(1));
            sender.remember(address);
            EXPECT_TRUE(sender.rebind().isSilence());
            EXPECT_TRUE(sender.discover().isSilence());
            EXPECT_TRUE(sender.request(address).isSilence());
            sender.release(address);
            sender.decline(address);
            EXPECT_EQ(identifierOnRecord(first), cloneIdentifierText());
        }
        EXPECT_EQ(server(number).statistic("clone-guard-stranger"), 10);
        EXPECT_EQ(first.renew().address(), address);
        EXPECT_NE(clone(10 + number).acquire(), address);
        expectKept(first);
    }
    EXPECT_EQ(first.address(), address);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
