// SPDX-License-Identifier: MPL-2.0

#include <tests/policy/support.h>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace clone_guard {
namespace test {

namespace {

using Result = ClaimOutcome::Result;

constexpr uint32_t RELAY = 0xc0000201;
constexpr uint32_t OTHER_RELAY = 0xc6336401;

class ClaimTableTest : public ::testing::Test {
protected:
    Result take(uint32_t machine, double when, uint32_t relay = RELAY) {
        return (table_.take(cloneIdentifier(), mac(machine), behindRelay(relay), at(when)).result);
    }

    ClaimTable table_{std::chrono::seconds(30), 1024};
};

}  // namespace

// R3: the first hardware address that asks gets the claim. The others get it as their rival.
TEST_F(ClaimTableTest, rule03OneWinner) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    const auto outcome = table_.take(cloneIdentifier(), mac(2), behindRelay(RELAY), at(0));
    EXPECT_EQ(outcome.result, Result::CONTESTED);
    ASSERT_EQ(outcome.rivals.size(), 1U);
    EXPECT_EQ(outcome.rivals.front().address, mac(1));
    EXPECT_EQ(outcome.rivals.front().place, behindRelay(RELAY));
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(table_.size(), 1U);
}

// R3: each identifier has its own claim.
TEST_F(ClaimTableTest, identifiersAreIndependent) {
    for (uint32_t i = 0; i < 500; ++i) {
        EXPECT_EQ(table_.take(identifierNumber(i), mac(i), behindRelay(RELAY), at(0)).result,
                  Result::TAKEN);
    }
    EXPECT_EQ(table_.size(), 500U);
}

// R3: a claim expires exactly at the end of the window.
TEST_F(ClaimTableTest, rule03Expiry) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    EXPECT_EQ(take(2, 29.999), Result::CONTESTED);
    EXPECT_EQ(take(2, 30), Result::TAKEN);
    EXPECT_EQ(take(1, 30), Result::CONTESTED);
    EXPECT_EQ(table_.size(), 1U);
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
        return (
            table_.take(cloneIdentifier(), mac(machine), behindRelay(RELAY), at(when), {}, {}, reason)
                .result);
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
    EXPECT_EQ(take(2, 45), Result::CONTESTED) << "renewed at 20";
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
    EXPECT_EQ(table_.take(cloneIdentifier(), mac(1), place, at(0), {}, {}, ClaimReason::NEWCOMER).result,
              Result::TAKEN);
    const std::vector<Claim> elsewhere{{mac(1), place}};
    EXPECT_EQ(table_.take(cloneIdentifier(), mac(2), behindRelay(OTHER_RELAY), at(1), elsewhere).result,
              Result::TAKEN);
    EXPECT_FALSE(table_.renewIfUncontested(cloneIdentifier(), mac(1), place, at(2)));
}

// R3: one identifier may have a claim in each network. The caller decides which places are in one network.
TEST_F(ClaimTableTest, rule03Elsewhere) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    const auto contested = table_.take(cloneIdentifier(), mac(2), behindRelay(OTHER_RELAY), at(1));
    ASSERT_EQ(contested.result, Result::CONTESTED);
    EXPECT_EQ(
        table_.take(cloneIdentifier(), mac(2), behindRelay(OTHER_RELAY), at(1), contested.rivals).result,
        Result::TAKEN);
    EXPECT_EQ(table_.size(), 2U);
    // Both claims are valid: they contest the claim of a third machine.
    EXPECT_EQ(table_.take(cloneIdentifier(), mac(3), behindRelay(RELAY), at(2)).rivals.size(), 2U);
}

// R3: the lease database overrides memory: a rival that it decides against loses its claim.
TEST_F(ClaimTableTest, rule03Overruled) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    const std::vector<Claim> rival{{mac(1), behindRelay(RELAY)}};
    EXPECT_EQ(table_.take(cloneIdentifier(), mac(2), behindRelay(RELAY), at(1), {}, rival).result,
              Result::TAKEN);
    EXPECT_EQ(table_.size(), 1U);
    EXPECT_EQ(take(1, 1), Result::CONTESTED);
}

// R3: no rival loses its claim as long as one rival is not overruled.
TEST_F(ClaimTableTest, overruledOnlyWithTheRest) {
    EXPECT_EQ(take(1, 0), Result::TAKEN);
    const std::vector<Claim> first{{mac(1), behindRelay(RELAY)}};
    EXPECT_EQ(table_.take(cloneIdentifier(), mac(2), behindRelay(OTHER_RELAY), at(0), first).result,
              Result::TAKEN);
    const auto outcome = table_.take(cloneIdentifier(), mac(3), behindRelay(RELAY), at(0), {}, first);
    EXPECT_EQ(outcome.result, Result::CONTESTED);
    ASSERT_EQ(outcome.rivals.size(), 1U);
    EXPECT_EQ(outcome.rivals.front().address, mac(2));
    EXPECT_EQ(table_.size(), 2U);
}

// R13: one machine may have claims from four places. The fifth replaces the oldest, so that one machine cannot fill the
// table.
TEST_F(ClaimTableTest, placesOfOneMachineAreBounded) {
    for (uint32_t relay = 0; relay < 100; ++relay) {
        EXPECT_EQ(take(1, relay / 100.0, relay), Result::TAKEN);
    }
    EXPECT_EQ(table_.size(), 4U);
    const auto outcome = table_.take(cloneIdentifier(), mac(2), behindRelay(0), at(2));
    ASSERT_EQ(outcome.rivals.size(), 4U);
    for (const auto& rival : outcome.rivals) {
        EXPECT_GE(rival.place.relay.toUint32(), 96U);
    }
}

// R13: a full table refuses new claims and still renews the old ones.
TEST_F(ClaimTableTest, rule13Full) {
    EXPECT_EQ(table_.capacity(), 1024U);
    for (uint32_t i = 0; i < 1024; ++i) {
        ASSERT_EQ(table_.take(identifierNumber(i), mac(i), behindRelay(RELAY), at(0)).result,
                  Result::TAKEN);
    }
    const auto outcome = table_.take(identifierNumber(5000), mac(1), behindRelay(RELAY), at(1));
    EXPECT_EQ(outcome.result, Result::FULL);
    EXPECT_EQ(table_.size(), 1024U);
    EXPECT_EQ(table_.take(identifierNumber(7), mac(7), behindRelay(RELAY), at(1)).result, Result::TAKEN);
    EXPECT_EQ(table_.take(identifierNumber(7), mac(8), behindRelay(RELAY), at(1)).result,
              Result::CONTESTED);
}

// R13: expired claims make room in every part of the table.
TEST_F(ClaimTableTest, rule13SweptWhenFull) {
    for (uint32_t i = 1; i <= 64; ++i) {
        ClaimTable small(std::chrono::seconds(30), 2);
        ASSERT_EQ(small.take(identifierNumber(0), mac(1), behindRelay(RELAY), at(0)).result,
                  Result::TAKEN);
        ASSERT_EQ(small.take(identifierNumber(1000), mac(1), behindRelay(RELAY), at(20)).result,
                  Result::TAKEN);
        ASSERT_EQ(small.take(identifierNumber(i), mac(1), behindRelay(RELAY), at(29)).result,
                  Result::FULL);
        EXPECT_EQ(small.take(identifierNumber(i), mac(1), behindRelay(RELAY), at(40)).result,
                  Result::TAKEN);
        EXPECT_EQ(small.size(), 2U);
        EXPECT_EQ(small.take(identifierNumber(1000), mac(2), behindRelay(RELAY), at(40)).result,
                  Result::CONTESTED);
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
                const auto outcome =
                    table_.take(identifierNumber(i), mac(machine), behindRelay(RELAY), at(0));
                if (outcome.result == Result::TAKEN) {
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
                const auto outcome =
                    small.take(identifierNumber(part * 1000 + i), mac(1), behindRelay(RELAY), at(0));
                taken += outcome.result == Result::TAKEN ? 1 : 0;
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
