// SPDX-License-Identifier: MPL-2.0
//
// In company: hook libraries that read or change queries and replies, before and after the guard. In each
// order the clones are kept apart, and the other library does its job for a holder and for a claimant; where
// the order matters, a test says so. Libraries that the release does not ship have no tests here, see
// companions_commands_test.cc.

#include <tests/e2e/harness/fixtures/companion.h>

#include <fstream>
#include <sstream>

namespace clone_guard {
namespace test {

namespace {

class Bootp : public CompanionTest {};
CLONE_GUARD_IN_COMPANY(Bootp, bothOrders("libdhcp_bootp.so"));

// A BOOTP client beside clones gets its address for ever (R1).
TEST_P(Bootp, Rule01BootpClientsLiveBesideClones) {
    serve(inCompany("libdhcp_bootp.so"));
    meet();
    EXPECT_TRUE(undisturbed(server(), first()));
    EXPECT_TRUE(setAside(server(), second()));
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
CLONE_GUARD_IN_COMPANY(FlexOption, bothOrders("libdhcp_flex_option.so"));

// Expressions see who is a claimant: by the class, and by the derived identifier (R6).
TEST_P(FlexOption, Rule06ExpressionsSeeTheClaimantsClass) {
    const Json by_class = {{"code", 67}, {"add", "ifelse(member('CLONE_CONFLICT'),'clone','sound')"}};
    const Json by_identifier = {{"code", 17},
                                {"add", "ifelse(substring(option[61].hex,1,2)=='CG','clone','sound')"}};
    serve(inCompany("libdhcp_flex_option.so", {{"options", {by_class, by_identifier}}}));
    meet();
    const Reply holders = first().renew();
    const Reply claimants = second().renew();
    EXPECT_EQ(textOption(holders, 67), "sound");
    EXPECT_EQ(textOption(claimants, 67), "clone");
    EXPECT_EQ(textOption(holders, 17), "sound");
    EXPECT_EQ(textOption(claimants, 17), "clone");
    expectApart();
}

class DdnsTuning : public CompanionTest {};
CLONE_GUARD_IN_COMPANY(DdnsTuning, bothOrders("libdhcp_ddns_tuning.so"));

// Clones send one host name; each gets the one that the expression makes for it.
TEST_P(DdnsTuning, givesEachCloneANameOfItsOwn) {
    ServerSetup setup =
        inCompany("libdhcp_ddns_tuning.so", {{"hostname-expr", "'host-' + hexstring(pkt4.mac,'-')"}});
    setup.more = {{"dhcp-ddns", {{"enable-updates", true}}}, {"ddns-qualifying-suffix", "lab.example."}};
    serve(setup);
    meet();
    for (SimClient* machine : {&first(), &second()}) {
        machine->addOption(OPTION_HOST_NAME, fromText("template"));
    }
    EXPECT_EQ(textOption(first().renew(), OPTION_HOST_NAME), "host-bc-24-11-00-00-01.lab.example");
    EXPECT_EQ(textOption(second().renew(), OPTION_HOST_NAME), "host-bc-24-11-00-00-02.lab.example");
    expectApart();
}

class Limits : public CompanionTest {
protected:
    /// @brief A limit of the claimants' class.
    static ServerSetup limited(const Json& limit) {
        ServerSetup setup = inCompany("libdhcp_limits.so", nullptr);
        setup.more = {
            {"client-classes", {{{"name", "CLONE_CONFLICT"}, {"user-context", {{"limits", limit}}}}}}};
        return (setup);
    }
};
CLONE_GUARD_IN_COMPANY(Limits, bothOrdersThreaded("libdhcp_limits.so"));

// A subnet's limit counts each clone.
TEST_P(Limits, subnetHasNoRoomForOneCloneMore) {
    ServerSetup setup = inCompany("libdhcp_limits.so", nullptr);
    setup.subnets[0]["user-context"] = {{"limits", {{"address-limit", 2}}}};
    serve(setup);
    meet();
    EXPECT_TRUE(clone(4).acquire().isZero());
    EXPECT_TRUE(undisturbed(server(), first()));
    expectApart();
    second().release();
    EXPECT_FALSE(clone(5).acquire().isZero());
}

// The claimants' class can be limited: so many clones, whatever the others do (R6).
TEST_P(Limits, Rule06ClaimantsHaveALimitOfTheirOwn) {
    serve(limited({{"address-limit", 1}}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_TRUE(setAside(server(), second));
    EXPECT_TRUE(clone(3).acquire().isZero());
    EXPECT_FALSE(machine(4, cloneIdentifier(4)).acquire().isZero());
    expectKept(first);
    expectKept(second);
}

// The rate of the claimants' class is limited only if the guard comes first: a rate is looked at as soon as
// the query comes in (R6).
TEST_P(Limits, Rule06ClaimantsRateIsLimitedOnlyAfterTheGuard) {
    serve(limited({{"rate-limit", "2 packets per year"}}));
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    EXPECT_EQ(second.renew().isSilence(), !GetParam().before);
    EXPECT_EQ(first.renew().type(), ACK);
}

// To look at the selected subnet is not to select it: networks are told apart (R2).
TEST_P(Limits, Rule02NetworksAreToldApart) {
    serve(inCompany("libdhcp_limits.so", nullptr));
    meet();
    EXPECT_TRUE(undisturbed(server(), elsewhere()));
    EXPECT_TRUE(server().operatorLog("CLONE_GUARD_ONE_NETWORK").empty());
}

/// @brief Whether the addresses in the namespace answer an ICMP echo request.
void
answerPings(bool answer) {
    std::ofstream("/proc/sys/net/ipv4/icmp_echo_ignore_all") << (answer ? 0 : 1) << std::endl;
}

/// @brief ICMP echo requests that came to the namespace so far.
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

    /// @brief As a client does: while an address is tried out there is no offer, so it asks again.
    Address boot(SimClient& machine) override {
        eventually([&machine] { return (!machine.acquire().isZero()); });
        return (machine.address());
    }
};
CLONE_GUARD_IN_COMPANY(PingCheck, bothOrdersThreaded("libdhcp_ping_check.so"));

// An address is tried out before it is offered, to a holder and to a claimant; one that answers is offered to
// nobody, and the claimant gets another.
TEST_P(PingCheck, triesOutAddressesOfHolderAndClaimant) {
    serve(inCompany("libdhcp_ping_check.so", {{"reply-timeout", 10}, {"ping-cltt-secs", 0}}));
    const uint64_t before = pings();
    meet();
    EXPECT_GE(pings(), before + 3);
    EXPECT_TRUE(undisturbed(server(), first()));
    EXPECT_TRUE(setAside(server(), second()));
    answerPings(true);
    SimClient& late = clone(4);
    EXPECT_TRUE(late.discover().isSilence());
    EXPECT_TRUE(eventually([this] { return (server().statistic("declined-addresses") == 1); }));
    answerPings(false);
    EXPECT_FALSE(boot(late).isZero());
    EXPECT_TRUE(setAside(server(), late));
    expectApart();
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
