// SPDX-License-Identifier: MPL-2.0
//
// Many clones at once, and R13: floods and full tables make the server no worse than without the guard.

#include <tests/e2e/harness/fixtures/e2e_test.h>
#include <tests/e2e/harness/servers/receive_buffer.h>

#include <fstream>
#include <iostream>
#include <set>

namespace clone_guard {
namespace test {

namespace {

class Storm : public E2eTest {
protected:
    /// @brief Makes room for the messages of a thousand machines, as docs/sizing.md recommends.
    void enlargeReceiveBuffers() {
        if (setReceiveBuffers(server().pid(), 8 << 20) == 0) {
            std::cout << "the kernel permits no larger receive buffer, so machines send again\n";
        }
    }

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

// R6: a thousand clones of one identifier send at once to four threads and get a thousand addresses, each with its own
// option 61. The server drops no query because it waits for another.
TEST_F(Storm, rule06ThousandClonesAtOnceGetAThousandAddresses) {
    ServerSetup setup = guarded("mac-fallback");
    setup.threads = 4;
    setup.debug["kea-dhcp4.bad-packets"] = 15;
    serve(setup);
    enlargeReceiveBuffers();
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

// R7: under refuse one of many clones is served, and no other gets a lease.
TEST_F(Storm, rule07OneOfManyClonesIsServed) {
    ServerSetup setup = guarded("refuse");
    setup.threads = 4;
    serve(setup);
    LoadPlan plan = allAtOnce(100, 1);
    plan.attempts = 2;
    plan.timeout = Milliseconds(300);
    LoadGenerator load(link(), plan);
    // On a slow machine the first attempts may end before the server has answered.
    LoadResult result;
    EXPECT_TRUE(eventually([&] {
        result = load.acquire();
        return (result.completed > 0);
    }));
    EXPECT_EQ(result.completed, 1U) << result.toJson();
    EXPECT_EQ(server().leases().size(), 1U);
}

class Rule13NeverWorse : public E2eTest {
protected:
    /// @brief Sends DISCOVERs of machines that do not return, each with another identifier.
    void flood(uint32_t machines, uint32_t first_machine = 0x200000) {
        for (uint32_t i = 0; i < machines; ++i) {
            SimClient forged(link(), virtualMac(first_machine + i),
                             cloneIdentifier(0x5000000000000000 + first_machine + i), relayOf(1));
            ASSERT_EQ(forged.discover().type(), OFFER);
        }
    }

    /// @brief Returns the resident memory of the server in kilobytes.
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

// R13: with a full table of claims all machines are served, machines with leases are kept apart, and the state is
// counted and logged once.
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
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_GT(server().statistic("clone-guard-degraded"), 0);
    EXPECT_EQ(server().operatorLog("CLONE_GUARD_DEGRADED").size(), 1U);
    EXPECT_EQ(server().audit("guard-degraded").size(), 1U);
}

// R13: with more conflicts than the table holds, all machines are still kept apart.
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

// R13: both tables are full, and claimants of several identifiers send. Each keeps its own address, the holders keep
// theirs, and no machine releases or declines another's lease. The same holds after a restart.
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
            EXPECT_TRUE(hasDerivedLease(server(), *claimant));
        }
        for (SimClient* first : holders) {
            expectKept(*first);
            EXPECT_TRUE(hasOwnLease(server(), *first));
        }
        server().restart();
        flood(1100);
    }
}

// R13: with full tables under refuse, a machine without a lease gets none.
TEST_F(Rule13NeverWorse, fullTablesLeaveClaimantsRefused) {
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
        EXPECT_TRUE(hasOwnLease(server(), first));
        expectKept(first);
    }
    EXPECT_EQ(server().leases().size(), 2U);
}

// R13: without room for a claim, two clones may be offered one address at the same instant, as by stock Kea. Only one
// of them gets it.
TEST_F(Rule13NeverWorse, fullTableOfClaimsGivesAnOfferedAddressToOneMachine) {
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
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R13: without room for a claim, an identifier still passes to the next machine when the holder's lease has expired.
// The lease database alone decides, so no machine is refused permanently.
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
    EXPECT_TRUE(hasOwnLease(server(), third));
    EXPECT_TRUE(first.discover().isSilence());
}

// R11, R13: more conflicts than the table holds are logged once, not for each packet.
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

// R13: a flood of forged identities does not make the server grow without bound.
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
    EXPECT_LT(residentMemory() - before, 20 * 1024) << "kilobytes for 3000 forged machines";
}

class Rule14Cost : public E2eTest {};

// R14: a client without a conflict is not logged, counted or changed. tests/bench measures its cost in instructions.
TEST_F(Rule14Cost, clientWithoutAConflictLeavesNoTrace) {
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
