// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <set>
#include <thread>

namespace clone_guard {
namespace test {

namespace {

using Result = ClaimOutcome::Result;

constexpr uint32_t RELAY = 0xc0000201;
constexpr uint32_t OTHER_RELAY = 0xc6336401;

const auto HERE = claimNetwork(NETWORK);
const auto ELSEWHERE = claimNetwork(OTHER_NETWORK);

class ClaimTableTest : public ::testing::Test {
protected:
    /// @brief Asks as a machine of which nothing is known, and resolves the networks of its rivals: every relay is in
    /// one network.
    Result take(uint32_t machine, double when, uint32_t relay = RELAY) {
        const auto alone = takeIfAlone(machine, when, relay);
        return (alone.result == Result::CONTESTED ? takeIn(HERE, machine, when, relay).result
                                                  : alone.result);
    }

    ClaimOutcome takeIfAlone(uint32_t machine, double when, uint32_t relay = RELAY,
                             ClaimReason reason = ClaimReason::ANY) {
        return (
            table_.takeIfAlone(cloneIdentifier(), mac(machine), behindRelay(relay), at(when), reason));
    }

    ClaimOutcome takeIn(ClaimNetwork network, uint32_t machine, double when, uint32_t relay = RELAY,
                        bool leased = false) {
        const ClaimTerms terms{network, ClaimReason::ANY, leased};
        for (;;) {
            auto outcome =
                table_.take(cloneIdentifier(), mac(machine), behindRelay(relay), at(when), terms);
            if (outcome.result != Result::UNRESOLVED) {
                return (outcome);
            }
            for (const auto& claim : outcome.unresolved) {
                ++resolved_;
                table_.resolve(cloneIdentifier(), claim, HERE);
            }
        }
    }

    /// @brief Takes a claim on an identifier that no other machine has.
    Result takeNumber(ClaimTable& table, uint32_t identifier, uint32_t machine, double when) {
        return (
            table.takeIfAlone(identifierNumber(identifier), mac(machine), behindRelay(RELAY), at(when))
                .result);
    }

    ClaimTable table_{std::chrono::seconds(30), 1024};
    int resolved_ = 0;
};

}  // namespace

// R3: the first hardware address that asks gets the claim. The others get it as their rival.
TEST_F(ClaimTableTest, rule03OneWinner) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(takeIfAlone(2, 0).result, Result::CONTESTED);
    const auto outcome = takeIn(HERE, 2, 0);
    EXPECT_EQ(outcome.result, Result::CONTESTED);
    EXPECT_EQ(outcome.rival, mac(1));
    EXPECT_EQ(resolved_, 0) << "both came from one place";
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(table_.size(), 1U);
}

// R3: each identifier has its own claim.
TEST_F(ClaimTableTest, identifiersAreIndependent) {
    for (uint32_t i = 0; i < 500; ++i) {
        EXPECT_EQ(takeNumber(table_, i, i, 0), Result::TAKEN);
    }
    EXPECT_EQ(table_.size(), 500U);
}

// R3: a claim expires exactly at the end of the window.
TEST_F(ClaimTableTest, rule03Expiry) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(take(2, 29.999), Result::CONTESTED);
    EXPECT_EQ(take(2, 30), Result::TAKEN);
    EXPECT_EQ(take(1, 30), Result::CONTESTED);
}

// R3, R13: a full table has room again as soon as its oldest claim expires, and not sooner, claim after claim.
TEST_F(ClaimTableTest, rule13RoomAtEachExpiry) {
    constexpr uint32_t CLAIMS = 200;
    ClaimTable small(std::chrono::seconds(30), CLAIMS);
    for (uint32_t i = 0; i < CLAIMS; ++i) {
        ASSERT_EQ(takeNumber(small, i, i, i * 0.125), Result::TAKEN);
    }
    for (uint32_t i = 0; i < CLAIMS; ++i) {
        const uint32_t late = CLAIMS + i;
        EXPECT_EQ(takeNumber(small, late, late, 29.9375 + i * 0.125), Result::FULL);
        EXPECT_EQ(takeNumber(small, late, late, 30 + i * 0.125), Result::TAKEN) << i << " have expired";
    }
    EXPECT_EQ(small.size(), CLAIMS);
}

// R3: every pass renews the claim. A request for a contested claim renews nothing.
TEST_F(ClaimTableTest, rule03Renewal) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(take(1, 20), Result::TAKEN);
    EXPECT_EQ(take(2, 45), Result::CONTESTED);
    EXPECT_EQ(take(2, 50), Result::TAKEN);
}

// R3, R14: a newcomer renews its claim from the same place as long as no other machine has a claim.
TEST_F(ClaimTableTest, rule03NewcomerGoesOn) {
    const auto takeAs = [this](ClaimReason reason, uint32_t machine, double when) {
        return (takeIfAlone(machine, when, RELAY, reason).result);
    };
    const auto renewIfUncontested = [this](uint32_t machine, double when, uint32_t relay = RELAY) {
        return (
            table_.renewIfUncontested(cloneIdentifier(), mac(machine), behindRelay(relay), at(when)));
    };
    EXPECT_FALSE(renewIfUncontested(1, 0)) << "there is no claim";
    EXPECT_EQ(takeAs(ClaimReason::NEWCOMER, 1, 0), Result::TAKEN);
    EXPECT_FALSE(renewIfUncontested(2, 1));
    EXPECT_FALSE(renewIfUncontested(1, 1, OTHER_RELAY));
    EXPECT_TRUE(renewIfUncontested(1, 20));
    EXPECT_EQ(takeIfAlone(2, 45).result, Result::CONTESTED) << "renewed at 20";
    EXPECT_FALSE(renewIfUncontested(1, 50)) << "run out";
    // The reason of the last request counts.
    EXPECT_EQ(takeAs(ClaimReason::NEWCOMER, 1, 60), Result::TAKEN);
    EXPECT_EQ(takeAs(ClaimReason::ANY, 1, 61), Result::TAKEN);
    EXPECT_FALSE(renewIfUncontested(1, 62));
    EXPECT_EQ(takeAs(ClaimReason::NEWCOMER, 1, 63), Result::TAKEN);
    EXPECT_TRUE(renewIfUncontested(1, 64));
    EXPECT_EQ(takeAs(ClaimReason::RETURNING, 1, 65), Result::TAKEN);
    EXPECT_FALSE(renewIfUncontested(1, 66));
}

// R3: a newcomer does not renew its claim if another machine has a claim on the identifier, in any place.
TEST_F(ClaimTableTest, rule03NewcomerMeetsARival) {
    const auto place = behindRelay(RELAY);
    EXPECT_EQ(takeIfAlone(1, 0, RELAY, ClaimReason::NEWCOMER).result, Result::TAKEN);
    EXPECT_EQ(takeIn(ELSEWHERE, 2, 1, OTHER_RELAY).result, Result::TAKEN);
    EXPECT_FALSE(table_.renewIfUncontested(cloneIdentifier(), mac(1), place, at(2)));
}

// R3: one identifier may have a claim in each network. The caller resolves a place once.
TEST_F(ClaimTableTest, rule03Elsewhere) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(takeIfAlone(2, 1, OTHER_RELAY).result, Result::CONTESTED);
    EXPECT_EQ(takeIn(ELSEWHERE, 2, 1, OTHER_RELAY).result, Result::TAKEN);
    EXPECT_EQ(table_.size(), 2U);
    // Both claims are valid: they contest the claim of a third machine.
    EXPECT_EQ(takeIn(HERE, 3, 2, 7).rival, mac(1));
    EXPECT_EQ(takeIn(ELSEWHERE, 3, 2, 7).rival, mac(2));
    EXPECT_EQ(resolved_, 1);
}

// R3, R14: the claims of other networks are not resolved again, however many there are.
TEST_F(ClaimTableTest, rule14RivalsAreResolvedOnce) {
    for (uint32_t i = 1; i <= 1000; ++i) {
        const auto network = claimNetwork("subnet " + std::to_string(i));
        const ClaimTerms terms{network, ClaimReason::ANY, false};
        const auto outcome = table_.take(cloneIdentifier(), mac(i), behindRelay(i), at(0), terms);
        ASSERT_EQ(outcome.result, Result::TAKEN);
        EXPECT_TRUE(outcome.unresolved.empty());
    }
    EXPECT_EQ(table_.size(), 1000U);
}

// R3: the lease database overrides memory: the rivals of a machine with the live lease lose their claims.
TEST_F(ClaimTableTest, rule03Overruled) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(takeIn(HERE, 2, 1, RELAY, true).result, Result::TAKEN);
    EXPECT_EQ(table_.size(), 1U);
    EXPECT_EQ(take(1, 1), Result::CONTESTED);
}

// R3: a live lease in one network takes no claim away in another.
TEST_F(ClaimTableTest, rule03NotOverruledElsewhere) {
    EXPECT_EQ(takeIn(ELSEWHERE, 1, 0, OTHER_RELAY).result, Result::TAKEN);
    EXPECT_EQ(takeIn(HERE, 2, 1, RELAY, true).result, Result::TAKEN);
    EXPECT_EQ(table_.size(), 2U);
}

// R3: a machine that asks and takes no lease has the claim for at most three windows while another machine asks.
TEST_F(ClaimTableTest, rule03AskingWithoutTakingEnds) {
    for (double when = 0; when <= 60; when += 10) {
        EXPECT_EQ(take(1, when), Result::TAKEN) << when;
        EXPECT_EQ(take(2, when + 1), Result::CONTESTED) << when;
    }
    EXPECT_EQ(takeIn(HERE, 1, 61).result, Result::EXHAUSTED);
    EXPECT_EQ(takeIn(HERE, 1, 89).result, Result::EXHAUSTED);
    EXPECT_EQ(take(2, 89.999), Result::CONTESTED) << "the claim is valid to its end";
    EXPECT_EQ(take(2, 90), Result::TAKEN);
}

// R3: such a machine does not win the claim again before the others, even if it is the first to ask.
TEST_F(ClaimTableTest, rule03NotWonAgainWhileOthersAsk) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(take(1, 29), Result::TAKEN);
    EXPECT_EQ(take(2, 58), Result::CONTESTED);
    // A machine that comes back after its claim has expired goes on where it was.
    EXPECT_EQ(take(1, 59.5), Result::TAKEN);
    for (double when = 90; when < 187; when += 4) {
        EXPECT_EQ(takeIn(HERE, 1, when).result, Result::EXHAUSTED) << when;
    }
    EXPECT_EQ(take(2, 187), Result::TAKEN);
    EXPECT_EQ(take(1, 187), Result::CONTESTED);
}

// R3: other places do not prolong the claim, nor do places whose networks are unknown.
TEST_F(ClaimTableTest, rule03PlacesDoNotProlongTheClaim) {
    for (uint32_t step = 0; step <= 6; ++step) {
        EXPECT_EQ(take(1, step * 10, step), Result::TAKEN) << step;
        EXPECT_EQ(take(2, step * 10 + 1, 100), Result::CONTESTED) << step;
    }
    EXPECT_EQ(takeIn(HERE, 1, 62, 99).result, Result::EXHAUSTED);
    EXPECT_EQ(take(2, 90, 100), Result::TAKEN);
}

// R3: after a while in which no other machine has asked, the machine gets the claim again.
TEST_F(ClaimTableTest, rule03WonAgainAfterAWhile) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(take(2, 1), Result::CONTESTED);
    EXPECT_EQ(takeIn(HERE, 1, 130).result, Result::EXHAUSTED);
    EXPECT_EQ(take(1, 131), Result::TAKEN);
    EXPECT_EQ(take(2, 132), Result::CONTESTED);
}

// R3: machines that all wait for each other do not stop each other: one of them passes.
TEST_F(ClaimTableTest, rule03ExhaustedMachinesDoNotBlockEachOther) {
    std::set<uint32_t> passed;
    std::optional<uint32_t> holder;
    double given = 0;
    for (double when = 0; when < 3600; when += 7) {
        bool any = holder && when < given + 30;
        for (uint32_t machine = 1; machine <= 3; ++machine) {
            if (take(machine, when + machine / 10.0) == Result::TAKEN) {
                any = true;
                holder = machine;
                given = when;
                passed.insert(machine);
            }
        }
        ASSERT_TRUE(any) << when;
    }
    EXPECT_EQ(passed.size(), 3U) << "none was left out";
}

// R3: a lease that follows the claim renews it for as long as the machine has the lease.
TEST_F(ClaimTableTest, rule03LeaseRenewsTheClaim) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    for (double when = 10; when <= 300; when += 10) {
        EXPECT_EQ(take(2, when), Result::CONTESTED) << when;
        EXPECT_EQ(takeIn(HERE, 1, when, RELAY, true).result, Result::TAKEN) << when;
    }
    // The three windows begin with the lease's last use.
    EXPECT_EQ(take(2, 301), Result::CONTESTED);
    EXPECT_EQ(takeIn(HERE, 1, 320).result, Result::TAKEN);
}

// R3: a claim ends with the RELEASE of its machine, in the network of the lease.
TEST_F(ClaimTableTest, rule03EndsWithTheLease) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    const auto unresolved = table_.unresolved(cloneIdentifier(), mac(1));
    ASSERT_EQ(unresolved.size(), 1U);
    table_.resolve(cloneIdentifier(), unresolved.front(), HERE);
    EXPECT_TRUE(table_.unresolved(cloneIdentifier(), mac(1)).empty());
    table_.end(cloneIdentifier(), mac(2), HERE);
    table_.end(cloneIdentifier(), mac(1), ELSEWHERE);
    EXPECT_TRUE(table_.hasClaim(cloneIdentifier(), mac(1), at(1)));
    EXPECT_EQ(take(2, 1), Result::CONTESTED);
    table_.end(cloneIdentifier(), mac(1), HERE);
    EXPECT_FALSE(table_.hasClaim(cloneIdentifier(), mac(1), at(1)));
    EXPECT_EQ(table_.size(), 0U);
    EXPECT_EQ(take(2, 1), Result::TAKEN);
}

// R13: one machine may have claims from four places. The fifth replaces the oldest, so that one machine cannot fill the
// table.
TEST_F(ClaimTableTest, placesOfOneMachineAreBounded) {
    for (uint32_t relay = 0; relay < 100; ++relay) {
        EXPECT_EQ(take(1, relay / 100.0, relay), Result::TAKEN);
    }
    EXPECT_EQ(table_.size(), 4U);
    const auto claims = table_.unresolved(cloneIdentifier(), mac(1));
    ASSERT_EQ(claims.size(), 4U);
    for (const auto& claim : claims) {
        EXPECT_GE(claim.place.relay.toUint32(), 96U);
    }
}

// R13: a full table refuses new claims and still renews the old ones.
TEST_F(ClaimTableTest, rule13Full) {
    EXPECT_EQ(table_.capacity(), 1024U);
    for (uint32_t i = 0; i < 1024; ++i) {
        ASSERT_EQ(takeNumber(table_, i, i, 0), Result::TAKEN);
    }
    EXPECT_EQ(takeNumber(table_, 5000, 1, 1), Result::FULL);
    EXPECT_EQ(table_.size(), 1024U);
    EXPECT_EQ(takeNumber(table_, 7, 7, 1), Result::TAKEN);
    EXPECT_EQ(takeNumber(table_, 7, 8, 1), Result::CONTESTED);
}

// R13: expired claims make room in every part of the table.
TEST_F(ClaimTableTest, rule13SweptWhenFull) {
    for (uint32_t i = 1; i <= 64; ++i) {
        ClaimTable small(std::chrono::seconds(30), 2);
        ASSERT_EQ(takeNumber(small, 0, 1, 0), Result::TAKEN);
        ASSERT_EQ(takeNumber(small, 1000, 1, 20), Result::TAKEN);
        ASSERT_EQ(takeNumber(small, i, 1, 29), Result::FULL);
        EXPECT_EQ(takeNumber(small, i, 1, 40), Result::TAKEN);
        EXPECT_EQ(small.size(), 2U);
        EXPECT_EQ(takeNumber(small, 1000, 2, 40), Result::CONTESTED);
    }
}

// R3: of several threads that ask in the same instant, one gets the claim and the others get it as their rival.
TEST_F(ClaimTableTest, rule03ThreadsRaceForOneIdentifier) {
    constexpr uint32_t THREADS = 4;
    constexpr uint32_t IDENTIFIERS = 400;
    std::vector<std::atomic<uint32_t>> winners(IDENTIFIERS);
    std::vector<std::thread> threads;
    for (uint32_t machine = 0; machine < THREADS; ++machine) {
        threads.emplace_back([&, machine] {
            for (uint32_t i = 0; i < IDENTIFIERS; ++i) {
                if (takeNumber(table_, i, machine, 0) == Result::TAKEN) {
                    ++winners[i];
                }
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    for (uint32_t i = 0; i < IDENTIFIERS; ++i) {
        EXPECT_EQ(winners[i], 1U) << "identifier number " << i;
    }
    EXPECT_EQ(table_.size(), IDENTIFIERS);
}

// R13: several threads that fill the table do not exceed its bound.
TEST_F(ClaimTableTest, rule13ThreadsKeepTheBound) {
    ClaimTable small(std::chrono::seconds(30), 100);
    std::atomic<uint32_t> taken{0};
    std::vector<std::thread> threads;
    for (uint32_t part = 0; part < 4; ++part) {
        threads.emplace_back([&, part] {
            for (uint32_t i = 0; i < 100; ++i) {
                taken += takeNumber(small, part * 1000 + i, 1, 0) == Result::TAKEN ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(taken, 100U);
    EXPECT_EQ(small.size(), 100U);
}

}  // namespace test
}  // namespace clone_guard
