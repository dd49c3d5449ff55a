// SPDX-License-Identifier: MPL-2.0
//
// R10, R15: only a renewal of a lease of its own proves that a machine is active.

#include <tests/e2e/harness/fixtures/variant_fixture.h>

namespace clone_guard {
namespace test {

namespace {

class Rule10ForgedRenewals : public VariantTest {
protected:
    /// @brief Makes two strangers with an identifier renew an address in turn.
    void renewInTurn(const Bytes& identifier, Address address) {
        SimClient& one = machine(++last_stranger_, identifier);
        SimClient& other = machine(++last_stranger_, identifier);
        link().setReplyTimeout(Milliseconds(1));  // these renewals are unanswered
        for (int round = 0; round < 3; ++round) {
            for (SimClient* stranger : {&one, &other}) {
                stranger->remember(address);
                EXPECT_NE(stranger->renew().address(), address);
            }
        }
        link().setReplyTimeout(Milliseconds(30));
    }

    size_t confirmed() {
        const size_t records = server().audit("conflict-confirmed").size();
        EXPECT_EQ(server().statistic("clone-guard-confirmed"), int64_t(records));
        EXPECT_EQ(server().operatorLog("CLONE_GUARD_CONFLICT_CONFIRMED").size(), records);
        return (records);
    }

    uint32_t last_stranger_ = 100;
};

CLONE_GUARD_IN_VARIANTS(Rule10ForgedRenewals);

// R10, R15: strangers renew addresses that their identifier has no lease of: a free one, and a neighbour's. They confirm
// nothing, and two clones that renew their own leases afterwards do.
TEST_P(Rule10ForgedRenewals, confirmNothing) {
    // A claimant has a lease under refuse from the time before that policy.
    ServerSetup before = setup();
    before.guard->update({{"policy", "mac-fallback"}});
    serve(before);
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_FALSE(second.acquire().isZero());
    SimClient& neighbour = machine(30, cloneIdentifier(30));
    EXPECT_FALSE(neighbour.acquire().isZero());
    ASSERT_EQ(server().configSet(setup())["result"], 0);
    for (const Address address : {addressIn(1, 99, 99), neighbour.address()}) {
        renewInTurn(cloneIdentifier(), address);
    }
    EXPECT_EQ(confirmed(), 0U);
    expectKept(neighbour);
    expectKept(first);
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(first.renew().address(), first.address());
        EXPECT_EQ(second.renew().isSilence(), refuses());
    }
    EXPECT_EQ(confirmed(), 1U);
    EXPECT_TRUE(hasOwnLease(server(), first));
    EXPECT_TRUE(hasDerivedLease(server(), second));
}

// R10, R15: many made-up identifiers with two strangers each do not fill the table of conflicts: a real conflict that
// begins afterwards is reported and confirmed.
TEST_P(Rule10ForgedRenewals, leaveRoomForRealConflicts) {
    constexpr uint32_t MOST = 3;
    ServerSetup bounded = setup();
    bounded.guard->update({{"max-conflicts", MOST}});
    serve(bounded);
    for (uint32_t number = 0; number < 2 * MOST; ++number) {
        renewInTurn(cloneIdentifier(0x5000000000000000 + number), addressIn(1, 99, 99));
    }
    EXPECT_EQ(confirmed(), 0U);
    SimClient& first = holder();
    SimClient& second = clone(2);
    EXPECT_EQ(second.acquire().isZero(), refuses());
    if (refuses()) {
        second.remember(first.address());
    }
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(first.renew().address(), first.address());
        second.renew();
    }
    EXPECT_EQ(confirmed(), 1U);
    const auto records = server().audit("conflict-confirmed");
    EXPECT_EQ(records.at(0)["client_id"], cloneIdentifierText());
    EXPECT_EQ(records.at(0)["hw_address"], second.hwText());
    expectKept(first);
}

}  // namespace

}  // namespace test
}  // namespace clone_guard
