// SPDX-License-Identifier: MPL-2.0
//
// R3 as a table: the leases and claims before a query, and the judgement.

#include <tests/policy/decision/fake_lease_lookup.h>
#include <tests/policy/support.h>

#include <gtest/gtest.h>

namespace clone_guard {
namespace test {

namespace {

constexpr uint32_t NO_MACHINE = 0;

/// @brief A claim that another machine took before.
struct Earlier {
    uint32_t machine;
    double when;
    uint32_t relay;
};

/// @brief The query of machine 1 at second 100 behind relay 1, which is in network 1.
struct Scenario {
    int line;
    const char* what;
    std::vector<Lease> records;
    std::vector<Lease> derived;
    std::vector<Earlier> claims;
    Role role;
    uint32_t holder;  ///< number of the machine; NO_MACHINE if the query passes
    Takeover takeover = Takeover::EXPIRED;
    bool forged = false;
    Stage stage = Stage::SELECTING;
};

/// @brief Returns the same lease, last seen earlier.
Lease
before(Lease record) {
    --record.last_seen;
    return (record);
}

const std::vector<Scenario>&
scenarios() {
    static const std::vector<Scenario> all{
        // R3 line 1: the sender has a live lease.
        {__LINE__, "the holder", {live(1)}, {}, {}, PASSES, NO_MACHINE},
        {__LINE__, "the holder, whatever a claim says", {live(1)}, {}, {{2, 99, 1}}, PASSES, NO_MACHINE},
        {__LINE__,
         "the holder, whatever its derived lease says",
         {live(1)},
         {live(1)},
         {},
         PASSES,
         NO_MACHINE},
        {__LINE__,
         "the holder beside an expired lease",
         {expired(2), live(1)},
         {},
         {},
         PASSES,
         NO_MACHINE},
        {__LINE__, "the first of two live ones", {live(1), live(2)}, {}, {}, PASSES, NO_MACHINE},
        {__LINE__, "the second of two live ones", {live(2), live(1)}, {}, {}, CLAIMANT, 2},
        {__LINE__,
         "the holder under takeover never",
         {live(1)},
         {},
         {},
         PASSES,
         NO_MACHINE,
         Takeover::NEVER},
        // R3 line 2: the sender has a lease under its derived identifier.
        {__LINE__, "a claimant, no other machine there", {}, {live(1)}, {}, CLAIMANT, NO_MACHINE},
        {__LINE__, "a claimant whose lease expired", {}, {expired(1)}, {}, CLAIMANT, NO_MACHINE},
        {__LINE__, "a claimant with a holder", {live(2)}, {live(1)}, {}, CLAIMANT, 2},
        {__LINE__, "a claimant whose holder's lease expired", {expired(2)}, {live(1)}, {}, CLAIMANT, 2},
        {__LINE__,
         "a claimant that held it once",
         {before(expired(1))},
         {live(1)},
         {},
         CLAIMANT,
         NO_MACHINE},
        {__LINE__,
         "a claimant once that holds it",
         {expired(1)},
         {before(expired(1))},
         {},
         PASSES,
         NO_MACHINE},
        {__LINE__, "a claimant of another network", {}, {live(1, 2)}, {}, PASSES, NO_MACHINE},
        {__LINE__, "a claimant that has the claim", {}, {live(1)}, {{1, 99, 1}}, CLAIMANT, NO_MACHINE},
        // R3 line 3: another machine has a live lease.
        {__LINE__, "another holds it", {live(2)}, {}, {}, CLAIMANT, 2},
        {__LINE__, "another holds it, not for long", {live(2)}, {}, {}, CLAIMANT, 2},
        {__LINE__, "another holds it, own claim", {live(2)}, {}, {{1, 99, 1}}, CLAIMANT, 2},
        {__LINE__, "another holds it, own expired lease", {expired(1), live(2)}, {}, {}, CLAIMANT, 2},
        {__LINE__, "two others hold it", {live(3), live(2)}, {}, {}, CLAIMANT, 3},
        // R2: a lease in another network does not count.
        {__LINE__, "held in another network", {live(2, 2)}, {}, {}, PASSES, NO_MACHINE},
        {__LINE__,
         "own live one in another network, another's here",
         {live(1, 2), live(2)},
         {},
         {},
         CLAIMANT,
         2},
        // R3 line 4: no machine has a live lease, so the claim decides.
        {__LINE__, "nothing known", {}, {}, {}, PASSES, NO_MACHINE},
        {__LINE__, "own expired lease", {expired(1)}, {}, {}, PASSES, NO_MACHINE},
        {__LINE__, "own claim", {}, {}, {{1, 99, 1}}, PASSES, NO_MACHINE},
        {__LINE__, "another's claim", {}, {}, {{2, 99, 1}}, CLAIMANT, 2},
        {__LINE__, "another's claim that ran out", {}, {}, {{2, 70, 1}}, PASSES, NO_MACHINE},
        {__LINE__, "another's claim on own expired lease", {expired(1)}, {}, {{2, 99, 1}}, CLAIMANT, 2},
        {__LINE__, "another's claim in another network", {}, {}, {{2, 99, 2}}, PASSES, NO_MACHINE},
        {__LINE__, "claims here and there", {}, {}, {{2, 99, 2}, {3, 99, 1}}, CLAIMANT, 3},
        // R9 in R3 line 4: another machine has an expired lease.
        {__LINE__, "taken over", {expired(2)}, {}, {}, PASSES, NO_MACHINE},
        {__LINE__,
         "taken over by the machine with the claim",
         {expired(2)},
         {},
         {{3, 99, 1}},
         CLAIMANT,
         3},
        {__LINE__, "never taken over", {expired(2)}, {}, {}, CLAIMANT, 2, Takeover::NEVER},
        {__LINE__,
         "own expired lease is not a takeover",
         {expired(1)},
         {},
         {},
         PASSES,
         NO_MACHINE,
         Takeover::NEVER},
        {__LINE__,
         "expired in another network",
         {expired(2, 2)},
         {},
         {},
         PASSES,
         NO_MACHINE,
         Takeover::NEVER},
        // R1: a derived identifier from the wire makes its sender a claimant.
        {__LINE__, "forged", {}, {}, {}, CLAIMANT, NO_MACHINE, Takeover::EXPIRED, true},
        {__LINE__,
         "forged, with a lease of its own",
         {live(1)},
         {},
         {},
         CLAIMANT,
         NO_MACHINE,
         Takeover::EXPIRED,
         true},
        {__LINE__,
         "forged, another's",
         {live(2)},
         {},
         {},
         CLAIMANT,
         NO_MACHINE,
         Takeover::EXPIRED,
         true},
    };
    return (all);
}

}  // namespace

// R3: the role of the sender and the holder, row by row.
TEST(JudgeScenariosTest, rule03EachLine) {
    for (const auto& scenario : scenarios()) {
        SCOPED_TRACE("judge_scenarios_test.cc:" + std::to_string(scenario.line) + ": " + scenario.what);
        ClaimTable claims(std::chrono::seconds(30), 1024);
        ConflictRegistry conflicts(10, std::chrono::seconds(86400));
        FakeLeaseLookup lookup;
        lookup.place_ = behindRelay(1);
        lookup.leases_ = scenario.records;
        lookup.derived_ = scenario.derived;
        lookup.networks_.at(1).settings.takeover = scenario.takeover;
        for (const auto& earlier : scenario.claims) {
            const auto network = lookup.networkOf(behindRelay(earlier.relay)).key;
            claims.take(cloneIdentifier(), mac(earlier.machine), behindRelay(earlier.relay),
                        at(earlier.when), {claimNetwork(network), ClaimReason::ANY, false});
        }
        const GuardedQuery query{cloneIdentifier(), mac(1), at(100), scenario.stage, scenario.forged};
        const auto judgement = Judge(claims, conflicts).judge(query, lookup);
        EXPECT_EQ(judgement.role, scenario.role);
        if (scenario.role == CLAIMANT) {
            EXPECT_TRUE(judgement.conflicting);
            EXPECT_EQ(judgement.network.key, "subnet 1");
            const auto expected =
                scenario.holder == NO_MACHINE ? HardwareAddress() : mac(scenario.holder);
            if (scenario.holder != NO_MACHINE || scenario.forged) {
                EXPECT_EQ(judgement.holder.address, expected);
            } else {
                EXPECT_TRUE(judgement.holder.address.bytes().empty() ||
                            judgement.holder.address == mac(1));
            }
            EXPECT_EQ(judgement.own.size(), judgement.other_live ? 0 : scenario.derived.size());
        }
    }
}

}  // namespace test
}  // namespace clone_guard
