// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/lease_lines.h>

#include <core/identity/derived_identifier.h>
#include <tool/scan/lease_history.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace clone_guard {
namespace test {

namespace {

class LeaseHistoryTest : public ::testing::Test {
protected:
    /// Adds the lines of a file.
    void read(const std::vector<LeaseLine>& lines, bool is_snapshot = false) {
        for (const auto& line : lines) {
            LeaseRow row;
            row.address = IpAddress(0xc0000200U + line.address);
            const auto address = mac(line.machine);
            row.hw_address = address.bytes();
            row.identifier = line.identifier;
            row.time = utcFromSeconds(LEASE_EPOCH + line.at);
            row.lifetime = std::chrono::seconds(line.lifetime);
            row.subnet = line.subnet;
            row.state = line.state;
            row.hostname = line.hostname;
            history_.add(row, is_snapshot);
        }
    }

    /// @return the only shared identifier. The test fails if there is another number of them.
    SharedIdentifier only() {
        const auto all = history_.shared();
        EXPECT_EQ(all.size(), 1U);
        return (all.empty() ? SharedIdentifier() : all.front());
    }

    /// Adds a lease of another client, which shows that the file continues until then.
    void continueUntil(int64_t at) {
        read({{at, 99, 99, 600, identifierNumber(99)}});
    }

    LeaseHistory history_;
};

// A client that renews is one machine, even if its address or host name changes.
TEST_F(LeaseHistoryTest, oneMachine) {
    read({{0, 1, 1}, {300, 1, 1}, {600, 1, 2}, {900, 1, 2, 0}, {5000, 1, 3}});
    read({{0, 2, 4, 600, identifierNumber(2)}});
    EXPECT_TRUE(history_.shared().empty());
    EXPECT_TRUE(history_.sharedDuids().empty());
    EXPECT_EQ(history_.identifiers(), 2U);
}

// R9: a new network card appears after the lease has expired, and the old card does not return: not a clone.
TEST_F(LeaseHistoryTest, rule09MovedAfterExpiry) {
    read({{0, 1, 1, 600, cloneIdentifier(), 1, 0, "old"}, {1000, 2, 1}, {1300, 2, 1}});
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::MOVED);
    EXPECT_EQ(one.evidence.changes, 1U);
    EXPECT_EQ(one.evidence.live_changes, 0U);
    ASSERT_EQ(one.machines.size(), 2U);
    EXPECT_EQ(one.machines[0].address, mac(1));
    EXPECT_EQ(one.machines[0].hostname, "old");
    EXPECT_EQ(one.machines[1].first, utcFromSeconds(LEASE_EPOCH + 1000));
    EXPECT_EQ(one.machines[1].last, utcFromSeconds(LEASE_EPOCH + 1300));
    EXPECT_EQ(one.machines[1].leases, 2U);
}

// R9: a network card that is replaced while the lease is live is undecided until the lease has expired: an active machine
// would renew before.
TEST_F(LeaseHistoryTest, rule09MovedWhileLive) {
    read({{0, 1, 1}, {100, 2, 1}});
    EXPECT_EQ(only().sharing, Sharing::CLONES);
    EXPECT_TRUE(only().evidence.undecided);
    continueUntil(599);
    EXPECT_EQ(only().sharing, Sharing::CLONES);
}

TEST_F(LeaseHistoryTest, rule09MovedWhileLiveAndSilent) {
    read({{0, 1, 1}, {100, 2, 1}});
    continueUntil(600);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.live_changes, 1U);
}

// R9: a container with a new hardware address at each start has moved.
TEST_F(LeaseHistoryTest, rule09MovedAgainAndAgain) {
    for (uint32_t i = 1; i <= 5; ++i) {
        read({{i * 1000, i, 1}});
    }
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.changes, 4U);
}

// Clones: an address changes back and forth between two machines that renew.
TEST_F(LeaseHistoryTest, backAndForth) {
    read({{0, 1, 1}, {10, 2, 1}, {300, 1, 1}, {310, 2, 1}});
    continueUntil(100000);
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::CLONES);
    EXPECT_EQ(one.evidence.changes, 3U);
    EXPECT_EQ(one.evidence.returns, 2U);
    EXPECT_EQ(one.evidence.live_changes, 3U);
}

// Clones too: two machines that are switched on in turn, each after the other's lease has expired.
TEST_F(LeaseHistoryTest, inTurn) {
    read({{0, 1, 1}, {1000, 2, 1}, {2000, 1, 1}});
    EXPECT_EQ(only().sharing, Sharing::CLONES);
    EXPECT_EQ(only().evidence.live_changes, 0U);
}

// Two clones that boot together have two leases at the same time.
TEST_F(LeaseHistoryTest, simultaneousLeases) {
    read({{0, 1, 1}, {1, 2, 2}});
    continueUntil(100000);
    EXPECT_TRUE(only().evidence.simultaneous);
    EXPECT_EQ(only().sharing, Sharing::CLONES);
}

// R9: a move to another address leaves one lease: the server deletes the old one after it has made the new one.
TEST_F(LeaseHistoryTest, rule09MovedToAnotherAddress) {
    read({{0, 1, 1}, {100, 2, 2}, {0, 1, 1, 0}});
    continueUntil(100000);
    EXPECT_FALSE(only().evidence.simultaneous);
    EXPECT_EQ(only().evidence.deletions, 1U);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
}

// A declined address belongs to no client, so its lease proves nothing.
TEST_F(LeaseHistoryTest, declined) {
    read({{0, 1, 1}, {5, 1, 1, 86400, {}, 1, 1}, {100, 2, 2}});
    continueUntil(100000);
    EXPECT_FALSE(only().evidence.simultaneous);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
}

// A machine that released its lease is gone: the next machine does not take over a live lease.
TEST_F(LeaseHistoryTest, released) {
    read({{0, 1, 1}, {0, 1, 1, 0}, {20, 2, 1}, {30, 2, 1}});
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.live_changes, 0U);
}

// The same with the state that later releases of Kea write.
TEST_F(LeaseHistoryTest, releasedState) {
    read({{0, 1, 1}, {10, 1, 1, 600, cloneIdentifier(), 1, 3}, {20, 2, 1}});
    EXPECT_EQ(only().sharing, Sharing::MOVED);
}

// The server's reclamation of an expired lease is not a message of the client.
TEST_F(LeaseHistoryTest, reclaimedAndDeclined) {
    read(
        {{0, 1, 1}, {0, 1, 1, 600, cloneIdentifier(), 1, 2}, {1000, 2, 1}, {1000, 1, 9, 600, {}, 1, 1}});
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().machines[0].last, utcFromSeconds(LEASE_EPOCH));
}

// The renewals of clones with a stock server delete each other's leases.
TEST_F(LeaseHistoryTest, deletedLeases) {
    read({{0, 1, 1}, {0, 2, 2}, {0, 1, 1, 0}, {4, 1, 1}, {0, 2, 2, 0}});
    EXPECT_EQ(only().sharing, Sharing::CLONES);
    EXPECT_EQ(only().evidence.deletions, 2U);
    EXPECT_EQ(only().evidence.returns, 1U);
}

// A cleaned-up file is sorted by address: its order proves nothing.
TEST_F(LeaseHistoryTest, cleanedUpFile) {
    read({{5000, 2, 1}, {0, 1, 2, 600, cloneIdentifier(), 1, 2}, {6000, 2, 3}});
    continueUntil(100000);
    EXPECT_EQ(only().sharing, Sharing::SEPARATE_SUBNETS);
    EXPECT_EQ(only().evidence.returns, 0U);
}

// A snapshot of leases that were read before adds nothing.
TEST_F(LeaseHistoryTest, snapshot) {
    const std::vector<LeaseLine> lines{{0, 1, 1}, {1000, 2, 1}};
    read(lines);
    read(lines, true);
    continueUntil(100000);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.changes, 1U);
}

// R9: the files of two servers have the same leases: a move in both is not a return.
TEST_F(LeaseHistoryTest, rule09TwoServers) {
    const std::vector<LeaseLine> lines{{0, 1, 1}, {1000, 2, 1}};
    read(lines);
    history_.nextServer();
    read(lines);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().machines.size(), 2U);
    history_.nextServer();
    read({{2000, 1, 1}, {2001, 2, 1}, {2002, 1, 1}});
    EXPECT_EQ(only().sharing, Sharing::CLONES);
}

// R2: an identifier in two subnets may be in two networks, which the file does not show.
TEST_F(LeaseHistoryTest, rule02SeparateSubnets) {
    read({{0, 1, 1, 600, cloneIdentifier(), 1}, {1, 2, 2, 600, cloneIdentifier(), 2}});
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::SEPARATE_SUBNETS);
    ASSERT_EQ(one.machines.size(), 2U);
    EXPECT_EQ(one.machines[0].subnet, 1U);
    EXPECT_EQ(one.machines[1].subnet, 2U);
}

// R2: a machine that moves to another subnet keeps its identifier.
TEST_F(LeaseHistoryTest, rule02Roaming) {
    read({{0, 1, 1, 600, cloneIdentifier(), 1}, {1, 1, 2, 600, cloneIdentifier(), 2}});
    EXPECT_TRUE(history_.shared().empty());
}

// R2: one DUID with different IAIDs is a machine with several network cards: it is listed, but not as a clone.
TEST_F(LeaseHistoryTest, rule02OneDuid) {
    auto second = cloneIdentifier();
    second[1] ^= 1U;
    read({{0, 1, 1}, {0, 2, 2, 600, second}, {0, 3, 3, 600, identifierNumber(3)}});
    EXPECT_TRUE(history_.shared().empty());
    const auto duids = history_.sharedDuids();
    ASSERT_EQ(duids.size(), 1U);
    EXPECT_EQ(duids[0].duid, ByteView(cloneIdentifier()).from(5).copy());
    EXPECT_EQ(duids[0].machines.size(), 2U);
}

// One network card with two IAIDs is not listed.
TEST_F(LeaseHistoryTest, oneCardTwoIaids) {
    auto second = cloneIdentifier();
    second[1] ^= 1U;
    read({{0, 1, 1}, {0, 1, 2, 600, second}});
    EXPECT_TRUE(history_.sharedDuids().empty());
}

// R6: a derived identifier contains the claimant's hardware address and identifier: a guard found this claimant.
TEST_F(LeaseHistoryTest, rule06SetAside) {
    read({{0, 1, 1}, {5, 2, 2, 600, derive(mac(2), cloneIdentifier())}, {300, 1, 1}});
    const auto one = only();
    EXPECT_EQ(one.identifier, cloneIdentifier());
    EXPECT_EQ(one.sharing, Sharing::CLONES);
    EXPECT_EQ(one.evidence.changes, 0U);
    ASSERT_EQ(one.machines.size(), 2U);
    EXPECT_FALSE(one.machines[0].set_aside);
    EXPECT_TRUE(one.machines[1].set_aside);
    EXPECT_EQ(one.machines[1].address, mac(2));
}

// R6: a claimant is found without its holder, and if the derived identifier has a digest only.
TEST_F(LeaseHistoryTest, rule06SetAsideWithoutHolder) {
    read({{5, 2, 2, 600, derive(mac(2), filled(126))}, {6, 3, 3, 600, derive(mac(3), filled(126))}});
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::CLONES);
    EXPECT_EQ(one.machines.size(), 2U);
    EXPECT_TRUE(looksDerived(one.identifier));
}

// R10: each machine has the state that the server's guard shows: by its last lease, at the end of the files or now.
TEST_F(LeaseHistoryTest, rule10States) {
    const auto claimant = [](uint32_t number) { return (derive(mac(number), cloneIdentifier())); };
    read({{0, 1, 1}, {0, 2, 2, 600, claimant(2)}, {0, 3, 3, 600, claimant(3)}});
    read({{300, 1, 1}, {300, 3, 3, 600, claimant(3)}, {300, 3, 3, 0, claimant(3)}});
    continueUntil(700);
    const auto states = [this](int64_t now = 0) {
        std::string text;
        const auto shared = history_.shared(utcFromSeconds(LEASE_EPOCH + now));
        for (const auto& machine : shared.front().machines) {
            text += toText(machine.state) + " ";
        }
        return (text);
    };
    EXPECT_EQ(states(), "active expired off ");
    EXPECT_EQ(states(899), "active expired off ");
    EXPECT_EQ(states(900), "expired expired off ");
}

// R10: a running clone whose lease the server deleted for another clone is not off.
TEST_F(LeaseHistoryTest, rule10DeletedByTheServer) {
    read({{0, 1, 1}, {10, 2, 2}, {10, 1, 1, 0}, {20, 1, 1}});
    for (const auto& machine : only().machines) {
        EXPECT_EQ(machine.state, MachineState::ACTIVE) << machine.address.toText();
    }
}

// R10: a clone is sealed once it has used another identifier for the lifetime of a lease, and not the shared one. When all machines but one are sealed, they are clones no more.
TEST_F(LeaseHistoryTest, rule10Sealed) {
    const auto sealed = [this] {
        const auto all = history_.shared();
        return (std::count_if(
            all.front().machines.begin(), all.front().machines.end(),
            [](const SeenMachine& machine) { return (machine.state == MachineState::SEALED); }));
    };
    read({{0, 1, 1}, {0, 2, 2, 600, derive(mac(2), cloneIdentifier())}});
    read({{0, 3, 3, 600, derive(mac(3), cloneIdentifier())}, {100, 2, 4, 600, identifierNumber(2)}});
    // In the second of its last message, its firmware had a lease.
    read({{0, 3, 8, 600, identifierNumber(8)}});
    continueUntil(699);
    EXPECT_EQ(sealed(), 0);
    continueUntil(700);
    EXPECT_EQ(sealed(), 1);
    EXPECT_EQ(history_.shared().front().sharing, Sharing::CLONES);
    // In another subnet it proves nothing.
    read({{610, 3, 5, 600, identifierNumber(3), 2}});
    continueUntil(1210);
    EXPECT_EQ(sealed(), 1);
    read({{1220, 3, 6, 600, identifierNumber(3)}});
    continueUntil(1820);
    EXPECT_EQ(sealed(), 2);
    EXPECT_EQ(history_.shared().front().sharing, Sharing::SEALED);
    // It sends the shared identifier again.
    read({{1900, 3, 3, 600, derive(mac(3), cloneIdentifier())}});
    EXPECT_EQ(sealed(), 1);
    EXPECT_EQ(history_.shared().front().sharing, Sharing::CLONES);
    // Its firmware had a lease before, and asks again when the machine is off.
    read({{2600, 3, 9, 600, identifierNumber(3)}});
    continueUntil(3100);
    EXPECT_EQ(sealed(), 1);
    continueUntil(3200);
    EXPECT_EQ(sealed(), 2);
}

// R10: two identifiers behind one hardware address, both in use, are not sealing.
TEST_F(LeaseHistoryTest, rule10Neighbours) {
    read({{0, 1, 1}, {0, 2, 2, 600, derive(mac(2), cloneIdentifier())}});
    for (int64_t at = 100; at < 2000; at += 100) {
        read({{at, 1, 1},
              {at, 2, 2, 600, derive(mac(2), cloneIdentifier())},
              {at + 10, 2, 7, 600, identifierNumber(7)}});
    }
    EXPECT_EQ(only().sharing, Sharing::CLONES);
    for (const auto& machine : only().machines) {
        EXPECT_EQ(machine.state, MachineState::ACTIVE);
    }
}

// Memory is bounded for a flood of random hardware addresses under one identifier.
TEST_F(LeaseHistoryTest, bounded) {
    for (uint32_t i = 0; i < LeaseHistory::MAX_MACHINES + 10; ++i) {
        read({{i, i, 1}});
    }
    EXPECT_EQ(only().machines.size(), LeaseHistory::MAX_MACHINES);
    EXPECT_EQ(only().omitted, 10U);
    read({{9000, 2, 2}, {9000, 2, 3}});
    for (uint32_t i = 1; i < 100; ++i) {
        read({{9000 + i, 2, i}});
    }
    for (const auto& machine : only().machines) {
        EXPECT_LE(machine.addresses.size(), LeaseHistory::MAX_ADDRESSES);
    }
}

// Clients without an identifier or a hardware address are ignored.
TEST_F(LeaseHistoryTest, nothingToCompare) {
    read({{0, 1, 1, 600, {}}, {0, 2, 2, 600, {}}, {0, 0, 3}});
    EXPECT_EQ(history_.identifiers(), 1U);
    LeaseRow row;
    const Bytes zero(6, 0);
    row.hw_address = zero;
    row.identifier = cloneIdentifier();
    history_.add(row);
    EXPECT_EQ(history_.identifiers(), 1U);
    EXPECT_TRUE(history_.shared().empty());
}

// A hundred thousand clients are distinguished by identifier and subnet, with the host name of each.
TEST_F(LeaseHistoryTest, manyClients) {
    for (uint32_t i = 0; i < 100000; ++i) {
        read({{i, i, i, 600, identifierNumber(i), i % 3, 0, "host-" + std::to_string(i)}});
    }
    read({{200000, 7, 1, 600, identifierNumber(77777), 77777 % 3, 0, "other"}});
    EXPECT_EQ(history_.identifiers(), 100000U);
    const auto one = only();
    ASSERT_EQ(one.machines.size(), 2U);
    EXPECT_EQ(one.machines[0].hostname, "host-77777");
    EXPECT_EQ(one.machines[1].hostname, "other");
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
