// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/tool/lease_lines.h>

#include <core/identity/derived_identifier.h>
#include <tool/scan/lease_history.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

class LeaseHistoryTest : public ::testing::Test {
protected:
    /// Lines of the file, one after the other.
    void read(const std::vector<LeaseLine>& lines, bool restated = false) {
        for (const auto& line : lines) {
            LeaseRow row;
            row.address = 0xc0000200U + line.address;
            const auto address = mac(line.machine);
            row.hw_address = address.bytes();
            row.identifier = line.identifier;
            row.time = LEASE_EPOCH + line.at;
            row.lifetime = line.lifetime;
            row.subnet = line.subnet;
            row.state = line.state;
            row.hostname = line.hostname;
            history_.add(row, restated);
        }
    }

    /// The one identifier that is shared; fails where there is another number of them.
    SharedIdentifier only() {
        const auto all = history_.shared();
        EXPECT_EQ(all.size(), 1U);
        return (all.empty() ? SharedIdentifier() : all.front());
    }

    /// What the file shows of another client long after: that it goes on.
    void later(int64_t at) {
        read({{at, 99, 99, 600, identifierNumber(99)}});
    }

    LeaseHistory history_;
};

// A client that renews is one machine, whatever its address and host name.
TEST_F(LeaseHistoryTest, oneMachine) {
    read({{0, 1, 1}, {300, 1, 1}, {600, 1, 2}, {900, 1, 2, 0}, {5000, 1, 3}});
    read({{0, 2, 4, 600, identifierNumber(2)}});
    EXPECT_TRUE(history_.shared().empty());
    EXPECT_TRUE(history_.sharedDuids().empty());
    EXPECT_EQ(history_.identifiers(), 2U);
}

// R9: a new network card comes once the lease has run out, and the old one does not come back: no clone.
TEST_F(LeaseHistoryTest, rule09MovedAfterExpiry) {
    read({{0, 1, 1, 600, cloneIdentifier(), 1, 0, "old"}, {1000, 2, 1}, {1300, 2, 1}});
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::MOVED);
    EXPECT_EQ(one.evidence.changes, 1U);
    EXPECT_EQ(one.evidence.live, 0U);
    ASSERT_EQ(one.machines.size(), 2U);
    EXPECT_EQ(one.machines[0].address, mac(1));
    EXPECT_EQ(one.machines[0].hostname, "old");
    EXPECT_EQ(one.machines[1].first, LEASE_EPOCH + 1000);
    EXPECT_EQ(one.machines[1].last, LEASE_EPOCH + 1300);
    EXPECT_EQ(one.machines[1].rows, 2U);
}

// R9: a card that is replaced while the lease is live is none either, once the file shows that the old one is silent:
// a machine that is up would have renewed before its lease ran out.
TEST_F(LeaseHistoryTest, rule09MovedWhileLive) {
    read({{0, 1, 1}, {100, 2, 1}});
    EXPECT_EQ(only().sharing, Sharing::CLONES);
    EXPECT_TRUE(only().evidence.open);
    later(599);
    EXPECT_EQ(only().sharing, Sharing::CLONES);
}

TEST_F(LeaseHistoryTest, rule09MovedWhileLiveAndSilent) {
    read({{0, 1, 1}, {100, 2, 1}});
    later(600);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.live, 1U);
}

// R9: so does a container that gets another hardware address at each start.
TEST_F(LeaseHistoryTest, rule09MovedAgainAndAgain) {
    for (uint32_t i = 1; i <= 5; ++i) {
        read({{i * 1000, i, 1}});
    }
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.changes, 4U);
}

// The classic sign: one address goes back and forth between two machines that renew.
TEST_F(LeaseHistoryTest, backAndForth) {
    read({{0, 1, 1}, {10, 2, 1}, {300, 1, 1}, {310, 2, 1}});
    later(100000);
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::CLONES);
    EXPECT_EQ(one.evidence.changes, 3U);
    EXPECT_EQ(one.evidence.returns, 2U);
    EXPECT_EQ(one.evidence.live, 3U);
}

// Also where each comes after the lease of the other has run out: two machines that are switched on in turn.
TEST_F(LeaseHistoryTest, inTurn) {
    read({{0, 1, 1}, {1000, 2, 1}, {2000, 1, 1}});
    EXPECT_EQ(only().sharing, Sharing::CLONES);
    EXPECT_EQ(only().evidence.live, 0U);
}

// Booted together each has an address of its own, and both are on record.
TEST_F(LeaseHistoryTest, bothOnRecord) {
    read({{0, 1, 1}, {1, 2, 2}});
    later(100000);
    EXPECT_TRUE(only().evidence.both);
    EXPECT_EQ(only().sharing, Sharing::CLONES);
}

// A move with another address leaves one record: the server deletes the old one after it made the new one.
TEST_F(LeaseHistoryTest, rule09MovedToAnotherAddress) {
    read({{0, 1, 1}, {100, 2, 2}, {0, 1, 1, 0}});
    later(100000);
    EXPECT_FALSE(only().evidence.both);
    EXPECT_EQ(only().evidence.deleted, 1U);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
}

// An address that a machine declined is nobody's, so its record proves nothing.
TEST_F(LeaseHistoryTest, declined) {
    read({{0, 1, 1}, {5, 1, 1, 86400, {}, 1, 1}, {100, 2, 2}});
    later(100000);
    EXPECT_FALSE(only().evidence.both);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
}

// A machine that released its lease is gone: whoever comes next takes nothing from it.
TEST_F(LeaseHistoryTest, released) {
    read({{0, 1, 1}, {0, 1, 1, 0}, {20, 2, 1}, {30, 2, 1}});
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.live, 0U);
}

// The same with the state that newer servers write.
TEST_F(LeaseHistoryTest, releasedState) {
    read({{0, 1, 1}, {10, 1, 1, 600, cloneIdentifier(), 1, 3}, {20, 2, 1}});
    EXPECT_EQ(only().sharing, Sharing::MOVED);
}

// What the server does to the record of a lease that ran out is no word of the client.
TEST_F(LeaseHistoryTest, reclaimedAndDeclined) {
    read(
        {{0, 1, 1}, {0, 1, 1, 600, cloneIdentifier(), 1, 2}, {1000, 2, 1}, {1000, 1, 9, 600, {}, 1, 1}});
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().machines[0].last, LEASE_EPOCH);
}

// Clones that delete each other's records: the stock server's renewals.
TEST_F(LeaseHistoryTest, deletedRecords) {
    read({{0, 1, 1}, {0, 2, 2}, {0, 1, 1, 0}, {4, 1, 1}, {0, 2, 2, 0}});
    EXPECT_EQ(only().sharing, Sharing::CLONES);
    EXPECT_EQ(only().evidence.deleted, 2U);
    EXPECT_EQ(only().evidence.returns, 1U);
}

// A cleaned-up file is in the order of the addresses, not of time: the order alone proves nothing.
TEST_F(LeaseHistoryTest, cleanedUpFile) {
    read({{5000, 2, 1}, {0, 1, 2, 600, cloneIdentifier(), 1, 2}, {6000, 2, 3}});
    later(100000);
    EXPECT_EQ(only().sharing, Sharing::APART);
    EXPECT_EQ(only().evidence.returns, 0U);
}

// A companion that repeats what was read already adds nothing.
TEST_F(LeaseHistoryTest, restated) {
    const std::vector<LeaseLine> lines{{0, 1, 1}, {1000, 2, 1}};
    read(lines);
    read(lines, true);
    later(100000);
    EXPECT_EQ(only().sharing, Sharing::MOVED);
    EXPECT_EQ(only().evidence.changes, 1U);
}

// The files of two servers tell of the same leases: a move that stands in both is no coming back.
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

// R2: an identifier in two subnets may be in two networks, which the file does not tell.
TEST_F(LeaseHistoryTest, rule02Apart) {
    read({{0, 1, 1, 600, cloneIdentifier(), 1}, {1, 2, 2, 600, cloneIdentifier(), 2}});
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::APART);
    ASSERT_EQ(one.machines.size(), 2U);
    EXPECT_EQ(one.machines[0].subnet, 1U);
    EXPECT_EQ(one.machines[1].subnet, 2U);
}

// R2: a machine that goes from one subnet to another takes its identifier along.
TEST_F(LeaseHistoryTest, rule02Roaming) {
    read({{0, 1, 1, 600, cloneIdentifier(), 1}, {1, 1, 2, 600, cloneIdentifier(), 2}});
    EXPECT_TRUE(history_.shared().empty());
}

// R2: one DUID under different IAIDs is a machine with several cards; listed, and no clone.
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

// One machine with one card and two IAIDs is not even that.
TEST_F(LeaseHistoryTest, oneCardTwoIaids) {
    auto second = cloneIdentifier();
    second[1] ^= 1U;
    read({{0, 1, 1}, {0, 1, 2, 600, second}});
    EXPECT_TRUE(history_.sharedDuids().empty());
}

// R6: a derived identifier names the claimant and what it sent; a guard ran here and judged.
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

// R6: also where the holder is not in the file, and where the identifier is there as a digest only.
TEST_F(LeaseHistoryTest, rule06SetAsideWithoutHolder) {
    read({{5, 2, 2, 600, derive(mac(2), filled(126))}, {6, 3, 3, 600, derive(mac(3), filled(126))}});
    const auto one = only();
    EXPECT_EQ(one.sharing, Sharing::CLONES);
    EXPECT_EQ(one.machines.size(), 2U);
    EXPECT_TRUE(looksDerived(one.identifier));
}

// A flood of random hardware addresses under one identifier is bounded.
TEST_F(LeaseHistoryTest, bounded) {
    for (uint32_t i = 0; i < LeaseHistory::MAX_MACHINES + 10; ++i) {
        read({{i, i, 1}});
    }
    EXPECT_EQ(only().machines.size(), LeaseHistory::MAX_MACHINES);
    EXPECT_EQ(only().left_out, 10U);
    read({{9000, 2, 2}, {9000, 2, 3}});
    for (uint32_t i = 1; i < 100; ++i) {
        read({{9000 + i, 2, i}});
    }
    for (const auto& machine : only().machines) {
        EXPECT_LE(machine.addresses.size(), LeaseHistory::MAX_ADDRESSES);
    }
}

// Clients without an identifier or a hardware address cannot be clones of each other.
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

// A hundred thousand clients are kept apart by identifier and by subnet, with the host name of each.
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
