// SPDX-License-Identifier: MPL-2.0
//
// The guard beside hook libraries that read or change queries and replies, loaded before and after the guard. In each
// order the clones are kept apart, and the other library works for a holder and for a claimant; a test says where the
// order matters. Libraries that the release does not ship have no tests here, see companions_commands_test.cc.

#include <tests/e2e/harness/fixtures/companion_fixture.h>

#include <fstream>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

class Bootp : public CompanionTest {};
CLONE_GUARD_IN_ORDERS(Bootp, bothOrders("libdhcp_bootp.so"));

// R1: a BOOTP client beside clones gets its permanent address.
TEST_P(Bootp, rule01BootpClientsGetAddressesBesideClones) {
    serve(setupWith("libdhcp_bootp.so"));
    bootClones();
    EXPECT_TRUE(hasOwnLease(server(), first()));
    EXPECT_TRUE(hasDerivedLease(server(), second()));
    SimClient& old = machine(20, std::nullopt);
    Packet query = old.packet(DISCOVER);
    query.options.clear();
    const Reply reply = old.exchange(query);
    ASSERT_FALSE(reply.address().isZero()) << reply;
    EXPECT_EQ(reply.type(), 0);
    const auto record = server().lease(reply.address());
    ASSERT_TRUE(record);
    EXPECT_EQ(record->hw_address, old.hwText());
    EXPECT_EQ(record->valid_lifetime, 0xffffffffU);
    expectApart();
}

class FlexOption : public CompanionTest {};
CLONE_GUARD_IN_ORDERS(FlexOption, bothOrders("libdhcp_flex_option.so"));

// R6: expressions recognise a claimant by its class and by its derived identifier.
TEST_P(FlexOption, rule06ExpressionsSeeTheClaimantsClass) {
    const Json by_class = {{"code", 67}, {"add", "ifelse(member('CLONE_CONFLICT'),'clone','sound')"}};
    const Json by_identifier = {{"code", 17},
                                {"add", "ifelse(substring(option[61].hex,1,2)=='CG','clone','sound')"}};
    serve(setupWith("libdhcp_flex_option.so", {{"options", {by_class, by_identifier}}}));
    bootClones();
    const Reply holders = first().renew();
    const Reply claimants = second().renew();
    EXPECT_EQ(textOption(holders, 67), "sound");
    EXPECT_EQ(textOption(claimants, 67), "clone");
    EXPECT_EQ(textOption(holders, 17), "sound");
    EXPECT_EQ(textOption(claimants, 17), "clone");
    expectApart();
}

class DdnsTuning : public CompanionTest {};
CLONE_GUARD_IN_ORDERS(DdnsTuning, bothOrders("libdhcp_ddns_tuning.so"));

// Clones send the same host name; each gets its own name from the expression.
TEST_P(DdnsTuning, givesEachCloneANameOfItsOwn) {
    ServerSetup setup =
        setupWith("libdhcp_ddns_tuning.so", {{"hostname-expr", "'host-' + hexstring(pkt4.mac,'-')"}});
    setup.more = {{"dhcp-ddns", {{"enable-updates", true}}}, {"ddns-qualifying-suffix", "lab.example."}};
    serve(setup);
    bootClones();
    for (SimClient* machine : {&first(), &second()}) {
        machine->addOption(OPTION_HOST_NAME, fromText("template"));
    }
    EXPECT_EQ(textOption(first().renew(), OPTION_HOST_NAME), "host-bc-24-11-00-00-01.lab.example");
    EXPECT_EQ(textOption(second().renew(), OPTION_HOST_NAME), "host-bc-24-11-00-00-02.lab.example");
    expectApart();
}

class Limits : public CompanionTest {
protected:
    /// @brief Makes a setup with a limit of the claimants' class.
    static ServerSetup limited(const Json& limit) {
        ServerSetup setup = setupWith("libdhcp_limits.so", nullptr);
        setup.more = {
            {"client-classes", {{{"name", "CLONE_CONFLICT"}, {"user-context", {{"limits", limit}}}}}}};
        return (setup);
    }
};
CLONE_GUARD_IN_ORDERS(Limits, bothOrdersThreaded("libdhcp_limits.so"));

// Each clone counts for its subnet's limit.
TEST_P(Limits, subnetHasNoRoomForOneCloneMore) {
    ServerSetup setup = setupWith("libdhcp_limits.so", nullptr);
    setup.subnets[0]["user-context"] = {{"limits", {{"address-limit", 2}}}};
    serve(setup);
    bootClones();
    EXPECT_TRUE(clone(4).acquire().isZero());
    EXPECT_TRUE(hasOwnLease(server(), first()));
    expectApart();
    second().release();
    EXPECT_FALSE(clone(5).acquire().isZero());
}

// R6: the claimants' class can be limited to a number of leases, independent of other clients.
TEST_P(Limits, rule06ClaimantsHaveALimitOfTheirOwn) {
    serve(limited({{"address-limit", 1}}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(hasDerivedLease(server(), second));
    EXPECT_TRUE(clone(3).acquire().isZero());
    EXPECT_FALSE(machine(4, cloneIdentifier(4)).acquire().isZero());
    expectKept(first);
    expectKept(second);
}

// R6: a rate limit of the claimants' class works only if the guard is loaded first. The library checks the rate as
// soon as the query arrives.
TEST_P(Limits, rule06ClaimantsRateIsLimitedOnlyAfterTheGuard) {
    serve(limited({{"rate-limit", "2 packets per year"}}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_EQ(second.renew().isSilence(), !GetParam().before);
    EXPECT_EQ(first.renew().type(), ACK);
}

// R2: the guard looks at the selected subnet without selecting it, and distinguishes networks.
TEST_P(Limits, rule02NetworksAreDistinguished) {
    serve(setupWith("libdhcp_limits.so", nullptr));
    bootClones();
    EXPECT_TRUE(hasOwnLease(server(), elsewhere()));
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_ONE_NETWORK").empty());
}

/// @brief Sets whether the addresses in the namespace answer an ICMP echo request.
void
answerPings(bool answer) {
    std::ofstream("/proc/sys/net/ipv4/icmp_echo_ignore_all") << (answer ? 0 : 1) << std::endl;
}

/// @brief Returns the number of ICMP echo requests that the namespace has received.
uint64_t
pings() {
    std::ifstream stream("/proc/net/snmp");
    std::string names;
    std::string values;
    while (std::getline(stream, names) && std::getline(stream, values)) {
        std::istringstream name_stream(names);
        std::istringstream value_stream(values);
        std::string name;
        std::string value;
        while (name_stream >> name && value_stream >> value) {
            if (name == "InEchos" && names.rfind("Icmp:", 0) == 0) {
                return (std::stoull(value));
            }
        }
    }
    return (0);
}

class PingCheck : public CompanionTest {
protected:
    void SetUp() override {
        CompanionTest::SetUp();
        answerPings(false);
    }

    void TearDown() override {
        answerPings(true);
        CompanionTest::TearDown();
    }

    /// @brief Repeats DISCOVER until there is an offer: the server makes none while it pings the address.
    Address boot(SimClient& machine) override {
        eventually([&machine] { return (!machine.acquire().isZero()); });
        return (machine.address());
    }
};
CLONE_GUARD_IN_ORDERS(PingCheck, bothOrdersThreaded("libdhcp_ping_check.so"));

// The server pings an address before it offers it, to a holder and to a claimant. It offers no address that answers,
// and the claimant gets another one.
TEST_P(PingCheck, pingsAddressesOfHolderAndClaimant) {
    serve(setupWith("libdhcp_ping_check.so", {{"reply-timeout", 10}, {"ping-cltt-secs", 0}}));
    const uint64_t before = pings();
    bootClones();
    EXPECT_GE(pings(), before + 3);
    EXPECT_TRUE(hasOwnLease(server(), first()));
    EXPECT_TRUE(hasDerivedLease(server(), second()));
    answerPings(true);
    SimClient& late = clone(4);
    EXPECT_TRUE(late.discover().isSilence());
    EXPECT_TRUE(eventually([this] { return (server().statistic("declined-addresses") == 1); }));
    answerPings(false);
    EXPECT_FALSE(boot(late).isZero());
    EXPECT_TRUE(hasDerivedLease(server(), late));
    expectApart();
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
