// SPDX-License-Identifier: MPL-2.0
//
// Many clones at once, and R13: floods and full tables make the guard no worse than its absence.

#include <tests/e2e/harness/e2e_test.h>

#include <fstream>
#include <iostream>
#include <set>

namespace clone_guard {
namespace test {

namespace {

class Storm : public E2eTest {
protected:
    LoadPlan allAtOnce(uint32_t clients, uint32_t identifiers) const {
        LoadPlan plan;
        plan.mode = LoadMode::CLONES;
        plan.clients = clients;
        plan.identifiers = identifiers;
        plan.window = clients;
        plan.timeout = Milliseconds(500);
        return (plan);
    }
};

// A thousand clones of one identifier at once, four threads: a thousand addresses, no wrong echo, and
// the server drops none of them for waiting behind another.
TEST_F(Storm, Rule06ThousandClonesAtOnceGetAThousandAddresses) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = 4;
    setup.debug["kea-dhcp4.bad-packets"] = 15;
    serve(setup);
    LoadGenerator load(link(), allAtOnce(1000, 1));
    const LoadResult result = load.acquire();
    EXPECT_EQ(result.completed, 1000U) << result.toJson();
    EXPECT_EQ(result.addresses, 1000U) << result.toJson();
    EXPECT_EQ(result.wrong_echoes + result.shared_acks + result.naks, 0U) << result.toJson();
    EXPECT_TRUE(server().debugLog("kea-dhcp4.bad-packets", "DHCP4_PACKET_DROP_0011").empty());
    std::set<std::string> hw_addresses;
    for (const auto& record : server().leases()) {
        hw_addresses.insert(record.hw_address);
    }
    EXPECT_EQ(hw_addresses.size(), 1000U);
    const LoadResult renewed = load.renew(2);
    EXPECT_EQ(renewed.completed, 2000U) << renewed.toJson();
    EXPECT_EQ(renewed.naks + renewed.shared_acks + renewed.wrong_echoes, 0U) << renewed.toJson();
    std::cout << "acquired " << result.toJson() << "\nrenewed  " << renewed.toJson() << std::endl;
}

// The same under refuse: one is served, and nobody else has a lease.
TEST_F(Storm, Rule07OneOfManyClonesIsServed) {
    ServerSetup setup = guarded("refuse");
    setup.threads = 4;
    serve(setup);
    LoadPlan plan = allAtOnce(100, 1);
    plan.attempts = 2;
    plan.timeout = Milliseconds(300);
    LoadGenerator load(link(), plan);
    const LoadResult result = load.acquire();
    EXPECT_EQ(result.completed, 1U) << result.toJson();
    EXPECT_EQ(server().leases().size(), 1U);
}

class Rule13NeverWorse : public E2eTest {
protected:
    /// @brief DISCOVERs of machines that never come again, each with another identifier.
    void flood(uint32_t machines, uint32_t first_machine = 0x200000) {
        for (uint32_t i = 0; i < machines; ++i) {
            SimClient forged(link(), virtualMac(first_machine + i),
                             cloneIdentifier(0x5000000000000000 + first_machine + i), relayOf(1));
            ASSERT_EQ(forged.discover().type(), OFFER);
        }
    }

    /// @brief The memory that the server has, in kilobytes.
    long residentMemory() {
        std::ifstream status("/proc/" + std::to_string(server().pid()) + "/status");
        std::string line;
        while (std::getline(status, line)) {
            if (line.rfind("VmRSS:", 0) == 0) {
                return (std::stol(line.substr(6)));
            }
        }
        return (0);
    }
};

// When the table of claims is full everybody is still served, what is on record is still kept apart,
// and the state is counted and logged once.
TEST_F(Rule13NeverWorse, fullTableOfClaimsLeavesTheLeaseDatabase) {
    ServerSetup setup = guarded("mac-fallback");
    setup.guard->update({{"max-claims", 1024}, {"claim-window", 3600}});
    serve(setup);
    SimClient& first = holder();
    SimClient& second = clone(2);
    const Address address = second.acquire();
    flood(2500);
    EXPECT_EQ(second.renew().address(), address);
    EXPECT_EQ(second.acquire(), address);
    EXPECT_EQ(first.acquire(), first.address());
    EXPECT_NE(clone(3).acquire(), first.address());
    SimClient& stranger = machine(500, cloneIdentifier(500));
    EXPECT_FALSE(stranger.acquire().isZero());
    SimClient& twin = machine(501, cloneIdentifier(500));
    EXPECT_FALSE(twin.acquire().isZero());
    EXPECT_NE(twin.address(), stranger.address());
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_GT(server().statistic("clone-guard-degraded"), 0);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_DEGRADED").size(), 1U);
    EXPECT_EQ(server().audit("guard-degraded").size(), 1U);
}

// More conflicts than the table holds: everybody is kept apart all the same.
TEST_F(Rule13NeverWorse, fullTableOfConflictsOnlyCostsReports) {
    ServerSetup setup = guarded("mac-fallback");
    setup.guard->update({{"max-conflicts", 3}});
    serve(setup);
    LoadPlan plan;
    plan.mode = LoadMode::CLONES;
    plan.clients = 120;
    plan.identifiers = 40;
    LoadGenerator load(link(), plan);
    const LoadResult result = load.acquire();
    EXPECT_EQ(result.addresses, 120U) << result.toJson();
    EXPECT_EQ(load.renew(2).naks, 0U);
}

// Both tables are full, and claimants of several identifiers come all the same: each keeps an address
// of its own, the holders keep theirs, and nobody releases or declines what is another's. So it is
// after a restart.
TEST_F(Rule13NeverWorse, fullTablesLeaveHoldersProtected) {
    ServerSetup setup = guarded("mac-fallback");
    setup.guard->update({{"max-claims", 1024}, {"claim-window", 3600}, {"max-conflicts", 1}});
    serve(setup);
    flood(1100);
    std::vector<SimClient*> holders;
    std::vector<SimClient*> claimants;
    for (uint32_t identifier = 1; identifier <= 3; ++identifier) {
        for (uint32_t number = 0; number < 8; ++number) {
            SimClient& client = machine(identifier * 100 + number, cloneIdentifier(identifier));
            ASSERT_FALSE(client.acquire().isZero());
            (number == 0 ? holders : claimants).push_back(&client);
        }
    }
    EXPECT_EQ(server().leases().size(), holders.size() + claimants.size());
    for (int round = 0; round < 2; ++round) {
        for (SimClient* claimant : claimants) {
            for (SimClient* first : holders) {
                claimant->release(first->address());
                claimant->decline(first->address());
            }
            EXPECT_EQ(claimant->renew().type(), ACK);
            EXPECT_TRUE(setAside(server(), *claimant));
        }
        for (SimClient* first : holders) {
            expectKept(*first);
            EXPECT_TRUE(undisturbed(server(), *first));
        }
        server().restart();
        flood(1100);
    }
}

// The same under refuse: who has no lease gets none, with the tables full.
TEST_F(Rule13NeverWorse, fullTablesLeaveTheRefusedRefused) {
    ServerSetup setup = guarded("refuse");
    setup.guard->update({{"max-claims", 1024}, {"claim-window", 3600}, {"max-conflicts", 1}});
    serve(setup);
    flood(1100);
    for (uint32_t identifier = 1; identifier <= 2; ++identifier) {
        SimClient& first = machine(identifier * 100, cloneIdentifier(identifier));
        ASSERT_FALSE(first.acquire().isZero());
        for (uint32_t number = 1; number <= 3; ++number) {
            SimClient& client = machine(identifier * 100 + number, cloneIdentifier(identifier));
            EXPECT_TRUE(client.discover().isSilence());
            EXPECT_EQ(client.request(first.address()).type(), NAK);
            client.release(first.address());
        }
        EXPECT_TRUE(undisturbed(server(), first));
        expectKept(first);
    }
    EXPECT_EQ(server().leases().size(), 2U);
}

// Without room for a claim two clones of the same instant may be offered one address, as by stock Kea,
// but only one of them gets it.
TEST_F(Rule13NeverWorse, fullTableOfClaimsLetsNoTwoHaveWhatBothWereOffered) {
    ServerSetup setup = guarded("mac-fallback");
    setup.guard->update({{"max-claims", 1024}, {"claim-window", 3600}});
    serve(setup);
    flood(1100);
    SimClient& first = clone(1);
    SimClient& second = clone(2);
    const Reply offered_first = first.discover();
    const Reply offered_second = second.discover();
    EXPECT_EQ(first.request(offered_first).type(), ACK);
    if (second.request(offered_second).type() != ACK) {
        EXPECT_FALSE(second.acquire().isZero());
    }
    EXPECT_NE(first.address(), second.address());
    EXPECT_TRUE(undisturbed(server(), first));
    EXPECT_TRUE(setAside(server(), second));
}

// Without room for a claim an identifier still passes to the next machine when the holder's lease has run out:
// the lease database alone decides, so nobody is refused for ever.
TEST_F(Rule13NeverWorse, fullTableOfClaimsLetsTheNextHolderIn) {
    ServerSetup setup = guarded("refuse");
    setup.guard->update({{"max-claims", 1024}, {"claim-window", 3600}});
    setup.more["valid-lifetime"] = 100;
    serve(setup, true);
    flood(1100);
    SimClient& first = holder();
    EXPECT_TRUE(clone(2).discover().isSilence());
    server().advanceClock(200);
    SimClient& third = clone(3);
    EXPECT_FALSE(third.acquire().isZero());
    EXPECT_TRUE(undisturbed(server(), third));
    EXPECT_TRUE(first.discover().isSilence());
}

// Where there are more conflicts than the table holds, that is said once. There is no line for each packet (R11).
TEST_F(Rule13NeverWorse, fullTableOfConflictsIsReportedOnceNotByThePacket) {
    ServerSetup setup = guarded("mac-fallback");
    setup.guard->update({{"max-conflicts", 2}});
    serve(setup);
    std::vector<SimClient*> claimants;
    for (uint32_t identifier = 1; identifier <= 4; ++identifier) {
        machine(identifier * 100, cloneIdentifier(identifier)).acquire();
        claimants.push_back(&machine(identifier * 100 + 1, cloneIdentifier(identifier)));
        claimants.back()->acquire();
    }
    for (int round = 0; round < 20; ++round) {
        for (SimClient* client : claimants) {
            EXPECT_EQ(client->renew().type(), ACK);
        }
    }
    EXPECT_LE(server().operatorLog("CLONE_GUARD_CONFLICT_SUSPECTED").size(), 4U);
    EXPECT_LE(server().audit("address-assigned").size(), 4U);
    EXPECT_LT(server().operatorLog("CLONE_GUARD_DEGRADED").size(), 4U);
    EXPECT_GT(server().statistic("clone-guard-degraded"), 0);
}

// A flood of forged identities does not make the server grow without end.
TEST_F(Rule13NeverWorse, floodOfForgedIdentitiesDoesNotExhaustMemory) {
    ServerSetup setup = guarded("refuse");
    setup.guard->update({{"max-claims", 1024}, {"max-conflicts", 100}});
    serve(setup);
    holder();
    LoadPlan plan;
    plan.mode = LoadMode::CLONES;
    plan.clients = 4000;
    plan.identifiers = 2000;
    plan.attempts = 1;
    plan.timeout = Milliseconds(100);
    plan.window = 200;
    LoadGenerator(link(), plan).acquire();
    const long before = residentMemory();
    ASSERT_GT(before, 0);
    flood(3000);
    EXPECT_LT(residentMemory() - before, 20 * 1024) << "kilobytes more for 3000 forged machines";
}

class Rule14Cost : public E2eTest {};

// A client in no conflict is not logged, not counted, and not touched: its packets pass as they came.
// What it costs in instructions is measured elsewhere (tests/bench).
TEST_F(Rule14Cost, clientInNoConflictLeavesNoTrace) {
    serve(guarded("mac-fallback"));
    LoadPlan plan;
    plan.clients = 300;
    LoadGenerator load(link(), plan);
    EXPECT_EQ(load.acquire().completed, 300U);
    EXPECT_EQ(load.renew(2).completed, 600U);
    EXPECT_TRUE(server().audit().empty());
    EXPECT_TRUE(server().operatorLog("WARN").empty());
    for (const char* name : {"suspected", "mac-fallback", "refused", "release-blocked",
                             "decline-blocked", "degraded", "malformed"}) {
        EXPECT_EQ(server().statistic(std::string("clone-guard-") + name), 0) << name;
    }
    for (const auto& record : server().leases()) {
        EXPECT_FALSE(looksDerived(fromHex(record.client_id))) << record.client_id;
    }
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
