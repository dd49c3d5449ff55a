// SPDX-License-Identifier: MPL-2.0

#include <tests/hook/library_test.h>

#include <nlohmann/json.hpp>

namespace clone_guard {
namespace test {

using namespace isc::dhcp;
using Json = nlohmann::json;

namespace {

class ReportTest : public LibraryTest {
protected:
    void SetUp() override {
        LibraryTest::SetUp();
        const auto lease = addLease("192.0.2.101", cloneIdentifier(), mac(1));
        lease->hostname_ = "web-01";
        LeaseMgrFactory::instance().updateLease4(lease);
        log_.wantAudit();
    }

    /// @brief Sends DISCOVER and REQUEST of claimant 2, which gets an address.
    static void acquire(const Wire& wire, const std::string& address) {
        Exchange discover(wire);
        discover.receive();
        discover.select(leaseOf(2, address), true);
        auto again = wire;
        again.type = DHCPREQUEST;
        Exchange request(again);
        request.receive();
        request.select(leaseOf(2, address));
    }
};

}  // namespace

// R11: 10,000 queries of one claimant are one log message, two audit records and a count.
TEST_F(ReportTest, rule11TenThousandQueries) {
    log_.withoutDebug();
    load();
    log_.forget();
    acquire(clone(2), "192.0.2.102");
    addLease("192.0.2.102", derivedOf(2), mac(2));
    for (int i = 0; i < 9998; ++i) {
        auto wire = clone(2, DHCPREQUEST);
        wire.ciaddr = "192.0.2.102";
        Exchange(wire).receive();
        if (i % 1000 == 0) {
            EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
        }
    }
    EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
    const auto audit = log_.audit();
    ASSERT_EQ(audit.size(), 2U);
    EXPECT_EQ(Json::parse(audit[0])["event"], "conflict-suspected");
    EXPECT_EQ(Json::parse(audit[1])["event"], "address-assigned");
    EXPECT_EQ(statistic("clone-guard-mac-fallback"), 10000);
    EXPECT_EQ(statistic("clone-guard-suspected"), 1);
}

// R10: 60,000 forged packets with a made-up ciaddr confirm no conflict, and neither does the ciaddr of a lease of another
// identifier. Two machines that renew leases of their own do.
TEST_F(ReportTest, rule10ForgedRenewalsConfirmNothing) {
    log_.withoutDebug();
    load(R"({ "max-conflicts": 6000 })");
    auto wire = clone(2, DHCPREQUEST);
    for (uint32_t forged = 0; forged < 3000; ++forged) {
        wire.identifier = identifierNumber(forged);
        wire.ciaddr = forged % 2 == 0 ? "192.0.2.101" : "192.0.2.77";
        for (uint32_t packet = 0; packet < 6; ++packet) {
            wire.address = mac(1000 + packet % 2);
            Exchange(wire).receive();
        }
    }
    EXPECT_EQ(statistic("clone-guard-suspected"), 3000);
    EXPECT_EQ(statistic("clone-guard-confirmed"), 0);
    addLease("192.0.2.102", derivedOf(2), mac(2));
    for (uint32_t packet = 0; packet < 8; ++packet) {
        const auto machine = 1 + packet % 2;
        wire = clone(machine, DHCPREQUEST);
        wire.ciaddr = "192.0.2.10" + std::to_string(machine);
        Exchange(wire).receive();
    }
    EXPECT_EQ(statistic("clone-guard-confirmed"), 1);
}

// R11: a claimant that only extends an earlier lease is reported with its address. A DISCOVER, or a REQUEST for another
// address, shows no address of the claimant.
TEST_F(ReportTest, rule11AddressFromBefore) {
    load();
    addLease("192.0.2.102", derivedOf(2), mac(2));
    auto wire = clone(2);
    wire.requested = "192.0.2.102";
    Exchange(wire).receive();
    wire = clone(2, DHCPREQUEST);
    wire.requested = "192.0.2.103";
    Exchange(wire).receive();
    ASSERT_EQ(log_.audit().size(), 1U);
    wire.requested = "";
    wire.ciaddr = "192.0.2.102";
    Exchange(wire).receive();
    const auto audit = log_.audit();
    ASSERT_EQ(audit.size(), 2U);
    EXPECT_EQ(Json::parse(audit[1])["event"], "address-assigned");
    EXPECT_EQ(Json::parse(audit[1])["address"], "192.0.2.102");
}

// R12: log message and audit record name the machine, its place, the action and the remedy.
TEST_F(ReportTest, rule12WhoWhereWhat) {
    load();
    auto wire = clone(2);
    wire.hostname = "web-02";
    wire.vendor_class = "systemd";
    wire.relay_options = {1, 2, 0xab, 0xcd, 2, 1, 0xef};
    acquire(wire, "192.0.2.102");
    const auto lines = log_.with("CLONE_GUARD_CONFLICT_SUSPECTED");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].level, "WARN");
    EXPECT_EQ(lines[0].logger, "kea-dhcp4.clone-guard-hooks");
    for (const auto& part : {toHex(cloneIdentifier()), mac(1).toText(), mac(2).toText(),
                             std::string("192.0.2.101"), std::string("web-02"), std::string("subnet 1"),
                             std::string("truncate -s 0 /etc/machine-id")}) {
        EXPECT_NE(lines[0].text.find(part), std::string::npos)
            << part << " is missing: " << lines[0].text;
    }
    const auto audit = log_.audit();
    ASSERT_EQ(audit.size(), 2U);
    const auto record = Json::parse(audit[0]);
    EXPECT_EQ(record["event"], "conflict-suspected");
    EXPECT_EQ(record["policy"], "mac-fallback");
    EXPECT_EQ(record["action"], "mac-fallback");
    EXPECT_EQ(record["client_id"], toHex(cloneIdentifier()));
    EXPECT_EQ(record["hw_address"], mac(2).toText());
    EXPECT_EQ(record["hostname"], "web-02");
    EXPECT_EQ(record["vendor_class"], "systemd");
    EXPECT_EQ(record["interface"], "ens18");
    EXPECT_EQ(record["relay"], "192.0.2.1");
    EXPECT_EQ(record["circuit_id"], "ab:cd");
    EXPECT_EQ(record["remote_id"], "ef");
    EXPECT_EQ(record["subnet_id"], 1);
    EXPECT_EQ(record["holder"]["hw_address"], mac(1).toText());
    EXPECT_EQ(record["holder"]["address"], "192.0.2.101");
    EXPECT_EQ(record["holder"]["hostname"], "web-01");
    EXPECT_TRUE(record["holder"].contains("last_seen"));
    EXPECT_EQ(record["claimants"], 1);
    EXPECT_EQ(record["suppressed"], 0);
    EXPECT_EQ(record["transaction_id"], "0x0badcafe");
    EXPECT_TRUE(record.contains("remedy"));
    EXPECT_FALSE(record.contains("network")) << "a lone subnet has no name";
    const auto assigned = Json::parse(audit[1]);
    EXPECT_EQ(assigned["event"], "address-assigned");
    EXPECT_EQ(assigned["address"], "192.0.2.102");
}

// R12: the action is that of the policy.
TEST_F(ReportTest, rule12ActionOfEachPolicy) {
    for (const auto& [policy, action] : {std::pair<const char*, const char*>{"monitor", "none"},
                                         {"mac-fallback", "mac-fallback"},
                                         {"refuse", "refuse"}}) {
        load(std::string(R"({ "policy": ")") + policy + "\" }");
        log_.forget();
        seenAs(clone(2));
        const auto audit = log_.audit();
        ASSERT_EQ(audit.size(), 1U) << policy;
        EXPECT_EQ(Json::parse(audit[0])["policy"], policy);
        EXPECT_EQ(Json::parse(audit[0])["action"], action);
    }
}

// R11: the records count the claimants of a conflict.
TEST_F(ReportTest, rule11EachClaimantOnce) {
    load();
    log_.forget();
    for (uint32_t machine = 2; machine < 12; ++machine) {
        seenAs(clone(machine));
        seenAs(clone(machine));
    }
    const auto audit = log_.audit();
    ASSERT_EQ(audit.size(), 10U);
    for (size_t i = 0; i < audit.size(); ++i) {
        EXPECT_EQ(Json::parse(audit[i])["claimants"], i + 1);
    }
    EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 10U);
}

// R11: no packet can forge, split or end a log line, nor fill in another argument of it.
TEST_F(ReportTest, rule11HostileNames) {
    load();
    log_.forget();
    auto wire = clone(2);
    wire.hostname = "x\n2026-05-01 WARN [kea-dhcp4] %1 %8 \"}";
    wire.vendor_class = "\x1b[31m\r\n{\"event\":\"conflict-ended\"}";
    seenAs(wire);
    const auto lines = log_.with("CLONE_GUARD_CONFLICT_SUSPECTED");
    ASSERT_EQ(lines.size(), 1U);
    for (const char character : lines[0].text) {
        EXPECT_GE(character, 0x20);
    }
    EXPECT_NE(lines[0].text.find("x\\x0a2026-05-01 WARN [kea-dhcp4] \\x251 \\x258 \\x22}"),
              std::string::npos)
        << lines[0].text;
    ASSERT_EQ(log_.audit().size(), 1U);
    EXPECT_EQ(Json::parse(log_.audit()[0])["event"], "conflict-suspected");
}

// R11: under monitor the machine that was seen first stays the holder, although the server rewrites the lease each
// time.
TEST_F(ReportTest, rule11MonitorKeepsTheFirst) {
    load(R"({ "policy": "monitor" })");
    log_.forget();
    seenAs(clone(2));
    const auto lease = LeaseMgrFactory::instance().getLease4(isc::asiolink::IOAddress("192.0.2.101"));
    lease->hwaddr_.reset(new HWAddr(mac(2).bytes().copy(), 1));
    LeaseMgrFactory::instance().updateLease4(lease);
    seenAs(clone(1));
    seenAs(clone(3));
    const auto audit = log_.audit();
    ASSERT_EQ(audit.size(), 2U);
    const auto record = Json::parse(audit[1]);
    EXPECT_EQ(record["hw_address"], mac(3).toText());
    EXPECT_EQ(record["holder"]["hw_address"], mac(1).toText());
    // The rewritten lease belongs to another machine.
    EXPECT_FALSE(record["holder"].contains("hostname")) << record["holder"];
}

// R11: without an audit log no audit record appears in the operator's log.
TEST_F(ReportTest, rule11NoAuditLog) {
    load();
    log_.forget();
    log_.wantNoAudit();
    seenAs(clone(2));
    EXPECT_TRUE(log_.audit().empty());
    EXPECT_TRUE(log_.with("{").empty());
    EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 1U);
}

// R13: a flood of claimants is reported up to the bound of the table, then as one outage. Each claimant is still
// derived.
TEST_F(ReportTest, rule13ConflictsFull) {
    log_.withoutDebug();
    load(R"({ "max-conflicts": 1 })");
    log_.forget();
    for (uint32_t machine = 2; machine < 4200; ++machine) {
        ASSERT_EQ(seenAs(clone(machine)), derivedOf(machine));
    }
    EXPECT_EQ(log_.with("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 4096U);
    ASSERT_EQ(log_.with("CLONE_GUARD_DEGRADED").size(), 1U);
    EXPECT_NE(log_.with("CLONE_GUARD_DEGRADED")[0].text.find("max-conflicts"), std::string::npos);
    EXPECT_EQ(statistic("clone-guard-degraded"), 4200 - 2 - 4096);
}

// R13: if the table of claims is full, the database decides, and one outage is reported.
TEST_F(ReportTest, rule13ClaimsFull) {
    log_.withoutDebug();
    load(R"({ "max-claims": 1024 })");
    log_.forget();
    for (uint32_t number = 0; number < 1100; ++number) {
        auto wire = clone(1000 + number);
        wire.identifier = identifierNumber(number);
        ASSERT_EQ(seenAs(wire), identifierNumber(number));
    }
    ASSERT_EQ(log_.with("CLONE_GUARD_DEGRADED").size(), 1U);
    EXPECT_NE(log_.with("CLONE_GUARD_DEGRADED")[0].text.find("max-claims"), std::string::npos);
    EXPECT_EQ(statistic("clone-guard-degraded"), 1100 - 1024);
    EXPECT_EQ(seenAs(clone(2)), derivedOf(2));
}

}  // namespace test
}  // namespace clone_guard
