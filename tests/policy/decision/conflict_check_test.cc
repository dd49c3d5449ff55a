// SPDX-License-Identifier: MPL-2.0
//
// R10: the states of the machines of a conflict, and its end.

#include <tests/policy/decision/fake_lease_lookup.h>
#include <tests/policy/support.h>

#include <core/decision/conflict_check.h>
#include <core/identity/derived_identifier.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

constexpr std::chrono::seconds CHECK_WINDOW{30};
constexpr int64_t LEASE_TIME = 100;
/// @brief The time of day at which the steady clock of the tests begins.
constexpr int64_t DAYTIME = 1000000;

class ConflictCheckTest : public ::testing::Test {
protected:
    ConflictCheckTest() {
        network_.key = NETWORK;
        network_.subnet_id = 1;
        network_.subnets = {{1, true, true}};
        network_.lifetime = std::chrono::seconds(LEASE_TIME);
    }

    /// @brief Records a message of the holder, machine 1, or of a claimant, at a time in seconds.
    void hear(uint32_t machine, int64_t when) {
        if (machine == 1) {
            conflicts_.recordHolder(NETWORK, cloneIdentifier(), mac(1), Activity::BOOT, at(when));
        } else {
            conflicts_.recordClaimant(NETWORK, cloneIdentifier(), mac(1), mac(machine), Activity::BOOT,
                                      at(when));
        }
    }

    /// @brief Adds a lease of a machine, taken or renewed at a time.
    void lease(uint32_t machine, const Bytes& identifier, int64_t when, int64_t lifetime = LEASE_TIME,
               uint32_t subnet = 1) {
        Lease lease;
        lease.address = mac(machine);
        lease.identifier = identifier;
        lease.subnet_id = subnet;
        lease.last_seen = DAYTIME + when;
        lease.ended = lease.last_seen + lifetime;
        lease.released = lifetime == 0;
        leases_[mac(machine)].push_back(lease);
    }

    static Bytes derived(uint32_t machine) {
        return (derive(mac(machine), cloneIdentifier()));
    }

    static Moment moment(int64_t when) {
        return {at(when), DAYTIME + when};
    }

    ConflictCheck::LeaseSource source(int64_t when) {
        return ([this, when](const HardwareAddress& machine) {
            ++lookups_;
            auto leases = leases_[machine];
            for (auto& lease : leases) {
                lease.live = !lease.released && lease.ended > DAYTIME + when;
            }
            return (leases);
        });
    }

    /// @brief Checks the conflict with a message of machine 1.
    ConflictCheck::Result check(int64_t when) {
        hear(1, when);
        return (check_.check(network_, cloneIdentifier(), mac(1), source(when), moment(when)));
    }

    MachineState stateOf(uint32_t machine, int64_t when) {
        const auto view = conflicts_.view(NETWORK, cloneIdentifier());
        const auto heard = view ? view->claimants.find(mac(machine)) : decltype(view->claimants.end())();
        return (clone_guard::stateOf(
            view && heard != view->claimants.end() ? &heard->second : nullptr,
            leasesInConflict(source(when)(mac(machine)), mac(machine), cloneIdentifier(), network_),
            check_.timeout(network_), moment(when)));
    }

    Network network_;
    ConflictRegistry conflicts_{10, std::chrono::seconds(3600)};
    ConflictCheck check_{conflicts_, CHECK_WINDOW};
    std::map<HardwareAddress, std::vector<Lease>> leases_;
    int lookups_ = 0;
};

}  // namespace

// R10: a machine that takes a lease under an identifier of its own and uses it for a lease lifetime is sealed. It is
// reported once, and the conflict of two is over.
TEST_F(ConflictCheckTest, rule10Sealed) {
    hear(2, 0);
    hear(3, 0);
    lease(2, derived(2), 0);
    lease(2, identifierNumber(2), 40);
    lease(3, derived(3), 0);
    EXPECT_TRUE(check(50).sealed.empty());
    hear(3, 60);
    EXPECT_TRUE(check(120).sealed.empty()) << "its own lease is younger than a lifetime";
    EXPECT_EQ(stateOf(2, 120), MachineState::EXPIRED);
    hear(3, 130);
    const auto result = check(155);
    ASSERT_EQ(result.sealed.size(), 1U);
    EXPECT_EQ(result.sealed.front().machine, mac(2));
    EXPECT_EQ(result.sealed.front().lease.identifier, identifierNumber(2));
    EXPECT_EQ(result.end, std::nullopt) << "machine 3 still has the shared one";
    EXPECT_EQ(stateOf(2, 155), MachineState::SEALED);
    EXPECT_TRUE(check(200).sealed.empty());
    lease(3, identifierNumber(3), 140);
    EXPECT_EQ(check(235).end, std::nullopt);
    const auto last = check(270);
    EXPECT_EQ(last.sealed.size(), 1U);
    ASSERT_TRUE(last.end);
    EXPECT_EQ(last.end->reason, EndReason::SEALED);
    EXPECT_EQ(last.end->left, mac(1));
    EXPECT_FALSE(conflicts_.hasConflict(cloneIdentifier()));
}

// R10: a later message with the shared identifier takes a machine back into the conflict.
TEST_F(ConflictCheckTest, rule10SealedIsTakenBack) {
    hear(2, 0);
    hear(3, 0);
    lease(2, identifierNumber(2), 10);
    check(60);
    hear(3, 100);
    EXPECT_EQ(check(115).sealed.size(), 1U);
    hear(2, 120);
    lease(2, derived(2), 120);
    EXPECT_EQ(stateOf(2, 121), MachineState::ACTIVE);
    hear(3, 150);
    EXPECT_TRUE(check(180).sealed.empty());
    EXPECT_EQ(conflicts_.view(NETWORK, cloneIdentifier())->claimants.at(mac(2)).absence, Absence::NONE);
}

// R10: a lease that is older than the last message with the shared identifier, one in another network, and one of the
// firmware of a machine that was off, seal no machine.
TEST_F(ConflictCheckTest, rule10OtherLeasesThatDoNotSeal) {
    hear(2, 50);
    lease(2, identifierNumber(2), 40);
    lease(2, identifierNumber(3), 60, LEASE_TIME, 7);
    check(120);
    EXPECT_TRUE(check(400).sealed.empty());
    EXPECT_EQ(stateOf(2, 400), MachineState::EXPIRED);
    // The firmware gets its lease at 500, the operating system speaks at 530.
    lease(2, identifierNumber(4), 500);
    EXPECT_TRUE(check(510).sealed.empty());
    hear(2, 530);
    EXPECT_TRUE(check(600).sealed.empty());
    EXPECT_TRUE(check(700).sealed.empty());
    EXPECT_TRUE(conflicts_.hasConflict(cloneIdentifier()));
}

// R10: a conflict waits for machines that are off or expired: for audit-repeat, at least a day. Released leases count
// from the release, with and without a record.
TEST_F(ConflictCheckTest, rule10OffForADay) {
    for (const bool has_record : {true, false}) {
        hear(2, 0);
        leases_.clear();
        if (has_record) {
            lease(2, derived(2), 0, 0);
        }
        conflicts_.markReleased(NETWORK, cloneIdentifier(), mac(2), at(10));
        EXPECT_EQ(stateOf(2, 11), MachineState::OFF);
        EXPECT_EQ(check(1000).end, std::nullopt);
        EXPECT_EQ(check(DAY - 10).end, std::nullopt);
        EXPECT_EQ(stateOf(2, DAY), MachineState::OFF);
        const auto end = check(DAY + 100).end;
        ASSERT_TRUE(end);
        EXPECT_EQ(end->reason, EndReason::OFF);
    }
}

// R10: an expired lease counts from its end. A lease that another server keeps alive keeps the conflict open.
TEST_F(ConflictCheckTest, rule10ExpiredForADay) {
    hear(2, 0);
    lease(2, derived(2), 0);
    EXPECT_EQ(stateOf(2, 99), MachineState::ACTIVE);
    EXPECT_EQ(stateOf(2, 101), MachineState::EXPIRED);
    EXPECT_EQ(check(DAY + 50).end, std::nullopt);
    leases_.clear();
    lease(2, derived(2), DAY);
    EXPECT_EQ(check(DAY + 150).end, std::nullopt) << "its lease ended fifty seconds ago";
    const auto end = check(2 * DAY + 150).end;
    ASSERT_TRUE(end);
    EXPECT_EQ(end->reason, EndReason::EXPIRED);
}

// R7, R10: a refused claimant has no lease. It is active for a lease lifetime after its last message.
TEST_F(ConflictCheckTest, rule10ClaimantWithoutALease) {
    hear(2, 0);
    EXPECT_EQ(stateOf(2, 99), MachineState::ACTIVE);
    EXPECT_EQ(stateOf(2, 100), MachineState::EXPIRED);
    hear(2, 150);
    EXPECT_EQ(stateOf(2, 151), MachineState::ACTIVE);
    EXPECT_EQ(check(DAY + 200).end, std::nullopt);
    EXPECT_TRUE(check(DAY + 300).end);
}

// R10: after a reload no message is remembered, and the leases show the states.
TEST_F(ConflictCheckTest, rule10StatesFromLeases) {
    lease(2, derived(2), 0);
    lease(3, derived(3), 0, 0);
    lease(4, derived(4), 0);
    lease(4, identifierNumber(4), 20);
    EXPECT_EQ(stateOf(2, 50), MachineState::ACTIVE);
    EXPECT_EQ(stateOf(2, 150), MachineState::EXPIRED);
    EXPECT_EQ(stateOf(3, 50), MachineState::OFF);
    EXPECT_EQ(stateOf(4, 50), MachineState::ACTIVE);
    EXPECT_EQ(stateOf(4, 150), MachineState::SEALED);
}

// R14: machines that have just sent a message cost no look-up, and one check makes 64 look-ups at most.
TEST_F(ConflictCheckTest, rule14BoundedLookUps) {
    for (uint32_t machine = 2; machine < 1000; ++machine) {
        hear(machine, 0);
    }
    check(31);
    EXPECT_EQ(lookups_, 0);
    for (const int64_t when : {200, 201, 210}) {
        check(when);
        EXPECT_EQ(lookups_, 64);
    }
}

// R10: lists check a conflict at any time, without a message. If all machines are sealed, the end names none.
TEST_F(ConflictCheckTest, rule10ListsCheck) {
    hear(2, 0);
    hear(1, 0);
    lease(1, identifierNumber(1), 20);
    lease(2, identifierNumber(2), 20);
    const auto list = [this](int64_t when) {
        return (check_.check(network_, cloneIdentifier(), source(when), moment(when)));
    };
    EXPECT_TRUE(list(60).sealed.empty());
    EXPECT_TRUE(list(61).sealed.empty());
    const auto result = list(121);
    EXPECT_EQ(result.sealed.size(), 2U);
    ASSERT_TRUE(result.end);
    EXPECT_TRUE(result.end->left.bytes().empty());
}

}  // namespace test
}  // namespace clone_guard
