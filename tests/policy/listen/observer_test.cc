// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/listen/capture_builder.h>
#include <tests/policy/support.h>

#include <tool/listen/observer.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

using Kinds = std::vector<Event::Kind>;

class ObserverTest : public ::testing::Test {
protected:
    Kinds record(const Message& message) {
        Kinds kinds;
        for (const auto& event : observer_.record(message)) {
            kinds.push_back(event.kind);
        }
        all_.insert(all_.end(), kinds.begin(), kinds.end());
        return (kinds);
    }

    /// A machine boots, and the server gives it an address.
    void boot(uint32_t machine, double seconds, IpAddress leased) {
        const auto discover = query(MessageType::DISCOVER, machine, seconds);
        record(discover);
        record(reply(MessageType::OFFER, discover, leased));
        const auto request = query(MessageType::REQUEST, machine, seconds + 0.1);
        record(request);
        record(reply(MessageType::ACK, request, leased));
    }

    void renew(uint32_t machine, double seconds, IpAddress leased) {
        const auto request = renewal(machine, seconds, leased);
        record(request);
        record(reply(MessageType::ACK, request, leased));
    }

    [[nodiscard]] Observation at(double seconds) const {
        return (observer_.observation(query(MessageType::DISCOVER, 1, seconds).time));
    }

    Observer observer_;
    Kinds all_;
};

}  // namespace

// Clones that boot one after the other share the address: the stock server acknowledges it to both.
TEST_F(ObserverTest, clonesShareAnAddress) {
    boot(1, 0, address(100));
    EXPECT_TRUE(all_.empty());
    boot(2, 60, address(100));
    EXPECT_EQ(all_, (Kinds{Event::Kind::SUSPECTED, Event::Kind::ADDRESS_SHARED}));
    renew(1, 300, address(100));
    renew(2, 360, address(100));
    renew(1, 600, address(100));
    const auto found = at(600);
    ASSERT_EQ(found.identifiers.size(), 1U);
    const auto& shared = found.identifiers[0].shared;
    EXPECT_EQ(shared.sharing, Sharing::CLONES);
    EXPECT_EQ(shared.identifier, cloneIdentifier());
    EXPECT_EQ(shared.evidence.changes, 4U);
    EXPECT_EQ(shared.evidence.returns, 3U);
    EXPECT_EQ(shared.evidence.live_changes, 4U);
    ASSERT_EQ(shared.machines.size(), 2U);
    EXPECT_EQ(shared.machines[0].address, mac(1));
    EXPECT_EQ(shared.machines[0].hostname, "web-1");
    EXPECT_EQ(shared.machines[0].state, MachineState::ACTIVE);
    EXPECT_EQ(shared.machines[1].address, mac(2));
    ASSERT_EQ(found.addresses.size(), 1U);
    EXPECT_EQ(found.addresses[0].address, address(100));
    EXPECT_EQ(found.addresses[0].machines, (std::vector<HardwareAddress>{mac(1), mac(2)}));
    EXPECT_TRUE(found.hasFindings());
}

// R10: renewals of both, without a boot in between, prove that two machines are alive.
TEST_F(ObserverTest, rule10Confirmed) {
    boot(1, 0, address(100));
    boot(2, 60, address(101));
    renew(1, 300, address(100));
    EXPECT_EQ(all_, (Kinds{Event::Kind::SUSPECTED}));
    EXPECT_FALSE(at(300).identifiers[0].confirmed);
    const auto request = renewal(2, 360, address(101));
    EXPECT_EQ(record(request), (Kinds{Event::Kind::CONFIRMED}));
    EXPECT_TRUE(at(360).identifiers[0].confirmed);
    renew(1, 600, address(100));
    renew(2, 660, address(101));
    EXPECT_EQ(all_.size(), 2U) << "each is reported once";
}

// R11: a conflict that goes on is an event again after a day, by the time of the messages.
TEST_F(ObserverTest, rule11RepeatedOnceADay) {
    boot(1, 0, address(100));
    boot(2, 60, address(101));
    for (int hour = 1; hour <= 49; ++hour) {
        renew(1, 3600.0 * hour, address(100));
        renew(2, 3600.0 * hour + 60, address(101));
    }
    EXPECT_EQ(all_, (Kinds{Event::Kind::SUSPECTED, Event::Kind::CONFIRMED, Event::Kind::CONFIRMED,
                           Event::Kind::CONFIRMED}));
    // From here on the claimant is alone: the conflict does not go on.
    for (int hour = 50; hour <= 120; ++hour) {
        renew(2, 3600.0 * hour, address(101));
    }
    EXPECT_EQ(all_.size(), 4U);
}

// R9: the machine with a replaced network card is suspected once.
TEST_F(ObserverTest, rule09MovedIsNotRepeated) {
    boot(1, 0, address(100));
    for (int hour = 2; hour <= 100; ++hour) {
        renew(2, 3600.0 * hour, address(100));
    }
    EXPECT_EQ(all_, (Kinds{Event::Kind::SUSPECTED}));
}

// The event names the machine that was first.
TEST_F(ObserverTest, holderOfAnEvent) {
    boot(1, 0, address(100));
    const auto& events = observer_.record(query(MessageType::DISCOVER, 2, 60));
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].machines, 2U);
    EXPECT_EQ(events[0].hostname, "web-2");
    EXPECT_EQ(events[0].other, mac(1));
    EXPECT_EQ(events[0].other_hostname, "web-1");
    EXPECT_EQ(events[0].other_address, address(100));
}

// R9: a replaced network card counts as moved once the old one would have renewed. Before that, it looks like a clone.
TEST_F(ObserverTest, rule09Moved) {
    boot(1, 0, address(100));
    boot(2, 60, address(100));
    const auto early = at(400);
    EXPECT_EQ(early.identifiers[0].shared.sharing, Sharing::CLONES);
    EXPECT_TRUE(early.identifiers[0].unreturned);
    EXPECT_EQ(early.addresses.size(), 1U);
    renew(2, 360, address(100));
    const auto late = at(700);
    EXPECT_EQ(late.identifiers[0].shared.sharing, Sharing::MOVED);
    EXPECT_TRUE(late.addresses.empty());
    EXPECT_FALSE(late.hasFindings());
}

// A machine that gave its lease up before another took the identifier over is off.
TEST_F(ObserverTest, released) {
    boot(1, 0, address(100));
    auto release = query(MessageType::RELEASE, 1, 30);
    release.client_address = address(100);
    record(release);
    boot(2, 60, address(100));
    const auto found = at(90);
    EXPECT_EQ(found.identifiers[0].shared.sharing, Sharing::MOVED);
    EXPECT_EQ(found.identifiers[0].shared.machines[0].state, MachineState::OFF);
    EXPECT_TRUE(found.addresses.empty());
}

// Without replies, as a switch shows it to a third machine, the queries are evidence enough.
TEST_F(ObserverTest, queriesAlone) {
    record(query(MessageType::DISCOVER, 1, 0));
    record(query(MessageType::DISCOVER, 2, 5));
    record(query(MessageType::REQUEST, 1, 6));
    const auto found = at(6);
    EXPECT_EQ(found.identifiers[0].shared.sharing, Sharing::CLONES);
    EXPECT_EQ(found.identifiers[0].shared.evidence.returns, 1U);
    EXPECT_EQ(found.replies, 0U);
}

// A message that a bridge and its port both show proves nothing new.
TEST_F(ObserverTest, sameFrameTwice) {
    const auto first = query(MessageType::DISCOVER, 1, 0);
    const auto second = query(MessageType::DISCOVER, 2, 0);
    for (const auto& message : {first, second, first, second}) {
        record(message);
    }
    EXPECT_EQ(at(0).identifiers[0].shared.evidence.changes, 1U);
    EXPECT_EQ(at(0).identifiers[0].shared.evidence.returns, 0U);
}

// The interface 'any' shows a message on a port and on its bridge: one event, one identifier.
TEST_F(ObserverTest, sameFrameOnTwoLinks) {
    for (const uint32_t machine : {1U, 2U}) {
        auto message = query(MessageType::DISCOVER, machine, machine);
        for (const uint32_t link : {7U, 3U}) {
            message.segment.link = link;
            record(message);
        }
    }
    EXPECT_EQ(all_, (Kinds{Event::Kind::SUSPECTED}));
    EXPECT_EQ(at(2).identifiers.size(), 1U);
    EXPECT_EQ(at(2).known_identifiers, 1U);
}

// R2: one identifier in two segments does not make clones. A VLAN, a relay and an interface make a segment.
TEST_F(ObserverTest, rule02Segments) {
    auto other = query(MessageType::DISCOVER, 2, 5);
    record(query(MessageType::DISCOVER, 1, 0));
    for (const auto& segment : {Segment{0, 100, {}}, Segment{0, 0, address(254)}, Segment{3, 0, {}}}) {
        other.segment = segment;
        record(other);
    }
    record(query(MessageType::DISCOVER, 1, 10));
    const auto found = at(10);
    ASSERT_EQ(found.identifiers.size(), 1U);
    EXPECT_EQ(found.identifiers[0].shared.sharing, Sharing::SEPARATE_SUBNETS);
    EXPECT_EQ(found.identifiers[0].segments.size(), 4U);
    EXPECT_TRUE(all_.empty());
    EXPECT_FALSE(found.hasFindings());
}

// A renewal goes past the relay and counts in the segment in which the client got its address.
TEST_F(ObserverTest, renewalPastRelay) {
    for (const uint32_t machine : {1U, 2U}) {
        auto request = query(MessageType::REQUEST, machine, machine);
        request.segment.relay = address(254);
        record(request);
        record(reply(MessageType::ACK, request, address(100)));
    }
    renew(1, 300, address(100));
    const auto found = at(300);
    EXPECT_EQ(found.identifiers[0].segments, (std::vector<Segment>{{0, 0, address(254)}}));
    EXPECT_EQ(found.identifiers[0].shared.evidence.returns, 1U);
}

// R10: a machine that uses another identifier for a lease lifetime is sealed; the conflict is over.
TEST_F(ObserverTest, rule10Sealed) {
    boot(1, 0, address(100));
    boot(2, 60, address(101));
    renew(1, 300, address(100));
    auto sealed = query(MessageType::REQUEST, 2, 400);
    sealed.identifier = identifierNumber(2);
    record(sealed);
    record(reply(MessageType::ACK, sealed, address(102)));
    EXPECT_EQ(at(500).identifiers[0].shared.sharing, Sharing::CLONES);
    EXPECT_EQ(at(5000).identifiers[0].shared.sharing, Sharing::SEALED);
    EXPECT_EQ(at(5000).identifiers[0].shared.machines[1].state, MachineState::SEALED);
}

// An address that a client declines is a finding, and ends the lease of that client.
TEST_F(ObserverTest, declined) {
    boot(1, 0, address(100));
    auto decline = query(MessageType::DECLINE, 1, 1);
    decline.requested_address = address(100);
    EXPECT_EQ(record(decline), (Kinds{Event::Kind::ADDRESS_DECLINED}));
    decline.time += std::chrono::seconds(5);
    EXPECT_TRUE(record(decline).empty());
    const auto found = at(10);
    ASSERT_EQ(found.declined.size(), 1U);
    EXPECT_EQ(found.declined[0].address, address(100));
    EXPECT_EQ(found.declined[0].count, 2U);
    EXPECT_EQ(found.declined[0].machine, mac(1));
    EXPECT_TRUE(found.hasFindings());
    auto other = query(MessageType::REQUEST, 2, 20);
    other.identifier = identifierNumber(2);
    record(other);
    EXPECT_TRUE(record(reply(MessageType::ACK, other, address(100))).empty());
}

// Two servers that answer one query are a finding. Servers that share the queries, as a pair does, are not.
TEST_F(ObserverTest, serversCompete) {
    constexpr IpAddress OTHER{0xc0000202};
    const auto first = query(MessageType::DISCOVER, 1, 0);
    record(first);
    record(reply(MessageType::OFFER, first, address(100)));
    auto renewed = first;
    renewed.type = MessageType::REQUEST;
    renewed.time += std::chrono::seconds(300);
    record(renewed);
    EXPECT_TRUE(record(reply(MessageType::ACK, renewed, address(100), OTHER)).empty())
        << "another query";
    EXPECT_FALSE(at(301).hasFindings());
    const auto second = query(MessageType::DISCOVER, 2, 400);
    record(second);
    record(reply(MessageType::OFFER, second, address(101)));
    const auto events = record(reply(MessageType::OFFER, second, address(102), OTHER));
    EXPECT_EQ(events, (Kinds{Event::Kind::SERVERS_COMPETE}));
    const auto found = at(401);
    ASSERT_EQ(found.servers.size(), 2U);
    EXPECT_EQ(found.servers[0].server, SERVER);
    EXPECT_EQ(found.servers[0].hw_address, mac(0xfe));
    EXPECT_EQ(found.servers[0].offers, 2U);
    EXPECT_EQ(found.servers[0].competing, 1U);
    EXPECT_EQ(found.servers[1].competing, 1U);
    EXPECT_EQ(found.servers[1].acknowledgements, 1U);
    EXPECT_TRUE(found.hasFindings());
}

// RFC 6842: a server returns the client identifier. A reply to a query that was not captured proves nothing.
TEST_F(ObserverTest, identifierMissing) {
    const auto request = query(MessageType::REQUEST, 1, 0);
    auto ack = reply(MessageType::ACK, request, address(100));
    ack.identifier.clear();
    EXPECT_TRUE(record(ack).empty());
    record(request);
    EXPECT_EQ(record(ack), (Kinds{Event::Kind::IDENTIFIER_MISSING}));
    EXPECT_TRUE(record(ack).empty());
    EXPECT_EQ(at(1).servers[0].without_identifier, 2U);
    EXPECT_FALSE(at(1).hasFindings());
}

// A reply whose query was not captured shows the client and its identifier.
TEST_F(ObserverTest, repliesAlone) {
    record(reply(MessageType::ACK, query(MessageType::REQUEST, 1, 0), address(100)));
    record(reply(MessageType::ACK, query(MessageType::REQUEST, 2, 60), address(100)));
    record(reply(MessageType::ACK, query(MessageType::REQUEST, 1, 300), address(100)));
    const auto found = at(300);
    EXPECT_EQ(found.identifiers[0].shared.sharing, Sharing::CLONES);
    EXPECT_EQ(found.addresses.size(), 1U);
}

// Clients without an identifier or a hardware address are counted, and nothing else.
TEST_F(ObserverTest, nothingToCompare) {
    for (const uint32_t machine : {1U, 2U}) {
        auto message = query(MessageType::DISCOVER, machine, machine);
        message.identifier.clear();
        record(message);
        message.identifier = cloneIdentifier();
        message.hw_address = HardwareAddress(1, Bytes(6));
        record(message);
    }
    const auto found = at(3);
    EXPECT_TRUE(found.identifiers.empty());
    EXPECT_EQ(found.queries, 4U);
    EXPECT_EQ(found.machines, 2U);
}

// Memory is bounded: beyond the bound, messages of further machines are counted, and known ones are still recorded.
TEST_F(ObserverTest, bounded) {
    Observer small(3);
    size_t full = 0;
    const auto feed = [&small, &full](const Message& message) {
        for (const auto& event : small.record(message)) {
            full += event.kind == Event::Kind::FULL ? 1 : 0;
        }
    };
    feed(query(MessageType::DISCOVER, 1, 0));
    feed(query(MessageType::DISCOVER, 2, 1));
    for (uint32_t machine = 3; machine < 1000; ++machine) {
        auto message = query(MessageType::REQUEST, machine, machine);
        message.identifier = identifierNumber(machine);
        feed(message);
        feed(reply(MessageType::ACK, message, address(machine % 250)));
    }
    feed(query(MessageType::DISCOVER, 1, 2000));
    const auto found = small.observation();
    EXPECT_EQ(full, 1U);
    EXPECT_EQ(found.machines, 3U);
    EXPECT_EQ(found.omitted, 2 * 996U);
    ASSERT_EQ(found.identifiers.size(), 1U);
    EXPECT_EQ(found.identifiers[0].shared.evidence.returns, 1U);
}

// One machine cannot fill the memory either: it presents a new identifier in each message.
TEST_F(ObserverTest, boundedIdentifiersOfOneMachine) {
    Observer small(3);
    size_t full = 0;
    for (uint32_t number = 0; number < 1000; ++number) {
        auto message = query(MessageType::DISCOVER, 1, number);
        message.identifier = identifierNumber(number);
        for (const auto& event : small.record(message)) {
            full += event.kind == Event::Kind::FULL ? 1 : 0;
        }
    }
    const auto found = small.observation();
    EXPECT_EQ(full, 1U);
    EXPECT_EQ(found.known_identifiers, 3U);
    EXPECT_EQ(found.omitted, 997U);
}

}  // namespace test
}  // namespace clone_guard
